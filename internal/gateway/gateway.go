// Package gateway is the access point, corners 2 and 3: an outbox that sends until a receipt or a final
// error has come, and an inbox that acknowledges only what is on disk and hands it to the back end once.
// [AS4 1.15 §9, §10, §12] It carries payloads and knows nothing of evidence: it serves any user of eDelivery.
//
// A back end submits inside its own transaction and consumes inside the gateway's, so a message and the
// state that belongs to it are stored together or not at all. Work is claimed by a conditional update with
// a lease: several gateways may share one store, and a killed one leaves nothing undone and nothing doubled.
package gateway

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
	"oots/internal/clock"
	"oots/internal/store"
)

// A Submission is a message as a back end hands it over.
type Submission struct {
	To             ebms.PartyID // access point of the other side
	Service        ebms.Service // zero is the first of the P-Modes
	Action         string
	MessageID      string // of a back end that names its messages itself; "" is a new one
	RefToMessageID string // the message that this one answers; "" for none
	ConversationID string
	Properties     []ebms.Property
	Payloads       []as4.Payload // leading document first
}

// A Delivery is a received message as the back end gets it: verified, decrypted, decompressed.
type Delivery struct {
	Message  ebms.UserMessage
	Payloads []as4.Payload
}

// A Consumer takes a delivery within tx. When it returns an error the transaction is rolled back and the
// delivery is offered again later.
type Consumer func(tx *store.Tx, d Delivery) error

// A FailureConsumer learns within tx that a message of ours will not arrive: code is the ebMS error that
// ended it, EBMS:0301 when no receipt came. [AS4 1.15 §12]
type FailureConsumer func(tx *store.Tx, messageID, code string) error

// A SuccessConsumer learns within tx that a message of ours has arrived: its receipt has been verified and is stored.
type SuccessConsumer func(tx *store.Tx, messageID string) error

// A RetryPlan is how often and how far apart a message is sent.
type RetryPlan struct {
	Attempts int           // including the first; at least 1
	Interval time.Duration // between attempts, constant
}

// DefaultRetry is five attempts, three minutes apart, as the P-Modes of OOTS ask (12;4;CONSTANT).
var DefaultRetry = RetryPlan{Attempts: 5, Interval: 3 * time.Minute}

// Config is what a gateway is made of.
type Config struct {
	Self     wssec.Identity
	PModes   pmode.Source // asked once for each message and each attempt; a *pmode.Set is one that does not change
	Store    Store
	Spool    as4.Spool    // for parts on their way; its files outlive the process
	Client   *http.Client // with the TLS trust of the peers' servers; redirects are never followed
	Clock    clock.Clock
	Suffix   string // behind the @ of message ids, for example "ap.at.example"
	Owner    string // names this gateway in leases: unique among those of one store, the same after a restart
	Retry    RetryPlan
	Limits   as4.Limits
	Inbound  int // messages processed at once; 0 means 16
	Log      *slog.Logger
	Consume  Consumer
	Fail     FailureConsumer
	Sent     SuccessConsumer // may be nil
	Observer func(Wire)      // sees every entity on the wire; may be nil

	Outbound   int           // attempts at once; 0 means 16
	PerPartner PartnerLimits // of each partner
	// Record stores an event within the transaction that makes it a fact; may be nil.
	Record  func(tx *store.Tx, e Event) error
	Metrics Metrics // may be nil
}

// PartnerLimits is the share of the access point that one partner may take, so that one that is slow or floods leaves
// the others unharmed. A zero field is the default.
type PartnerLimits struct {
	Outbound int     // attempts to it at once; 4
	Inbound  int     // messages of it at once, and requests of one address at once; three quarters of Config.Inbound
	Rate     float64 // messages of it per second, over time; 1000
	Burst    int     // messages of it that may come faster than Rate; 5000
}

// A Gateway is one access point. It is safe for concurrent use.
type Gateway struct {
	c        Config
	observed bool
	receiver *as4.Receiver
	slots    chan struct{}
	wakeOut  chan struct{}
	wakeIn   chan struct{}
}

// orphaned is how old a spooled part without a message must be to be swept: no transfer takes longer.
const orphaned = time.Hour

// lease is how long claimed work belongs to one process before another may take it.
const lease = 2 * time.Minute

// New makes a gateway; Run starts its work, ServeHTTP is its receiving end.
func New(c Config) (*Gateway, error) {
	if c.Retry.Attempts < 1 {
		c.Retry = DefaultRetry
	}
	if c.Inbound <= 0 {
		c.Inbound = 16
	}
	if c.Store == nil || c.Spool == nil || c.PModes == nil || c.Consume == nil || c.Fail == nil || c.Suffix == "" || c.Owner == "" {
		return nil, errors.New("gateway: store, spool, P-Modes, consumers, suffix and owner are required")
	}
	if err := c.PModes.PModes().Check(); err != nil {
		return nil, fmt.Errorf("gateway: %w", err)
	}
	if c.Sent == nil {
		c.Sent = func(*store.Tx, string) error { return nil }
	}
	watched := c.Observer != nil
	if !watched {
		c.Observer = func(Wire) {}
	}
	g := &Gateway{
		c:        c,
		observed: watched,
		receiver: &as4.Receiver{Self: []wssec.Identity{c.Self}, Source: c.PModes, Limits: c.Limits, Now: c.Clock.Now, Spool: c.Spool},
		slots:    make(chan struct{}, c.Inbound),
		wakeOut:  make(chan struct{}, 1),
		wakeIn:   make(chan struct{}, 1),
	}
	g.receiver.Signals = g.takeSignal
	return g, nil
}

// Recover takes up what an earlier life of this gateway had claimed when it was killed, without waiting for
// its leases to run out, and removes parts that belong to no message. Call it once, before Run.
func (g *Gateway) Recover(ctx context.Context) error {
	return g.c.Store.Update(ctx, func(tx *store.Tx) error {
		if err := g.c.Store.Release(tx, g.c.Owner); err != nil {
			return err
		}
		return g.c.Store.Sweep(tx, g.c.Clock.Now().Add(-orphaned))
	})
}

// Submit packs s for its receiver and stores it within tx; it is sent when tx commits. It returns the ebMS
// message id and timestamp. The entity is made once: every attempt sends the same bytes. [AS4 1.15 §12]
func (g *Gateway) Submit(tx *store.Tx, s Submission) (messageID string, at time.Time, err error) {
	modes := g.c.PModes.PModes()
	if _, ok := modes.Peer(s.To); !ok {
		return "", time.Time{}, fmt.Errorf("gateway: no P-Mode for access point %s", s.To.Value)
	}
	if s.Service == (ebms.Service{}) {
		s.Service = modes.Service
	}
	way, ok := modes.Outgoing(s.To, s.Service, s.Action)
	if !ok {
		return "", time.Time{}, fmt.Errorf("gateway: no P-Mode for action %q of service %q", s.Action, s.Service.Value)
	}
	if s.MessageID == "" {
		s.MessageID = g.newMessageID()
	}
	at = g.c.Clock.Now().UTC().Truncate(time.Millisecond)
	m := ebms.UserMessage{
		Timestamp:      at,
		MessageID:      s.MessageID,
		MPC:            way.MPC,
		From:           ebms.Party{ID: modes.Self.ID, Role: way.FromRole},
		To:             ebms.Party{ID: way.Peer.ID, Role: way.ToRole},
		AgreementRef:   way.Agreement.Value,
		AgreementType:  way.Agreement.Type,
		RefToMessageID: s.RefToMessageID,
		Service:        s.Service,
		Action:         s.Action,
		ConversationID: s.ConversationID,
		Properties:     s.Properties,
	}
	if e := modes.CheckMessage(m.Properties, way.Leg); e != nil {
		return "", time.Time{}, fmt.Errorf("gateway: %w", e)
	}
	entity, err := as4.Pack(m, s.Payloads, g.c.Self, way.Peer, g.c.Spool)
	if err != nil {
		return "", time.Time{}, fmt.Errorf("gateway: %w", err)
	}
	err = g.c.Store.PutOutbound(tx, Outbound{
		MessageID: m.MessageID, To: s.To, Action: s.Action, ConversationID: s.ConversationID,
		State: Waiting, NextAttempt: at, CreatedAt: at, Entity: entity,
	})
	if err != nil {
		entity.Discard()
		return "", time.Time{}, err
	}
	tx.After(func() { wake(g.wakeOut) })
	return m.MessageID, at, nil
}

func (g *Gateway) newMessageID() string { return g.c.Clock.NewUUID() + "@" + g.c.Suffix }

// Run sends and delivers until ctx ends. Poll is how often it looks for work that nobody announced: work
// left by a restart, by another gateway, or due again.
func (g *Gateway) Run(ctx context.Context, poll time.Duration) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		g.loop(ctx, poll, g.wakeIn, g.Deliver)
	}()
	g.loop(ctx, poll, g.wakeOut, g.Send)
	<-done
}

func (g *Gateway) loop(ctx context.Context, poll time.Duration, woken <-chan struct{}, work func(context.Context) (int, error)) {
	timer := time.NewTicker(poll)
	defer timer.Stop()
	for {
		if _, err := work(ctx); err != nil && ctx.Err() == nil {
			g.c.Log.Error("gateway: work failed", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-woken:
		case <-timer.C:
		}
	}
}

func wake(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
