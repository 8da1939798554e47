package wsplugin_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/internal/backend"
	"oots/internal/wsplugin"
	"oots/xml/xmltree"
)

// A service is a back end that is told of messages.
type service struct {
	mu    sync.Mutex
	down  bool
	fault bool
	tries int
	heard []string
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tries++
	if name, secret, _ := r.BasicAuth(); name != "ap" || secret != "secret" {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	b, err := io.ReadAll(r.Body)
	if err != nil || s.down {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	doc, err := xmltree.Parse(b, xmltree.Limits{})
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/soap+xml")
	if s.fault {
		fmt.Fprintf(w, `<e:Envelope xmlns:e="%s"><e:Body><e:Fault/></e:Body></e:Envelope>`, ebms.NSSOAP12)
		return
	}
	for call := range doc.Root.First(ebms.NSSOAP12, "Body").Elements() {
		if call.Name.Space != wsplugin.NSBackEnd {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		line := call.Name.Local + " " + call.First("", "messageID").Text() + call.First("", "messageStatus").Text()
		if p := call.First("", "payload"); p != nil {
			b, _ := p.First("", "value").Base64()
			line += doc.Root.First(ebms.NSSOAP12, "Header").First(ebms.NS, "Messaging").First(ebms.NS, "UserMessage").First(ebms.NS, "MessageInfo").First(ebms.NS, "MessageId").Text() + " " + string(b)
		}
		s.heard = append(s.heard, line)
	}
}

func (s *service) set(down, fault bool) { s.mu.Lock(); s.down, s.fault = down, fault; s.mu.Unlock() }

func (s *service) told() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.heard)
}

func pushed(t *testing.T, kinds ...backend.NoticeKind) (*world, *service) {
	t.Helper()
	s := &service{}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return newWorld(t, settings{backend: func(c *backend.Config) {
		c.Pusher = wsplugin.Pusher{Client: server.Client()}
		c.Rules = []backend.Rule{
			{Name: "nobody", Recipient: "C9", URL: "https://c9.test/", Kinds: kinds},
			{Name: "all", URL: server.URL, Kinds: kinds, Username: "ap", Password: "secret", Retry: pmode.Retry{Strategy: pmode.Constant, Timeout: 10 * time.Minute, Count: 2}},
		}
	}}), s
}

// TestPush: a message goes to the back end by itself, is told before its reception, and is downloaded then; the sender
// is told of the receipt.
func TestPush(t *testing.T) {
	t.Parallel()
	w, s := pushed(t, backend.SubmitMessage, backend.ReceiveSuccess, backend.SendSuccess, backend.StatusChange)
	id := w.submit("m1@c1.test", []byte("<x/>"))
	w.pump()
	want := []string{
		"messageStatusChange " + id + "ACKNOWLEDGED", "sendSuccess " + id,
		"submitRequest " + id + " <x/>", "receiveSuccess " + id,
	}
	if got := s.told(); !slices.Equal(got, want) {
		t.Errorf("told %q\nwant %q", got, want)
	}
	if got := w.de.pendings("admin", ""); got != nil {
		t.Errorf("pending %v", got)
	}
	w.pump()
	if got := s.told(); len(got) != len(want) {
		t.Errorf("told again: %q", got[len(want):])
	}
}

// TestPushFails: a notice is told again as the rule says, in order, then it waits for an operator and can be told again.
func TestPushFails(t *testing.T) {
	t.Parallel()
	w, s := pushed(t, backend.SubmitMessage, backend.ReceiveSuccess)
	s.set(true, false)
	id := w.submit("m1@c1.test", []byte("<x/>"))
	w.pump()
	w.pump() // not due yet
	if s.tries != 1 {
		t.Errorf("%d attempts at once", s.tries)
	}
	failed := func() (out []string) {
		for e := range w.de.body(w.de.call("user", `<_1:listPushFailedMessagesRequest/>`), wsplugin.NS, "listPushFailedMessagesResponse").All("", "messageID") {
			out = append(out, e.Text())
		}
		return out
	}
	if got := failed(); got != nil {
		t.Errorf("failed too early: %v", got)
	}
	s.set(false, true) // a fault with status 200 is a refusal as well
	for range 2 {
		w.clock.Add(5 * time.Minute)
		w.pump()
	}
	if s.tries < 3 || !slices.Equal(failed(), []string{id}) {
		t.Errorf("%d attempts, failed %v", s.tries, failed())
	}
	if got := w.de.pendings("admin", ""); !slices.Equal(got, []string{id}) {
		t.Errorf("pending %v", got)
	}
	for range 3 { // the second notice has its own attempts
		w.clock.Add(5 * time.Minute)
		w.pump()
	}
	s.set(false, false)
	root := w.de.call("user", `<_1:rePushFailedMessagesRequest><messageID>`+id+`</messageID></_1:rePushFailedMessagesRequest>`)
	if got := faultText(root); got != "" {
		t.Fatal(got)
	}
	w.pump()
	if got := s.told(); !slices.Equal(got, []string{"submitRequest " + id + " <x/>", "receiveSuccess " + id}) {
		t.Errorf("told %q", got)
	}
	if got := failed(); got != nil {
		t.Errorf("still failed %v", got)
	}
}

// TestSendFailure: the back end learns that its message does not arrive, and asks why.
func TestSendFailure(t *testing.T) {
	t.Parallel()
	w, s := pushed(t, backend.SendFailed, backend.StatusChange)
	id := w.submit("m1@c1.test", []byte("<x/>"))
	delete(w.wire, "DE.test")
	for range 5 {
		w.pump()
		w.clock.Add(3 * time.Minute)
	}
	if got := s.told(); !slices.Equal(got, []string{"messageStatusChange " + id + "SEND_FAILURE", "sendFailure " + id}) {
		t.Errorf("told %q", got)
	}
	if got := w.fr.state("admin", id); got != "SEND_FAILURE" {
		t.Errorf("state %s", got)
	}
	item := w.fr.body(w.fr.call("admin", `<_1:getErrorsRequest><messageID>`+id+`</messageID></_1:getErrorsRequest>`), wsplugin.NS, "getMessageErrorsResponse").First("", "item")
	if code, role := item.First("", "domibusErrorCode").Text(), item.First("", "mshRole").Text(); code != "EBMS_0301" || role != "SENDING" {
		t.Errorf("error %s of %s", code, role)
	}
}

// TestFetchedBeforePush: what the back end has fetched itself is not pushed as well.
func TestFetchedBeforePush(t *testing.T) {
	t.Parallel()
	w, s := pushed(t, backend.SubmitMessage)
	s.set(true, false)
	id := w.submit("m1@c1.test", []byte("<x/>"))
	w.pump()
	w.de.body(w.de.call("admin", w.de.retrieveCall("", id)), wsplugin.NS, "retrieveMessageResponse")
	s.set(false, false)
	w.clock.Add(5 * time.Minute)
	w.pump()
	if got := s.told(); got != nil {
		t.Errorf("told %q", got)
	}
}
