package gateway_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"oots/internal/gateway"
	"oots/internal/store"
)

// look is what is kept of a message.
func (s *side) look(t *testing.T, b gateway.Box, id string) gateway.Dossier {
	t.Helper()
	d, err := s.Look(context.Background(), b, id)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestSilentPartnerHoldsNobody: C never answers; messages to B go all the same, and C has no more than its share of
// attempts.
func TestSilentPartnerHoldsNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	arrived := make(chan string, 100)
	a := w.open(t, "A", []string{"B", "C"}, t.TempDir(), "a-2", func(c *gateway.Config) {
		c.PerPartner.Outbound = 2
		c.Sent = func(tx *store.Tx, id string) error {
			tx.After(func() { arrived <- id })
			return nil
		}
	})
	w.hosts["b.test"] = w.b.Gateway
	silent := make(chan struct{})
	w.hold["c.test"] = silent
	for i := range 6 {
		w.submitTo(t, a, "C", fmt.Sprint("c", i))
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { a.Run(ctx, time.Hour); close(ended) }()
	for i := range 12 {
		w.submitTo(t, a, "B", fmt.Sprint("b", i))
	}
	for range 12 {
		<-arrived // for ever, if messages to B waited for those to C
	}
	w.mu.Lock()
	tried := w.tried["c.test"]
	w.mu.Unlock()
	if tried != 2 {
		t.Errorf("%d attempts to C at once, want 2", tried)
	}
	queues, err := a.Queues(ctx)
	if err != nil || len(queues) != 1 || queues[0].Partner != "AP_C" || queues[0].Waiting != 4 || queues[0].Sending != 2 {
		t.Errorf("queues %+v, %v", queues, err)
	}
	close(silent)
	cancel()
	<-ended
}

// TestDeadPartnerIsSlowed: after three failures nothing is tried until the pause is over, then one probe; when it succeeds
// the rest follows. Messages that were not tried keep their attempts.
func TestDeadPartnerIsSlowed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.open(t, "A", []string{"B"}, t.TempDir(), "a-2", func(c *gateway.Config) { c.PerPartner.Outbound = 1 })
	w.dead["b.test"] = true
	var ids []string
	for i := range 8 {
		ids = append(ids, w.submit(t, a, fmt.Sprint(i)))
		w.clock.Add(time.Millisecond)
	}
	pump(t, a)
	if n := w.tried["b.test"]; n != 3 {
		t.Fatalf("%d attempts before the partner is slowed, want 3", n)
	}
	queues, err := a.Queues(context.Background())
	if err != nil || len(queues) != 1 || queues[0].Slowed.Sub(w.clock.Now()) <= 0 || queues[0].Waiting != 8 {
		t.Errorf("queues %+v, %v", queues, err)
	}
	pump(t, a)
	w.clock.Add(6 * time.Second)
	pump(t, a)
	pump(t, a)
	if n := w.tried["b.test"]; n != 4 {
		t.Errorf("%d attempts after a probe that failed, want 4", n)
	}
	w.dead["b.test"] = false
	w.clock.Add(11 * time.Second)
	pump(t, a)
	for i, id := range ids {
		d := a.look(t, gateway.Out, id)
		want := gateway.Acknowledged
		if i < 4 {
			want = gateway.Waiting // until its own plan lets it
		}
		if d.State != want || len(d.Attempts) != 1 {
			t.Errorf("message %d is %s after %d attempts", i, d.State, len(d.Attempts))
		}
	}
	first := a.look(t, gateway.Out, ids[0]).Attempts[0]
	if first.Outcome != gateway.OutcomeRefused || first.Code != "EBMS:0005" || first.Number != 1 || !strings.Contains(first.Detail, "refused") {
		t.Errorf("first attempt %+v", first)
	}
}

// TestDeadPartnerUntilTheEndOfThePlan: what could not be tried because the partner is slowed fails when its plan ends, and
// its back end learns so.
func TestDeadPartnerUntilTheEndOfThePlan(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.open(t, "A", []string{"B"}, t.TempDir(), "a-2", func(c *gateway.Config) { c.PerPartner.Outbound = 1 })
	w.dead["b.test"] = true
	for i := range 40 {
		w.submit(t, a, fmt.Sprint(i))
	}
	for range 20 * 6 {
		pump(t, a)
		w.clock.Add(10 * time.Second)
	}
	pump(t, a)
	if len(a.failed) != 40 {
		t.Errorf("%d of 40 back ends were told", len(a.failed))
	}
	if n := w.tried["b.test"]; n > 40 {
		t.Errorf("%d connections to a dead partner in 20 minutes", n)
	}
}

// TestPartnerAsksForTime: 503 with Retry-After is no attempt.
func TestPartnerAsksForTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	busy := true
	w.hosts["b.test"] = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if busy {
			rw.Header().Set("Retry-After", "20")
			rw.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.b.ServeHTTP(rw, r)
	})
	id := w.submit(t, w.a, "x")
	for range 8 {
		pump(t, w.a)
		w.clock.Add(21 * time.Second)
	}
	d := w.a.look(t, gateway.Out, id)
	if d.State != gateway.Waiting || d.Summary.Attempts != 0 || len(d.Attempts) != 8 || d.Attempts[7].Outcome != gateway.OutcomeBusy || d.Attempts[7].Status != 503 {
		t.Fatalf("state %s, %d attempts counted, %d kept", d.State, d.Summary.Attempts, len(d.Attempts))
	}
	busy = false
	pump(t, w.a)
	if d := w.a.look(t, gateway.Out, id); d.State != gateway.Acknowledged {
		t.Errorf("state %s", d.State)
	}
}
