package gateway

import (
	"errors"
	"fmt"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/internal/store"
)

// A Prepared is a message that is packed for its receiver and lies in the spool, but is not yet stored. Commit stores it;
// who does not get that far calls Discard.
type Prepared struct {
	o Outbound
}

// MessageID is the ebMS message id.
func (p *Prepared) MessageID() string { return p.o.MessageID }

// Discard removes what was spooled for a message that is not stored. err is what came of the transaction that should
// have stored it: when the commit itself has failed it is not known whether it counts, and what was spooled is left to be
// swept.
func (p *Prepared) Discard(err error) error {
	if errors.Is(err, store.ErrCommit) {
		return nil
	}
	return p.o.Entity.Discard()
}

// Submit prepares s and stores it within tx. It is for messages that are small: a transaction keeps all others waiting, so
// what takes long is done before it, by Prepare.
func (g *Gateway) Submit(tx *store.Tx, s Submission) (messageID string, at time.Time, err error) {
	p, err := g.Prepare(s)
	if err != nil {
		return "", time.Time{}, err
	}
	if at, err = g.Commit(tx, p); err != nil {
		return "", time.Time{}, errors.Join(err, p.Discard(nil))
	}
	return p.MessageID(), at, nil
}

// Prepare packs s for its receiver: it compresses, signs and spools, all of it outside of any transaction. The entity is made
// once: every attempt sends the same bytes. [AS4 1.15 §12]
func (g *Gateway) Prepare(s Submission) (*Prepared, error) {
	modes := g.c.PModes.PModes()
	if _, ok := modes.Peer(s.To); !ok {
		return nil, fmt.Errorf("gateway: no P-Mode for access point %s", s.To.Value)
	}
	if s.Service == (ebms.Service{}) {
		s.Service = modes.Service
	}
	way, ok := modes.Outgoing(s.To, s.Service, s.Action)
	if !ok {
		return nil, fmt.Errorf("gateway: no P-Mode for action %q of service %q", s.Action, s.Service.Value)
	}
	if s.MessageID == "" {
		s.MessageID = g.newMessageID()
	}
	m := g.header(modes, way, s.Service, s.Action)
	m.MessageID, m.RefToMessageID, m.ConversationID, m.Properties = s.MessageID, s.RefToMessageID, s.ConversationID, s.Properties
	if e := modes.CheckMessage(m.Properties, way.Leg); e != nil {
		return nil, fmt.Errorf("gateway: %w", e)
	}
	plan, keeping := g.terms(way.Leg)
	return g.pack(m, s.Payloads, way.Peer, Outbound{Plan: plan, Keeping: keeping})
}

// Commit stores p within tx; it is sent when tx commits. It returns the ebMS timestamp.
func (g *Gateway) Commit(tx *store.Tx, p *Prepared) (at time.Time, err error) {
	if err := g.put(tx, p); err != nil {
		return time.Time{}, err
	}
	tx.After(func() { wake(g.wakeOut) })
	return p.o.CreatedAt, nil
}

// header is what a message of ours has by its P-Mode.
func (g *Gateway) header(modes *pmode.Set, way pmode.Outgoing, service ebms.Service, action string) ebms.UserMessage {
	return ebms.UserMessage{
		Timestamp:     g.c.Clock.Now().UTC().Truncate(time.Millisecond),
		MPC:           way.MPC,
		From:          ebms.Party{ID: modes.Self.ID, Role: way.FromRole},
		To:            ebms.Party{ID: way.Peer.ID, Role: way.ToRole},
		AgreementRef:  way.Agreement.Value,
		AgreementType: way.Agreement.Type,
		Service:       service,
		Action:        action,
	}
}

// terms are what a leg says of repetition and retention, or the configuration where it says nothing: they stay with the
// message, whatever P-Modes come in force while it is under way.
func (g *Gateway) terms(leg *pmode.Leg) (pmode.Retry, *pmode.Retention) {
	if leg == nil {
		return g.c.Retry.pmode(), g.c.Retention
	}
	if leg.Retry.Strategy == "" {
		return g.c.Retry.pmode(), &leg.Retention
	}
	return leg.Retry, &leg.Retention
}

// pack packs a message as o, whose other fields it fills in.
func (g *Gateway) pack(m ebms.UserMessage, payloads []as4.Payload, peer pmode.Party, o Outbound) (*Prepared, error) {
	entity, err := as4.Pack(m, payloads, g.own.Load().signer, peer, g.c.Spool)
	if err != nil {
		return nil, fmt.Errorf("gateway: %w", err)
	}
	o.MessageID, o.To, o.Service, o.Action, o.ConversationID, o.RefToMessageID = m.MessageID, peer.ID, m.Service.Value, m.Action, m.ConversationID, m.RefToMessageID
	o.State, o.NextAttempt, o.CreatedAt, o.ExpiresAt, o.Entity = Waiting, m.Timestamp, m.Timestamp, m.Timestamp.Add(o.Plan.GivesUp()), entity
	for i, p := range entity.Parts {
		o.Parts = append(o.Parts, PartFacts{ContentID: p.ContentID, MimeType: payloads[i].MimeType, Size: p.Content.Size()})
	}
	return &Prepared{o}, nil
}

// put stores a message within tx and tells it.
func (g *Gateway) put(tx *store.Tx, p *Prepared) error {
	if err := g.c.Store.PutOutbound(tx, p.o); err != nil {
		return err
	}
	e := p.o.event(EventSubmitted, p.o.CreatedAt)
	e.Digest = digest(p.o.Entity.Envelope)
	return g.record(tx, e)
}

func (g *Gateway) newMessageID() string { return g.c.Clock.NewUUID() + "@" + g.c.Suffix }
