package gateway

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/internal/store"
)

// ServeHTTP is the receiving end of the access point. A receipt leaves only after the message, its
// duplicate entry and the receipt itself are committed. [AS4 1.15 §9, §10]
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.Method {
	case http.MethodPost:
	case http.MethodGet, http.MethodHead:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Write([]byte("This is an AS4 access point. Messages are sent to it with POST.\n"))
		return
	default:
		w.Header().Set("Allow", "GET, HEAD, POST")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	if r.Header.Get("Content-Encoding") != "" {
		// A second way to expand what is sent; the profile compresses parts. [AS4 1.15 §3]
		w.WriteHeader(http.StatusUnsupportedMediaType)
		return
	}
	select {
	case g.slots <- struct{}{}:
		defer func() { <-g.slots }()
	default:
		w.Header().Set("Retry-After", "5")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	entity, status := g.receive(w, r)
	// A large message may have taken longer than the server gives to a request; its answer gets a minute.
	http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute))
	if entity == nil {
		w.WriteHeader(status)
		return
	}
	w.Header().Set("Content-Type", entity.ContentType)
	w.Header().Set("Content-Length", strconv.FormatInt(entity.Length(), 10))
	w.WriteHeader(status)
	entity.WriteTo(w)
}

// receive turns one POST into the entity and status that answer it.
func (g *Gateway) receive(w http.ResponseWriter, r *http.Request) (*as4.Entity, int) {
	body := &observed{r: as4.Body(w, r, 0), keep: g.observed}
	in, err := g.receiver.Receive(r.Header.Get("Content-Type"), body)
	var refusal *as4.Refusal
	if errors.As(err, &refusal) {
		g.observe(r, body, refusal.RefTo, "")
		if refusal.Status == as4.StatusNothing && refusal.Cause == nil {
			return nil, refusal.Status // a signal by callback was taken
		}
		g.c.Log.Warn("message refused", "message", refusal.RefTo, "code", refusal.Code(), "detail", refusal.Detail())
		return g.refuse(refusal)
	}
	if err != nil {
		g.c.Log.Error("message could not be read", "err", err)
		return nil, http.StatusInternalServerError
	}
	g.observe(r, body, in.Message.MessageID, in.Message.Action)
	entity, kept, refused, err := g.accept(context.WithoutCancel(r.Context()), in)
	if !kept {
		if err := in.Discard(); err != nil {
			g.c.Log.Error("spooled parts could not be removed", "message", in.Message.MessageID, "err", err)
		}
	}
	if err != nil {
		// Nothing is stored, so nothing is acknowledged: the sender tries again.
		g.c.Log.Error("message could not be stored", "message", in.Message.MessageID, "err", err)
		return nil, http.StatusServiceUnavailable
	}
	if refused != nil {
		return g.refuse(refused)
	}
	if in.Peer.ReceiptByCallback {
		return nil, http.StatusAccepted // the receipt lies in the outbox
	}
	g.c.Observer(Wire{
		At: g.c.Clock.Now(), Sent: true, Signal: true, MessageID: in.Message.MessageID, Action: in.Message.Action, Status: http.StatusOK,
		Header: http.Header{"Content-Type": {entity.ContentType}, "Content-Length": {strconv.FormatInt(entity.Length(), 10)}}, Body: entity.Envelope,
	})
	return entity, http.StatusOK
}

// accept stores in with its receipt, or finds that it is here already. Kept tells whether its parts now belong
// to the store.
func (g *Gateway) accept(ctx context.Context, in *as4.Received) (entity *as4.Entity, kept bool, refused *as4.Refusal, err error) {
	now := g.c.Clock.Now().UTC()
	receipt, err := as4.Receipt(in, g.newMessageID(), now, g.c.Self)
	if err != nil {
		return nil, false, nil, err
	}
	state := Received
	if in.Test {
		state = Tested
	}
	log := g.c.Log.With("message", in.Message.MessageID, "conversation", in.Message.ConversationID, "action", in.Message.Action)
	err = g.c.Store.Update(ctx, func(tx *store.Tx) error {
		old, err := g.c.Store.Inbound(tx, in.Message.MessageID)
		switch {
		case err == nil && old.Fingerprint == in.Fingerprint && old.Message.From.ID == in.Message.From.ID:
			log.Info("duplicate received, receipt given again")
			entity = &as4.Entity{ContentType: old.ReceiptType, Envelope: old.Receipt}
			if in.Peer.ReceiptByCallback {
				return g.enqueue(tx, in.Peer, entity)
			}
			return nil
		case err == nil:
			// Same id, other content: not a retry but a collision or a replay. [AS4 1.15 §12]
			log.Warn("message id is taken by another message")
			refused = as4.Refuse(ebms.ValueInconsistent, in.Message.MessageID, "eb:MessageId was used before for another message")
			return nil
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		entity = receipt
		tx.After(func() { kept = !in.Test; wake(g.wakeIn) })
		log.Info("message received")
		if in.Peer.ReceiptByCallback {
			if err := g.enqueue(tx, in.Peer, receipt); err != nil {
				return err
			}
		}
		return g.c.Store.PutInbound(tx, Inbound{
			Message: in.Message, Payloads: in.Payloads, Fingerprint: in.Fingerprint,
			State: state, NextAttempt: now, ReceivedAt: now,
			ReceiptType: receipt.ContentType, Receipt: receipt.Envelope, Envelope: in.Envelope,
		})
	})
	return entity, kept, refused, err
}

// refuse answers with an error signal, signed with our certificate.
func (g *Gateway) refuse(refusal *as4.Refusal) (*as4.Entity, int) {
	entity, err := refusal.Entity(g.newMessageID(), g.c.Clock.Now().UTC(), &g.c.Self)
	if err != nil {
		g.c.Log.Error("error signal could not be made", "err", err)
		return nil, refusal.Status
	}
	if entity != nil {
		g.c.Observer(Wire{
			At: g.c.Clock.Now(), Sent: true, Signal: true, MessageID: refusal.RefTo, Status: refusal.Status,
			Header: http.Header{"Content-Type": {entity.ContentType}}, Body: entity.Envelope,
		})
	}
	return entity, refusal.Status
}

// Deliver hands every message that is due to the back end, and returns how many.
func (g *Gateway) Deliver(ctx context.Context) (int, error) {
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
		if err := g.deliver(ctx, in); err != nil {
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
	return in, err
}

// deliveryAttempts is how often a back end may fail on a message before it waits for an operator.
const deliveryAttempts = 10

// deliver calls the consumer and marks the message as handled in one transaction.
func (g *Gateway) deliver(ctx context.Context, in Inbound) error {
	id := in.Message.MessageID
	err := g.c.Store.Update(ctx, func(tx *store.Tx) error {
		if err := g.c.Consume(tx, Delivery{Message: in.Message, Payloads: in.Payloads}); err != nil {
			return err
		}
		return g.c.Store.SettleInbound(tx, id, g.c.Owner, Handled, g.c.Clock.Now())
	})
	if err == nil {
		return nil
	}
	log := g.c.Log.With("message", id, "conversation", in.Message.ConversationID, "attempt", in.Attempts)
	return g.c.Store.Update(ctx, func(tx *store.Tx) error {
		if in.Attempts >= deliveryAttempts {
			log.Error("the back end does not take the message; it waits for an operator", "err", err)
			return g.c.Store.SettleInbound(tx, id, g.c.Owner, Stuck, time.Time{})
		}
		log.Warn("the back end did not take the message; it is offered again", "err", err)
		wait := time.Second << min(in.Attempts, 8)
		return g.c.Store.RetryInbound(tx, id, g.c.Owner, g.c.Clock.Now().Add(wait))
	})
}
