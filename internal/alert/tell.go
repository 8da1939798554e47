package alert

import (
	"context"
	"errors"
	"sync"
	"time"

	"oots/internal/store"
)

// The pace of telling: a message that a teller could not tell is told again by it after a minute, then two, four, up to
// an hour, for about a day. telling is how long one may take; lease is longer.
const (
	telling     = time.Minute
	lease       = 5 * time.Minute
	maxAttempts = 30
	maxAge      = 48 * time.Hour
)

// Tell lets every teller tell what is due, all at the same time, and returns how many messages they tried. What one
// cannot tell is told again later by that one alone. A teller tells at least once: a process that ends between telling
// and writing that down leaves the message to be told again under the same id.
func (w *Watch) Tell(ctx context.Context) (int, error) {
	var tellers sync.WaitGroup
	tried, errs := make([]int, len(w.c.Tellers)), make([]error, len(w.c.Tellers))
	for i, t := range w.c.Tellers {
		tellers.Go(func() { tried[i], errs[i] = w.tell(ctx, t) })
	}
	tellers.Wait()
	sum := 0
	for _, n := range tried {
		sum += n
	}
	return sum, errors.Join(errs...)
}

// tell lets one teller tell what is due, until it fails once: what is broken is not asked again for every message.
func (w *Watch) tell(ctx context.Context, t Teller) (int, error) {
	for n := 0; ; n++ {
		var m Message
		now := w.c.Clock.Now()
		err := w.c.DB.Update(ctx, func(tx *store.Tx) (err error) {
			if n == 0 {
				if err := w.c.Store.Forget(tx, now.Add(-maxAge)); err != nil {
					return err
				}
			}
			m, err = w.c.Store.Claim(tx, t.Name(), now, now.Add(lease))
			if errors.Is(err, store.ErrNotFound) {
				return nil
			}
			return err
		})
		if err != nil || m.ID == "" {
			return n, err
		}
		told := w.tellOne(ctx, t, m)
		err = w.c.DB.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error {
			if told == nil || m.Attempts >= maxAttempts {
				return w.c.Store.Told(tx, m.ID, t.Name())
			}
			return w.c.Store.Again(tx, m.ID, t.Name(), now.Add(min(time.Minute<<min(m.Attempts-1, 6), time.Hour)))
		})
		if err != nil || told != nil {
			return n + 1, err
		}
	}
}

func (w *Watch) tellOne(ctx context.Context, t Teller, m Message) error {
	if m.Alert.ID == "" {
		w.c.Log.Error("alert: a message cannot be read and is given up", "id", m.ID, "teller", t.Name())
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, telling)
	defer cancel()
	err := t.Tell(ctx, m)
	if err != nil {
		w.c.Log.Warn("alert: not told", "teller", t.Name(), "kind", m.Alert.Kind, "attempt", m.Attempts, "err", err)
	}
	return err
}

// Run evaluates at intervals until ctx ends, and tells after each round whatever came of it. A teller that takes long
// holds up neither the next round nor another teller.
func (w *Watch) Run(ctx context.Context, every time.Duration) {
	var tellers sync.WaitGroup
	defer tellers.Wait()
	var rounds []chan struct{}
	for _, t := range w.c.Tellers {
		round := make(chan struct{}, 1)
		rounds = append(rounds, round)
		tellers.Go(func() {
			for range round {
				if _, err := w.tell(ctx, t); err != nil && ctx.Err() == nil {
					w.c.Log.Error("alert: telling failed", "teller", t.Name(), "err", err)
				}
			}
		})
		defer close(round)
	}
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := w.Evaluate(ctx, w.c.Clock.Now()); err != nil && ctx.Err() == nil {
			w.c.Log.Error("alert: round failed", "err", err)
		}
		for _, round := range rounds {
			select {
			case round <- struct{}{}:
			default: // the round before is not over
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}
