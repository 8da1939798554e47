package gateway_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"oots/edelivery/pmode"
	"oots/internal/gateway"
	"oots/internal/sqlstore"
)

// byCallback makes B answer A with receipts of their own requests, and A take them.
func byCallback(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.edit = func(name string, p *pmode.Party) {
		p.Callback, p.ReceiptByCallback = name == "B", name == "A"
	}
	w.a, w.b = w.side(t, "A", "B", t.TempDir(), "a-1"), w.side(t, "B", "A", t.TempDir(), "b-1")
	return w
}

func TestReceiptByCallback(t *testing.T) {
	t.Parallel()
	w := byCallback(t)
	id := w.submit(t, w.a, "asynchronous")
	if _, err := w.a.Send(context.Background()); err != nil {
		t.Fatal(err)
	}
	if got := w.a.row(t, "gateway_outbox", "state", id); got != "waiting" {
		t.Fatalf("outbox state %s before the receipt", got)
	}
	pump(t, w.b) // delivers, and posts the receipt
	if got := w.a.row(t, "gateway_outbox", "state", id); got != "acknowledged" {
		t.Errorf("outbox state %s after the receipt", got)
	}
	if got := w.a.row(t, "gateway_part", "position", id); got != "none" {
		t.Error("the parts of an acknowledged message are kept")
	}
	if len(w.b.delivered) != 1 {
		t.Errorf("delivered %d", len(w.b.delivered))
	}
	w.clock.Add(gateway.DefaultRetry.Interval)
	pump(t, w.a)
	pump(t, w.b)
	if len(w.sent) != 2 {
		t.Errorf("%d requests, want the message and its receipt", len(w.sent))
	}
}

func TestLostReceiptByCallback(t *testing.T) {
	t.Parallel()
	w := byCallback(t)
	id := w.submit(t, w.a, "again")
	if _, err := w.a.Send(context.Background()); err != nil {
		t.Fatal(err)
	}
	w.cut = true
	pump(t, w.b) // the receipt does not get through
	w.cut = false
	w.clock.Add(gateway.DefaultRetry.Interval)
	if _, err := w.a.Send(context.Background()); err != nil { // a second copy of the message
		t.Fatal(err)
	}
	pump(t, w.b)
	if got := w.a.row(t, "gateway_outbox", "state", id); got != "acknowledged" {
		t.Errorf("outbox state %s", got)
	}
	if len(w.b.delivered) != 1 || len(w.b.failed) != 0 || len(w.a.failed) != 0 {
		t.Errorf("delivered %d, failures %v %v", len(w.b.delivered), w.a.failed, w.b.failed)
	}
}

// TestForeignReceiptByCallback posts a receipt that is good, but not agreed to come by itself, and one for a
// message that nobody has sent.
func TestForeignReceiptByCallback(t *testing.T) {
	t.Parallel()
	w := byCallback(t)
	id := w.submit(t, w.a, "x")
	if _, err := w.a.Send(context.Background()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.b.Send(context.Background()); err != nil {
		t.Fatal(err)
	}
	receipt, contentType := w.sent[1], w.types[1]
	strict := newWorld(t) // A without callback
	rec := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "https://a.test/as4", bytes.NewReader(receipt))
	r.Header.Set("Content-Type", contentType)
	strict.a.ServeHTTP(rec, r)
	if rec.Code != http.StatusAccepted || rec.Body.Len() != 0 {
		t.Errorf("status %d with %d bytes, want 202 and nothing", rec.Code, rec.Body.Len())
	}
	if got := w.a.row(t, "gateway_outbox", "state", id); got != "acknowledged" {
		t.Errorf("outbox state %s", got)
	}
	rec = httptest.NewRecorder() // the same receipt once more changes nothing
	r = httptest.NewRequest(http.MethodPost, "https://a.test/as4", bytes.NewReader(receipt))
	r.Header.Set("Content-Type", contentType)
	w.a.ServeHTTP(rec, r)
	if rec.Code != http.StatusAccepted {
		t.Errorf("status %d for a repeated receipt", rec.Code)
	}
}

var _ gateway.Store = sqlstore.Gateway{}
