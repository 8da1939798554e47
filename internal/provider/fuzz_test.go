package provider_test

import (
	"testing"

	"oots/edm/edmxml"
	"oots/edm/exchange"
	"oots/internal/store"
	"oots/rule"
)

// FuzzReceive brings any body and any identifiers: a request is never lost to an error of ours, is answered
// at most once, and the answer breaks no rule.
func FuzzReceive(f *testing.F) {
	d := newDesk(f, registerFunc(records), nil) // one for all: what came before must not matter
	request := d.envelope(goodRequest())
	good := request.Body
	f.Add(good, conversation, exchangeID)
	f.Add(good[:len(good)/2], conversation, exchangeID)
	f.Add([]byte("<a/>"), conversation, exchangeID)
	f.Add([]byte{}, "", "")
	f.Fuzz(func(t *testing.T, body []byte, conv, ex string) {
		d.out, d.events = nil, nil
		d.log.Reset()
		e := request
		e.Body, e.ConversationID, e.ExchangeID = body, conv, ex
		if err := d.store.DB.Update(t.Context(), func(tx *store.Tx) error { return d.service.Receive(tx, e) }); err != nil {
			t.Fatal(err)
		}
		if _, err := d.service.Answer(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(d.out) > 1 {
			t.Fatalf("%d answers", len(d.out))
		}
		for _, out := range d.out {
			_, _, fs, err := edmxml.ParseResponse(out.Body)
			if fs = append(fs, exchange.CheckEnvelope(out)...); err != nil || rule.Refuses(fs) {
				t.Errorf("our answer: %v %v\n%s", err, fs, out.Body)
			}
		}
	})
}
