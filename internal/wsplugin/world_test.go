package wsplugin_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
	"oots/internal/backend"
	"oots/internal/clock"
	"oots/internal/gateway"
	"oots/internal/pki"
	"oots/internal/sqlstore"
	"oots/internal/wsplugin"
	"oots/xml/xmltree"
)

const (
	partyType = "urn:oasis:names:tc:ebcore:partyid-type:unregistered:oots"
	gwRole    = "http://sdg.europa.eu/edelivery/gateway"
	ebrs      = "urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0"
)

var makeKeys = sync.OnceValues(func() (map[string]pki.Pair, error) {
	dir, err := os.MkdirTemp("", "oots-wsplugin-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	a, err := pki.Open(dir, time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC))
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

// A wire carries entities between the access points of a test.
type wire map[string]http.Handler

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	h := w[r.URL.Host]
	if h == nil {
		return nil, errors.New("connection refused")
	}
	in := r.Clone(r.Context())
	in.Body = io.NopCloser(bytes.NewReader(body))
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, in)
	return rec.Result(), nil
}

// late is a gateway that is made after what submits to it.
type late struct{ *gateway.Gateway }

type fakeClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *fakeClock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *fakeClock) Add(d time.Duration) { c.mu.Lock(); c.now = c.now.Add(d); c.mu.Unlock() }

// A side is one access point with its interface.
type side struct {
	*gateway.Gateway
	t       *testing.T
	dir     string
	store   *sqlstore.Store
	backend *backend.Service
	handler *wsplugin.Handler
	clock   *fakeClock
}

// settings change a side.
type settings struct {
	backend func(*backend.Config)
	plugin  func(*wsplugin.Config)
	dir     string
	owner   string
}

// A world is two access points, AP_FR_01 and AP_DE_01, with accounts "admin" and "user" each.
type world struct {
	clock  *fakeClock
	wire   wire
	fr, de *side
}

const password = "correct horse battery"

var hashed = sync.OnceValues(func() (string, error) { return backend.HashPassword(password) })

func newWorld(t *testing.T, set settings) *world {
	t.Helper()
	w := &world{clock: &fakeClock{now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)}, wire: wire{}}
	w.fr = w.side(t, "FR", "DE", set)
	set.dir, set.owner = "", ""
	w.de = w.side(t, "DE", "FR", set)
	return w
}

func (w *world) party(name string, keys map[string]pki.Pair) pmode.Party {
	c := keys[name].Certificate
	return pmode.Party{
		ID: ebms.PartyID{Type: partyType, Value: "AP_" + name + "_01"}, Role: gwRole, URL: "https://" + name + ".test/as4",
		Signing: []*x509.Certificate{c}, Encryption: c,
	}
}

func (w *world) side(t *testing.T, name, peer string, set settings) *side {
	t.Helper()
	keys, err := makeKeys()
	if err != nil {
		t.Fatal(err)
	}
	if set.dir == "" {
		set.dir = t.TempDir()
	}
	if set.owner == "" {
		set.owner = name + "-1"
	}
	db, err := sqlstore.Open(context.Background(), set.dir, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	modes := &pmode.Set{
		Self: w.party(name, keys), Peers: []pmode.Party{w.party(peer, keys)}, Service: ebms.Service{Type: ebrs, Value: "QueryManager"},
		Actions: []string{"ExecuteQueryRequest", "ExecuteQueryResponse", "ExceptionResponse"}, Properties: pmode.FourCorner(),
	}
	s := &side{t: t, store: db, clock: w.clock, dir: set.dir}
	out := &late{}
	c := clock.Clock{Now: w.clock.Now, NewUUID: clock.UUID}
	bc := backend.Config{Store: db.Backend(), Gateway: out, PModes: modes, Clock: c, Suffix: name + ".test", Owner: set.owner, Log: slog.New(slog.DiscardHandler)}
	if set.backend != nil {
		set.backend(&bc)
	}
	if s.backend, err = backend.New(bc); err != nil {
		t.Fatal(err)
	}
	s.Gateway, err = gateway.New(gateway.Config{
		Self:   wssec.Identity{Key: keys[name].Key, Decrypter: keys[name].Key.(crypto.Decrypter), Certificate: keys[name].Certificate},
		PModes: modes, Store: db.Gateway(), Spool: db.Spool, Client: &http.Client{Transport: w.wire}, Clock: c, Suffix: name + ".test", Owner: set.owner,
		Log: slog.New(slog.DiscardHandler), Consume: s.backend.Consume, Fail: s.backend.Fail, Sent: s.backend.Sent,
	})
	if err != nil {
		t.Fatal(err)
	}
	out.Gateway = s.Gateway
	w.wire[name+".test"] = s.Gateway
	pc := wsplugin.Config{Backend: s.backend, Spool: db.Spool, Log: slog.New(slog.DiscardHandler)}
	if set.plugin != nil {
		set.plugin(&pc)
	}
	if s.handler, err = wsplugin.New(pc); err != nil {
		t.Fatal(err)
	}
	hash, err := hashed()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range []backend.Account{
		{Name: "admin", Password: hash, Role: backend.Admin},
		{Name: "user", Password: hash, Role: backend.User, OriginalUser: "C4"},
	} {
		if err := s.backend.PutAccount(context.Background(), a); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// pump sends and delivers what is due.
func (w *world) pump() {
	for _, s := range []*side{w.fr, w.de} {
		s.t.Helper()
		for _, f := range []func(context.Context) (int, error){s.Send, s.Deliver, s.backend.Push} {
			if _, err := f(context.Background()); err != nil {
				s.t.Fatal(err)
			}
		}
	}
}

// post makes one request as an account.
func (s *side) post(account, contentType string, body io.Reader) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "https://ap.test/domibus/services/wsplugin/anything", body)
	r.Header.Set("Content-Type", contentType)
	if account != "" {
		r.SetBasicAuth(account, password)
	}
	rec := httptest.NewRecorder()
	s.handler.ServeHTTP(rec, r)
	return rec
}

// call posts the child of a Body and returns the root of the answer.
func (s *side) call(account, operation string) *xmltree.Element {
	s.t.Helper()
	return s.envelope(account, soap("", operation))
}

func (s *side) envelope(account, envelope string) *xmltree.Element {
	s.t.Helper()
	return parse(s.t, s.post(account, "text/xml", strings.NewReader(envelope)))
}

func parse(t *testing.T, rec *httptest.ResponseRecorder) *xmltree.Element {
	t.Helper()
	doc, err := xmltree.Parse(rec.Body.Bytes(), xmltree.Limits{Bytes: 64 << 20, TextBytes: 64 << 20})
	if err != nil {
		t.Fatalf("status %d: %v\n%.300s", rec.Code, err, rec.Body)
	}
	return doc.Root
}

// body is the child of Body with the name, or a failed test.
func (s *side) body(root *xmltree.Element, space, name string) *xmltree.Element {
	s.t.Helper()
	e := root.First(ebms.NSSOAP12, "Body").First(space, name)
	if e == nil {
		s.t.Fatalf("no %s but %s", name, faultText(root))
	}
	return e
}

// faultText is code and message of a fault, "" for none.
func faultText(root *xmltree.Element) string {
	f := root.First(ebms.NSSOAP12, "Body").First(ebms.NSSOAP12, "Fault")
	if f == nil {
		return ""
	}
	d := f.First(ebms.NSSOAP12, "Detail").First(wsplugin.NS, "FaultDetail")
	said := []string{f.First(ebms.NSSOAP12, "Code").First(ebms.NSSOAP12, "Value").Text()}
	if code := d.First("", "code").Text(); code != "" {
		said = append(said, code)
	}
	return strings.Join(append(said, f.First(ebms.NSSOAP12, "Reason").First(ebms.NSSOAP12, "Text").Text()), " ")
}

func soap(header, body string) string {
	return `<soap:Envelope xmlns:soap="` + ebms.NSSOAP12 + `"><soap:Header>` + header + `</soap:Header><soap:Body xmlns:_1="` + wsplugin.NS + `">` + body + `</soap:Body></soap:Envelope>`
}

// messaging is a header; parts are PartInfo elements.
func messaging(id, parts string) string {
	return `<eb:Messaging xmlns:eb="` + ebms.NS + `"><eb:UserMessage><eb:MessageInfo><eb:MessageId>` + id + `</eb:MessageId></eb:MessageInfo>` +
		`<eb:PartyInfo><eb:From><eb:PartyId type="` + partyType + `">AP_FR_01</eb:PartyId><eb:Role>` + gwRole + `</eb:Role></eb:From>` +
		`<eb:To><eb:PartyId type="` + partyType + `">AP_DE_01</eb:PartyId><eb:Role>` + gwRole + `</eb:Role></eb:To></eb:PartyInfo>` +
		`<eb:CollaborationInfo><eb:Service type="` + ebrs + `">QueryManager</eb:Service><eb:Action>ExecuteQueryRequest</eb:Action><eb:ConversationId>c-1</eb:ConversationId></eb:CollaborationInfo>` +
		`<eb:MessageProperties><eb:Property name="originalSender" type="` + partyType + `">C1</eb:Property><eb:Property name="finalRecipient" type="` + partyType + `">C4</eb:Property></eb:MessageProperties>` +
		`<eb:PayloadInfo>` + parts + `</eb:PayloadInfo></eb:UserMessage></eb:Messaging>`
}

func partInfo(href, mimeType string) string {
	return `<eb:PartInfo href="` + href + `"><eb:PartProperties><eb:Property name="MimeType">` + mimeType + `</eb:Property></eb:PartProperties></eb:PartInfo>`
}

func payload(id, contentType string, content []byte) string {
	return fmt.Sprintf(`<payload payloadId="%s" contentType="%s"><value>%s</value></payload>`, id, contentType, base64.StdEncoding.EncodeToString(content))
}

// submit submits one message with one payload and returns its id.
func (w *world) submit(id string, content []byte) string {
	w.fr.t.Helper()
	root := w.fr.envelope("admin", soap(messaging(id, partInfo("cid:doc@c1.test", "application/x-ebrs+xml")),
		`<_1:submitRequest><bodyload><value>cid:bodyload</value></bodyload>`+payload("cid:doc@c1.test", "application/x-ebrs+xml", content)+`</_1:submitRequest>`))
	return w.fr.body(root, wsplugin.NS, "submitResponse").First("", "messageID").Text()
}

// pendings are the ids that wait for an account.
func (s *side) pendings(account, filter string) []string {
	s.t.Helper()
	var out []string
	for e := range s.body(s.call(account, `<_1:listPendingMessagesRequest>`+filter+`</_1:listPendingMessagesRequest>`), wsplugin.NS, "listPendingMessagesResponse").All("", "messageID") {
		out = append(out, e.Text())
	}
	return out
}

func (s *side) retrieveCall(attrs, id string) string {
	return `<_1:retrieveMessageRequest` + attrs + `><messageID>` + id + `</messageID></_1:retrieveMessageRequest>`
}

func (s *side) state(account, id string) string {
	s.t.Helper()
	return s.body(s.call(account, `<_1:statusRequest><messageID>`+id+`</messageID></_1:statusRequest>`), wsplugin.NS, "getStatusResponse").Text()
}

// files counts what lies in the spool.
func (s *side) files() int {
	s.t.Helper()
	all, err := os.ReadDir(s.dir + "/spool")
	if err != nil {
		s.t.Fatal(err)
	}
	return len(all)
}
