package gateway

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"oots/edelivery/ebms"
	"oots/internal/store"
	"oots/xml/xmltree"
)

// ErrState says that a message is not in a state that allows what was asked for.
var ErrState = errors.New("gateway: the state of the message does not allow it")

// ErrDeleted says that the payloads of a message are deleted, so that it cannot be sent again.
var ErrDeleted = errors.New("gateway: the payloads of the message are deleted")

// Search lists messages, newest first. Messages of the last millisecond come together, so a page may be a little longer
// than its limit.
func (g *Gateway) Search(ctx context.Context, f Filter) (out []Summary, err error) {
	f.Text = strings.TrimSpace(f.Text)
	err = g.c.Store.View(ctx, func(tx *store.Tx) error {
		out, err = g.c.Store.Search(tx, f)
		return err
	})
	return out, err
}

// Look returns everything that is kept of one message; store.ErrNotFound when there is none.
func (g *Gateway) Look(ctx context.Context, box Box, messageID string) (d Dossier, err error) {
	err = g.c.Store.View(ctx, func(tx *store.Tx) error {
		d, err = g.c.Store.Look(tx, Key{box, messageID})
		return err
	})
	if err != nil {
		return Dossier{}, err
	}
	d.Message = header(d.Envelope)
	return d, nil
}

// header reads the user message of an envelope; zero when there is none.
func header(envelope []byte) ebms.UserMessage {
	doc, err := xmltree.Parse(envelope, xmltree.Default)
	if err != nil {
		return ebms.UserMessage{}
	}
	e, err := ebms.ReadEnvelope(doc)
	if err != nil || e.Messaging == nil {
		return ebms.UserMessage{}
	}
	units, err := ebms.ReadMessaging(e.Messaging)
	if err != nil || len(units.Users) != 1 {
		return ebms.UserMessage{}
	}
	return units.Users[0]
}

// Queues tells what waits for each partner and what comes from it, by name. Partners that neither have anything waiting
// nor are slowed nor were throttled are not in it.
func (g *Gateway) Queues(ctx context.Context) (out []Queue, err error) {
	err = g.c.Store.View(ctx, func(tx *store.Tx) error {
		out, err = g.c.Store.Queues(tx)
		return err
	})
	if err != nil {
		return nil, err
	}
	at := func(partner string) *Queue {
		i, ok := slices.BinarySearchFunc(out, partner, func(q Queue, p string) int { return strings.Compare(q.Partner, p) })
		if !ok {
			out = slices.Insert(out, i, Queue{Partner: partner})
		}
		return &out[i]
	}
	for partner, until := range g.lanes.allSlowed(g.c.Clock.Now()) {
		at(partner).Slowed = until.UTC()
	}
	for partner, n := range g.admission.throttled() {
		if n > 0 {
			at(partner).Throttled = n
		}
	}
	return out, nil
}

// allSlowed is when each partner is tried next that is slowed.
func (l *lanes) allSlowed(now time.Time) map[string]time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := map[string]time.Time{}
	for partner, way := range l.lanes {
		if until := way.slowed(now); !until.IsZero() {
			out[partner] = until
		}
	}
	return out
}

// Resend lets a message wait again that did not arrive, or of which that is unclear: the same bytes, from the first
// attempt of its plan on. ErrDeleted when its payloads are gone, ErrState when it is in another state.
func (g *Gateway) Resend(ctx context.Context, messageID string) error {
	from := []State{Undelivered, Unclear}
	return g.operate(ctx, messageID, func(tx *store.Tx, o *Outbound, now time.Time) error {
		switch {
		case !slices.Contains(from, o.State):
			return fmt.Errorf("%w: it is %s", ErrState, o.State)
		case !o.Deleted.IsZero():
			return fmt.Errorf("%w since %s", ErrDeleted, o.Deleted.Format(time.RFC3339))
		}
		if err := g.c.Store.ResendOutbound(tx, messageID, from, now, now.Add(g.plan(o).GivesUp())); err != nil {
			return err
		}
		tx.After(func() { wake(g.wakeOut) })
		return g.record(tx, o.event(EventResent, now))
	})
}

// Cancel gives up a message that waits, or of which it is unclear whether it has arrived: it is not sent again, and its back
// end is told so, with CodeCancelled, or with CodeUncertain when it may have arrived. One that is being sent cannot be
// cancelled. ErrState when it is in another state.
func (g *Gateway) Cancel(ctx context.Context, messageID string) error {
	return g.move(ctx, messageID, []State{Waiting, Unclear}, Cancelled, func(made []Attempt) string {
		if slices.ContainsFunc(made, mayHaveArrived) {
			return CodeUncertain
		}
		return CodeCancelled
	})
}

// mayHaveArrived reports whether the peer can have got what an attempt sent: not when it had no connection.
func mayHaveArrived(a Attempt) bool {
	return !slices.Contains([]string{OutcomeName, OutcomeRefused, OutcomeUnreachable, OutcomeTLS, OutcomeLocal}, a.Outcome)
}

// Resolve declares a message settled that waits for an operator. In the outbox it is one that is unclear: its back end is
// told that it has arrived. In the inbox it is one that the back end did not take, and will not get any more. Its payloads
// are deleted. ErrState when it is in another state.
func (g *Gateway) Resolve(ctx context.Context, box Box, messageID string) error {
	if box == Out {
		return g.move(ctx, messageID, []State{Unclear}, Resolved, func([]Attempt) string { return CodeResolved })
	}
	return g.operateInbound(ctx, messageID, func(tx *store.Tx, m *ebms.UserMessage, now time.Time) error {
		if err := g.c.Store.MoveInbound(tx, messageID, []State{Stuck}, Resolved, now); err != nil {
			return err
		}
		e := received(m, EventResolved, now)
		e.Code = CodeResolved
		if err := g.record(tx, e); err != nil {
			return err
		}
		return g.eraseInbound(tx, m, now)
	})
}

// Redeliver hands a message that is stuck to the back end once more, from the first attempt on. ErrState when it is in
// another state.
func (g *Gateway) Redeliver(ctx context.Context, messageID string) error {
	return g.operateInbound(ctx, messageID, func(tx *store.Tx, m *ebms.UserMessage, now time.Time) error {
		if err := g.c.Store.MoveInbound(tx, messageID, []State{Stuck}, Received, now); err != nil {
			return err
		}
		tx.After(func() { wake(g.wakeIn) })
		e := received(m, EventResent, now)
		e.Detail = "offered to the back end again"
		return g.record(tx, e)
	})
}

// move settles a message of the outbox by the word of an operator.
func (g *Gateway) move(ctx context.Context, messageID string, from []State, to State, why func([]Attempt) string) error {
	return g.operate(ctx, messageID, func(tx *store.Tx, o *Outbound, now time.Time) error {
		if !slices.Contains(from, o.State) {
			return fmt.Errorf("%w: it is %s", ErrState, o.State)
		}
		d, err := g.c.Store.Look(tx, Key{Out, messageID})
		if err != nil {
			return err
		}
		code := why(d.Attempts)
		if err := g.c.Store.MoveOutbound(tx, messageID, from, to, code, now); err != nil {
			return err
		}
		return g.settled(tx, o, to, code, nil, now)
	})
}

// operate does f on a message of the outbox.
func (g *Gateway) operate(ctx context.Context, messageID string, f func(tx *store.Tx, o *Outbound, now time.Time) error) error {
	return g.c.Store.Update(ctx, func(tx *store.Tx) error {
		o, err := g.c.Store.Outbound(tx, messageID)
		if err != nil {
			return err
		}
		return f(tx, &o, g.c.Clock.Now().UTC())
	})
}

// operateInbound does f on a message of the inbox that is stuck.
func (g *Gateway) operateInbound(ctx context.Context, messageID string, f func(tx *store.Tx, m *ebms.UserMessage, now time.Time) error) error {
	return g.c.Store.Update(ctx, func(tx *store.Tx) error {
		in, err := g.c.Store.Inbound(tx, messageID)
		if err != nil {
			return err
		}
		if in.State != Stuck {
			return fmt.Errorf("%w: it is %s", ErrState, in.State)
		}
		return f(tx, &in.Message, g.c.Clock.Now().UTC())
	})
}
