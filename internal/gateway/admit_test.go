package gateway_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/internal/clock"
	"oots/internal/gateway"
)

func postTo(w *world, host string, body []byte, contentType string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "https://"+host+"/as4", bytes.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	rec := httptest.NewRecorder()
	w.hosts[host].ServeHTTP(rec, r)
	return rec
}

// packed is a message of one party to B.
func packed(t *testing.T, w *world, from string) ([]byte, string) {
	t.Helper()
	e, err := as4.Pack(ebms.UserMessage{
		Timestamp: w.clock.Now(), MessageID: clock.UUID() + "@test", ConversationID: clock.UUID(), Action: "ExecuteQueryRequest",
		From: ebms.Party{ID: party(from), Role: w.party(from).Role}, To: ebms.Party{ID: party("B"), Role: w.party("B").Role},
		Service:    modes(w.party("B")).Service,
		Properties: []ebms.Property{{Name: "originalSender", Value: "C1"}, {Name: "finalRecipient", Value: "C4"}},
	}, []as4.Payload{{ContentID: "p@test", MimeType: "text/xml", Content: as4.Bytes([]byte("<x/>"))}}, identity(w.keys[from]), w.party("B"), as4.Memory())
	if err != nil {
		t.Fatal(err)
	}
	return whole(t, e), e.ContentType
}

// TestFlood: A has used up its bucket and is told to come again; C is unharmed; with time A may again.
func TestFlood(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.open(t, "B", []string{"A", "C"}, t.TempDir(), "b-2", func(c *gateway.Config) { c.PerPartner.Rate, c.PerPartner.Burst = 2, 10 })
	send := func(from string) int {
		body, contentType := packed(t, w, from)
		rec := postTo(w, "b.test", body, contentType)
		if rec.Code == http.StatusServiceUnavailable && (rec.Header().Get("Retry-After") == "" || rec.Body.Len() > 0) {
			t.Errorf("503 with Retry-After %q and %d bytes", rec.Header().Get("Retry-After"), rec.Body.Len())
		}
		return rec.Code
	}
	count := map[int]int{}
	for range 30 {
		count[send("A")]++
	}
	if count[200] != 10 || count[503] != 20 {
		t.Errorf("answers to the flood: %v", count)
	}
	for range 5 {
		if code := send("C"); code != 200 {
			t.Errorf("another partner got %d", code)
		}
	}
	queues, err := b.Queues(context.Background())
	if err != nil || len(queues) != 2 || queues[0].Throttled != 20 || queues[1].Throttled != 0 || queues[0].Received != 10 {
		t.Errorf("queues %+v, %v", queues, err)
	}
	w.clock.Add(3 * time.Second)
	for i := range 7 {
		if code, want := send("A"), map[bool]int{true: 200, false: 503}[i < 6]; code != want {
			t.Errorf("message %d after three seconds got %d, want %d", i, code, want)
		}
	}
}

// A stalled body gives what it has and then nothing until the test ends.
type stalled struct {
	begin io.Reader
	read  chan<- struct{} // gets one value when begin is at its end; may be nil
	end   <-chan struct{}
}

func (s *stalled) Read(p []byte) (int, error) {
	if n, err := s.begin.Read(p); err == nil {
		return n, nil
	}
	if s.read != nil {
		s.read <- struct{}{}
		s.read = nil
	}
	<-s.end
	return 0, io.ErrUnexpectedEOF
}

// holders are requests that do not end before the test does. hold begins n of them from one address, each with body, and
// returns when all of them have been refused or wait for more.
type holders struct {
	w   *world
	end chan struct{}
	all sync.WaitGroup
}

func hold(t *testing.T, w *world) *holders {
	h := &holders{w: w, end: make(chan struct{})}
	t.Cleanup(func() { close(h.end); h.all.Wait() })
	return h
}

func (h *holders) hold(n int, from func(i int, r *http.Request), body func(i int) ([]byte, string)) (held int) {
	read, refused := make(chan struct{}, n), make(chan int, n)
	for i := range n {
		begin, contentType := body(i)
		h.all.Go(func() {
			r := httptest.NewRequest(http.MethodPost, "https://b.test/as4", &stalled{bytes.NewReader(begin), read, h.end})
			r.Header.Set("Content-Type", contentType)
			from(i, r)
			rec := httptest.NewRecorder()
			h.w.hosts["b.test"].ServeHTTP(rec, r)
			if rec.Code == http.StatusServiceUnavailable {
				refused <- rec.Code
			}
		})
	}
	for range n {
		select {
		case <-read:
			held++
		case <-refused:
		}
	}
	return held
}

func nothing(int) ([]byte, string) { return []byte("<"), "application/soap+xml" }

// TestStrangersCannotHoldEverything: two sources hold all they can, as many addresses of one IPv6 network as they like
// among them, and a third is served.
func TestStrangersCannotHoldEverything(t *testing.T) {
	t.Parallel()
	for name, from := range map[string]func(source, i int, r *http.Request){
		"addresses": func(source, i int, r *http.Request) { r.RemoteAddr = fmt.Sprintf("198.51.100.%d:%d", source, 1000+i) },
		"networks": func(source, i int, r *http.Request) {
			r.RemoteAddr = fmt.Sprintf("[2001:db8:0:%d::%x]:1000", source, i)
		},
		"certificates that are verified": func(source, i int, r *http.Request) {
			c := &x509.Certificate{Raw: []byte{byte(source)}}
			r.RemoteAddr = fmt.Sprintf("192.0.2.%d:1000", i%250)
			r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{c}, VerifiedChains: [][]*x509.Certificate{{c}}}
		},
		"certificates that are not": func(source, i int, r *http.Request) {
			r.RemoteAddr = fmt.Sprintf("198.51.100.%d:1000", source)
			r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{{Raw: []byte{byte(i)}}}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			h := hold(t, w)
			for source := range 2 {
				if n := h.hold(300, func(i int, r *http.Request) { from(source, i, r) }, nothing); n != 32 {
					t.Errorf("source %d holds %d", source, n)
				}
			}
			body, contentType := packed(t, w, "A")
			if rec := postTo(w, "b.test", body, contentType); rec.Code != 200 {
				t.Errorf("a third source got %d", rec.Code)
			}
		})
	}
}

// TestWithoutTLS the address is that of a proxy, and all partners come from there: only the sum counts.
func TestWithoutTLS(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if n := hold(t, w).hold(300, func(_ int, r *http.Request) { r.TLS = nil }, nothing); n != 256 {
		t.Errorf("%d are heard at once", n)
	}
	body, contentType := packed(t, w, "A")
	if rec := postTo(w, "b.test", body, contentType); rec.Code != 503 || rec.Header().Get("Retry-After") == "" {
		t.Errorf("one more got %d", rec.Code)
	}
}

// TestSlowPartner: C begins as many messages as it can and does not go on. It has its share of the slots for messages and
// none of the others; A is served, from the same address as well.
func TestSlowPartner(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.open(t, "B", []string{"A", "C"}, t.TempDir(), "b-2", func(*gateway.Config) {})
	n := hold(t, w).hold(50, func(int, *http.Request) {}, func(int) ([]byte, string) {
		body, contentType := packed(t, w, "C")
		return body[:len(body)-20], contentType
	})
	if n != 16 {
		t.Errorf("C holds %d", n)
	}
	for range 40 {
		body, contentType := packed(t, w, "A")
		if rec := postTo(w, "b.test", body, contentType); rec.Code != 200 {
			t.Fatalf("A got %d", rec.Code)
		}
	}
}
