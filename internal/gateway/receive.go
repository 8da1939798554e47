package gateway

import (
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
	v := g.admission.enter(source(r))
	if v == nil {
		g.c.Metrics.Count(MetricReceived, "", "throttled")
		w.Header().Set("Retry-After", strconv.Itoa(waitThrottled))
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	defer g.leave(v)
	a := g.receive(w, r, v)
	// A large message may have taken longer than the server gives to a request; its answer gets a minute.
	http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute))
	if a.wait > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(a.wait))
	}
	if a.entity == nil {
		w.WriteHeader(a.status)
		return
	}
	w.Header().Set("Content-Type", a.entity.ContentType)
	w.Header().Set("Content-Length", strconv.FormatInt(a.entity.Length(), 10))
	w.WriteHeader(a.status)
	a.entity.WriteTo(w)
}

// How long a sender is asked to wait, in seconds.
const (
	waitThrottled = 2  // it sends too much
	waitBusy      = 5  // all slots for messages are taken
	waitStorage   = 30 // nothing can be stored
)

// An answer is what goes back to a sender. Without an entity the status says all.
type answer struct {
	entity *as4.Entity
	status int
	wait   int // seconds of Retry-After; 0 for none
}

// receive turns one POST into its answer.
func (g *Gateway) receive(w http.ResponseWriter, r *http.Request, v *visit) answer {
	begin := time.Now()
	body := &observed{ReadCloser: r.Body, keep: g.observed}
	r.Body = body
	own := g.own.Load()
	in, err := own.receiver.ReceiveAdmitted(r.Header.Get("Content-Type"), as4.Body(w, r, g.c.Limits.Idle), func(peer pmode.Party) bool { return g.admit(v, peer) })
	var refusal *as4.Refusal
	if errors.As(err, &refusal) {
		g.observe(r, body, refusal.RefTo, "")
		return g.refused(context.WithoutCancel(r.Context()), refusal, v)
	}
	if err != nil {
		g.c.Log.Error("message could not be read", "err", err)
		return answer{status: http.StatusInternalServerError}
	}
	g.observe(r, body, in.Message.MessageID, in.Message.Action)
	entity, kept, collision, err := g.accept(context.WithoutCancel(r.Context()), in, own)
	if !kept && !errors.Is(err, store.ErrCommit) { // see there: the row may be stored that names them
		if err := in.Discard(); err != nil {
			g.c.Log.Error("spooled parts could not be removed", "message", in.Message.MessageID, "err", err)
		}
	}
	if err != nil {
		// Nothing is stored, so nothing is acknowledged: the sender tries again.
		g.c.Log.Error("message could not be stored", "message", in.Message.MessageID, "err", err)
		g.c.Metrics.Count(MetricReceived, in.Peer.ID.Value, "busy")
		return answer{status: http.StatusServiceUnavailable, wait: waitStorage}
	}
	if collision != nil {
		return g.refuse(collision)
	}
	g.c.Metrics.Observe(MetricReceive, time.Since(begin))
	if in.Peer.ReceiptByCallback {
		return answer{status: http.StatusAccepted} // the receipt lies in the outbox
	}
	g.c.Observer(Wire{
		At: g.c.Clock.Now(), Sent: true, Signal: true, MessageID: in.Message.MessageID, Action: in.Message.Action, Status: http.StatusOK,
		Header: http.Header{"Content-Type": {entity.ContentType}, "Content-Length": {strconv.FormatInt(entity.Length(), 10)}}, Body: entity.Envelope,
	})
	return answer{entity: entity, status: http.StatusOK}
}

// refused answers a message that was not taken.
func (g *Gateway) refused(ctx context.Context, refusal *as4.Refusal, v *visit) answer {
	switch {
	case refusal.Status == as4.StatusNothing && refusal.Cause == nil:
		return answer{status: refusal.Status} // a signal by callback was taken
	case errors.Is(refusal.Cause, as4.ErrNotAdmitted):
		g.c.Log.Info("a message is not admitted, and its sender told to come again", "partner", v.partner)
		return answer{status: refusal.Status, wait: v.wait}
	}
	g.c.Log.Warn("message refused", "message", refusal.RefTo, "code", refusal.Code(), "detail", refusal.Detail(), "cause", refusal.Cause)
	if refusal.Status == as4.StatusBusy {
		return answer{status: refusal.Status, wait: waitStorage}
	}
	g.c.Metrics.Count(MetricReceived, "", "refused")
	if refusal.RefTo != "" {
		e := Event{At: g.c.Clock.Now().UTC(), Name: EventRefused, Box: In, MessageID: clean(refusal.RefTo), Code: refusal.Code(), Detail: clean(refusal.Detail()), Partner: v.partner, Unproven: v.partner == ""}
		key := e.Code // of all strangers together
		if !e.Unproven {
			key = e.Code + "\x00" + e.Partner + "\x00" + e.MessageID
		}
		err := g.c.Store.Update(ctx, func(tx *store.Tx) error { return g.recordOften(tx, key, e) })
		if err != nil {
			g.c.Log.Error("refusal could not be recorded", "err", err)
		}
	}
	return g.refuse(refusal)
}

// accept stores in with its receipt, or finds that it is here already. Kept tells whether its parts now belong
// to the store.
func (g *Gateway) accept(ctx context.Context, in *as4.Received, own *identities) (entity *as4.Entity, kept bool, refused *as4.Refusal, err error) {
	now := g.c.Clock.Now().UTC()
	receipt, err := as4.Receipt(in, g.newMessageID(), now, own.signer)
	if err != nil {
		return nil, false, nil, err
	}
	m := &in.Message
	state := Received
	if in.Test {
		state = Tested
	}
	log := g.c.Log.With("message", m.MessageID, "conversation", m.ConversationID, "action", m.Action)
	err = g.c.Store.Update(ctx, func(tx *store.Tx) error {
		old, err := g.c.Store.Inbound(tx, m.MessageID)
		switch {
		case err == nil && old.Fingerprint == in.Fingerprint && old.Message.From.ID == m.From.ID:
			log.Info("duplicate received, receipt given again")
			entity = &as4.Entity{ContentType: old.ReceiptType, Envelope: old.Receipt}
			return g.duplicate(tx, in, entity, now)
		case err == nil:
			// Same id, other content: not a retry but a collision or a replay. [AS4 1.15 §12]
			log.Warn("message id is taken by another message")
			refused = as4.Refuse(ebms.ValueInconsistent, m.MessageID, "eb:MessageId was used before for another message")
			e := received(m, EventRefused, now)
			e.Code, e.Detail, e.Digest = refused.Code(), refused.Detail(), digest(in.Envelope)
			return g.recordOften(tx, e.Code+"\x00"+e.Partner+"\x00"+e.MessageID, e)
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		entity = receipt
		log.Info("message received")
		if in.Peer.ReceiptByCallback {
			if err := g.enqueue(tx, in.Peer, receipt); err != nil {
				return err
			}
		}
		e := received(m, EventReceived, now)
		e.Digest = digest(in.Envelope)
		if err := g.record(tx, e); err != nil {
			return err
		}
		row := Inbound{
			Message: *m, Payloads: in.Payloads, Fingerprint: in.Fingerprint,
			State: state, NextAttempt: now, ReceivedAt: now,
			ReceiptType: receipt.ContentType, Receipt: receipt.Envelope, Envelope: in.Envelope, PayloadDigest: PayloadDigest(in.References),
		}
		if r, agreed := g.keepingOf(m); agreed && r.Undownloaded > 0 {
			row.PurgeAt = now.Add(r.Undownloaded)
		}
		tx.After(func() {
			kept = !in.Test
			g.c.Metrics.Count(MetricReceived, in.Peer.ID.Value, "received")
			wake(g.wakeIn)
		})
		if err := g.c.Store.PutInbound(tx, row); err != nil || !in.Test {
			return err
		}
		return g.eraseInbound(tx, m, now)
	})
	return entity, kept, refused, err
}

// duplicate tells that a message came once more.
func (g *Gateway) duplicate(tx *store.Tx, in *as4.Received, receipt *as4.Entity, now time.Time) error {
	e := received(&in.Message, EventDuplicate, now)
	e.Digest = digest(in.Envelope)
	if err := g.recordOften(tx, e.MessageID, e); err != nil {
		return err
	}
	tx.After(func() { g.c.Metrics.Count(MetricReceived, in.Peer.ID.Value, "duplicate") })
	if in.Peer.ReceiptByCallback {
		return g.enqueue(tx, in.Peer, receipt)
	}
	return nil
}

// refuse answers with an error signal, signed with our certificate.
func (g *Gateway) refuse(refusal *as4.Refusal) answer {
	entity, err := refusal.Entity(g.newMessageID(), g.c.Clock.Now().UTC(), &g.own.Load().signer)
	if err != nil {
		g.c.Log.Error("error signal could not be made", "err", err)
		return answer{status: refusal.Status}
	}
	if entity != nil {
		g.c.Observer(Wire{
			At: g.c.Clock.Now(), Sent: true, Signal: true, MessageID: refusal.RefTo, Status: refusal.Status,
			Header: http.Header{"Content-Type": {entity.ContentType}}, Body: entity.Envelope,
		})
	}
	return answer{entity: entity, status: refusal.Status}
}
