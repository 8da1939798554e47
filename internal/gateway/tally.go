package gateway

import (
	"sync"
	"time"

	"oots/internal/store"
)

// Tallies bound what others can write into the log of events by repeating themselves: of what has the same key, the first
// is an event of its own, and what follows within an hour is one event together.
type tallies struct {
	mu  sync.Mutex
	all map[string]*tally
}

type tally struct {
	since time.Time // of the last event
	more  int       // since then
	last  Event
}

// tallied is how often one event stands for all of its key.
const tallied = time.Hour

// mostTallies bounds the memory for keys. What is beyond that is told as it comes.
const mostTallies = 1 << 13

// due reports whether e is to be told now, and then also for how many.
func (t *tallies) due(key string, e *Event, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	x := t.all[key]
	switch {
	case x == nil && len(t.all) >= mostTallies:
		return true
	case x == nil:
		if t.all == nil {
			t.all = map[string]*tally{}
		}
		t.all[key] = &tally{since: now}
		return true
	case !x.over(now):
		x.more++
		x.last = *e
		return false
	}
	if x.more > 0 {
		e.Count, e.Since = x.more+1, x.since
	}
	x.since, x.more = now, 0
	return true
}

// over reports whether an hour has passed, or the clock was set back.
func (x *tally) over(now time.Time) bool { return now.Sub(x.since) >= tallied || now.Before(x.since) }

// rest takes what is to be told although nothing more came; all of it, or what is over.
func (t *tallies) rest(now time.Time, all bool) (out []Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for key, x := range t.all {
		if !all && !x.over(now) {
			continue
		}
		if x.more > 0 {
			e := x.last
			e.Count, e.Since = x.more, x.since
			out = append(out, e)
		}
		delete(t.all, key)
	}
	return out
}

// recordOften tells an event that others can bring about as often as they like.
func (g *Gateway) recordOften(tx *store.Tx, key string, e Event) error {
	if !g.often.due(string(e.Name)+"\x00"+key, &e, g.c.Clock.Now()) {
		return nil
	}
	return g.record(tx, e)
}

// recordRest tells what has been counted: of hours that are over, or all of it.
func (g *Gateway) recordRest(tx *store.Tx, all bool) error {
	for _, e := range g.often.rest(g.c.Clock.Now(), all) {
		if err := g.record(tx, e); err != nil {
			return err
		}
	}
	return nil
}
