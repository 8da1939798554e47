package directories

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	"oots/directory"
	"oots/directory/query"
	"oots/directory/query/querytest"
)

// TestMain lets the test binary be the server of a run.
func TestMain(m *testing.M) {
	if os.Getenv("OOTS_BENCH_SERVE") == "" {
		os.Exit(m.Run())
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if err := Serve(ctx, Europe(small), io.Discard, os.Stdout); err != nil {
		os.Exit(1)
	}
}

var small = Size{Procedures: 20, Providers: 60}

// TestEurope holds that the synthetic Europe breaks no rule and answers every query as its name says.
func TestEurope(t *testing.T) {
	c := Europe(small)
	if fs := c.Check(); len(fs) > 0 {
		t.Fatalf("breaks %d rules, first %v", len(fs), fs[0])
	}
	if n, want := c.Counts(), (directory.Counts{Requirements: 20, Frameworks: 540, Countries: 27, Lists: 540, Services: 1620}); n != want {
		t.Errorf("got %+v, want %+v", n, want)
	}
	signer, err := newSigner(time.Now())
	if err != nil {
		t.Fatal(err)
	}
	h := handler(c, signer, io.Discard)
	codes := map[string]string{"DSD-RESP question": "DSD:ERR:0005", "refusal": "EB:ERR:0006", "unknown identifier": "EB:ERR:0002"}
	for _, q := range EuropeQueries(small) {
		for _, target := range q.Targets {
			a, err := query.Read(querytest.Get(t, h, directory.V20, target))
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if a.Err != nil {
				got = a.Err.Error()
			}
			if want := codes[q.Name]; (got == "") != (want == "") || !strings.HasPrefix(got, want) {
				t.Fatalf("%s: %s", q.Name, got)
			}
		}
	}
}

// TestRun measures for moments, beside nginx where there is one.
func TestRun(t *testing.T) {
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("OOTS_BENCH_SERVE", "1")
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		nginx = ""
	}
	seen := 0
	queries := EuropeQueries(small)
	s, err := Run(t.Context(), Plan{Command: []string{program}, Queries: queries, Nginx: nginx, Concurrency: 2, Duration: 20 * time.Millisecond, Rounds: 2}, func(Report) { seen++ })
	if err != nil {
		t.Fatal(err)
	}
	if seen != len(queries) || len(s.Reports) != seen || s.Heap == 0 {
		t.Errorf("%d reports, %+v", seen, s)
	}
	for i, r := range s.Reports {
		if r.Ours.Answers == 0 || r.Bytes == 0 || r.Ours.P99 < r.Ours.P50 || (r.Nginx != nil) != (nginx != "" && len(queries[i].Targets) == 1) {
			t.Errorf("%+v", r)
		}
	}
}

// BenchmarkServer answers a repeated query over loopback, client included.
func BenchmarkServer(b *testing.B) {
	signer, err := newSigner(time.Now())
	if err != nil {
		b.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: handler(Europe(small), signer, io.Discard)}
	go query.Serve(server, l)
	defer server.Close()
	for _, q := range EuropeQueries(small) {
		b.Run(q.Name, func(b *testing.B) {
			c, err := dial(context.Background(), l.Addr().String())
			if err != nil {
				b.Fatal(err)
			}
			defer c.conn.Close()
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				n, err := c.get(prepare(q.Targets[i%len(q.Targets)]))
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(n))
			}
		})
	}
}

// BenchmarkIndex is what a change of the catalogue costs before the first query: of Europe at full size.
func BenchmarkIndex(b *testing.B) {
	c := Europe(Size{Procedures: 100, Providers: 5000})
	b.ReportAllocs()
	for b.Loop() {
		directory.NewIndex(c)
	}
}

// BenchmarkHandler answers without a network.
func BenchmarkHandler(b *testing.B) {
	signer, err := newSigner(time.Now())
	if err != nil {
		b.Fatal(err)
	}
	size := Size{Procedures: 100, Providers: 5000}
	h := handler(Europe(size), signer, io.Discard)
	for _, q := range EuropeQueries(size) {
		b.Run(q.Name, func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				r := httptest.NewRequest(http.MethodGet, q.Targets[i%len(q.Targets)], nil)
				r.Header.Set(query.HeaderAcceptVersion, string(directory.V20))
				h.ServeHTTP(nowhere{}, r)
			}
		})
	}
}

// nowhere takes an answer and forgets it.
type nowhere struct{}

func (nowhere) Header() http.Header         { return make(http.Header) }
func (nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (nowhere) WriteHeader(int)             {}
