package lifecycle_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"oots/directory/lcm"
	"oots/edm"
	"oots/internal/clock"
	"oots/internal/lifecycle"
	"oots/internal/store"
)

var (
	luxembourg = edm.Identifier{Scheme: scheme, Value: "AP_LU_01"}
	common     = edm.Identifier{Scheme: scheme, Value: "CS"}
	authority  = edm.Identifier{Scheme: scheme, Value: "LU-AUTHORITY"}
)

// outbox keeps what was handed over in committed transactions.
type outbox struct {
	n    int
	fail error
	out  []lifecycle.Envelope
}

func (o *outbox) Submit(tx *store.Tx, e lifecycle.Envelope) (string, error) {
	if o.fail != nil {
		return "", o.fail
	}
	o.n++
	e.MessageID = fmt.Sprintf("m%d@x", o.n)
	tx.After(func() { o.out = append(o.out, e) })
	return e.MessageID, nil
}

// received is a submission as the access point delivers it.
func received(body []byte) lifecycle.Envelope {
	return lifecycle.Envelope{
		MessageID: "in@lu", ConversationID: "c", Action: lifecycle.SubmitObjectsRequest, From: luxembourg, To: common,
		OriginalSender: authority, FinalRecipient: common, Body: body,
	}
}

func TestDesk(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		edit   func(*lifecycle.Envelope)
		action lifecycle.Action // of the answer; "" for none
		code   lcm.Code
	}{
		{"accepted", func(*lifecycle.Envelope) {}, lifecycle.SubmitObjectsResponse, ""},
		{"another country", func(e *lifecycle.Envelope) { e.Body = document(broker("AT")) }, lifecycle.ExceptionResponse, lcm.BadDataset},
		{"a sender without a state", func(e *lifecycle.Envelope) { e.From.Value = "AP_XX_01" }, lifecycle.ExceptionResponse, lcm.BadDataset},
		{"a sender by another scheme", func(e *lifecycle.Envelope) { e.From.Scheme = "urn:x" }, lifecycle.ExceptionResponse, lcm.BadDataset},
		{"no payload, or several", func(e *lifecycle.Envelope) { e.Body = nil }, lifecycle.ExceptionResponse, lcm.BadDataset},
		{"no XML", func(e *lifecycle.Envelope) { e.Body = []byte("<") }, lifecycle.ExceptionResponse, lcm.BadDataset},
		{"an answer", func(e *lifecycle.Envelope) { e.Action = lifecycle.SubmitObjectsResponse }, "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			i := newInstance(t)
			out := &outbox{}
			desk := lifecycle.Desk{Service: i.Service, Outbox: out, States: map[edm.Identifier]string{luxembourg: "LU"}}
			e := received(document(broker("LU")))
			tc.edit(&e)
			if err := i.store.DB.Update(t.Context(), func(tx *store.Tx) error { return desk.Receive(tx, e) }); err != nil {
				t.Fatal(err)
			}
			inForce := 0
			if tc.action == lifecycle.SubmitObjectsResponse {
				inForce = 1
			}
			if n := len(i.Partitions()); n != inForce {
				t.Errorf("%d partitions are in force", n)
			}
			if tc.action == "" {
				if len(out.out) > 0 {
					t.Errorf("it is answered: %+v", out.out)
				}
				return
			}
			if len(out.out) != 1 {
				t.Fatalf("%d answers", len(out.out))
			}
			a := out.out[0]
			if a.Action != tc.action || a.RefToMessageID != e.MessageID || a.ConversationID != "c" || a.To != e.From || a.From != common || a.FinalRecipient != authority {
				t.Errorf("answer %+v", a)
			}
			r, err := lcm.ParseResponse(a.Body)
			if err != nil || r.Success != (tc.code == "") || !r.Success && lcm.Code(r.Exceptions[0].Code) != tc.code {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

// TestDeskFails hands over nothing and puts nothing in force when the answer cannot be handed over: the message is
// offered again.
func TestDeskFails(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	broken := errors.New("broken")
	out := &outbox{fail: broken}
	desk := lifecycle.Desk{Service: i.Service, Outbox: out, States: map[edm.Identifier]string{luxembourg: "LU"}}
	deliver := func() error {
		return i.store.DB.Update(t.Context(), func(tx *store.Tx) error { return desk.Receive(tx, received(document(broker("LU")))) })
	}
	if err := deliver(); !errors.Is(err, broken) {
		t.Fatal(err)
	}
	history, err := i.History(t.Context(), "", "")
	events, err2 := i.Events(t.Context(), time.Time{})
	if len(history)+len(events)+len(i.Partitions()) > 0 || err != nil || err2 != nil {
		t.Errorf("something is left: %v, %v, %v, %v", history, events, err, err2)
	}
	out.fail = nil
	if err := deliver(); err != nil || len(i.Partitions()) != 1 || len(out.out) != 1 {
		t.Errorf("the second time: %v, %d in force, %d answers", err, len(i.Partitions()), len(out.out))
	}
}

func TestSender(t *testing.T) {
	t.Parallel()
	refusal := lcm.AppendResponse(nil, requestID, []lcm.Finding{(&lcm.Error{Msg: "?"}).Finding()})
	unnamed := lcm.AppendResponse(nil, "", []lcm.Finding{(&lcm.Error{Msg: "?"}).Finding()})
	answer := func(body []byte) lifecycle.Envelope {
		return lifecycle.Envelope{MessageID: "a@cs", RefToMessageID: "m1@x", Action: lifecycle.SubmitObjectsResponse, From: common, To: luxembourg, Body: body}
	}
	for _, tc := range []struct {
		name string
		act  func(tx *store.Tx, s *lifecycle.Sender, sent lifecycle.Sent) error
		want lifecycle.SentState
		code string
	}{
		{"accepted", func(tx *store.Tx, s *lifecycle.Sender, sent lifecycle.Sent) error {
			e := answer(lcm.AppendResponse(nil, requestID, nil))
			e.ConversationID = sent.ConversationID
			return s.Receive(tx, e)
		}, lifecycle.Accepted, ""},
		{"accepted, by the id of the request", func(tx *store.Tx, s *lifecycle.Sender, sent lifecycle.Sent) error {
			e := answer(lcm.AppendResponse(nil, requestID, nil))
			e.ConversationID, e.RefToMessageID = sent.ConversationID, ""
			return s.Receive(tx, e)
		}, lifecycle.Accepted, ""},
		{"refused", func(tx *store.Tx, s *lifecycle.Sender, sent lifecycle.Sent) error {
			e := answer(refusal)
			e.ConversationID = sent.ConversationID
			return s.Receive(tx, e)
		}, lifecycle.Refused, "LCM:ERR:0003"},
		{"refused without an id", func(tx *store.Tx, s *lifecycle.Sender, sent lifecycle.Sent) error {
			e := answer(unnamed)
			e.ConversationID = sent.ConversationID
			return s.Receive(tx, e)
		}, lifecycle.Refused, "LCM:ERR:0003"},
		{"an answer in another conversation", func(tx *store.Tx, s *lifecycle.Sender, _ lifecycle.Sent) error {
			return s.Receive(tx, answer(refusal))
		}, lifecycle.Waiting, ""},
		{"an answer of somebody else", func(tx *store.Tx, s *lifecycle.Sender, sent lifecycle.Sent) error {
			e := answer(refusal)
			e.ConversationID, e.From.Value = sent.ConversationID, "AP_XX_01"
			return s.Receive(tx, e)
		}, lifecycle.Waiting, ""},
		{"an answer to nothing", func(tx *store.Tx, s *lifecycle.Sender, sent lifecycle.Sent) error {
			e := answer(unnamed)
			e.ConversationID, e.RefToMessageID = sent.ConversationID, "m9@x"
			return s.Receive(tx, e)
		}, lifecycle.Waiting, ""},
		{"an answer that is none", func(tx *store.Tx, s *lifecycle.Sender, sent lifecycle.Sent) error {
			e := answer([]byte("<a/>"))
			e.ConversationID = sent.ConversationID
			return s.Receive(tx, e)
		}, lifecycle.Waiting, ""},
		{"undelivered", func(tx *store.Tx, s *lifecycle.Sender, sent lifecycle.Sent) error {
			return s.Undeliverable(tx, sent.MessageID, "EBMS:0301")
		}, lifecycle.Undelivered, "EBMS:0301"},
		{"another message undelivered", func(tx *store.Tx, s *lifecycle.Sender, _ lifecycle.Sent) error {
			return s.Undeliverable(tx, "m9@x", "EBMS:0301")
		}, lifecycle.Waiting, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			i := newInstance(t)
			s := &lifecycle.Sender{
				DB: i.store.DB, Store: i.store.Lifecycle(), Outbox: &outbox{}, Log: discard, AccessPoint: luxembourg, OriginalSender: authority,
				Clock: clock.Clock{Now: func() time.Time { return now }, NewUUID: clock.UUID},
			}
			sent, err := s.Send(t.Context(), common, common, document(broker("LU")))
			if err != nil || sent.State != lifecycle.Waiting || sent.MessageID != "m1@x" {
				t.Fatalf("%+v, %v", sent, err)
			}
			if _, err := s.Send(t.Context(), common, common, document(broker("LU"))); !errors.Is(err, lifecycle.ErrWaiting) {
				t.Errorf("in parallel: %v", err)
			}
			if err := i.store.DB.Update(t.Context(), func(tx *store.Tx) error { return tc.act(tx, s, sent) }); err != nil {
				t.Fatal(err)
			}
			got, err := s.Sent(t.Context(), requestID)
			if err != nil || got.State != tc.want || got.Code != tc.code {
				t.Errorf("%+v, %v", got, err)
			}
			_, err = s.Send(t.Context(), common, common, document(broker("LU")))
			if want := map[bool]error{true: lifecycle.ErrWaiting, false: lifecycle.ErrSent}[tc.want == lifecycle.Waiting]; !errors.Is(err, want) {
				t.Errorf("the same again: %v, want %v", err, want)
			}
			if _, err := s.Send(t.Context(), common, common, []byte("<")); err == nil {
				t.Error("no submission was sent")
			}
			if _, err := s.Sent(t.Context(), "urn:uuid:x"); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("another request: %v", err)
			}
		})
	}
}
