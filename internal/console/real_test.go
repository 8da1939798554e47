package console_test

import (
	"context"
	"crypto"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
	"oots/internal/console"
	"oots/internal/gateway"
	"oots/internal/pki"
	"oots/internal/store"
)

// pairs are the keys of two access points.
var pairs = sync.OnceValues(func() (out [2]pki.Pair, err error) {
	dir, err := temporary()
	if err != nil {
		return out, err
	}
	a, err := pki.Open(dir, start)
	if err != nil {
		return out, err
	}
	for i, name := range []string{"AP_AT", "AP_LU"} {
		if out[i], err = a.AccessPoint(name, "AT"); err != nil {
			return out, err
		}
	}
	return out, nil
})

// silence is a network on which nobody answers.
type silence struct{}

func (silence) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
}

// TestRealGateway finds, reads and cancels a message of a real access point with a real database, whose partner is not
// there.
func TestRealGateway(t *testing.T) {
	t.Parallel()
	keys, err := pairs()
	if err != nil {
		t.Fatal(err)
	}
	party := func(i int, name string) pmode.Party {
		c := keys[i].Certificate
		return pmode.Party{ID: ebms.PartyID{Type: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:oots", Value: name}, Role: "http://sdg.europa.eu/edelivery/gateway",
			URL: "https://" + strings.ToLower(name) + ".test/as4", Signing: certs(c), Encryption: c}
	}
	set := &pmode.Set{Self: party(0, "AP_AT"), Peers: []pmode.Party{party(1, "AP_LU")}, Service: ebms.Service{Type: "urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0", Value: "QueryManager"}, Actions: []string{"ExecuteQueryRequest"}, Properties: pmode.FourCorner()}
	var g *gateway.Gateway
	var failed, actors []string
	n := newNode(t, func(c *console.Config) {})
	g, err = gateway.New(gateway.Config{
		Self: wssec.Identity{Key: keys[0].Key, Decrypter: keys[0].Key.(crypto.Decrypter), Certificate: keys[0].Certificate}, PModes: set, Store: n.store.Gateway(), Spool: n.store.Spool,
		Client: &http.Client{Transport: silence{}}, Clock: n.clock(), Suffix: "ap.at.test", Owner: "at", Log: slog.New(slog.DiscardHandler),
		Consume: func(*store.Tx, gateway.Delivery) error { return nil },
		Fail:    func(_ *store.Tx, id, code string) error { failed = append(failed, id+" "+code); return nil },
		Record: func(_ *store.Tx, e gateway.Event) error {
			if e.Name == gateway.EventCancelled {
				actors = append(actors, e.Actor)
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	n.config.Gateway = g
	n.open()
	var id string
	err = n.store.DB.Update(t.Context(), func(tx *store.Tx) (err error) {
		id, _, err = g.Submit(tx, gateway.Submission{To: party(1, "AP_LU").ID, Action: "ExecuteQueryRequest", ConversationID: "a-conversation",
			Properties: []ebms.Property{{Name: ebms.OriginalSender, Value: "C1"}, {Name: ebms.FinalRecipient, Value: "C4"}},
			Payloads:   []as4.Payload{{ContentID: "q@ap.at.test", MimeType: "application/x-ebrs+xml", Content: as4.Bytes([]byte("<secret>Ada</secret>"))}}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Send(context.Background()); err != nil {
		t.Fatal(err)
	}
	b, _ := n.join("night.shift", console.Operator)
	b.Get("/console/").On(t, 200, "home").See(t, "AP_LU")
	b.Get("/console/messages?q=a-conv&state=waiting&box=out&partner=AP_LU").On(t, 200, "messages").See(t, id)
	b.Get("/console/messages?q=a-conv&state=stuck").See(t, "No message fits")
	b.Get("/console/messages?since=2031-01-01").See(t, "No message fits")
	p := b.Get(at("out", id)).On(t, 200, "message")
	p.See(t, "waiting", "AP_LU", "attempt 1", "connection refused", "q@ap.at.test", "No receipt")
	if strings.Contains(p.Body, "Ada") {
		t.Error("the page shows a payload")
	}
	envelope := b.Get("/console/message/envelope?" + url.Values{"box": {"out"}, "id": {id}}.Encode())
	if !strings.Contains(envelope.Body, "MessageId>"+id) || strings.Contains(envelope.Body, "Ada") || !strings.HasPrefix(envelope.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("envelope: %d %v", envelope.Status, envelope.Header)
	}
	b.Get("/console/message/act?do=resend&box=out&id="+url.QueryEscape(id)).To(t, strings.Replace(at("out", id), "%40", "%40", 1)) // not in this state
	p = b.Get("/console/message/act?do=cancel&box=out&id="+url.QueryEscape(id)).On(t, 200, "act")
	b.Land(b.Submit(p, "/message/act", url.Values{"reason": {"withdrawn"}})).On(t, 200, "message").See(t, "Done: Cancel.", "cancelled", "withdrawn")
	b.Land(b.Submit(p, "/message/act", url.Values{"reason": {"withdrawn"}})).See(t, "Nothing was done")
	if len(failed) != 1 || failed[0] != id+" "+gateway.CodeCancelled {
		t.Errorf("the back end was told %v", failed)
	}
	if len(actors) != 1 || actors[0] != "night.shift" {
		t.Errorf("the log says that %v cancelled", actors)
	}
	b.Get(at("in", id)).On(t, 404, "problem")
	if ms, err := measure(t, *n.config, start.Add(time.Hour)); err != nil || len(ms) == 0 {
		t.Errorf("%v %v", ms, err)
	}
}
