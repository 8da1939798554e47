package gateway

import (
	"context"
	"errors"
	"fmt"
	"time"

	"oots/internal/store"
)

// Deliver hands every message that is due to the back end, and returns how many.
func (g *Gateway) Deliver(ctx context.Context) (int, error) {
	if err := g.revive(ctx); err != nil {
		return 0, err
	}
	for n := 0; ; n++ {
		if ctx.Err() != nil {
			return n, ctx.Err()
		}
		in, err := g.claimInbound(ctx)
		if errors.Is(err, store.ErrNotFound) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		err = g.deliver(ctx, in)
		g.idle(Key{In, in.Message.MessageID})
		if err != nil {
			return n, err
		}
	}
}

func (g *Gateway) claimInbound(ctx context.Context) (in Inbound, err error) {
	now := g.c.Clock.Now()
	err = g.c.Store.Update(ctx, func(tx *store.Tx) error {
		in, err = g.c.Store.ClaimInbound(tx, now, g.c.Owner, now.Add(lease))
		return err
	})
	if err == nil {
		g.occupy(Key{In, in.Message.MessageID})
	}
	return in, err
}

// deliveryAttempts is how often a back end may fail on a message before it waits for an operator.
const deliveryAttempts = 10

// deliver calls the consumer and marks the message as handled in one transaction.
func (g *Gateway) deliver(ctx context.Context, in Inbound) error {
	m := &in.Message
	begin := time.Now()
	a := Attempt{At: g.c.Clock.Now().UTC(), Number: in.Attempts, Outcome: OutcomeDelivered}
	if in.Unreadable != nil {
		a.Outcome, a.Detail = OutcomeLocal, clean("the stored message cannot be read: "+in.Unreadable.Error())
		return g.stall(ctx, in, a, in.Unreadable)
	}
	err := g.c.Store.Update(ctx, func(tx *store.Tx) error {
		if err := g.c.Consume(tx, Delivery{Message: in.Message, Payloads: in.Payloads}); err != nil {
			return err
		}
		now := g.c.Clock.Now()
		if err := g.c.Store.SettleInbound(tx, m.MessageID, g.c.Owner, Handled, now); err != nil {
			return fmt.Errorf("%w: %w", errLost, err)
		}
		a.Duration = time.Since(begin)
		if err := g.c.Store.PutAttempt(tx, Key{In, m.MessageID}, a); err != nil {
			return err
		}
		if err := g.record(tx, received(m, EventDelivered, now)); err != nil {
			return err
		}
		tx.After(func() { g.c.Metrics.Count(MetricDelivered, m.From.ID.Value, OutcomeDelivered) })
		return g.eraseInbound(tx, m, now)
	})
	if err == nil {
		return nil
	}
	if errors.Is(err, errLost) && errors.Is(err, store.ErrNotFound) {
		g.c.Log.Info("another process has the message now", "message", m.MessageID)
		return nil
	}
	a.Duration, a.Outcome, a.Detail = time.Since(begin), OutcomeRejected, clean(err.Error())
	return g.stall(ctx, in, a, err)
}

// stall stores an attempt to hand a message over that has failed. It is offered again later, unless it was offered often
// enough or cannot be read: then it waits for an operator.
func (g *Gateway) stall(ctx context.Context, in Inbound, a Attempt, cause error) error {
	m := &in.Message
	log := g.c.Log.With("message", m.MessageID, "conversation", m.ConversationID, "attempt", in.Attempts)
	g.c.Metrics.Count(MetricDelivered, m.From.ID.Value, a.Outcome)
	return meanwhile(g.c.Store.Update(ctx, func(tx *store.Tx) error {
		now := g.c.Clock.Now()
		if err := g.c.Store.PutAttempt(tx, Key{In, m.MessageID}, a); err != nil {
			return err
		}
		if in.Attempts >= deliveryAttempts || in.Unreadable != nil {
			log.Error("the message cannot be handed over; it waits for an operator", "err", cause)
			e := received(m, EventStuck, now)
			e.Detail = a.Detail
			if err := g.record(tx, e); err != nil {
				return err
			}
			return g.c.Store.SettleInbound(tx, m.MessageID, g.c.Owner, Stuck, time.Time{})
		}
		log.Warn("the back end did not take the message; it is offered again", "err", cause)
		wait := time.Second << min(in.Attempts, 8)
		return g.c.Store.RetryInbound(tx, m.MessageID, g.c.Owner, now.Add(wait))
	}))
}

// errLost says that the message was not this process's to settle.
var errLost = errors.New("gateway: the lease is lost")
