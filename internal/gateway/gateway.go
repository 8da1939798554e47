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
	"slices"
	"sync"
	"sync/atomic"
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
// ended it, EBMS:0301 when no receipt came, CodeCancelled and CodeUncertain by an operator. After all but CodeCancelled
// and the codes of a refusal it may have arrived all the same. [AS4 1.15 §12]
type FailureConsumer func(tx *store.Tx, messageID, code string) error

// A SuccessConsumer learns within tx that a message of ours has arrived: its receipt has been verified and is stored, or
// an operator has said so. It may come after a FailureConsumer was called, when the receipt comes late.
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
	Self     wssec.Identity // until SetIdentities
	PModes   pmode.Source   // asked once for each message and each attempt; a *pmode.Set is one that does not change
	Store    Store
	Spool    as4.Spool    // for parts on their way; its files outlive the process
	Client   *http.Client // with the TLS trust of the peers' servers; redirects are never followed
	Clock    clock.Clock
	Suffix   string // behind the @ of message ids, for example "ap.at.example"
	Owner    string // names this gateway in leases: unique among those of one store, the same after a restart
	Retry    RetryPlan
	Limits   as4.Limits
	Reading  int // requests at once whose sender is not proven yet; 0 means 256
	Inbound  int // messages at once whose sender is proven; 0 means 64
	Log      *slog.Logger
	Consume  Consumer
	Fail     FailureConsumer
	Sent     SuccessConsumer // may be nil
	Observer func(Wire)      // sees every entity on the wire; may be nil

	// Retention says when payloads are deleted where a P-Mode does not; nil is DefaultRetention.
	Retention  *pmode.Retention
	Outbound   int           // attempts at once; 0 means 16
	PerPartner PartnerLimits // of each partner
	// Record stores an event within the transaction that makes it a fact; may be nil.
	Record  func(tx *store.Tx, e Event) error
	Metrics Metrics // may be nil
}

// PartnerLimits is the share of the access point that one partner may take, so that one that is slow or floods leaves
// room for the others. A zero field is the default.
type PartnerLimits struct {
	Outbound int     // attempts to it at once; 4
	Inbound  int     // messages of it at once; a quarter of Config.Inbound, so it takes four such partners to fill it
	Rate     float64 // messages of it per second, over time; 1000
	Burst    int     // messages of it that may come faster than Rate; 5000
}

// A Gateway is one access point. It is safe for concurrent use.
type Gateway struct {
	c         Config
	observed  bool
	own       atomic.Pointer[identities]
	slots     chan struct{} // of messages that are received and whose sender is proven
	sending   chan struct{} // of attempts
	lanes     lanes
	admission admission
	often     tallies
	wakeOut   chan struct{}
	wakeIn    chan struct{}

	mu      sync.Mutex
	busy    map[Key]bool // what this process works on
	revived time.Time
	pings   map[string]chan struct{} // by message id: closed when a receipt has come by callback
}

// identities are our keys, and the receiver that has them.
type identities struct {
	signer   wssec.Identity
	receiver *as4.Receiver
}

// orphaned is how old a spooled part without a message must be to be swept: no transfer takes longer.
const orphaned = time.Hour

// lease is how long claimed work belongs to one process before another may take it.
const lease = 2 * time.Minute

// New makes a gateway; Run starts its work, ServeHTTP is its receiving end.
func New(c Config) (*Gateway, error) {
	if c.Store == nil || c.Spool == nil || c.PModes == nil || c.Consume == nil || c.Fail == nil || c.Suffix == "" || c.Owner == "" {
		return nil, errors.New("gateway: store, spool, P-Modes, consumers, suffix and owner are required")
	}
	if err := c.PModes.PModes().Check(); err != nil {
		return nil, fmt.Errorf("gateway: %w", err)
	}
	watched := c.Observer != nil
	c.setDefaults()
	g := &Gateway{
		c:        c,
		observed: watched,
		slots:    make(chan struct{}, c.Inbound),
		sending:  make(chan struct{}, c.Outbound),
		lanes:    lanes{each: c.PerPartner.Outbound},
		wakeOut:  make(chan struct{}, 1),
		wakeIn:   make(chan struct{}, 1),
		busy:     map[Key]bool{},
		pings:    map[string]chan struct{}{},
	}
	g.admission.limits, g.admission.unproven, g.admission.each = c.PerPartner, c.Reading, max(1, c.Reading/sources)
	g.SetIdentities([]wssec.Identity{c.Self})
	return g, nil
}

func (c *Config) setDefaults() {
	if c.Retry.Attempts < 1 {
		c.Retry = DefaultRetry
	}
	if c.Retention == nil {
		c.Retention = &DefaultRetention
	}
	c.Reading = positive(c.Reading, 256)
	c.Inbound = positive(c.Inbound, 64)
	c.Outbound = positive(c.Outbound, 16)
	c.PerPartner.Outbound = positive(c.PerPartner.Outbound, 4)
	c.PerPartner.Inbound = positive(c.PerPartner.Inbound, max(1, c.Inbound/4))
	c.PerPartner.Burst = positive(c.PerPartner.Burst, 5000)
	if c.PerPartner.Rate <= 0 {
		c.PerPartner.Rate = 1000
	}
	if c.Sent == nil {
		c.Sent = func(*store.Tx, string) error { return nil }
	}
	if c.Observer == nil {
		c.Observer = func(Wire) {}
	}
	if c.Metrics == nil {
		c.Metrics = unmeasured{}
	}
}

func positive(n, otherwise int) int {
	if n <= 0 {
		return otherwise
	}
	return n
}

// SetIdentities changes our keys while messages are under way: the first signs what is packed and answered from now on,
// all of them open what partners have encrypted. So a new certificate is published beside the old one, and the old one
// goes when no partner uses it any more. What is packed already is sent as it is. It ignores an empty list.
func (g *Gateway) SetIdentities(own []wssec.Identity) {
	if len(own) == 0 {
		return
	}
	r := &as4.Receiver{
		Self: slices.Clone(own), Source: g.c.PModes, Limits: g.c.Limits, Now: g.c.Clock.Now, Spool: g.c.Spool,
		Signals: g.takeSignal,
	}
	g.own.Store(&identities{signer: own[0], receiver: r})
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

// Run sends and delivers until ctx ends, and deletes what is to be deleted. Poll is how often it looks for work that nobody
// announced: work left by a restart, by another gateway, or due again. It returns when nothing is under way any more;
// attempts that are have ten seconds left.
func (g *Gateway) Run(ctx context.Context, poll time.Duration) {
	var working sync.WaitGroup
	working.Go(func() { g.loop(ctx, poll, g.wakeIn, g.Deliver) })
	working.Go(func() { g.loop(ctx, purging, nil, g.Purge) })
	working.Go(func() { g.rounds(ctx, poll) })
	working.Wait()
	err := g.c.Store.Update(context.WithoutCancel(ctx), func(tx *store.Tx) error { return g.recordRest(tx, true) })
	if err != nil {
		g.c.Log.Error("gateway: what was counted could not be recorded", "err", err)
	}
}

// purging is how often what is to be deleted is looked for.
const purging = 10 * time.Minute

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

// rounds sends until ctx ends. A new round begins as soon as something is announced, although attempts of the last one are
// under way: one partner that does not answer must not keep the others waiting.
func (g *Gateway) rounds(ctx context.Context, poll time.Duration) {
	var working sync.WaitGroup
	defer working.Wait()
	timer := time.NewTicker(poll)
	defer timer.Stop()
	for {
		if err := g.start(ctx, &working); err != nil && ctx.Err() == nil {
			g.c.Log.Error("gateway: work failed", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-g.wakeOut:
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
