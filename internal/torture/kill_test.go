package torture

import (
	"context"
	"testing"
	"time"
)

// stall is how long nothing at all may happen before a run counts as stuck: longer than any lease or time limit.
const stall = 5 * time.Minute

// TestKill kills both nodes at random instants under load. OOTS_TORTURE=500 is the full torture, with 20 messages to a
// kill.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes")
	}
	t.Parallel()
	kills := number(t, "OOTS_TORTURE", 20)
	total := 20 * kills
	w := newWorld(t, plan{})
	began := time.Now()
	l := w.begin(t.Context(), total, ahead)
	w.torment(t, l, kills, time.Second/2)
	w.conclude(t, l, began, nil)
}

// ahead is how many messages are under way beside those that kills have earned.
const ahead = 100

// torment kills while the load goes on, which every kill allows more messages to.
func (w *world) torment(t *testing.T, l *load, kills int, mean time.Duration) {
	t.Helper()
	k := killer{nodes: w.nodes[:], mean: mean, each: func() {
		_, marked, _ := w.ledger.progress()
		w.under += int(l.begun.Load()) - marked
		l.allowed.Add(l.total.Load() / int64(max(kills, 1)))
	}}
	k.run(t.Context(), w.seed, kills)
	if k.hopeless() {
		w.broken(t)
		t.FailNow()
	}
}

// conclude waits for the end of a load and judges. Quiet, if not nil, ends what a test does to the nodes besides.
func (w *world) conclude(t *testing.T, l *load, began time.Time, quiet func()) {
	t.Helper()
	all := l.end(t.Context(), stall)
	took := time.Since(began)
	if quiet != nil {
		quiet()
	}
	if !all {
		w.end()
		for _, s := range w.ledger.unfinished() {
			t.Error("not at its end:", s)
		}
		w.broken(t)
		t.FailNow()
	}
	w.settle(t)
	w.end()
	w.broken(t)
	w.figures(t, w.judge(t), took)
}

// broken reports the promises that the ledger saw broken, and lives that ended without being killed.
func (w *world) broken(t *testing.T) {
	t.Helper()
	for _, p := range w.ledger.problems {
		t.Error(p)
	}
	for _, p := range w.nodes {
		for _, d := range p.deaths {
			if p.pardons {
				t.Logf("%s ended by itself: %s", p.c.Name, d)
			} else {
				t.Errorf("%s ended by itself: %s", p.c.Name, d)
			}
		}
	}
}

// settle waits until each sender says of each message that it is acknowledged, over the interface.
func (w *world) settle(t *testing.T) {
	t.Helper()
	r := chance(w.seed, "settle")
	for _, m := range w.ledger.messages {
		i := 0
		if m.from != w.names[0] {
			i = 1
		}
		ctx, cancel := context.WithTimeout(t.Context(), stall)
		for {
			s, err := w.client[i].state(ctx, m.id, "SENDING")
			if s == "ACKNOWLEDGED" {
				break
			}
			if !pause(ctx, r, 50*time.Millisecond) {
				t.Errorf("%s: %s (%s) is %s, %v", m.from, m.conversation, m.id, s, err)
				break
			}
		}
		cancel()
	}
}
