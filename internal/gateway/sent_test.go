package gateway_test

import (
	"context"
	"errors"
	"testing"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/internal/clock"
	"oots/internal/gateway"
	"oots/internal/store"
)

// submission is a message that its back end has named.
func submission(id string) gateway.Submission {
	return gateway.Submission{
		MessageID: id, To: party("B"), Action: "ExecuteQueryRequest", ConversationID: clock.UUID(),
		Properties: []ebms.Property{{Name: "originalSender", Value: "C1"}, {Name: "finalRecipient", Value: "C4"}},
		Payloads:   []as4.Payload{{ContentID: "x@a.test", MimeType: "text/xml", Content: as4.Bytes([]byte("<x/>"))}},
	}
}

// TestBackEndNamesItsMessage: the id that the back end chose is the one on the wire, a second message under it is
// refused, and the back end learns once that it has arrived.
func TestBackEndNamesItsMessage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const id = "5d5f1c1e-0000-4000-8000-000000000001@back-end.test"
	submit := func() error {
		return w.a.store.DB.Update(context.Background(), func(tx *store.Tx) error {
			got, _, err := w.a.Submit(tx, submission(id))
			if err == nil && got != id {
				t.Errorf("submitted as %s", got)
			}
			return err
		})
	}
	if err := submit(); err != nil {
		t.Fatal(err)
	}
	if submit() == nil {
		t.Error("two messages have one id")
	}
	pump(t, w.a)
	pump(t, w.b)
	if len(w.b.delivered) != 1 || w.b.delivered[0].Message.MessageID != id {
		t.Errorf("delivered %+v", w.b.delivered)
	}
	if len(w.a.sent) != 1 || w.a.sent[0] != id || len(w.b.sent) != 0 {
		t.Errorf("told as sent: %v and %v", w.a.sent, w.b.sent)
	}
}

// TestSentIsToldWithTheReceipt: when the back end cannot take the news, the receipt is not stored either.
func TestSentIsToldWithTheReceipt(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.submit(t, w.a, "x")
	w.a.deaf = errors.New("not now")
	if _, err := w.a.Send(context.Background()); err == nil {
		t.Fatal("the failure is lost")
	}
	if got := w.a.row(t, "gateway_outbox", "state", id); got != "sending" {
		t.Errorf("outbox state %s", got)
	}
}

// TestSentByCallback: a receipt that comes by itself is told as well, once.
func TestSentByCallback(t *testing.T) {
	t.Parallel()
	w := byCallback(t)
	id := w.submit(t, w.a, "x")
	pump(t, w.a)
	pump(t, w.b)
	if len(w.a.sent) != 1 || w.a.sent[0] != id || len(w.b.sent) != 0 {
		t.Errorf("told as sent: %v and %v", w.a.sent, w.b.sent)
	}
}
