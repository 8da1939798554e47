package gateway_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"oots/internal/gateway"
	"oots/internal/store"
)

// A recorder keeps events as a log does.
type recorder struct {
	mu     sync.Mutex
	events []gateway.Event
	fail   gateway.EventName // this one cannot be stored
}

var errLog = errors.New("the log cannot be written")

func (r *recorder) record(tx *store.Tx, e gateway.Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e.Name == r.fail {
		return errLog
	}
	tx.After(func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.events = append(r.events, e)
	})
	return nil
}

func (r *recorder) names() (out []gateway.EventName) {
	for _, e := range r.events {
		out = append(out, e.Name)
	}
	return out
}

func (r *recorder) configure(c *gateway.Config) { c.Record = r.record }

func hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func TestEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var ra, rb recorder
	a := w.open(t, "A", []string{"B"}, t.TempDir(), "a-2", ra.configure)
	b := w.open(t, "B", []string{"A"}, t.TempDir(), "b-2", rb.configure)
	w.lose = true
	id := w.submit(t, a, "x")
	pump(t, a)
	w.lose = false
	w.clock.Add(gateway.DefaultRetry.Interval)
	pump(t, a)
	pump(t, b)
	want := []gateway.EventName{gateway.EventSubmitted, gateway.EventSent, gateway.EventSent, gateway.EventAcknowledged, gateway.EventDeleted}
	if got := ra.names(); !slices.Equal(got, want) {
		t.Errorf("sender: %v, want %v", got, want)
	}
	want = []gateway.EventName{gateway.EventReceived, gateway.EventDuplicate, gateway.EventDelivered, gateway.EventDeleted}
	if got := rb.names(); !slices.Equal(got, want) {
		t.Errorf("receiver: %v, want %v", got, want)
	}
	out, in := a.look(t, gateway.Out, id), b.look(t, gateway.In, id)
	for _, e := range append(slices.Clone(ra.events), rb.events...) {
		if e.MessageID != id || e.ConversationID != out.ConversationID || e.Action != out.Action || e.At.IsZero() {
			t.Errorf("event %+v", e)
		}
	}
	if ra.events[0].Digest != hash(out.Envelope) || ra.events[3].Digest != hash(out.Receipt) || rb.events[0].Digest != hash(in.Envelope) {
		t.Error("a digest is not that of what is kept")
	}
	if ra.events[4].Digest == "" || ra.events[4].Digest != rb.events[3].Digest {
		t.Errorf("deleted: %q and %q", ra.events[4].Digest, rb.events[3].Digest)
	}
}

// TestEventIsPartOfTheFact: what cannot be recorded does not happen.
func TestEventIsPartOfTheFact(t *testing.T) {
	t.Parallel()
	t.Run("received", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		r := recorder{fail: gateway.EventReceived}
		b := w.open(t, "B", []string{"A"}, t.TempDir(), "b-2", r.configure)
		id := w.submit(t, w.a, "x")
		pump(t, w.a)
		if d := w.a.look(t, gateway.Out, id); d.State != gateway.Waiting || d.Attempts[0].Status != 503 {
			t.Errorf("state %s, %+v: acknowledged without a record", d.State, d.Attempts)
		}
		r.fail = ""
		w.clock.Add(gateway.DefaultRetry.Interval)
		pump(t, w.a)
		pump(t, b)
		if len(b.delivered) != 1 {
			t.Errorf("delivered %d", len(b.delivered))
		}
	})
	t.Run("acknowledged", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		r := recorder{fail: gateway.EventAcknowledged}
		a := w.open(t, "A", []string{"B"}, t.TempDir(), "a-2", r.configure)
		id := w.submit(t, a, "x")
		if _, err := a.Send(context.Background()); !errors.Is(err, errLog) {
			t.Errorf("got %v", err)
		}
		if d := a.look(t, gateway.Out, id); d.State != gateway.Sending || len(a.sent) != 0 && d.Receipt != nil {
			t.Errorf("state %s", d.State)
		}
		r.fail = ""
		w.clock.Add(5 * time.Minute) // the lease is over
		pump(t, a)
		pump(t, w.b)
		if d := a.look(t, gateway.Out, id); d.State != gateway.Acknowledged || len(w.b.delivered) != 1 {
			t.Errorf("state %s, delivered %d", d.State, len(w.b.delivered))
		}
	})
	t.Run("submitted", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t)
		r := recorder{fail: gateway.EventSubmitted}
		a := w.open(t, "A", []string{"B"}, t.TempDir(), "a-2", r.configure)
		err := a.store.DB.Update(context.Background(), func(tx *store.Tx) error {
			_, _, err := a.Submit(tx, submission("s@a.test"))
			return err
		})
		if !errors.Is(err, errLog) {
			t.Errorf("got %v", err)
		}
		pump(t, a)
		if len(w.sent) != 0 {
			t.Error("sent")
		}
	})
}

// TestRefusalsAreRecorded: of strangers the first, and all that follow within an hour as one.
func TestRefusalsAreRecorded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var r recorder
	b := w.open(t, "B", []string{"C"}, t.TempDir(), "b-2", r.configure) // knows nothing of A
	w.cut = true
	id := w.submit(t, w.a, "x")
	pump(t, w.a)
	body, contentType := w.sent[0], w.types[0]
	for range 300 {
		if rec := postTo(w, "b.test", body, contentType); rec.Code != 200 {
			t.Fatal(rec.Code)
		}
	}
	if len(r.events) != 1 {
		t.Fatalf("%d events of 300 refusals at once", len(r.events))
	}
	if e := r.events[0]; e.Name != gateway.EventRefused || e.MessageID != id || e.Code != "EBMS:0003" || e.Partner != "" || !e.Unproven || e.Count != 0 {
		t.Errorf("event %+v", e)
	}
	since := w.clock.Now()
	for range 2 {
		w.clock.Add(time.Hour)
		if _, err := b.Purge(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	if len(r.events) != 2 {
		t.Fatalf("%d events after two hours", len(r.events))
	}
	if e := r.events[1]; e.Name != gateway.EventRefused || e.Code != "EBMS:0003" || !e.Unproven || e.Count != 299 || !e.Since.Equal(since) {
		t.Errorf("event %+v", e)
	}
}

// TestDuplicatesAreCounted: a message that comes again and again is one event an hour.
func TestDuplicatesAreCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var r recorder
	w.open(t, "B", []string{"A"}, t.TempDir(), "b-2", r.configure)
	body, contentType := packed(t, w, "A")
	for _, pause := range []time.Duration{0, 0, 0, 0, time.Hour} {
		w.clock.Add(pause)
		if rec := postTo(w, "b.test", body, contentType); rec.Code != 200 {
			t.Fatal(rec.Code)
		}
	}
	if got, want := r.names(), []gateway.EventName{gateway.EventReceived, gateway.EventDuplicate, gateway.EventDuplicate}; !slices.Equal(got, want) {
		t.Fatalf("events %v", got)
	}
	if a, b := r.events[1], r.events[2]; a.Count != 0 || b.Count != 3 || b.Partner != "AP_A" || b.Unproven {
		t.Errorf("events %+v, %+v", a, b)
	}
}

// TestActor: an event says who has made it a fact, and nobody else is named.
func TestActor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var r recorder
	a := w.open(t, "A", []string{"B"}, t.TempDir(), "a-2", r.configure)
	w.lose = true
	waits, tried := w.submit(t, a, "x"), w.submit(t, a, "y")
	if err := a.Cancel(gateway.WithActor(context.Background(), "eleni"), waits); err != nil {
		t.Fatal(err)
	}
	pump(t, a)
	if err := a.Cancel(gateway.WithActor(context.Background(), "nikos"), tried); err != nil {
		t.Fatal(err)
	}
	for _, e := range r.events {
		want := ""
		if e.Name == gateway.EventCancelled || e.Name == gateway.EventDeleted {
			want = map[string]string{waits: "eleni", tried: "nikos"}[e.MessageID]
		}
		if e.Actor != want {
			t.Errorf("event %+v, want actor %q", e, want)
		}
	}
	// Whether it may have arrived is what the back end is told.
	if want := []string{waits + " " + gateway.CodeCancelled, tried + " " + gateway.CodeUncertain}; !slices.Equal(a.failed, want) {
		t.Errorf("told %v, want %v", a.failed, want)
	}
}
