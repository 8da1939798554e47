package e2e

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"oots/internal/clock"
	"oots/internal/demo"
	"oots/internal/node"
)

// A union is two Member States and their directories in this process, with a network and a clock of the
// test.
type union struct {
	*node.Demonstration
	t     *testing.T
	dir   string
	clock *fakeClock
	net   *network
	alter func(*node.Options) // nil, or what a test wants otherwise
}

// bases are the addresses inside the test's network.
var bases = node.Bases{Front: "https://front.test", States: []string{"https://at.test", "https://el.test"}}

// fakeClock is a clock that the test moves.
type fakeClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) advance(d time.Duration) {
	c.mu.Lock()
	c.now = c.now.Add(d)
	c.mu.Unlock()
}

// A network carries requests to handlers by host, and can lose them.
type network struct {
	mu    sync.Mutex
	hosts map[string]http.Handler
	// lose is asked for every request to /as4: "request" loses it, "answer" lets it arrive and loses the
	// answer, "" lets it pass.
	lose func(r *http.Request, body []byte) string
	as4  []captured
}

// captured is a request that went to an access point.
type captured struct {
	url, contentType string
	body             []byte
}

// RoundTrip implements http.RoundTripper.
func (n *network) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
	}
	n.mu.Lock()
	h := n.hosts[r.URL.Host]
	lost := ""
	if r.URL.Path == "/as4" {
		n.as4 = append(n.as4, captured{r.URL.String(), r.Header.Get("Content-Type"), body})
		if n.lose != nil {
			lost = n.lose(r, body)
		}
	}
	n.mu.Unlock()
	if h == nil || lost == "request" {
		return nil, errors.New("connection refused")
	}
	in := httptest.NewRequest(r.Method, r.URL.String(), bytes.NewReader(body)).WithContext(r.Context())
	in.Header = r.Header.Clone()
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, in)
	if lost == "answer" {
		return nil, errors.New("connection reset")
	}
	return rec.Result(), nil
}

// keyDir holds generated keys that all tests copy: RSA keys take a second to make.
var keyDir = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "oots-e2e-keys-") })

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := keyDir(); err == nil {
		os.RemoveAll(dir)
	}
	os.Exit(code)
}

func newUnion(t *testing.T) *union {
	t.Helper()
	return newUnionWith(t, nil)
}

// newUnionWith opens a union with options of the test.
func newUnionWith(t *testing.T, alter func(*node.Options)) *union {
	t.Helper()
	u := &union{
		t: t, dir: t.TempDir(), alter: alter,
		clock: &fakeClock{now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)},
		net:   &network{hosts: map[string]http.Handler{}},
	}
	shareKeys(t, u.dir)
	u.open()
	t.Cleanup(func() { u.Close() })
	return u
}

var sharing sync.Mutex

// shareKeys fills dir/keys from the shared folder, and the shared folder from a first demonstration.
func shareKeys(t *testing.T, dir string) {
	t.Helper()
	sharing.Lock()
	defer sharing.Unlock()
	shared, err := keyDir()
	if err != nil {
		t.Fatal(err)
	}
	keys := filepath.Join(shared, "keys")
	if _, err := os.Stat(keys); err != nil {
		first := &union{t: t, dir: shared, clock: &fakeClock{now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)}, net: &network{hosts: map[string]http.Handler{}}}
		first.open()
		first.Close()
	}
	if err := os.CopyFS(filepath.Join(dir, "keys"), os.DirFS(keys)); err != nil {
		t.Fatal(err)
	}
}

// open opens what the folder holds, as after a start of the program.
func (u *union) open() {
	u.t.Helper()
	catalogue, err := demo.Catalogue()
	if err != nil {
		u.t.Fatal(err)
	}
	options := node.Options{
		Dir: u.dir, Catalogue: catalogue, Bases: bases, T1: 5 * time.Minute, Transport: u.net,
		Clock: clock.Clock{Now: u.clock.Now, NewUUID: clock.UUID},
		Log:   slog.New(slog.NewTextHandler(&testLog{u.t}, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	options.Wait = func(context.Context, time.Duration) error { return nil }
	if u.alter != nil {
		u.alter(&options)
	}
	d, err := node.Open(context.Background(), options)
	if err != nil {
		u.t.Fatal(err)
	}
	u.Demonstration = d
	u.net.mu.Lock()
	u.net.hosts["front.test"] = d.Front
	for i, host := range []string{"at.test", "el.test"} {
		u.net.hosts[host] = d.States[i].Handler
	}
	u.net.mu.Unlock()
}

// crash abandons both Member States without a word and starts them again over what is on disk.
func (u *union) crash() {
	u.t.Helper()
	u.Close()
	u.open()
}

// step lets everything happen that can happen now.
func (u *union) step() {
	u.t.Helper()
	if err := u.Step(context.Background()); err != nil {
		u.t.Fatal(err)
	}
}

// testLog writes log lines into the test's output.
type testLog struct{ t *testing.T }

func (l *testLog) Write(p []byte) (int, error) {
	l.t.Logf("%s", bytes.TrimRight(p, "\n"))
	return len(p), nil
}

// journey is a journey of a test person through u; time passes a second at a wait.
func (u *union) journey(subject, procedure string) *node.Journey {
	u.t.Helper()
	waits := 0
	return &node.Journey{
		Demonstration: u.Demonstration, Subject: person(u.t, subject), Procedure: procedure,
		Tell: func(s node.Step) { u.t.Logf("%s: %s", s.Name, s.Text) },
		Wait: func(ctx context.Context) error {
			if waits++; waits > 1000 {
				return errors.New("the journey does not end")
			}
			u.clock.advance(time.Second)
			return u.Step(ctx)
		},
	}
}

func person(t *testing.T, key string) demo.Subject {
	t.Helper()
	for _, s := range demo.Subjects() {
		if s.Key == key {
			return s
		}
	}
	t.Fatalf("no test person %q", key)
	return demo.Subject{}
}
