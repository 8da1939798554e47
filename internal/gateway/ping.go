package gateway

import (
	"context"
	"errors"
	"fmt"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/internal/clock"
	"oots/internal/store"
)

// ErrPing says that a partner did not answer the test service with a receipt; the attempts of the message say why.
var ErrPing = errors.New("gateway: no receipt from the test service of the partner")

// Ping sends a message of the test service to a partner, also to one that is slowed, and waits for its receipt. Nobody
// consumes it on the other side, and no back end of ours is told. Look at the message for how long each layer took, and for
// what went wrong. [ebMS3 §5.2.2] [AS4 1.15 §3.2]
func (g *Gateway) Ping(ctx context.Context, partner ebms.PartyID) (messageID string, err error) {
	modes := g.c.PModes.PModes()
	service := ebms.Service{Value: ebms.TestService}
	way, ok := modes.Outgoing(partner, service, ebms.TestAction)
	if !ok {
		return "", fmt.Errorf("gateway: no P-Mode for access point %s", partner.Value)
	}
	m := g.header(modes, way, service, ebms.TestAction)
	m.MessageID, m.ConversationID, m.Properties = g.newMessageID(), clock.UUID(), required(modes, way.Leg)
	heard := make(chan struct{})
	g.mu.Lock()
	g.pings[m.MessageID] = heard
	g.mu.Unlock()
	defer g.pong(m.MessageID)
	plan := pmode.Retry{Strategy: pmode.SendOnce}
	if way.Peer.Callback {
		plan = pmode.Retry{Strategy: pmode.Constant, Timeout: time.Minute, Count: 1} // its receipt may come by itself
	}
	p, err := g.pack(m, nil, way.Peer, Outbound{Plan: plan, Silent: true})
	if err != nil {
		return "", err
	}
	var o Outbound
	err = g.c.Store.Update(ctx, func(tx *store.Tx) (err error) {
		if err := g.put(tx, p); err != nil {
			return err
		}
		o, err = g.claimWithin(tx, Claim{Partner: way.Peer.ID.Value, MessageID: m.MessageID})
		return err
	})
	if err != nil {
		return "", err
	}
	g.occupy(Key{Out, m.MessageID})
	err = g.attempt(ctx, o)
	g.idle(Key{Out, m.MessageID})
	if err != nil {
		return m.MessageID, err
	}
	return m.MessageID, g.pinged(ctx, m.MessageID, heard)
}

// pinged waits until a ping is settled, and tells how.
func (g *Gateway) pinged(ctx context.Context, messageID string, heard <-chan struct{}) error {
	for {
		var o Outbound
		err := g.c.Store.View(ctx, func(tx *store.Tx) (err error) {
			o, err = g.c.Store.Outbound(tx, messageID)
			return err
		})
		switch {
		case err != nil:
			return err
		case o.State == Acknowledged:
			return nil
		case o.settled():
			return fmt.Errorf("%w: %s", ErrPing, o.ErrorCode)
		}
		select {
		case <-heard:
			heard = nil
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", ErrPing, ctx.Err())
		}
	}
}

// pong says that a ping is settled.
func (g *Gateway) pong(messageID string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if heard, ok := g.pings[messageID]; ok {
		close(heard)
		delete(g.pings, messageID)
	}
}

// required are the message properties without which a partner would refuse the ping, with values that say what it is.
func required(modes *pmode.Set, leg *pmode.Leg) []ebms.Property {
	all := modes.Properties
	if leg != nil && leg.Properties != nil {
		all = leg.Properties
	}
	var out []ebms.Property
	for _, p := range all {
		if !p.Required {
			continue
		}
		value := "test"
		switch p.Datatype {
		case pmode.Boolean:
			value = "true"
		case pmode.Integer:
			value = "0"
		}
		out = append(out, ebms.Property{Name: p.Name, Value: value})
	}
	return out
}
