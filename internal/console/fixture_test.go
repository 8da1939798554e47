package console_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/x509"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/pmode/keystore"
	"oots/internal/alert"
	"oots/internal/clock"
	"oots/internal/console"
	"oots/internal/gateway"
	"oots/internal/partner"
	"oots/internal/sqlstore"
	"oots/internal/store"
	"oots/internal/web"
	"oots/internal/web/webtest"
)

const password = "a sentence of some length"

// A node is an access point with a console on it.
type node struct {
	t       testing.TB
	store   *sqlstore.Store
	gateway *fakeGateway
	console *console.Console
	config  *console.Config
	server  *httptest.Server
	log     bytes.Buffer

	mu  sync.Mutex
	now time.Time
}

var start = time.Date(2026, 11, 24, 14, 30, 0, 0, time.UTC)

// Now is the time at the node.
func (n *node) Now() time.Time { n.mu.Lock(); defer n.mu.Unlock(); return n.now }

func (n *node) wait(d time.Duration) { n.mu.Lock(); n.now = n.now.Add(d); n.mu.Unlock() }

func (n *node) clock() clock.Clock { return clock.Clock{Now: n.Now, NewUUID: clock.UUID} }

// newNode opens a console; edit may change its configuration.
func newNode(t testing.TB, edit func(*console.Config)) *node {
	t.Helper()
	n := &node{t: t, now: start, gateway: &fakeGateway{}}
	var err error
	if n.store, err = sqlstore.Open(t.Context(), t.TempDir(), bytes.Repeat([]byte{5}, 32)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { n.store.Close() })
	c := console.Config{
		Base: "/console", Node: "AP of Austria", DB: n.store.DB, Store: n.store.Console(), Sessions: n.store.Sessions(n.Now), Gateway: n.gateway,
		Logins: &web.Limiter{Burst: 1000, Every: time.Second}, Clock: n.clock(), Log: slog.New(slog.NewTextHandler(&n.log, nil)),
	}
	n.config = &c
	if edit != nil {
		edit(&c)
	}
	n.open()
	return n
}

// open makes the console anew, by the configuration as it is now.
func (n *node) open() {
	n.t.Helper()
	var err error
	if n.console, err = console.New(*n.config); err != nil {
		n.t.Fatal(err)
	}
	n.server = webtest.Serve(n.t, n.console)
}

// temporary is a folder that outlives a test: keys take long to make.
func temporary() (string, error) { return os.MkdirTemp("", "oots-console-") }

func certs(c *x509.Certificate) []*x509.Certificate { return []*x509.Certificate{c} }

// measure reads all gauges of a console.
func measure(t testing.TB, c console.Config, now time.Time) (out []alert.Measurement, err error) {
	for _, g := range console.Gauges(c) {
		ms, err := g.Measure(t.Context(), now)
		if err != nil {
			return nil, err
		}
		out = append(out, ms...)
	}
	return out, nil
}

func (n *node) browser() *webtest.Browser { return webtest.NewBrowser(n.t, n.server, "en") }

// invite makes an account and returns the address of its welcome.
func (n *node) invite(name string, role console.Role) string {
	n.t.Helper()
	token, err := console.Invite(n.t.Context(), n.store.DB, n.store.Console(), n.clock(), console.Account{Name: name, Role: role}, "test")
	if err != nil {
		n.t.Fatal(err)
	}
	return "/console/welcome?token=" + token
}

// An authenticator makes codes as RFC 6238 says; it is written apart from the code under test.
type authenticator []byte

func (a authenticator) at(t time.Time) string {
	m := hmac.New(sha1.New, a)
	binary.Write(m, binary.BigEndian, uint64(t.Unix()/30))
	sum := m.Sum(nil)
	off := sum[19] & 0xf
	return fmt.Sprintf("%06d", (int(sum[off]&0x7f)<<24|int(sum[off+1])<<16|int(sum[off+2])<<8|int(sum[off+3]))%1000000)
}

// keyOf reads the key that a page shows.
func keyOf(t testing.TB, p *webtest.Page) authenticator {
	t.Helper()
	return decoded(t, p.Tags("code")[0].Text())
}

func decoded(t testing.TB, text string) []byte {
	t.Helper()
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// join makes an account and goes all the way in. It returns the browser and the authenticator, nil for a reader.
func (n *node) join(name string, role console.Role) (*webtest.Browser, authenticator) {
	n.t.Helper()
	b := n.browser()
	p := b.Land(b.Submit(b.Get(n.invite(name, role)), "/welcome", url.Values{"password": {password}, "again": {password}}))
	if role == console.Reader {
		p.On(n.t, 200, "home")
		return b, nil
	}
	key := keyOf(n.t, p.On(n.t, 200, "factor"))
	b.Submit(p, "/factor", url.Values{"code": {key.at(n.Now())}}).On(n.t, 200, "recovery")
	n.wait(30 * time.Second) // the next code is another one
	return b, key
}

// login tries a password.
func login(b *webtest.Browser, name, word string) *webtest.Page {
	return b.Land(b.Submit(b.Get("/console/login"), "/login", url.Values{"name": {name}, "password": {word}}))
}

// fakeGateway is an access point that holds what it was given.
type fakeGateway struct {
	dossiers []gateway.Dossier
	queues   []gateway.Queue
	done     []string
	refuse   error
}

func (g *fakeGateway) Search(_ context.Context, f gateway.Filter) (out []gateway.Summary, err error) {
	for _, d := range g.dossiers {
		if (f.Text == "" || strings.HasPrefix(d.MessageID, f.Text) || strings.HasPrefix(d.ConversationID, f.Text) || strings.HasPrefix(d.RefToMessageID, f.Text)) &&
			(f.Box == "" || f.Box == d.Box) && (len(f.States) == 0 || slices.Contains(f.States, d.State)) && (f.Partner == "" || f.Partner == d.Partner) &&
			(f.Action == "" || f.Action == d.Action) && (f.Since.IsZero() || !d.Created.Before(f.Since)) && (f.Until.IsZero() || d.Created.Before(f.Until)) &&
			(f.Before.IsZero() || d.Created.Before(f.Before)) {
			out = append(out, d.Summary)
		}
	}
	slices.SortStableFunc(out, func(a, b gateway.Summary) int { return b.Created.Compare(a.Created) })
	return out[:min(len(out), f.Limit)], nil
}

func (g *fakeGateway) Look(_ context.Context, box gateway.Box, id string) (gateway.Dossier, error) {
	for _, d := range g.dossiers {
		if d.Box == box && d.MessageID == id {
			return d, nil
		}
	}
	return gateway.Dossier{}, store.ErrNotFound
}

func (g *fakeGateway) do(what string) error {
	if g.refuse != nil {
		return g.refuse
	}
	g.done = append(g.done, what)
	return nil
}

func (g *fakeGateway) Resend(_ context.Context, id string) error { return g.do("resend " + id) }
func (g *fakeGateway) Cancel(_ context.Context, id string) error { return g.do("cancel " + id) }
func (g *fakeGateway) Resolve(_ context.Context, box gateway.Box, id string) error {
	return g.do("resolve " + string(box) + " " + id)
}
func (g *fakeGateway) Redeliver(_ context.Context, id string) error    { return g.do("redeliver " + id) }
func (g *fakeGateway) Queues(context.Context) ([]gateway.Queue, error) { return g.queues, nil }

// message is a message of the fake.
func message(box gateway.Box, id, party string, s gateway.State, ago time.Duration) gateway.Dossier {
	d := gateway.Dossier{
		Summary: gateway.Summary{Box: box, MessageID: id, ConversationID: "conversation-" + id[:4], Partner: party, Service: "urn:oots:evidence", Action: "ExecuteQueryRequest",
			State: s, Created: start.Add(-ago), Size: 18_432, Parts: 1},
		Message: ebms.UserMessage{MessageID: id, From: ebms.Party{ID: ebms.PartyID{Value: "AP_AT"}}, To: ebms.Party{ID: ebms.PartyID{Value: party}}, Service: ebms.Service{Value: "urn:oots:evidence"}, AgreementRef: "http://sdg.europa.eu/edelivery/agreement"},
		Parts:   []gateway.PartFacts{{ContentID: "request@ap.at.example", MimeType: "application/x-ebrs+xml", Size: 18_432}},
	}
	d.Envelope = []byte("<S12:Envelope>header of " + id + "</S12:Envelope>")
	return d
}

// seeded is a node on which something has happened in every way.
func seeded(n *node) {
	given := message(gateway.Out, "7d0f3f2a-1111-4e6a-9d1e-0a4f5e7f0001@ap.at.example", "AP_EL_02", gateway.Undelivered, 50*time.Minute)
	for i := range 5 {
		given.Attempts = append(given.Attempts, gateway.Attempt{At: given.Created.Add(time.Duration(i) * 3 * time.Minute), Number: i + 1, Duration: 1350 * time.Millisecond, Outcome: gateway.OutcomeTLS, Code: ebms.ConnectionFailure,
			Detail: "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-24T13:40:00Z is after 2026-11-20T00:00:00Z",
			Layers: []gateway.Layer{{Name: "dns", Duration: 3 * time.Millisecond}, {Name: "tcp", Duration: 41 * time.Millisecond}, {Name: "tls", Duration: 1200 * time.Millisecond}}})
	}
	given.Summary.Attempts, given.ErrorCode, given.Settled = 5, ebms.MissingReceipt, given.Created.Add(13*time.Minute)
	arrived := message(gateway.Out, "11aa22bb-2222-4e6a-9d1e-0a4f5e7f0002@ap.at.example", "AP_LU", gateway.Acknowledged, 12*time.Minute)
	arrived.Attempts = []gateway.Attempt{{At: arrived.Created, Number: 1, Duration: 220 * time.Millisecond, Outcome: gateway.OutcomeReceipt, Status: 200}}
	arrived.Summary.Attempts, arrived.Settled, arrived.Deleted, arrived.Receipt = 1, arrived.Created.Add(time.Second), arrived.Created.Add(2*time.Second), []byte("<receipt/>")
	waits := message(gateway.Out, "33cc44dd-3333-4e6a-9d1e-0a4f5e7f0003@ap.at.example", "AP_EL_02", gateway.Waiting, 4*time.Minute)
	waits.Attempts = given.Attempts[:1]
	waits.Summary.Attempts, waits.NextAttempt, waits.ErrorCode = 1, start.Add(2*time.Minute), ebms.ConnectionFailure
	unclear := message(gateway.Out, "55ee66ff-4444-4e6a-9d1e-0a4f5e7f0004@ap.at.example", "AP_PT", gateway.Unclear, 26*time.Hour)
	stuck := message(gateway.In, "77aa88bb-5555-4e6a-9d1e-0a4f5e7f0005@ap.lu.example", "AP_LU", gateway.Stuck, 3*time.Hour)
	stuck.Action, stuck.RefToMessageID = "ExecuteQueryResponse", arrived.MessageID
	stuck.Attempts = []gateway.Attempt{{At: stuck.Created.Add(time.Second), Number: 1, Outcome: gateway.OutcomeRejected, Detail: "the back end answered 503 Service Unavailable"}}
	handled := message(gateway.In, "99aa00bb-6666-4e6a-9d1e-0a4f5e7f0006@ap.lu.example", "AP_LU", gateway.Handled, 20*time.Minute)
	ping := message(gateway.In, "aaaa1111-7777-4e6a-9d1e-0a4f5e7f0007@ap.pt.example", "AP_PT", gateway.Tested, 6*time.Hour)
	gone := message(gateway.Out, "bbbb2222-8888-4e6a-9d1e-0a4f5e7f0008@ap.at.example", "AP_PT", gateway.Cancelled, 70*time.Hour)
	n.gateway.dossiers = []gateway.Dossier{given, arrived, waits, unclear, stuck, handled, ping, gone}
	n.gateway.queues = []gateway.Queue{
		{Partner: "AP_EL_02", Waiting: 1, Oldest: waits.Created, NextAttempt: waits.NextAttempt, Slowed: waits.NextAttempt},
		{Partner: "AP_LU", Stuck: 1, Oldest: stuck.Created}, {Partner: "AP_PT", Unclear: 1}, {Partner: "AP_DE_01"},
	}
}

// fakeAlerts are alerts that last, and one that is over.
type fakeAlerts struct{}

func (fakeAlerts) Recent(context.Context, int) ([]alert.Alert, error) {
	return []alert.Alert{
		{ID: "1", Kind: alert.PartnerDown, Subject: "AP_EL_02", Value: 5, Limit: 3, Detail: "last error EBMS:0005", Raised: start.Add(-40 * time.Minute)},
		{ID: "2", Kind: alert.Stuck, Subject: "AP_LU", Value: 1, Limit: 1, Raised: start.Add(-3 * time.Hour)},
		{ID: "3", Kind: alert.Disk, Subject: "/var/lib/oots", Value: 16, Limit: 10, Raised: start.Add(-50 * time.Hour), Cleared: start.Add(-49 * time.Hour)},
	}, nil
}

func (fakeAlerts) Thresholds() map[alert.Kind]alert.Threshold { return alert.Defaults() }

// fakeProof knows one exchange.
type fakeProof struct{}

func (fakeProof) Trace(_ context.Context, id string) (console.Trace, error) {
	if !strings.HasPrefix(id, "conversation-11aa") {
		return console.Trace{}, store.ErrNotFound
	}
	return console.Trace{
		IDs: []console.Identifier{{Name: "conversation", Value: id}, {Name: "exchange", Value: "6f9619ff-8b86-4d01-b42d-00c04fc964ff"}},
		Events: []console.TraceEvent{
			{At: start.Add(-12 * time.Minute), Source: "journal", What: "request sent", Detail: "evidence type birth certificate"},
			{At: start.Add(-12 * time.Minute), Source: "message", Box: gateway.Out, MessageID: "11aa22bb-2222-4e6a-9d1e-0a4f5e7f0002@ap.at.example", Partner: "AP_LU", What: "ExecuteQueryRequest"},
			{At: start.Add(-11 * time.Minute), Source: "receipt", Box: gateway.Out, MessageID: "11aa22bb-2222-4e6a-9d1e-0a4f5e7f0002@ap.at.example", Partner: "AP_LU", What: "receipt"},
		},
		Remarks: []string{"There is no answer yet."},
	}, nil
}

func (p fakeProof) Export(ctx context.Context, id string, w io.Writer) error {
	if _, err := p.Trace(ctx, id); err != nil {
		return err
	}
	_, err := w.Write([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	return err
}

// diagnosed is a test in which TLS fails.
func diagnosed(_ context.Context, p pmode.Party) partner.Report {
	return partner.Report{Party: p.ID, URL: p.URL, At: start, Took: 1300 * time.Millisecond, Steps: []partner.Step{
		{Layer: partner.DNS, Verdict: partner.OK, Took: 3 * time.Millisecond, Facts: []partner.Fact{{Name: "name", Value: "ap-el-02.example"}, {Name: "address", Value: "192.0.2.17"}}},
		{Layer: partner.TCP, Verdict: partner.OK, Took: 41 * time.Millisecond, Facts: []partner.Fact{{Name: "connected to", Value: "192.0.2.17:443"}}},
		{Layer: partner.TLS, Verdict: partner.Failed, Took: 800 * time.Millisecond, Cause: partner.TLSExpired, Detail: "the certificate of the server ended on 2026-11-20", Facts: []partner.Fact{{Name: "version", Value: "TLS 1.3"}, {Name: "certificate", Value: "CN=ap-el-02.example"}}},
		{Layer: partner.Certificates, Verdict: partner.Doubtful, Took: time.Millisecond, Cause: partner.CertificateSoon, Detail: "what is encrypted for the partner ends on 2026-12-12"},
		{Layer: partner.HTTP, Verdict: partner.NotTried}, {Layer: partner.AS4, Verdict: partner.NotTried},
	}}
}

func certificates(context.Context, time.Time) ([]keystore.Watch, error) {
	sum := strings.Repeat("3f9ab210", 8)
	return []keystore.Watch{
		{Party: "AP_AT", Alias: "ap_at", Subject: "CN=AP_AT,O=Bund,C=AT", NotAfter: start.AddDate(1, 0, 0), SHA256: sum, Key: "RSA 3072", Private: true, Signs: true, Encrypts: true, Status: keystore.Good},
		{Party: "AP_EL_02", Alias: "ap_el_02", Subject: "CN=AP_EL_02,C=EL", NotAfter: start.AddDate(0, 0, 18), SHA256: sum, Key: "RSA 2048", Signs: true, Encrypts: true, Status: keystore.In30, Message: "ends in 18 days"},
		{Party: "AP_PT", Status: keystore.Missing, Message: "the stores have no certificate for it"},
	}, nil
}

func room(context.Context) (console.Storage, error) {
	return console.Storage{Path: "/var/lib/oots", Total: 500e9, Free: 81e9, Database: 412e6, Payloads: 73e6, Files: 118}, nil
}

var _ console.Gateway = (*gateway.Gateway)(nil)
