package gateway

import (
	"context"
	"errors"
	"fmt"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/internal/store"
)

// DefaultRetention is what is kept where a P-Mode does not say it: the payloads of a message that did not arrive for three
// days, so that an operator can send it again; no others. Rows stay, but those of the test service, which go after a week.
var DefaultRetention = pmode.Retention{Undownloaded: pmode.Never, SentFailure: 72 * time.Hour, Metadata: pmode.Never}

// keepOutbound deletes the payloads of a settled message, or says when that is to be done. Of a message that has arrived
// nobody needs them any more: they stay only if a time is agreed.
func (g *Gateway) keepOutbound(tx *store.Tx, o *Outbound, s State, now time.Time) error {
	keeping := g.keeping(o)
	var keep time.Duration
	switch s {
	case Undelivered, Unclear:
		keep = keeping.SentFailure
	case Acknowledged:
		keep = max(keeping.SentSuccess, 0)
	}
	switch {
	case o.Silent:
		return g.erase(tx, Key{Out, o.MessageID}, o.event(EventDeleted, now), now.Add(shortestMemory))
	case o.signal() || keep == 0:
		return g.erase(tx, Key{Out, o.MessageID}, o.event(EventDeleted, now), forget(keeping, now))
	case keep == pmode.Never:
		return nil
	}
	return meanwhile(g.c.Store.Keep(tx, Key{Out, o.MessageID}, now.Add(keep)))
}

func (g *Gateway) keeping(o *Outbound) pmode.Retention {
	if o.Keeping == nil {
		return *g.c.Retention
	}
	return *o.Keeping
}

// forget is when the row of a message goes whose payloads are deleted; zero is never.
func forget(r pmode.Retention, now time.Time) time.Time {
	if !r.DeleteMetadata || r.Metadata < 0 {
		return time.Time{}
	}
	return now.Add(r.Metadata)
}

// shortestMemory is how long the row of a received message stays at least, whatever its retention: it is what tells a
// duplicate, and no sender repeats for longer.
const shortestMemory = 7 * 24 * time.Hour

// keepingOf is the retention of a received message, by the P-Mode that it came by.
func (g *Gateway) keepingOf(m *ebms.UserMessage) (r pmode.Retention, agreed bool) {
	modes := g.c.PModes.PModes()
	for i := range modes.Legs {
		l := &modes.Legs[i]
		if l.Action != m.Action || l.Service.Value != m.Service.Value {
			continue
		}
		for _, id := range l.Receive {
			if id == m.From.ID {
				return l.Retention, true
			}
		}
	}
	return *g.c.Retention, false
}

// eraseInbound deletes the payloads of a received message.
func (g *Gateway) eraseInbound(tx *store.Tx, m *ebms.UserMessage, now time.Time) error {
	r, _ := g.keepingOf(m)
	at := forget(r, now)
	if m.Action == ebms.TestAction && m.Service.Value == ebms.TestService || !at.IsZero() && at.Before(now.Add(shortestMemory)) {
		at = now.Add(shortestMemory)
	}
	return g.erase(tx, Key{In, m.MessageID}, received(m, EventDeleted, now), at)
}

// erase deletes the payloads of a message and tells it, unless there were none. e is the event.
func (g *Gateway) erase(tx *store.Tx, k Key, e Event, forget time.Time) error {
	what, err := g.c.Store.Erase(tx, k, e.At, forget)
	if errors.Is(err, store.ErrNotFound) || err == nil && what == "" {
		return nil
	}
	if err != nil {
		return err
	}
	e.Digest = what
	return g.record(tx, e)
}

// purgeSize is how many messages one search for expired ones returns.
const purgeSize = 256

// Purge deletes the payloads whose retention is over, and the rows whose time is; then it makes sure that no byte of
// anything deleted is left in the files of the store. It returns how many messages it has touched. What could not be
// made sure of is an error, and done by the next Purge.
func (g *Gateway) Purge(ctx context.Context) (int, error) {
	n, failed := g.purgeExpired(ctx)
	gone, err := g.forgetRows(ctx)
	n += gone
	if err != nil {
		return n, errors.Join(failed, err)
	}
	failed = errors.Join(failed, g.c.Store.Update(ctx, func(tx *store.Tx) error { return g.recordRest(tx, false) }))
	err = g.c.Store.View(ctx, func(tx *store.Tx) error { return g.c.Store.Sweep(tx, g.c.Clock.Now().Add(-orphaned)) })
	return n, errors.Join(failed, err, g.c.Store.Scrub(ctx))
}

// purgeExpired deletes payloads. One message that fails does not keep the others.
func (g *Gateway) purgeExpired(ctx context.Context) (n int, failed error) {
	for {
		var keys []Key
		now := g.c.Clock.Now()
		err := g.c.Store.View(ctx, func(tx *store.Tx) (err error) {
			keys, err = g.c.Store.Expired(tx, now, purgeSize)
			return err
		})
		if err != nil {
			return n, err
		}
		for _, k := range keys {
			if err := g.c.Store.Update(ctx, func(tx *store.Tx) error { return g.purge(tx, k, now) }); err != nil {
				failed = errors.Join(failed, fmt.Errorf("message %s: %w", k.MessageID, err))
				continue
			}
			n++
		}
		if failed != nil || len(keys) < purgeSize {
			return n, failed
		}
	}
}

// forgetRows deletes the rows whose time is over.
func (g *Gateway) forgetRows(ctx context.Context) (n int, err error) {
	for {
		var gone int64
		err := g.c.Store.Update(ctx, func(tx *store.Tx) (err error) {
			gone, err = g.c.Store.Forget(tx, g.c.Clock.Now(), purgeSize)
			return err
		})
		n += int(gone)
		if err != nil || gone < purgeSize {
			return n, err
		}
	}
}

func (g *Gateway) purge(tx *store.Tx, k Key, now time.Time) error {
	if k.Box == Out {
		o, err := g.c.Store.Outbound(tx, k.MessageID)
		if err != nil {
			return err
		}
		return g.erase(tx, k, o.event(EventDeleted, now), forget(g.keeping(&o), now))
	}
	in, err := g.c.Store.Inbound(tx, k.MessageID)
	if err != nil {
		return err
	}
	return g.eraseInbound(tx, &in.Message, now)
}
