package gateway

import (
	"context"
	"errors"
	"slices"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/internal/store"
)

// revival is how often leases that ran out are looked for.
const revival = 15 * time.Second

// revive gives back work whose process is gone, and makes due what a clock that was ahead has put off.
func (g *Gateway) revive(ctx context.Context) error {
	now := g.c.Clock.Now()
	g.mu.Lock()
	since := now.Sub(g.revived)
	var busy []Key
	for k := range g.busy {
		busy = append(busy, k)
	}
	g.mu.Unlock()
	if since >= 0 && since < revival {
		return nil
	}
	err := g.c.Store.Update(ctx, func(tx *store.Tx) error {
		n, err := g.c.Store.Revive(tx, now, busy)
		if n > 0 {
			g.c.Log.Info("work was left by another process or a wrong clock, and is taken up", "messages", n)
		}
		return err
	})
	if err == nil {
		g.mu.Lock()
		g.revived = now
		g.mu.Unlock()
	}
	return err
}

// occupy says that this process works on a message: while it does, the lease is not taken from it by itself.
func (g *Gateway) occupy(k Key) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.busy[k] = true
}

func (g *Gateway) idle(k Key) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.busy, k)
}

// claimOutbound claims one message; the caller calls idle when it is done with it.
func (g *Gateway) claimOutbound(ctx context.Context, c Claim) (o Outbound, err error) {
	err = g.c.Store.Update(ctx, func(tx *store.Tx) error {
		o, err = g.claimWithin(tx, c)
		return err
	})
	if err == nil {
		g.occupy(Key{Out, o.MessageID})
	}
	return o, err
}

func (g *Gateway) claimWithin(tx *store.Tx, c Claim) (Outbound, error) {
	now := g.c.Clock.Now()
	c.Owner, c.Now, c.Until = g.c.Owner, now, now.Add(lease)
	o, err := g.c.Store.ClaimOutbound(tx, c)
	if err != nil {
		return Outbound{}, err
	}
	if longer := patience(o.Entity.Length()) + lease/2; longer > lease {
		err = g.c.Store.ExtendOutbound(tx, o.MessageID, g.c.Owner, now.Add(longer))
	}
	return o, err
}

// grace is how long an attempt that is under way may go on when the gateway is told to end.
const grace = 10 * time.Second

// attempt sends o once and stores what came of it.
func (g *Gateway) attempt(ctx context.Context, o Outbound) error {
	var out outcome
	begin := time.Now()
	at := g.c.Clock.Now().UTC()
	peer, ok := g.c.PModes.PModes().Peer(o.To)
	switch {
	case o.Unreadable != nil:
		out = outcome{kind: OutcomeLocal, code: ebms.Other, final: true, detail: clean("the stored message cannot be read: " + o.Unreadable.Error())}
	case ok:
		sending, cancel := outlive(ctx, grace)
		out = g.post(sending, o, peer)
		cancel()
	default:
		out = outcome{kind: OutcomeLocal, code: ebms.ProcessingModeMismatch, final: true, detail: "there is no P-Mode for the receiver any more"}
	}
	out.attempt = Attempt{
		At: at, Number: o.Attempts, Duration: time.Since(begin), Outcome: out.kind, Code: out.code, Detail: out.detail, Status: out.status, Layers: out.layers,
	}
	now := g.c.Clock.Now()
	next, again := g.nextAttempt(&o, now)
	if g.lanes.report(o.To.Value, &out, next.Sub(now), now) {
		g.c.Log.Info("the partner can be reached again", "partner", o.To.Value)
		wake(g.wakeOut)
	}
	g.c.Metrics.Count(MetricAttempts, o.To.Value, out.kind)
	g.c.Metrics.Observe(MetricSend, out.attempt.Duration)
	ended := ctx.Err() != nil && out.receipt == nil && out.unconnected()
	return g.conclude(context.WithoutCancel(ctx), o, out, verdict{next: next, again: again, ended: ended, now: now})
}

// outlive is a context that ends d after its parent.
func outlive(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(d, cancel) })
	return longer, func() { stop(); cancel() }
}

// plan is how o is repeated.
func (g *Gateway) plan(o *Outbound) pmode.Retry {
	if o.Plan.Strategy == "" {
		return g.c.Retry.pmode()
	}
	return o.Plan
}

// nextAttempt is when o is sent again after its attempt has failed; again is false when the plan is used up. The instants are
// those of the plan, but never nearer than half of the gap nor farther than the gap: so neither a pause of this process
// nor a jump of the clock uses up the attempts or stops them.
func (g *Gateway) nextAttempt(o *Outbound, now time.Time) (next time.Time, again bool) {
	all := g.plan(o).Attempts()
	n := o.Attempts
	if n >= len(all) {
		return now, false
	}
	gap := all[n] - all[n-1]
	begin := o.StartedAt
	if begin.IsZero() {
		begin = o.CreatedAt
	}
	next = begin.Add(all[n])
	if next.Before(now.Add(gap / 2)) {
		next = now.Add(gap / 2)
	}
	if next.After(now.Add(gap)) {
		next = now.Add(gap)
	}
	return next, true
}

// A verdict is what an attempt means for the message if it has brought no receipt.
type verdict struct {
	now   time.Time
	next  time.Time // of the next attempt
	again bool      // there is one
	ended bool      // the gateway was told to end before there was an answer
}

// conclude stores an attempt and its outcome in one transaction.
func (g *Gateway) conclude(ctx context.Context, o Outbound, out outcome, v verdict) error {
	log := g.c.Log.With("message", o.MessageID, "conversation", o.ConversationID, "attempt", o.Attempts)
	settle := func(s State, code string, receipt []byte) error { return g.settle(ctx, o, s, code, out, receipt) }
	switch {
	case out.taken:
		return settle(Acknowledged, "", nil)
	case out.receipt != nil:
		log.Info("receipt received", "action", o.Action)
		return settle(Acknowledged, "", out.receipt)
	case v.ended:
		log.Info("the attempt was given up because the gateway ends; it is not counted")
		return g.again(ctx, o, out, func(tx *store.Tx) error {
			return g.c.Store.PostponeOutbound(tx, o.MessageID, g.c.Owner, out.code, v.now)
		})
	case out.duplicate && o.Attempts > 1:
		// An earlier attempt arrived and its receipt was lost; sending again will not bring it. [AS4 1.15 §11]
		log.Error("the receiver has had the message before, but there is no receipt; it waits for an operator", "code", out.code)
		return settle(Unclear, out.code, nil)
	case out.final:
		log.Warn("the message cannot be sent", "outcome", out.kind, "code", out.code, "detail", out.detail)
		return settle(Undelivered, out.code, nil)
	case out.kind == OutcomeBusy && out.retryAfter > 0 && !o.Silent && v.now.Before(o.ExpiresAt):
		log.Info("the receiver asks for time; the attempt is not counted")
		return g.again(ctx, o, out, func(tx *store.Tx) error {
			return g.c.Store.PostponeOutbound(tx, o.MessageID, g.c.Owner, out.code, v.now.Add(min(out.retryAfter, longestBusy)))
		})
	case !v.again:
		log.Warn("no receipt, attempts used up", "code", out.code, "detail", out.detail)
		if out.damaged {
			return settle(Undelivered, out.code, nil)
		}
		return settle(Undelivered, ebms.MissingReceipt, nil)
	}
	log.Info("no receipt, will be sent again", "code", out.code, "detail", out.detail)
	return g.again(ctx, o, out, func(tx *store.Tx) error {
		return g.c.Store.RetryOutbound(tx, o.MessageID, g.c.Owner, out.code, v.next)
	})
}

// again stores an attempt after which the message waits.
func (g *Gateway) again(ctx context.Context, o Outbound, out outcome, wait func(*store.Tx) error) error {
	return meanwhile(g.c.Store.Update(ctx, func(tx *store.Tx) error {
		if err := wait(tx); err != nil {
			return err
		}
		return g.attempted(tx, &o, &out)
	}))
}

// attempted adds an attempt to the history of a message, and tells it.
func (g *Gateway) attempted(tx *store.Tx, o *Outbound, out *outcome) error {
	if err := g.c.Store.PutAttempt(tx, Key{Out, o.MessageID}, out.attempt); err != nil {
		return err
	}
	e := o.event(EventSent, out.attempt.At)
	e.Code, e.Detail, e.Digest = out.code, out.kind, digest(o.Entity.Envelope)
	if out.detail != "" {
		e.Detail += ": " + out.detail
	}
	return g.record(tx, e)
}

// meanwhile forgives that a message was settled by a posted signal while an attempt was under way.
func meanwhile(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// settle ends o; whether the message arrived is told to the back end in the same transaction. A receipt counts although the
// message was given up meanwhile.
func (g *Gateway) settle(ctx context.Context, o Outbound, s State, code string, out outcome, receipt []byte) error {
	err := g.c.Store.Update(ctx, func(tx *store.Tx) error {
		now := g.c.Clock.Now()
		err := g.c.Store.SettleOutbound(tx, o.MessageID, g.c.Owner, s, code, receipt, now)
		if errors.Is(err, store.ErrNotFound) && s == Acknowledged {
			err = g.c.Store.ConcludeOutbound(tx, o.MessageID, s, code, receipt, now)
		}
		if err != nil {
			return err
		}
		if err := g.attempted(tx, &o, &out); err != nil {
			return err
		}
		return g.settled(tx, &o, s, code, receipt, now)
	})
	return meanwhile(err)
}

// settled does what follows from the end of a message, within the transaction that ends it.
func (g *Gateway) settled(tx *store.Tx, o *Outbound, s State, code string, receipt []byte, now time.Time) error {
	e := o.event(outboundEvents[s], now)
	e.Code = code
	if receipt != nil {
		e.Digest = digest(receipt)
	}
	if err := g.record(tx, e); err != nil {
		return err
	}
	if err := g.keepOutbound(tx, o, s, now); err != nil {
		return err
	}
	tx.After(func() { g.c.Metrics.Count(MetricSettled, o.To.Value, string(s)) })
	switch {
	case o.signal() || o.Silent:
		return nil
	case s == Undelivered || s == Cancelled:
		return g.c.Fail(tx, o.MessageID, code)
	case s == Acknowledged || s == Resolved:
		return g.c.Sent(tx, o.MessageID)
	}
	return nil
}

var outboundEvents = map[State]EventName{
	Acknowledged: EventAcknowledged, Undelivered: EventFailed, Unclear: EventUnclear, Cancelled: EventCancelled, Resolved: EventResolved,
}

// expire gives up what waits for a slowed partner beyond the end of its plan: its back end must learn of it in time.
func (g *Gateway) expire(ctx context.Context, partner string) error {
	now := g.c.Clock.Now()
	var ids []string
	err := g.c.Store.View(ctx, func(tx *store.Tx) (err error) {
		ids, err = g.c.Store.Overdue(tx, partner, now, roundSize)
		return err
	})
	for _, id := range ids {
		err = errors.Join(err, meanwhile(g.c.Store.Update(ctx, func(tx *store.Tx) error {
			o, err := g.c.Store.Outbound(tx, id)
			if err != nil {
				return err
			}
			if err := g.c.Store.MoveOutbound(tx, id, []State{Waiting}, Undelivered, ebms.MissingReceipt, now); err != nil {
				return err
			}
			out := outcome{kind: OutcomeUnreachable, code: ebms.MissingReceipt, detail: "not sent: the partner could not be reached until the end of the retry plan"}
			out.attempt = Attempt{At: now.UTC(), Number: o.Attempts, Outcome: out.kind, Code: out.code, Detail: out.detail}
			if err := g.c.Store.PutAttempt(tx, Key{Out, id}, out.attempt); err != nil {
				return err
			}
			g.c.Log.Warn("the partner could not be reached until the end of the retry plan", "message", id, "partner", partner)
			return g.settled(tx, &o, Undelivered, ebms.MissingReceipt, nil, now)
		})))
	}
	return err
}

// pmode is the plan as a P-Mode has it.
func (r RetryPlan) pmode() pmode.Retry {
	if r.Attempts <= 1 {
		return pmode.Retry{Strategy: pmode.SendOnce}
	}
	return pmode.Retry{Strategy: pmode.Constant, Timeout: r.Interval * time.Duration(r.Attempts-1), Count: r.Attempts - 1}
}

// duplicateDetected is how a deployed access point answers a retry, where the profile wants the receipt again.
const duplicateDetected = "EBMS:4001"

// finalCode reports whether a code ends the attempts when the receiver says it under its signature. [AS4 1.15 §11]
func finalCode(code string) bool {
	return slices.Contains([]string{
		ebms.ValueNotRecognized, ebms.ValueInconsistent, ebms.FeatureNotSupported, ebms.ProcessingModeMismatch,
		ebms.FailedAuthentication, ebms.FailedDecryption, ebms.PolicyNoncompliance,
	}, code)
}

// damage reports whether a code may be the work of a line or a proxy that cuts what passes. What we send is sound and the
// same in each attempt, and an earlier one may have arrived: so it is sent again, and the code ends the last attempt only.
func damage(code string) bool {
	return slices.Contains([]string{ebms.MimeInconsistency, ebms.InvalidHeader, ebms.ExternalPayloadError, ebms.DecompressionFailure}, code)
}

// patience is how long one attempt may take: a minute, and a second for every 256 KiB to be sent.
func patience(length int64) time.Duration {
	return time.Minute + time.Duration(length>>18)*time.Second
}
