package wsplugin_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"oots/edelivery/ebms"
	"oots/internal/backend"
	"oots/internal/wsplugin"
)

// TestJourney: submit → pending → retrieve → status, as a national back end does it.
func TestJourney(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	content := []byte("<query:QueryRequest/>")
	const id = "1a2b3c4d-0000-4000-8000-000000000001@oots.eu"
	if got := w.submit(id, content); got != id {
		t.Fatalf("submitted as %q", got)
	}
	if got := w.fr.state("admin", id); got != "SEND_ENQUEUED" {
		t.Errorf("before sending %s", got)
	}
	w.pump()
	if got := w.fr.state("admin", id); got != "ACKNOWLEDGED" {
		t.Errorf("after sending %s", got)
	}
	if got := w.de.pendings("user", ""); !slices.Equal(got, []string{id}) {
		t.Fatalf("pending %v", got)
	}
	root := w.de.call("user", w.de.retrieveCall("", id))
	m := root.First(ebms.NSSOAP12, "Header").First(ebms.NS, "Messaging").First(ebms.NS, "UserMessage")
	if got := m.First(ebms.NS, "MessageInfo").First(ebms.NS, "MessageId").Text(); got != id {
		t.Errorf("header of %q", got)
	}
	if got := m.First(ebms.NS, "PartyInfo").First(ebms.NS, "From").First(ebms.NS, "PartyId").Text(); got != "AP_FR_01" {
		t.Errorf("from %q", got)
	}
	p := w.de.body(root, wsplugin.NS, "retrieveMessageResponse").First("", "payload")
	ref, _ := p.Attr("", "payloadId")
	kind, _ := p.Attr("", "contentType")
	href, _ := m.First(ebms.NS, "PayloadInfo").First(ebms.NS, "PartInfo").Attr("", "href")
	if got, err := p.First("", "value").Base64(); err != nil || !bytes.Equal(got, content) || ref != "cid:doc@c1.test" || href != ref || kind != "application/x-ebrs+xml" {
		t.Errorf("payload %q of %q (%s, header %q), %v", got, ref, kind, href, err)
	}
	if got := w.de.pendings("user", ""); got != nil {
		t.Errorf("still pending %v", got)
	}
	if got := w.de.state("user", id); got != "DOWNLOADED" {
		t.Errorf("received message is %s", got)
	}
}

// TestRetrievedAgainForAWhile: a client that crashed with the answer in hand has not lost the message.
func TestRetrievedAgainForAWhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	large := make([]byte, 600_000) // a file of the spool, compressed or not
	rand.NewChaCha8([32]byte{1}).Read(large)
	id := w.submit("m1@c1.test", large)
	if got := w.fr.files(); got != 1 {
		t.Errorf("%d files for one compressed payload under way", got)
	}
	w.pump()
	if got := w.fr.files(); got != 0 {
		t.Errorf("%d files of the sender are left", got)
	}
	for range 2 {
		v := w.de.body(w.de.call("admin", w.de.retrieveCall("", id)), wsplugin.NS, "retrieveMessageResponse").First("", "payload").First("", "value")
		if got, err := v.Base64(); err != nil || !bytes.Equal(got, large) {
			t.Fatalf("%d bytes, %v", len(got), err)
		}
		w.clock.Add(30 * time.Minute)
	}
	if n, err := w.de.backend.Purge(context.Background()); err != nil || n != 1 || w.de.files() != 0 {
		t.Errorf("purged %d, %v, %d files left", n, err, w.de.files())
	}
	if got := faultText(w.de.call("admin", w.de.retrieveCall("", id))); got != "soap:Receiver WS_PLUGIN:0009 No message with id [m1@c1.test] found" {
		t.Errorf("after the grace: %q", got)
	}
	if got := w.de.state("admin", id); got != "DELETED" {
		t.Errorf("state %s", got)
	}
}

// TestNotMarked: with markAsDownloaded="false" the message stays, until it is marked.
func TestNotMarked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	id := w.submit("m1@c1.test", []byte("x"))
	w.pump()
	for range 2 {
		w.de.body(w.de.call("user", w.de.retrieveCall(` markAsDownloaded="false"`, id)), wsplugin.NS, "retrieveMessageResponse")
	}
	if got := w.de.pendings("user", ""); !slices.Equal(got, []string{id}) {
		t.Fatalf("pending %v", got)
	}
	mark := `<_1:markMessageAsDownloadedRequest><messageID>` + id + `</messageID></_1:markMessageAsDownloadedRequest>`
	for range 2 {
		if got := w.de.body(w.de.call("user", mark), wsplugin.NS, "markMessageAsDownloadedResponse").First("", "messageID").Text(); got != id {
			t.Errorf("marked %q", got)
		}
	}
	if got := w.de.pendings("user", ""); got != nil {
		t.Errorf("pending %v", got)
	}
}

// TestSubmittedAgain: a request whose answer was lost is repeated and changes nothing; another message under the same
// id is refused.
func TestSubmittedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	large := bytes.Repeat([]byte("x"), 400_000)
	for range 3 {
		if got := w.submit("m1@c1.test", large); got != "m1@c1.test" {
			t.Fatalf("submitted as %s", got)
		}
	}
	if got := w.fr.files(); got != 0 { // 400 kB of one letter are small when compressed
		t.Errorf("%d files of repeated requests are left", got)
	}
	root := w.fr.envelope("admin", soap(messaging("m1@c1.test", partInfo("cid:doc@c1.test", "application/x-ebrs+xml")),
		`<_1:submitRequest>`+payload("cid:doc@c1.test", "application/x-ebrs+xml", []byte("other"))+`</_1:submitRequest>`))
	if got := faultText(root); got != "soap:Receiver EBMS:0003 MessageInfo/MessageId: the id has been used for another message" {
		t.Errorf("another message: %q", got)
	}
	w.pump()
	if got := w.de.pendings("admin", ""); len(got) != 1 {
		t.Errorf("%d messages arrived", len(got))
	}
}

// TestFilters narrows the list by each of its filters.
func TestFilters(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	w.submit("m1@c1.test", []byte("1"))
	w.pump()
	w.clock.Add(time.Hour)
	w.submit("m2@c1.test", []byte("2"))
	w.pump()
	for _, c := range []struct {
		filter string
		want   int
	}{
		{"", 2}, {"<messageId>m2@c1.test</messageId>", 1}, {"<conversationId>c-1</conversationId>", 2}, {"<conversationId>c-2</conversationId>", 0},
		{"<refToMessageId>x</refToMessageId>", 0}, {"<fromPartyId>AP_FR_01</fromPartyId>", 2}, {"<fromPartyId>AP_AT_01</fromPartyId>", 0},
		{"<finalRecipient>C4</finalRecipient>", 2}, {"<finalRecipient>C5</finalRecipient>", 0}, {"<originalSender>C1</originalSender>", 2},
		{"<receivedFrom>2026-11-24T12:30:00Z</receivedFrom>", 1}, {"<receivedTo>2026-11-24T12:30:00</receivedTo>", 1},
		{"<unknown>x</unknown>", 2},
	} {
		if got := w.de.pendings("user", c.filter); len(got) != c.want {
			t.Errorf("%s: %v, want %d", c.filter, got, c.want)
		}
	}
	if got := faultText(w.de.call("user", `<_1:listPendingMessagesRequest><receivedTo>yesterday</receivedTo></_1:listPendingMessagesRequest>`)); !strings.Contains(got, "WS_PLUGIN:0007 receivedTo: is no date and time") {
		t.Errorf("%q", got)
	}
}

// TestUserSeesItsOwn: an account with an original user sees, reads and submits nothing of others.
func TestUserSeesItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	other := backend.Account{Name: "other", Role: backend.User, OriginalUser: "C9"}
	var err error
	if other.Password, err = hashed(); err != nil {
		t.Fatal(err)
	}
	if err := w.de.backend.PutAccount(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	id := w.submit("m1@c1.test", []byte("x"))
	w.pump()
	if got := w.de.pendings("other", ""); got != nil {
		t.Errorf("sees %v", got)
	}
	if got := w.de.pendings("other", "<finalRecipient>C4</finalRecipient>"); got != nil {
		t.Errorf("sees by filter %v", got)
	}
	absent := strings.ReplaceAll(faultText(w.de.call("other", w.de.retrieveCall("", "m0@c1.test"))), "m0@", "m1@")
	if got := faultText(w.de.call("other", w.de.retrieveCall("", id))); got == "" || got != absent {
		t.Errorf("a foreign message is told from none: %q, %q", got, absent)
	}
	if got := w.de.state("other", id); got != "NOT_FOUND" {
		t.Errorf("state %s", got)
	}
	root := w.fr.envelope("user", soap(messaging("m2@c1.test", ""), `<_1:submitRequest/>`)) // its original user is C4, not C1
	if got := faultText(root); !strings.Contains(got, "WS_PLUGIN_0002 MessageProperties/Property[originalSender]") {
		t.Errorf("submits for another: %q", got)
	}
}

// TestCallers: no credentials, wrong ones, a suspended account.
func TestCallers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	try := func(name, secret string) int {
		r := httptest.NewRequest(http.MethodPost, "https://ap.test/wsplugin", strings.NewReader(soap("", `<_1:listPendingMessagesRequest/>`)))
		r.Header.Set("Content-Type", "application/soap+xml")
		if name != "" {
			r.SetBasicAuth(name, secret)
		}
		rec := httptest.NewRecorder()
		w.de.handler.ServeHTTP(rec, r)
		if rec.Code == http.StatusUnauthorized && !strings.HasPrefix(rec.Header().Get("WWW-Authenticate"), "Basic ") {
			t.Error("401 without a challenge")
		}
		return rec.Code
	}
	for _, c := range []struct {
		name, secret string
		want         int
	}{{"", "", 401}, {"nobody", password, 401}, {"admin", "wrong", 401}, {"admin", password, 200}} {
		if got := try(c.name, c.secret); got != c.want {
			t.Errorf("%q with %q: %d, want %d", c.name, c.secret, got, c.want)
		}
	}
	for range 5 {
		try("user", "wrong")
	}
	if got := try("user", password); got != 401 {
		t.Errorf("after five failures: %d", got)
	}
	w.clock.Add(time.Hour)
	if got := try("user", password); got != 200 {
		t.Errorf("an hour later: %d", got)
	}
}

// brokenWriter breaks off in the middle of an answer.
type brokenWriter struct {
	http.ResponseWriter
	left int
}

func (b *brokenWriter) Write(p []byte) (int, error) {
	if b.left -= len(p); b.left < 0 {
		return 0, errors.New("connection reset by peer")
	}
	return b.ResponseWriter.Write(p)
}

// TestBrokenAnswerLeavesPending: the message is marked behind the last byte only.
func TestBrokenAnswerLeavesPending(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	id := w.submit("m1@c1.test", bytes.Repeat([]byte("0123456789"), 10_000))
	w.pump()
	r := httptest.NewRequest(http.MethodPost, "https://ap.test/wsplugin", strings.NewReader(soap("", w.de.retrieveCall("", id))))
	r.Header.Set("Content-Type", "application/soap+xml")
	r.SetBasicAuth("admin", password)
	func() {
		defer func() {
			if recover() != http.ErrAbortHandler {
				t.Error("the answer was not cut")
			}
		}()
		w.de.handler.ServeHTTP(&brokenWriter{httptest.NewRecorder(), 20_000}, r)
	}()
	if got := w.de.pendings("admin", ""); !slices.Equal(got, []string{id}) {
		t.Fatalf("pending %v", got)
	}
	w.de.body(w.de.call("admin", w.de.retrieveCall("", id)), wsplugin.NS, "retrieveMessageResponse")
}

// TestTwoNodesClaim: of two nodes over one store that hand a message out at the same time, one does; when it is killed
// with the answer half written, the message is pending again after the lease.
func TestTwoNodesClaim(t *testing.T) {
	t.Parallel()
	w := newWorld(t, settings{})
	other := w.side(t, "DE", "FR", settings{dir: w.de.dir, owner: "DE-2"})
	id := w.submit("m1@c1.test", []byte("x"))
	w.pump()
	admin := backend.Account{Role: backend.Admin}
	if _, err := w.de.backend.Retrieve(t.Context(), admin, id, true); err != nil {
		t.Fatal(err)
	}
	// The first node is killed here: neither Done nor Release.
	if got := faultText(other.call("admin", other.retrieveCall("", id))); !strings.Contains(got, "WS_PLUGIN:0001 messageID: Message with id [m1@c1.test] is being retrieved") {
		t.Errorf("the second node: %q", got)
	}
	if got := other.pendings("admin", ""); !slices.Equal(got, []string{id}) {
		t.Errorf("pending %v", got)
	}
	w.clock.Add(10 * time.Minute)
	other.body(other.call("admin", other.retrieveCall("", id)), wsplugin.NS, "retrieveMessageResponse")
	if got := w.de.state("admin", id); got != "DOWNLOADED" {
		t.Errorf("state %s", got)
	}
}
