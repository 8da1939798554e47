package gateway

import (
	"context"
	"errors"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/internal/store"
)

// enqueue puts a receipt of ours into the outbox within tx, to go to the party by itself. [ebMS3 §4.2.3: reply
// pattern callback]
func (g *Gateway) enqueue(tx *store.Tx, to pmode.Party, receipt *as4.Entity) error {
	now := g.c.Clock.Now().UTC()
	tx.After(func() { wake(g.wakeOut) })
	return g.c.Store.PutOutbound(tx, Outbound{
		MessageID: g.newMessageID(), To: to.ID, State: Waiting, NextAttempt: now, CreatedAt: now,
		Entity: &as4.Entity{ContentType: receipt.ContentType, Envelope: receipt.Envelope},
	})
}

// takeSignal settles the message that a posted receipt or error is for, once, as if it had come in the response. A receipt
// counts although the message was given up before; an error does not then. One that fits nothing changes nothing.
func (g *Gateway) takeSignal(s *as4.Signal, peer pmode.Party) error {
	log := g.c.Log.With("message", s.RefToMessageID)
	return g.c.Store.Update(context.Background(), func(tx *store.Tx) error {
		o, err := g.c.Store.Outbound(tx, s.RefToMessageID)
		if errors.Is(err, store.ErrNotFound) || err == nil && (o.To != peer.ID || o.signal() || o.State == Acknowledged) {
			log.Info("posted signal is for nothing that is under way")
			return nil
		}
		if err != nil {
			return err
		}
		state, code, receipt := Acknowledged, "", s.Envelope
		if s.Receipt != nil {
			if e := as4.CheckReceipt(s, o.MessageID, o.Entity.References); e != nil {
				log.Warn("posted receipt does not match", "detail", e.Detail)
				return nil
			}
			log.Info("receipt received by callback", "action", o.Action, "late", o.settled())
		} else {
			e := final(s.Errors)
			if e == nil || o.settled() {
				return nil
			}
			log.Warn("message refused by the receiver, by callback", "code", e.Code)
			state, code, receipt = Undelivered, e.Code, nil
		}
		now := g.c.Clock.Now()
		if err := g.c.Store.ConcludeOutbound(tx, o.MessageID, state, code, receipt, now); err != nil {
			return err
		}
		tx.After(func() { g.pong(o.MessageID) })
		return g.settled(tx, &o, state, code, receipt, now)
	})
}

// final returns the first error that ends the attempts; nil for none.
func final(errs []ebms.Error) *ebms.Error {
	for i := range errs {
		if errs[i].Failure() && finalCode(errs[i].Code) {
			return &errs[i]
		}
	}
	return nil
}
