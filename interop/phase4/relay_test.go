package phase4

import (
	"bytes"
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// A relay stands between the two access points and can tamper with answers.
type relay struct {
	URL     string
	client  *http.Client
	mu      sync.Mutex
	target  string
	tamper  func(answer []byte) []byte // for the next answer; nil as result drops the connection
	answers [][]byte                   // as they came, before tampering
	request bytes.Buffer               // beginning of the latest request
}

// newRelay listens with TLS on the loopback.
func newRelay(t *testing.T, target string, client *http.Client, server tls.Certificate) *relay {
	t.Helper()
	r := &relay{target: target, client: client}
	r.URL = serve(t, r, server)
	return r
}

func serve(t *testing.T, h http.Handler, server tls.Certificate) string {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.TLS = &tls.Config{Certificates: []tls.Certificate{server}}
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.URL + "/as4"
}

func (r *relay) ServeHTTP(w http.ResponseWriter, in *http.Request) {
	r.mu.Lock()
	r.request.Reset()
	target := r.target
	r.mu.Unlock()
	out, err := http.NewRequestWithContext(in.Context(), in.Method, target, io.TeeReader(in.Body, (*beginning)(r)))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	out.ContentLength = in.ContentLength
	out.Header.Set("Content-Type", in.Header.Get("Content-Type"))
	res, err := r.client.Do(out)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.mu.Lock()
	r.answers = append(r.answers, bytes.Clone(answer))
	tamper := r.tamper
	r.tamper = nil
	r.mu.Unlock()
	if tamper != nil {
		if answer = tamper(answer); answer == nil {
			panic(http.ErrAbortHandler)
		}
	}
	w.Header().Set("Content-Type", res.Header.Get("Content-Type"))
	w.WriteHeader(res.StatusCode)
	w.Write(answer)
}

// A beginning keeps of a request what can be its envelope.
type beginning relay

func (b *beginning) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if room := 64<<10 - b.request.Len(); room > 0 {
		b.request.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

// envelope returns the SOAP envelope of the latest request.
func (r *relay) envelope() []byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, rest, _ := bytes.Cut(r.request.Bytes(), []byte("Envelope"))
	end := bytes.LastIndex(rest, []byte("Envelope>"))
	return bytes.Clone(rest[:max(0, end)])
}

// lead leads to another target from now on.
func (r *relay) lead(target string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.target = target
}

// once tampers with the next answer only.
func (r *relay) once(tamper func(answer []byte) []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tamper = tamper
}

// lose drops the connection instead of giving the next answer.
func lose([]byte) []byte { return nil }

func (r *relay) seen() [][]byte {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.answers
}
