package gateway_test

import (
	"bytes"
	"context"
	"crypto"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
	"oots/internal/clock"
	"oots/internal/gateway"
	"oots/internal/pki"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// A side is one access point under test with what its back end saw.
type side struct {
	*gateway.Gateway
	store     *sqlstore.Store
	delivered []gateway.Delivery
	failed    []string // "message id code"
	sent      []string // message ids
	deaf      error    // the back end's answer to what was sent, when not nil
	refuse    error    // the back end's answer, when not nil
	take      func(gateway.Delivery) error
	dir       string
}

// A wire carries requests between the sides in this process and can be cut.
type wire struct {
	mu    sync.Mutex
	hosts map[string]http.Handler
	cut   bool                     // the peer is out of reach
	lose  bool                     // the request arrives, the answer does not
	hold  map[string]chan struct{} // hosts that do not answer until the channel is closed
	held  chan struct{}            // gets one value for each request that is held; may be nil
	dead  map[string]bool          // hosts that are out of reach
	tried map[string]int           // requests by host
	sent  [][]byte
	types []string
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	w.sent, w.types = append(w.sent, body), append(w.types, r.Header.Get("Content-Type"))
	cut, lose, h := w.cut || w.dead[r.URL.Host], w.lose, w.hosts[r.URL.Host]
	hold := w.hold[r.URL.Host]
	w.tried[r.URL.Host]++
	w.mu.Unlock()
	if hold != nil {
		if w.held != nil {
			w.held <- struct{}{}
		}
		select {
		case <-hold:
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
	}
	if cut || h == nil {
		return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	}
	in := r.Clone(r.Context())
	in.Body = io.NopCloser(bytes.NewReader(body))
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, in)
	if lose {
		return nil, errors.New("connection reset")
	}
	return rec.Result(), nil
}

type fakeClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *fakeClock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *fakeClock) Add(d time.Duration) { c.mu.Lock(); c.now = c.now.Add(d); c.mu.Unlock() }

var makeKeys = sync.OnceValues(func() (map[string]pki.Pair, error) {
	dir, err := tempDir()
	if err != nil {
		return nil, err
	}
	a, err := pki.Open(dir, time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC))
	if err != nil {
		return nil, err
	}
	out := map[string]pki.Pair{}
	for _, n := range []string{"A", "B", "C"} {
		if out[n], err = a.AccessPoint(n, "AT"); err != nil {
			return nil, err
		}
	}
	return out, nil
})

func party(name string) ebms.PartyID {
	return ebms.PartyID{Type: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:oots", Value: "AP_" + name}
}

// A world is two access points, A and B, that trust each other.
type world struct {
	*wire
	clock *fakeClock
	a, b  *side
	keys  map[string]pki.Pair
	edit  func(name string, p *pmode.Party) // changes the P-Mode entry of a party; may be nil
}

func newWorld(t *testing.T) *world {
	t.Helper()
	keys, err := makeKeys()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{
		wire:  &wire{hosts: map[string]http.Handler{}, hold: map[string]chan struct{}{}, dead: map[string]bool{}, tried: map[string]int{}},
		clock: &fakeClock{now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)},
		keys:  keys,
	}
	w.a, w.b = w.side(t, "A", "B", t.TempDir(), "a-1"), w.side(t, "B", "A", t.TempDir(), "b-1")
	return w
}

func identity(p pki.Pair) wssec.Identity {
	return wssec.Identity{Key: p.Key, Decrypter: p.Key.(crypto.Decrypter), Certificate: p.Certificate}
}

func (w *world) party(name string) pmode.Party {
	c := w.keys[name].Certificate
	p := pmode.Party{ID: party(name), Role: "http://sdg.europa.eu/edelivery/gateway", URL: "https://" + strings.ToLower(name) + ".test/as4", Signing: certs(c), Encryption: c}
	if w.edit != nil {
		w.edit(name, &p)
	}
	return p
}

func (w *world) side(t *testing.T, name, peer, dir, owner string) *side {
	t.Helper()
	return w.open(t, name, []string{peer}, dir, owner, func(*gateway.Config) {})
}

// open starts an access point; edit changes its configuration.
func (w *world) open(t *testing.T, name string, peers []string, dir, owner string, edit func(*gateway.Config)) *side {
	t.Helper()
	var others []pmode.Party
	for _, p := range peers {
		others = append(others, w.party(p))
	}
	db, err := sqlstore.Open(context.Background(), dir, make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s := &side{store: db, dir: dir}
	c := gateway.Config{
		Self:   identity(w.keys[name]),
		PModes: modes(w.party(name), others...),
		Store:  db.Gateway(),
		Spool:  db.Spool,
		Client: &http.Client{Transport: w.wire},
		Clock:  clock.Clock{Now: w.clock.Now, NewUUID: clock.UUID},
		Suffix: strings.ToLower(name) + ".test",
		Owner:  owner,
		Log:    slog.New(slog.DiscardHandler),
		Consume: func(tx *store.Tx, d gateway.Delivery) error {
			if s.refuse != nil {
				return s.refuse
			}
			s.delivered = append(s.delivered, d)
			if s.take != nil {
				return s.take(d)
			}
			return nil
		},
		Fail: func(tx *store.Tx, id, code string) error {
			s.failed = append(s.failed, id+" "+code)
			return nil
		},
		Sent: func(tx *store.Tx, id string) error {
			if s.deaf != nil {
				return s.deaf
			}
			s.sent = append(s.sent, id)
			return nil
		},
	}
	edit(&c)
	if s.Gateway, err = gateway.New(c); err != nil {
		t.Fatal(err)
	}
	w.hosts[strings.ToLower(name)+".test"] = s.Gateway
	return s
}

func (w *world) submit(t *testing.T, s *side, text string) string {
	t.Helper()
	return w.submitTo(t, s, "B", text)
}

func (w *world) submitTo(t *testing.T, s *side, to, text string) string {
	t.Helper()
	var id string
	err := s.store.DB.Update(context.Background(), func(tx *store.Tx) error {
		var err error
		id, _, err = s.Submit(tx, gateway.Submission{
			To: party(to), Action: "ExecuteQueryRequest", ConversationID: clock.UUID(),
			Properties: []ebms.Property{
				{Name: "originalSender", Type: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:oots", Value: "Εμπρός"},
				{Name: "finalRecipient", Type: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:oots", Value: "C4"},
			},
			Payloads: []as4.Payload{
				{ContentID: clock.UUID() + "@a.test", MimeType: "application/x-ebrs+xml", Compress: true, Content: as4.Bytes([]byte(text))},
				{ContentID: clock.UUID() + "@a.test", MimeType: "application/pdf", Content: as4.Bytes([]byte("%PDF " + text))},
			},
		})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func pump(t *testing.T, s *side) {
	t.Helper()
	if _, err := s.Send(context.Background()); err != nil {
		t.Fatal("send:", err)
	}
	if _, err := s.Deliver(context.Background()); err != nil {
		t.Fatal("deliver:", err)
	}
}

// row reads one value of a message's row.
func (s *side) row(t *testing.T, table, column, id string) string {
	t.Helper()
	var v any
	err := s.store.DB.View(context.Background(), func(tx *store.Tx) error {
		return tx.Row(`SELECT `+column+` FROM `+table+` WHERE message_id = $1`, []any{id}, &v)
	})
	if errors.Is(err, store.ErrNotFound) {
		return "none"
	}
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(v)
}

func TestDeliveredOnceWithReceipt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.submit(t, w.a, "Ελένη")
	pump(t, w.a)
	pump(t, w.b)
	if len(w.b.delivered) != 1 {
		t.Fatalf("delivered %d messages, want 1", len(w.b.delivered))
	}
	d := w.b.delivered[0]
	if d.Message.MessageID != id || text(d, 0) != "Ελένη" || text(d, 1) != "%PDF Ελένη" {
		t.Errorf("delivered %s with %q, %q", d.Message.MessageID, text(d, 0), text(d, 1))
	}
	if p, _ := d.Message.Property("originalSender"); p.Value != "Εμπρός" {
		t.Errorf("originalSender %q", p.Value)
	}
	if got := w.a.row(t, "gateway_outbox", "state", id); got != "acknowledged" {
		t.Errorf("outbox state %s", got)
	}
	if got := w.a.row(t, "gateway_outbox", "secret", id); got != "<nil>" {
		t.Error("the key of an acknowledged message is kept")
	}
	if got := w.a.row(t, "gateway_part", "position", id); got != "none" {
		t.Error("the parts of an acknowledged message are kept")
	}
	if got := w.b.row(t, "gateway_part", "position", id); got != "none" {
		t.Error("a delivered payload is kept")
	}
	if bytes.Contains(w.sent[0], []byte("%PDF")) {
		t.Error("a payload went in clear")
	}
}

func TestSecondCopyIsAnsweredNotDelivered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.lose = true // B has the message, A never hears so
	id := w.submit(t, w.a, "once")
	pump(t, w.a)
	if got := w.a.row(t, "gateway_outbox", "state", id); got != "waiting" {
		t.Fatalf("outbox state %s after a lost receipt", got)
	}
	w.lose = false
	w.clock.Add(3 * time.Minute)
	pump(t, w.a)
	pump(t, w.b)
	if len(w.b.delivered) != 1 {
		t.Errorf("delivered %d times", len(w.b.delivered))
	}
	if !bytes.Equal(w.sent[0], w.sent[1]) {
		t.Error("the second attempt sent other bytes [AS4 1.15 §12]")
	}
	if got := w.a.row(t, "gateway_outbox", "state", id); got != "acknowledged" {
		t.Errorf("outbox state %s", got)
	}
	first := post(w, w.sent[0], w.types[0])
	second := post(w, w.sent[0], w.types[0])
	if first.Code != http.StatusOK || !bytes.Equal(first.Body.Bytes(), second.Body.Bytes()) {
		t.Error("a duplicate did not get the stored receipt, byte for byte")
	}
}

func post(w *world, body []byte, contentType string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "https://b.test/as4", bytes.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	rec := httptest.NewRecorder()
	w.b.ServeHTTP(rec, r)
	return rec
}

func TestTakenMessageID(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := wssec.Identity(identity(w.keys["A"]))
	m := ebms.UserMessage{
		Timestamp: w.clock.Now(), MessageID: "taken@a.test", ConversationID: clock.UUID(), Action: "ExecuteQueryRequest",
		From: ebms.Party{ID: party("A"), Role: w.party("A").Role}, To: ebms.Party{ID: party("B"), Role: w.party("B").Role},
		Service:    modes(w.party("A")).Service,
		Properties: []ebms.Property{{Name: "originalSender", Value: "C1"}, {Name: "finalRecipient", Value: "C4"}},
	}
	for i, want := range []string{"Receipt", "EBMS:0003"} {
		e, err := as4.Pack(m, []as4.Payload{{ContentID: fmt.Sprint("p", i, "@a.test"), MimeType: "application/x-ebrs+xml", Content: as4.Bytes([]byte{byte('0' + i)})}}, a, w.party("B"), as4.Memory())
		if err != nil {
			t.Fatal(err)
		}
		if got := post(w, whole(t, e), e.ContentType).Body.String(); !strings.Contains(got, want) {
			t.Errorf("message %d: no %s in the answer", i, want)
		}
	}
	pump(t, w.b)
	if len(w.b.delivered) != 1 || text(w.b.delivered[0], 0) != "0" {
		t.Errorf("delivered %d messages", len(w.b.delivered))
	}
}

func TestUnreachablePeer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cut = true
	id := w.submit(t, w.a, "lost")
	for range gateway.DefaultRetry.Attempts + 2 {
		pump(t, w.a)
		w.clock.Add(gateway.DefaultRetry.Interval)
	}
	if len(w.sent) != gateway.DefaultRetry.Attempts {
		t.Errorf("%d attempts, want %d", len(w.sent), gateway.DefaultRetry.Attempts)
	}
	if len(w.a.failed) != 1 || w.a.failed[0] != id+" EBMS:0301" {
		t.Errorf("the back end was told %v", w.a.failed)
	}
}

func TestRefusedSender(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	stranger := w.side(t, "C", "B", t.TempDir(), "c-1") // B does not know C
	id := w.submit(t, stranger, "hello")
	pump(t, stranger)
	pump(t, w.b)
	if len(w.b.delivered) != 0 {
		t.Error("a stranger's message was delivered")
	}
	if len(stranger.failed) != 1 || stranger.failed[0] != id+" EBMS:0003" {
		t.Errorf("the back end was told %v, want EBMS:0003 (party unknown)", stranger.failed)
	}
}

func TestTamperedMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cut = true
	w.submit(t, w.a, "evidence")
	pump(t, w.a)
	good, contentType := w.sent[0], w.types[0]
	for _, tc := range []struct {
		name  string
		body  []byte
		ctype string
		want  string
	}{
		{"unsigned", bytes.Replace(good, []byte("<ds:Signature "), []byte("<ds:Unsigned "), 1), contentType, "EBMS:"},
		{"header changed", bytes.Replace(good, []byte(">ExecuteQueryRequest<"), []byte(">ExecuteQueryReqeust<"), 1), contentType, "EBMS:"},
		{"no close delimiter", good[:len(good)-8], contentType, "EBMS:0007"},
		{"not XML", []byte("<a>"), "application/soap+xml; charset=UTF-8", ""},
		{"not SOAP", []byte("hello"), "text/plain", ""},
		{"empty", nil, contentType, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rec := post(w, tc.body, tc.ctype)
			if strings.Contains(rec.Body.String(), "eb:Receipt>") {
				t.Error("a receipt was given")
			}
			if !strings.Contains(rec.Body.String(), tc.want) {
				t.Errorf("status %d, no %s in the answer", rec.Code, tc.want)
			}
			pump(t, w.b)
			if len(w.b.delivered) != 0 {
				t.Error("delivered")
			}
		})
	}
	if rec := post(w, good, contentType); !strings.Contains(rec.Body.String(), "Receipt") {
		t.Errorf("after all that the good message is refused: %d", rec.Code)
	}
}

func TestBackEndThatFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.submit(t, w.a, "later")
	pump(t, w.a)
	w.b.refuse = errors.New("register is down")
	pump(t, w.b)
	if got := w.b.row(t, "gateway_inbox", "state", id); got != "received" {
		t.Fatalf("inbox state %s", got)
	}
	w.b.refuse = nil
	pump(t, w.b)
	if len(w.b.delivered) != 0 {
		t.Error("offered again at once")
	}
	w.clock.Add(time.Minute)
	pump(t, w.b)
	if len(w.b.delivered) != 1 || text(w.b.delivered[0], 0) != "later" {
		t.Errorf("delivered %d", len(w.b.delivered))
	}
}

func TestKilledWhileWorking(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dir := t.TempDir()
	first := w.side(t, "A", "B", dir, "first")
	id := w.submit(t, first, "claimed")
	now := w.clock.Now()
	err := first.store.DB.Update(context.Background(), func(tx *store.Tx) error {
		_, err := first.store.Gateway().ClaimOutbound(tx, gateway.Claim{Partner: "AP_B", Owner: "first", Now: now, Until: now.Add(2 * time.Minute)})
		return err
	}) // and the process dies here
	if err != nil {
		t.Fatal(err)
	}
	second := w.side(t, "A", "B", dir, "second")
	if err := second.Recover(context.Background()); err != nil {
		t.Fatal(err)
	}
	pump(t, second)
	if len(w.sent) != 0 {
		t.Error("a message under another's lease was sent")
	}
	w.clock.Add(3 * time.Minute)
	pump(t, second)
	pump(t, w.b)
	if len(w.b.delivered) != 1 {
		t.Errorf("delivered %d", len(w.b.delivered))
	}
	err = first.store.DB.Update(context.Background(), func(tx *store.Tx) error {
		return first.store.Gateway().SettleOutbound(tx, id, "first", gateway.Undelivered, "EBMS:0301", nil, now)
	})
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the first process settled what is not its own any more: %v", err)
	}
}

func TestRestartedUnderItsOwnName(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dir := t.TempDir()
	first := w.side(t, "A", "B", dir, "node")
	w.submit(t, first, "claimed")
	now := w.clock.Now()
	err := first.store.DB.Update(context.Background(), func(tx *store.Tx) error {
		_, err := first.store.Gateway().ClaimOutbound(tx, gateway.Claim{Partner: "AP_B", Owner: "node", Now: now, Until: now.Add(2 * time.Minute)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	again := w.side(t, "A", "B", dir, "node")
	if err := again.Recover(context.Background()); err != nil {
		t.Fatal(err)
	}
	pump(t, again)
	pump(t, w.b)
	if len(w.b.delivered) != 1 {
		t.Errorf("delivered %d", len(w.b.delivered))
	}
}

func TestOtherMethods(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for method, want := range map[string]int{http.MethodGet: 200, http.MethodHead: 200, http.MethodPut: 405, http.MethodDelete: 405} {
		rec := httptest.NewRecorder()
		w.b.ServeHTTP(rec, httptest.NewRequest(method, "https://b.test/as4", nil))
		if rec.Code != want {
			t.Errorf("%s: %d, want %d", method, rec.Code, want)
		}
	}
}

func TestContentEncoding(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := httptest.NewRequest(http.MethodPost, "https://b.test/as4", strings.NewReader("x"))
	r.Header.Set("Content-Encoding", "gzip")
	rec := httptest.NewRecorder()
	w.b.ServeHTTP(rec, r)
	if rec.Code != http.StatusUnsupportedMediaType {
		t.Errorf("status %d, want 415", rec.Code)
	}
}

func TestUnagreedPropertyIsNotSubmitted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	err := w.a.store.DB.Update(context.Background(), func(tx *store.Tx) error {
		_, _, err := w.a.Submit(tx, gateway.Submission{
			To: party("B"), Action: "ExecuteQueryRequest", ConversationID: clock.UUID(),
			Properties: []ebms.Property{{Name: "originalSender", Value: "C1"}, {Name: "finalRecipient", Value: "C4"}, {Name: "surplus", Value: "x"}},
		})
		return err
	})
	if err == nil {
		t.Error("a message that the peer would refuse was accepted")
	}
}
