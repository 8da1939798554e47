package phase4

import (
	"bytes"
	"context"
	"testing"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/internal/clock"
)

// A ping is packed and sent without the gateway's outbox: nobody submits one. [AS4 1.15 §3.2]
func (s *scene) pingThem(t *testing.T) {
	m := ebms.UserMessage{
		Timestamp: time.Now().UTC().Truncate(time.Millisecond), MessageID: clock.UUID() + "@ours.test", ConversationID: clock.UUID(),
		From: ebms.Party{ID: partyID("OURS"), Role: role}, To: ebms.Party{ID: partyID("PHASE4"), Role: role},
		Service: ebms.Service{Value: ebms.TestService}, Action: ebms.TestAction,
		Properties: []ebms.Property{{Name: ebms.OriginalSender, Value: "C1"}, {Name: ebms.FinalRecipient, Value: "C4"}},
	}
	payload := as4.Payload{ContentID: "message@ours.test", MimeType: "text/xml", Content: as4.Bytes([]byte("<hello/>"))}
	them := s.keys.party("PHASE4", "PHASE4", s.toThem.URL)
	entity, err := as4.Pack(m, []as4.Payload{payload}, s.keys.identity("OURS"), them, as4.Memory())
	if err != nil {
		t.Fatal(err)
	}
	_, contentType, body, _, err := as4.Post(context.Background(), s.keys.client(), them.URL, entity)
	if err != nil {
		t.Fatal(err)
	}
	signal, err := as4.ReadSignal(contentType, bytes.NewReader(body), them)
	if err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	if e := as4.CheckReceipt(signal, m.MessageID, entity.References); e != nil {
		t.Errorf("%v in %s", e, body)
	}
	if n := len(s.phase4.received(t, m.MessageID)); n != 0 {
		t.Errorf("phase4 delivered a ping %d times", n)
	}
}

func (s *scene) pingUs(t *testing.T) {
	o := s.order(t, plain)
	o.Service, o.ServiceType, o.Action = ebms.TestService, "", ebms.TestAction
	if v := s.phase4.send(t, o); v.Result != "success" || v.References != "equal" {
		t.Fatalf("phase4: %+v\nanswer: %s", v, s.toUs.last())
	}
	if n := len(s.ours.got(t, o.MessageID)); n != 0 {
		t.Errorf("a ping was delivered %d times", n)
	}
}

// phase4 cannot sign an error before it knows a P-Mode, so that nothing proves that it comes from phase4:
// the attempts go on until they are used up. [AS4 1.15 §11]
func (s *scene) theyRefuseAction(t *testing.T) {
	id := s.give(t, s.ours, unknown, plain)
	s.ours.pump(t)
	if got := s.ours.outbox(t, id); got != "waiting EBMS:0010" {
		t.Fatalf("outbox: %s\nanswer: %s", got, s.toThem.last())
	}
	for range attempts - 1 {
		s.ours.later(t)
	}
	if got := s.ours.outbox(t, id); got != "undelivered EBMS:0301" || s.ours.failed[id] != "EBMS:0301" {
		t.Errorf("outbox: %s, back end: %s", got, s.ours.failed[id])
	}
	if n := len(s.phase4.received(t, id)); n != 0 {
		t.Errorf("phase4 delivered it %d times", n)
	}
}

// A signed error that trying again cannot help ends the attempts. phase4 has one code for all of message
// security.
func (s *scene) theyRefuseSigner(t *testing.T) {
	stranger := newSide(t, s.keys, "STRANGER", s.toThem.URL)
	id := s.give(t, stranger, request, plain)
	stranger.pump(t)
	if got := stranger.outbox(t, id); got != "undelivered EBMS:0102" || stranger.failed[id] != "EBMS:0102" {
		t.Errorf("outbox: %s, back end: %s\nanswer: %s", got, stranger.failed[id], s.toThem.last())
	}
	if n := len(s.phase4.received(t, id)); n != 0 {
		t.Errorf("phase4 delivered it %d times", n)
	}
}

// EBMS:0004 may pass, so the message is sent again. phase4 has marked it as received by then although its
// back end has it not: whatever it answers to the second copy, nothing is acknowledged.
func (s *scene) theirBackEndRefuses(t *testing.T) {
	s.phase4.refuseNext(t)
	id := s.give(t, s.ours, request, plain)
	s.ours.pump(t)
	if got := s.ours.outbox(t, id); got != "waiting EBMS:0004" {
		t.Fatalf("outbox: %s\nanswer: %s", got, s.toThem.last())
	}
	s.ours.later(t)
	if got := s.ours.outbox(t, id); got == "acknowledged" {
		t.Errorf("outbox: %s\nanswer: %s", got, s.toThem.last())
	}
	if n := len(s.phase4.received(t, id)); n != 0 {
		t.Errorf("phase4 delivered it %d times", n)
	}
}

// refused has phase4 send o and checks that we refuse it with code under our signature.
func (s *scene) refused(t *testing.T, o order, code string) {
	t.Helper()
	v := s.phase4.send(t, o)
	if v.Result != "as4-error-msg-received" || v.codes() != code || v.Receipt {
		t.Fatalf("phase4: %+v\nanswer: %s", v, s.toUs.last())
	}
	if v.RefTo != o.MessageID || v.Errors[0].RefTo != o.MessageID || v.Errors[0].Severity != "failure" || v.Errors[0].Detail == "" {
		t.Errorf("error %+v about %s", v.Errors[0], v.RefTo)
	}
	if !v.Signed || v.Signer != s.keys.fingerprint("OURS") || v.Status != 200 {
		t.Errorf("signed %v by %s, status %d", v.Signed, v.Signer, v.Status)
	}
	if n := len(s.ours.got(t, o.MessageID)); n != 0 {
		t.Errorf("delivered %d times", n)
	}
}

func (s *scene) weRefuseAction(t *testing.T) {
	o := s.order(t, plain)
	o.Action = "NobodyKnowsThis"
	s.refused(t, o, "EBMS:0001")
}

func (s *scene) weRefuseSigner(t *testing.T) {
	o := s.order(t, plain)
	o.Key = "STRANGER"
	v := s.phase4.send(t, o)
	// The stranger's trust store holds us too, so that it can read our signed answer.
	if v.Result != "as4-error-msg-received" || v.codes() != "EBMS:0101" || !v.Signed {
		t.Fatalf("phase4: %+v\nanswer: %s", v, s.toUs.last())
	}
	if n := len(s.ours.got(t, o.MessageID)); n != 0 {
		t.Errorf("delivered %d times", n)
	}
}

func (s *scene) weRefuseProperty(t *testing.T) {
	o := s.order(t, plain)
	o.Properties = append(o.Properties, property{Name: "Bemerkung", Value: "unverhofft"})
	s.refused(t, o, "EBMS:0010")
}

// phase4 answers a second copy with an error instead of the receipt that got lost: EBMS:0004 until its
// version 4.4, EBMS:4001 since. The message has arrived but nothing proves it: it must not count as acknowledged, and must not be delivered twice. [AS4 1.15 §12]
func (s *scene) weSendAgain(t *testing.T) {
	s.toThem.once(lose)
	id := s.give(t, s.ours, request, plain)
	s.ours.pump(t)
	if got := s.ours.outbox(t, id); got != "waiting "+ebms.ConnectionFailure {
		t.Fatalf("outbox: %s", got)
	}
	s.ours.later(t)
	if got := s.ours.outbox(t, id); got != "waiting EBMS:0004" && got != "waiting EBMS:4001" {
		t.Errorf("outbox: %s\nanswer: %s", got, s.toThem.last())
	}
	if n := len(s.phase4.received(t, id)); n != 1 {
		t.Errorf("phase4 delivered it %d times", n)
	}
}

// We answer a second copy with the very receipt of the first.
func (s *scene) theySendAgain(t *testing.T) {
	before := len(s.toUs.seen())
	s.toUs.once(lose)
	o := s.order(t, plain)
	o.Retries = 1
	v := s.phase4.send(t, o)
	if v.Result != "success" || v.References != "equal" || !v.Signed {
		t.Fatalf("phase4: %+v\nanswer: %s", v, s.toUs.last())
	}
	answers := s.toUs.seen()[before:]
	if len(answers) != 2 || !bytes.Equal(answers[0], answers[1]) {
		t.Errorf("%d answers, the second is not the first", len(answers))
	}
	if n := len(s.ours.got(t, o.MessageID)); n != 1 {
		t.Errorf("delivered %d times", n)
	}
}

// unacknowledged sends a message whose answer is tampered with, and checks that we do not take it for a
// receipt: it is EBMS:0302, or EBMS:0301 where nothing of it could be used.
func (s *scene) unacknowledged(t *testing.T, tamper func([]byte) []byte) {
	t.Helper()
	s.toThem.once(tamper)
	id := s.give(t, s.ours, request, plain)
	s.ours.pump(t)
	if got := s.ours.outbox(t, id); got != "waiting EBMS:0302" && got != "waiting EBMS:0301" {
		t.Errorf("outbox: %s", got)
	}
	if n := len(s.phase4.received(t, id)); n != 1 {
		t.Errorf("phase4 delivered it %d times, so its own answer was no receipt", n)
	}
}

func (s *scene) oldReceiptToUs(t *testing.T) {
	s.outward(t, plain)
	old := s.toThem.last()
	s.unacknowledged(t, func([]byte) []byte { return old })
}

func (s *scene) forgedReceiptToUs(t *testing.T) {
	s.unacknowledged(t, forge(t))
}

func (s *scene) bareReceiptToUs(t *testing.T) {
	s.unacknowledged(t, func(receipt []byte) []byte {
		before, rest, ok := bytes.Cut(receipt, []byte("<wsse:Security"))
		_, after, ok2 := bytes.Cut(rest, []byte("</wsse:Security>"))
		if !ok || !ok2 {
			t.Fatalf("no security header in %s", receipt)
		}
		return append(bytes.Clone(before), after...)
	})
}

// phase4 notices that the references are not those it signed; it is its user who must ask.
func (s *scene) oldReceiptToThem(t *testing.T) {
	s.inward(t, plain)
	old := s.toUs.last()
	s.toUs.once(func([]byte) []byte { return old })
	o := s.order(t, plain)
	v := s.phase4.send(t, o)
	if v.References != "differ" || v.RefTo == o.MessageID {
		t.Errorf("phase4: %+v", v)
	}
}

func (s *scene) forgedReceiptToThem(t *testing.T) {
	s.toUs.once(forge(t))
	if v := s.phase4.send(t, s.order(t, plain)); v.Result == "success" {
		t.Errorf("phase4: %+v", v)
	}
}
