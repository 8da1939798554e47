package proof_test

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
	"oots/edm/exchange"
	"oots/internal/audit"
	"oots/internal/clock"
	"oots/internal/gateway"
	"oots/internal/pki"
	"oots/internal/proof"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

const sealing = "0123456789abcdef0123456789abcdef"

var start = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

type keyring struct {
	root, laterRoot *x509.Certificate
	pairs           map[string]pki.Pair
}

var makeKeys = sync.OnceValue(func() keyring {
	dir, err := os.MkdirTemp("", "proof")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	a, err := pki.Open(dir, start)
	if err != nil {
		panic(err)
	}
	k := keyring{root: a.Root(), pairs: map[string]pki.Pair{}}
	for _, n := range []string{"A", "B", "D", "E"} {
		if k.pairs[n], err = a.AccessPoint("AP_"+n, "AT"); err != nil {
			panic(err)
		}
	}
	if dir, err = os.MkdirTemp("", "proof"); err != nil { // A again, years later
		panic(err)
	}
	defer os.RemoveAll(dir)
	if a, err = pki.Open(dir, start); err != nil {
		panic(err)
	}
	if k.pairs["A, later"], err = a.AccessPoint("AP_A", "AT"); err != nil {
		panic(err)
	}
	if k.pairs["C"], err = a.AccessPoint("AP_C", "AT"); err != nil {
		panic(err)
	}
	if dir, err = os.MkdirTemp("", "proof"); err != nil { // when A's certificate has ended, under another name
		panic(err)
	}
	defer os.RemoveAll(dir)
	if a, err = pki.Open(dir, later); err != nil {
		panic(err)
	}
	k.laterRoot = a.Root()
	if k.pairs["A, renamed"], err = a.AccessPoint("Access Point of AT", "AT"); err != nil {
		panic(err)
	}
	return k
})

// later is when the certificates of the first authority have ended, but for its own.
var later = start.AddDate(5, 0, 0)

func (w *world) party(name string) pmode.Party {
	c := w.pair(name).Certificate
	return pmode.Party{
		ID:   ebms.PartyID{Type: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:oots", Value: "AP_" + name},
		Role: exchange.Role, URL: "https://" + strings.ToLower(name) + ".test/as4", Signing: []*x509.Certificate{c}, Encryption: c,
	}
}

// A side is one access point with its log.
type side struct {
	*gateway.Gateway
	name    string
	dir     string
	store   *sqlstore.Store
	journal *audit.Journal
	clock   clock.Clock
}

// A world is two access points, A and B, that exchange messages in this process.
type world struct {
	t     *testing.T
	hosts map[string]http.Handler
	now   time.Time
	a, b  *side
	cut   bool
	as    map[string]string // whose key a side has, when it is not its own
}

func (w *world) pair(name string) pki.Pair {
	if other := w.as[name]; other != "" {
		name = other
	}
	return makeKeys().pairs[name]
}

func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	if w.cut {
		return nil, errors.New("connection refused")
	}
	rec := httptest.NewRecorder()
	w.hosts[r.URL.Host].ServeHTTP(rec, r)
	return rec.Result(), nil
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldAs(t, nil)
}

func newWorldAs(t *testing.T, as map[string]string) *world {
	t.Helper()
	w := &world{t: t, hosts: map[string]http.Handler{}, now: start, as: as}
	w.a, w.b = w.side("A", "B"), w.side("B", "A")
	return w
}

func (w *world) side(name, peer string) *side {
	w.t.Helper()
	s := &side{name: name, dir: w.t.TempDir(), clock: clock.Clock{Now: func() time.Time { return w.now }, NewUUID: clock.UUID}}
	var err error
	if s.store, err = sqlstore.Open(context.Background(), s.dir, []byte(sealing)); err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { s.store.Close() })
	s.journal = audit.New(s.store.Journal(), s.clock)
	pair := w.pair(name)
	s.Gateway, err = gateway.New(gateway.Config{
		Self: wssec.Identity{Key: pair.Key, Decrypter: pair.Key.(crypto.Decrypter), Certificate: pair.Certificate},
		PModes: &pmode.Set{Self: w.party(name), Peers: []pmode.Party{w.party(peer)}, Service: ebms.Service{Type: exchange.ServiceType, Value: exchange.Service},
			Actions: []string{string(exchange.ExecuteQueryRequest), string(exchange.ExecuteQueryResponse)}, Properties: pmode.FourCorner()},
		Store: s.store.Gateway(), Spool: s.store.Spool, Client: &http.Client{Transport: w}, Clock: s.clock,
		Suffix: strings.ToLower(name) + ".test", Owner: name, Log: slog.New(slog.DiscardHandler),
		Consume: func(tx *store.Tx, d gateway.Delivery) error {
			text, err := as4.ReadAll(d.Payloads[0].Content)
			if err != nil {
				return err
			}
			event := exchange.RequestReceived
			if d.Message.Action == string(exchange.ExecuteQueryResponse) {
				event = exchange.ResponseReceived
			}
			x, _ := d.Message.Property(exchange.PropertyExchangeID)
			return s.record(tx, event, d.Message.ConversationID, x.Value, d.Message.MessageID, text)
		},
		Fail:   func(*store.Tx, string, string) error { return nil },
		Record: proof.Record(s.journal),
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.hosts[strings.ToLower(name)+".test"] = s.Gateway
	return s
}

func (s *side) record(tx *store.Tx, event exchange.EventName, conversation, x, message string, document []byte) error {
	return s.journal.Record(tx, exchange.Event{Name: event, ConversationID: conversation, ExchangeID: x, MessageID: message, RequestID: "urn:uuid:" + x,
		Document: document, DocumentType: exchange.MediaTypeRegRep})
}

// submit sends a message within an exchange and returns its id.
func (w *world) submit(from *side, to string, event exchange.EventName, conversation, x, text string) string {
	w.t.Helper()
	action := exchange.ExecuteQueryRequest
	if event == exchange.ResponseSent {
		action = exchange.ExecuteQueryResponse
	}
	var id string
	err := from.store.DB.Update(context.Background(), func(tx *store.Tx) (err error) {
		id, _, err = from.Submit(tx, gateway.Submission{
			To: w.party(to).ID, Action: string(action), ConversationID: conversation,
			Properties: []ebms.Property{{Name: "originalSender", Type: "t", Value: "c1"}, {Name: "finalRecipient", Type: "t", Value: "c4"},
				{Name: exchange.PropertyExchangeID, Value: x}},
			Payloads: []as4.Payload{
				{ContentID: clock.UUID() + "@ap.test", MimeType: exchange.MediaTypeRegRep, Compress: true, Content: as4.Bytes([]byte(text))},
				{ContentID: clock.UUID() + "@ap.test", MimeType: "application/pdf", Content: as4.Bytes([]byte("%PDF " + text))},
			},
		})
		if err != nil {
			return err
		}
		return from.record(tx, event, conversation, x, id, []byte(text))
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return id
}

// pump sends and delivers until nothing is left.
func (w *world) pump() {
	w.t.Helper()
	for _, s := range []*side{w.a, w.b, w.a, w.b} {
		if _, err := s.Send(context.Background()); err != nil {
			w.t.Fatal(err)
		}
		if _, err := s.Deliver(context.Background()); err != nil {
			w.t.Fatal(err)
		}
		w.now = w.now.Add(time.Second)
	}
}

// An exchanged is what one exchange of a world is named by.
type exchanged struct{ conversation, exchange, request, answer string }

// exchange runs a request from A to B and its answer.
func (w *world) exchange() exchanged {
	w.t.Helper()
	x := exchanged{conversation: clock.UUID(), exchange: clock.UUID()}
	return w.exchangeIn(x)
}

func (w *world) exchangeIn(x exchanged) exchanged {
	w.t.Helper()
	x.request = w.submit(w.a, "B", exchange.RequestSent, x.conversation, x.exchange, "<request/>"+x.exchange)
	w.pump()
	x.answer = w.submit(w.b, "A", exchange.ResponseSent, x.conversation, x.exchange, `<answer id="urn:uuid:`+answerID+`"/>`+x.exchange)
	w.pump()
	return x
}

// answerID is in the document of every answer, and nowhere else.
const answerID = "7d0bb2ec-3f0a-4a67-9bd9-5dd1f5d4a511"

func signer(name string) audit.Signer {
	pair := makeKeys().pairs[name]
	return audit.Signer{Key: pair.Key, Certificate: pair.Certificate}
}

func (w *world) prover(s *side) *proof.Prover {
	return &proof.Prover{
		Source: s.store.Proof(), Now: func() time.Time { return w.now }, Certificates: []*x509.Certificate{makeKeys().root},
		Signer: proof.Among([]audit.Signer{{Key: w.pair(s.name).Key, Certificate: w.pair(s.name).Certificate}}),
	}
}

// export writes the proof of id into an empty folder.
func (w *world) export(s *side, id string, o proof.Options) string {
	w.t.Helper()
	dir := w.t.TempDir()
	if _, err := w.prover(s).Export(context.Background(), id, dir, o); err != nil {
		w.t.Fatal(err)
	}
	return dir
}

func read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func write(t *testing.T, name string, b []byte) {
	t.Helper()
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
}
