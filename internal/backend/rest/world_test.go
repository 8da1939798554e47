package rest_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/json"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
	"oots/internal/backend"
	"oots/internal/backend/rest"
	"oots/internal/clock"
	"oots/internal/gateway"
	"oots/internal/pki"
	"oots/internal/sqlstore"
)

const (
	partyType = "urn:oasis:names:tc:ebcore:partyid-type:unregistered:oots"
	ebrs      = "urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0"
	password  = "correct horse battery"
)

// handlers carry entities between the access points of a test.
type handlers map[string]http.Handler

func (h handlers) RoundTrip(r *http.Request) (*http.Response, error) {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	in := r.Clone(r.Context())
	in.Body = io.NopCloser(bytes.NewReader(b))
	rec := httptest.NewRecorder()
	h[r.URL.Host].ServeHTTP(rec, in)
	return rec.Result(), nil
}

// outbox is the gateway, which is made after what submits to it.
type outbox struct{ *gateway.Gateway }

// A side is one access point with its interface.
type side struct {
	*gateway.Gateway
	t       *testing.T
	store   *sqlstore.Store
	dir     string
	backend *backend.Service
	handler *rest.Handler
}

var makeKeys = sync.OnceValues(func() (map[string]pki.Pair, error) {
	dir, err := os.MkdirTemp("", "oots-rest-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	a, err := pki.Open(dir, time.Now())
	if err != nil {
		return nil, err
	}
	out := map[string]pki.Pair{}
	for _, n := range []string{"FR", "DE"} {
		if out[n], err = a.AccessPoint(n, n); err != nil {
			return nil, err
		}
	}
	return out, nil
})

func newWorld(t *testing.T, rules ...backend.Rule) (fr, de *side) {
	t.Helper()
	keys, err := makeKeys()
	if err != nil {
		t.Fatal(err)
	}
	net := handlers{}
	party := func(name string) pmode.Party {
		c := keys[name].Certificate
		return pmode.Party{
			ID: ebms.PartyID{Type: partyType, Value: "AP_" + name}, Role: "http://sdg.europa.eu/edelivery/gateway", URL: "https://" + name + ".test/msh",
			Signing: []*x509.Certificate{c}, Encryption: c,
		}
	}
	open := func(name, peer string) *side {
		s := &side{t: t, dir: t.TempDir()}
		if s.store, err = sqlstore.Open(t.Context(), s.dir, make([]byte, 32)); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { s.store.Close() })
		modes := &pmode.Set{
			Self: party(name), Peers: []pmode.Party{party(peer)}, Service: ebms.Service{Type: ebrs, Value: "QueryManager"},
			Actions: []string{"ExecuteQueryRequest"}, Properties: pmode.FourCorner(),
		}
		log, out := slog.New(slog.DiscardHandler), &outbox{}
		s.backend, err = backend.New(backend.Config{Store: s.store.Backend(), Gateway: out, PModes: modes, Clock: clock.System(), Suffix: name + ".test", Owner: name, Log: log, Rules: rules})
		if err != nil {
			t.Fatal(err)
		}
		s.Gateway, err = gateway.New(gateway.Config{
			Self:   wssec.Identity{Key: keys[name].Key, Decrypter: keys[name].Key.(crypto.Decrypter), Certificate: keys[name].Certificate},
			PModes: modes, Store: s.store.Gateway(), Spool: s.store.Spool, Client: &http.Client{Transport: net}, Clock: clock.System(), Suffix: name + ".test", Owner: name, Log: log,
			Consume: s.backend.Consume, Fail: s.backend.Fail, Sent: s.backend.Sent,
		})
		if err != nil {
			t.Fatal(err)
		}
		out.Gateway, net[name+".test"] = s.Gateway, s.Gateway
		s.handler, err = rest.New(rest.Config{
			Backend: s.backend, Spool: s.store.Spool, Base: "/backend", Suffix: name + ".test", Log: log,
			Limits: rest.Limits{Header: 4 << 10, Part: 1 << 20, Parts: 3},
		})
		if err != nil {
			t.Fatal(err)
		}
		hash, err := backend.HashPassword(password)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.backend.PutAccount(t.Context(), backend.Account{Name: "admin", Password: hash, Role: backend.Admin}); err != nil {
			t.Fatal(err)
		}
		return s
	}
	return open("FR", "DE"), open("DE", "FR")
}

func pump(sides ...*side) {
	for _, s := range sides {
		for _, f := range []func(context.Context) (int, error){s.Send, s.Deliver, s.backend.Push} {
			if _, err := f(context.Background()); err != nil {
				s.t.Fatal(err)
			}
		}
	}
}

// do makes one request, with header pairs behind the body.
func (s *side) do(method, path string, body io.Reader, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "https://ap.test/backend/v1/messages"+path, body)
	r.SetBasicAuth("admin", password)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	s.handler.ServeHTTP(rec, r)
	return rec
}

// get reads a JSON answer with the status.
func (s *side) get(path string, status int, to any) {
	s.t.Helper()
	rec := s.do(http.MethodGet, path, nil)
	if rec.Code != status {
		s.t.Fatalf("GET %s: %d %s", path, rec.Code, rec.Body)
	}
	if err := json.Unmarshal(rec.Body.Bytes(), to); err != nil {
		s.t.Fatal(err)
	}
}

const good = `{"to":{"type":"` + partyType + `","id":"AP_DE"},"service":{"type":"` + ebrs + `","value":"QueryManager"},"action":"ExecuteQueryRequest","conversationId":"c-1",` +
	`"properties":[{"name":"originalSender","value":"C1"},{"name":"finalRecipient","value":"C4"}]}`

// form is a submission; payloads are content id, media type and content.
func form(message string, payloads ...[3]string) (contentType string, body *bytes.Buffer) {
	body = &bytes.Buffer{}
	w := multipart.NewWriter(body)
	write := func(name, kind, content string) {
		h := textproto.MIMEHeader{"Content-Disposition": {`form-data; name="` + name + `"`}}
		if kind != "" {
			h.Set("Content-Type", kind)
		}
		p, _ := w.CreatePart(h)
		io.Copy(p, strings.NewReader(content))
	}
	write("message", "application/json", message)
	for _, p := range payloads {
		write(p[0], p[1], p[2])
	}
	w.Close()
	return w.FormDataContentType(), body
}
