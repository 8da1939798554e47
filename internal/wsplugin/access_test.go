package wsplugin_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"oots/internal/backend"
	"oots/internal/wsplugin"
)

// TestClientCertificate: the certificate of the TLS connection names the account, while it is valid and no other.
func TestClientCertificate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	keys, err := makeKeys()
	if err != nil {
		t.Fatal(err)
	}
	mine, other := keys["FR"].Certificate, keys["DE"].Certificate
	if err := w.de.backend.PutAccount(t.Context(), backend.Account{Name: "machine", Certificate: backend.CertificateName(mine), Role: backend.Admin}); err != nil {
		t.Fatal(err)
	}
	try := func(c *x509.Certificate) int {
		r := httptest.NewRequest(http.MethodPost, "https://ap.test/wsplugin", strings.NewReader(soap("", `<_1:listPendingMessagesRequest/>`)))
		r.Header.Set("Content-Type", "application/soap+xml")
		r.TLS = &tls.ConnectionState{PeerCertificates: []*x509.Certificate{c}}
		rec := httptest.NewRecorder()
		w.de.handler.ServeHTTP(rec, r)
		return rec.Code
	}
	if got := try(mine); got != http.StatusOK {
		t.Errorf("own certificate: %d", got)
	}
	if got := try(other); got != http.StatusUnauthorized {
		t.Errorf("another certificate: %d", got)
	}
	w.clock.Add(100 * 365 * 24 * time.Hour)
	if got := try(mine); got != http.StatusUnauthorized {
		t.Errorf("expired certificate: %d", got)
	}
}

// slow is a body that waits to be let go.
type slow struct {
	begun, gone chan struct{}
	once        sync.Once
}

func (s *slow) Read([]byte) (int, error) {
	s.once.Do(func() { close(s.begun) })
	<-s.gone
	return 0, io.EOF
}

// TestAccountAtItsLimit: one account that asks for too much at once waits, the others do not.
func TestAccountAtItsLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{plugin: func(c *wsplugin.Config) { c.Limits.AtOnce = 1 }})
	s := &slow{begun: make(chan struct{}), gone: make(chan struct{})}
	done := make(chan struct{})
	go func() {
		defer close(done)
		w.de.post("admin", "text/xml", s)
	}()
	<-s.begun
	list := soap("", `<_1:listPendingMessagesRequest/>`)
	if rec := w.de.post("admin", "text/xml", strings.NewReader(list)); rec.Code != http.StatusServiceUnavailable || rec.Header().Get("Retry-After") == "" {
		t.Errorf("a second request: %d", rec.Code)
	}
	if rec := w.de.post("user", "text/xml", strings.NewReader(list)); rec.Code != http.StatusOK {
		t.Errorf("another account: %d", rec.Code)
	}
	close(s.gone)
	<-done
	if rec := w.de.post("admin", "text/xml", strings.NewReader(list)); rec.Code != http.StatusOK {
		t.Errorf("afterwards: %d", rec.Code)
	}
}

// TestManyClaimAtOnce lets many retrievals on two nodes race for each message: each is held by one at a time.
func TestManyClaimAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{backend: func(c *backend.Config) { c.Grace = -1 }})
	other := w.side(t, "DE", "FR", settings{dir: w.de.dir, owner: "DE-2", backend: func(c *backend.Config) { c.Grace = -1 }})
	const messages, racers = 5, 8
	for i := range messages {
		w.submit(string(rune('a'+i))+"@c1.test", []byte("x"))
	}
	w.pump()
	if _, err := other.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	ids := w.de.pendings("admin", "")
	if len(ids) != messages {
		t.Fatalf("%d messages", len(ids))
	}
	var got, lost atomic.Int64
	var all sync.WaitGroup
	for i := range racers {
		s := []*side{w.de, other}[i%2]
		all.Go(func() {
			for _, id := range ids {
				r, err := s.backend.Retrieve(context.Background(), backend.Account{Role: backend.Admin}, id, true)
				if err != nil {
					lost.Add(1)
					continue
				}
				if err := r.Done(context.Background()); err != nil {
					t.Error(err)
				}
				got.Add(1)
			}
		})
	}
	all.Wait()
	if got.Load() != messages || lost.Load() != messages*(racers-1) {
		t.Errorf("%d retrieved, %d refused", got.Load(), lost.Load())
	}
}

// TestDescription: WSDL and schemas name the address where they were asked for.
func TestDescription(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	get := func(query string) (int, string) {
		rec := httptest.NewRecorder()
		w.fr.handler.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "https://ap.test/domibus/services/wsplugin"+query, nil))
		return rec.Code, rec.Body.String()
	}
	if code, text := get("?wsdl"); code != 200 || !strings.Contains(text, `location="https://ap.test/domibus/services/wsplugin"`) || strings.Contains(text, "{address}") {
		t.Errorf("%d %.200s", code, text)
	}
	for _, q := range []string{"?xsd=wsplugin.xsd", "?xsd=header.xsd", "?WSDL"} {
		if code, text := get(q); code != 200 || !strings.Contains(text, "<?xml") {
			t.Errorf("%s: %d", q, code)
		}
	}
	for _, q := range []string{"", "?xsd=../fault.go", "?xsd=x"} {
		if code, _ := get(q); code != 404 {
			t.Errorf("%s: %d", q, code)
		}
	}
}
