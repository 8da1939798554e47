package gateway

import (
	"context"
	"errors"

	"oots/edelivery/as4"
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

// takeSignal settles the message that a posted receipt or error is for, once, as if it had come in the response.
// One that fits nothing under way changes nothing.
func (g *Gateway) takeSignal(s *as4.Signal, peer pmode.Party) error {
	log := g.c.Log.With("message", s.RefToMessageID)
	return g.c.Store.Update(context.Background(), func(tx *store.Tx) error {
		o, err := g.c.Store.Outbound(tx, s.RefToMessageID)
		if errors.Is(err, store.ErrNotFound) || err == nil && o.To != peer.ID {
			log.Info("posted signal is for nothing that is under way")
			return nil
		}
		if err != nil {
			return err
		}
		now := g.c.Clock.Now()
		if s.Receipt != nil {
			if e := as4.CheckReceipt(s, o.MessageID, o.Entity.References); e != nil {
				log.Warn("posted receipt does not match", "detail", e.Detail)
				return nil
			}
			log.Info("receipt received by callback", "action", o.Action)
			if err := g.c.Store.ConcludeOutbound(tx, o.MessageID, Acknowledged, "", s.Envelope, now); err != nil {
				return err
			}
			return g.c.Sent(tx, o.MessageID)
		}
		for _, e := range s.Errors {
			if !e.Failure() || !finalCodes[e.Code] {
				continue
			}
			log.Warn("message refused by the receiver, by callback", "code", e.Code)
			if err := g.c.Store.ConcludeOutbound(tx, o.MessageID, Undelivered, e.Code, nil, now); err != nil {
				return err
			}
			return g.c.Fail(tx, o.MessageID, e.Code)
		}
		return nil
	})
}
