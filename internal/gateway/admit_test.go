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

// A stalled body is given up by its sender only when the test says so.
type stalled struct{ end chan struct{} }

func (s stalled) Read([]byte) (int, error) { <-s.end; return 0, io.ErrUnexpectedEOF }

// TestOneAddressCannotHoldEverything: requests that never end take the share of their address, or of their client
// certificate, and no more.
func TestOneAddressCannotHoldEverything(t *testing.T) {
	t.Parallel()
	for name, same := range map[string]func(*http.Request){
		"address": func(r *http.Request) { r.RemoteAddr = "198.51.100.7:1000" },
		"certificate": func(r *http.Request) {
			r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{{Raw: []byte{1}}}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.open(t, "B", []string{"A"}, t.TempDir(), "b-2", func(c *gateway.Config) { c.Inbound = 8 })
			end := make(chan struct{})
			codes := make(chan int, 20)
			var all sync.WaitGroup
			for i := range 20 {
				all.Go(func() {
					r := httptest.NewRequest(http.MethodPost, "https://b.test/as4", stalled{end})
					r.Header.Set("Content-Type", "application/soap+xml")
					r.RemoteAddr = fmt.Sprintf("192.0.2.%d:1000", i)
					same(r)
					rec := httptest.NewRecorder()
					w.hosts["b.test"].ServeHTTP(rec, r)
					codes <- rec.Code
				})
			}
			for range 14 {
				if code := <-codes; code != http.StatusServiceUnavailable {
					t.Errorf("status %d", code)
				}
			}
			body, contentType := packed(t, w, "A")
			if rec := postTo(w, "b.test", body, contentType); rec.Code != 200 {
				t.Errorf("another address got %d", rec.Code)
			}
			close(end)
			all.Wait()
		})
	}
}
