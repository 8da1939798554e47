package gateway

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/internal/store"
)

// Send tries every message that is due, and returns how many it tried.
func (g *Gateway) Send(ctx context.Context) (int, error) {
	for n := 0; ; n++ {
		if ctx.Err() != nil {
			return n, ctx.Err()
		}
		o, err := g.claimOutbound(ctx)
		if errors.Is(err, store.ErrNotFound) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
		if err := g.attempt(ctx, o); err != nil {
			return n, err
		}
	}
}

func (g *Gateway) claimOutbound(ctx context.Context) (o Outbound, err error) {
	now := g.c.Clock.Now()
	err = g.c.Store.Update(ctx, func(tx *store.Tx) error {
		if o, err = g.c.Store.ClaimOutbound(tx, now, g.c.Owner, now.Add(lease)); err != nil {
			return err
		}
		if longer := patience(o.Entity.Length()) + lease/2; longer > lease {
			return g.c.Store.ExtendOutbound(tx, o.MessageID, g.c.Owner, now.Add(longer))
		}
		return nil
	})
	return o, err
}

// attempt sends o once and stores what came of it.
func (g *Gateway) attempt(ctx context.Context, o Outbound) error {
	log := g.c.Log.With("message", o.MessageID, "conversation", o.ConversationID, "attempt", o.Attempts)
	peer, ok := g.c.PModes.PModes().Peer(o.To)
	if !ok {
		log.Error("no P-Mode for the receiver any more")
		return g.settle(ctx, o, Undelivered, ebms.ProcessingModeMismatch, nil)
	}
	out := g.post(ctx, o, peer)
	switch {
	case out.taken:
		return g.settle(ctx, o, Acknowledged, "", nil)
	case out.receipt != nil:
		log.Info("receipt received", "action", o.Action)
		return g.settle(ctx, o, Acknowledged, "", out.receipt)
	case out.duplicate && o.Attempts > 1:
		// An earlier attempt arrived and its receipt was lost; sending again will not bring it. [AS4 1.15 §11]
		log.Error("the receiver has had the message before, but there is no receipt; it waits for an operator", "code", out.code)
		return g.settle(ctx, o, Unclear, out.code, nil)
	case out.final:
		log.Warn("message refused by the receiver", "code", out.code)
		return g.settle(ctx, o, Undelivered, out.code, nil)
	case o.Attempts >= g.c.Retry.Attempts:
		log.Warn("no receipt, attempts used up", "code", out.code)
		return g.settle(ctx, o, Undelivered, ebms.MissingReceipt, nil)
	}
	log.Info("no receipt, will be sent again", "code", out.code)
	return meanwhile(g.c.Store.Update(ctx, func(tx *store.Tx) error {
		return g.c.Store.RetryOutbound(tx, o.MessageID, g.c.Owner, out.code, g.c.Clock.Now().Add(g.c.Retry.Interval))
	}))
}

// meanwhile forgives that a message was settled by a posted signal while an attempt was under way.
func meanwhile(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	return err
}

// settle ends o; whether the message arrived is told to the back end in the same transaction.
func (g *Gateway) settle(ctx context.Context, o Outbound, s State, code string, receipt []byte) error {
	return meanwhile(g.c.Store.Update(ctx, func(tx *store.Tx) error {
		if err := g.c.Store.SettleOutbound(tx, o.MessageID, g.c.Owner, s, code, receipt, g.c.Clock.Now()); err != nil {
			return err
		}
		switch {
		case o.signal():
			return nil
		case s == Undelivered:
			return g.c.Fail(tx, o.MessageID, code)
		case s == Acknowledged:
			return g.c.Sent(tx, o.MessageID)
		}
		return nil
	}))
}

// An outcome is what one attempt brought: a valid receipt, or a code. Final means that sending again
// cannot help; duplicate, that the receiver says under its signature to have had the message before.
type outcome struct {
	receipt   []byte
	taken     bool // a signal of ours was taken; nothing answers it
	code      string
	final     bool
	duplicate bool
}

// duplicateDetected is how a deployed access point answers a retry, where the profile wants the receipt again.
const duplicateDetected = "EBMS:4001"

// finalCodes end the attempts when the receiver says them under its signature. [AS4 1.15 §11]
var finalCodes = map[string]bool{
	"EBMS:0001": true, "EBMS:0003": true, "EBMS:0007": true, "EBMS:0008": true, "EBMS:0009": true, "EBMS:0010": true,
	"EBMS:0011": true, "EBMS:0101": true, "EBMS:0102": true, "EBMS:0103": true, "EBMS:0303": true,
}

func (g *Gateway) post(ctx context.Context, o Outbound, peer pmode.Party) outcome {
	if g.observed {
		g.c.Observer(Wire{
			At: g.c.Clock.Now(), Sent: true, MessageID: o.MessageID, Action: o.Action, ConversationID: o.ConversationID,
			Header: http.Header{"Content-Type": {o.Entity.ContentType}, "Content-Length": {strconv.FormatInt(o.Entity.Length(), 10)}},
			Body:   shown(o.Entity),
		})
	}
	ctx, cancel := context.WithTimeout(ctx, patience(o.Entity.Length()))
	defer cancel()
	status, contentType, body, header, err := as4.Post(ctx, g.c.Client, peer.URL, o.Entity)
	if err != nil {
		g.c.Log.Warn("connection to the receiver failed", "message", o.MessageID, "err", err)
		return outcome{code: ebms.ConnectionFailure}
	}
	g.c.Observer(Wire{
		At: g.c.Clock.Now(), Signal: true, MessageID: o.MessageID, Action: o.Action, ConversationID: o.ConversationID,
		Status: status, Header: header, Body: body,
	})
	if o.signal() {
		if status >= 200 && status <= 299 {
			return outcome{taken: true}
		}
		return outcome{code: ebms.ConnectionFailure}
	}
	signal, err := as4.ReadSignal(contentType, bytes.NewReader(body), peer.At(g.c.Clock.Now()))
	if err != nil {
		g.c.Log.Warn("the answer is no usable signal", "message", o.MessageID, "status", status, "err", err)
		var e *ebms.Error
		if errors.As(err, &e) && e.Code == ebms.InvalidReceipt {
			return outcome{code: ebms.InvalidReceipt}
		}
		return outcome{code: ebms.MissingReceipt}
	}
	if signal.Receipt != nil {
		if e := as4.CheckReceipt(signal, o.MessageID, o.Entity.References); e != nil {
			g.c.Log.Warn("receipt does not match", "message", o.MessageID, "detail", e.Detail)
			return outcome{code: ebms.InvalidReceipt}
		}
		return outcome{receipt: body}
	}
	for _, e := range signal.Errors {
		// An unsigned error is never final by itself: anybody could have sent it. [AS4 1.15 §11]
		if e.Failure() {
			return outcome{code: e.Code, final: signal.Signed && finalCodes[e.Code], duplicate: signal.Signed && e.Code == duplicateDetected}
		}
	}
	return outcome{code: ebms.MissingReceipt}
}

// patience is how long one attempt may take: a minute, and a second for every 256 KiB to be sent.
func patience(length int64) time.Duration {
	return time.Minute + time.Duration(length>>18)*time.Second
}

// shown is the entity's bytes for an observer, or nil when there are too many.
func shown(e *as4.Entity) []byte {
	if e.Length() > WireLimit {
		return nil
	}
	var b bytes.Buffer
	if _, err := e.WriteTo(&b); err != nil {
		return nil
	}
	return b.Bytes()
}
