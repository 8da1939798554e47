// Package node assembles: one Member State out of its services, and a demonstration out of two Member States
// and the directories. It is the one place that knows all; it decides nothing about exchanges.
package node

import (
	"context"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/audit"
	"oots/internal/clock"
	"oots/internal/demo"
	"oots/internal/gateway"
	"oots/internal/lifecycle"
	"oots/internal/login/eidasnode"
	"oots/internal/lookup"
	"oots/internal/pki"
	"oots/internal/provider"
	"oots/internal/requester"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// A MemberState is one side of the demonstration: it asks through its portal and answers through its
// provider, over one access point and one database.
type MemberState struct {
	Country     string
	Base        string // https address of its portal, preview space and access point
	AccessPoint edm.Identifier
	Requester   *requester.Service
	Provider    *provider.Service
	CodeLists   *lookup.Client
	Gateway     *gateway.Gateway
	Submissions *lifecycle.Sender // to the Common Services
	Journal     *audit.Journal
	Handler     http.Handler // portal, preview space, login and /as4

	store   *sqlstore.Store
	journal keptLog
	outbox  *outbox
	log     *slog.Logger
}

// stateConfig is what one Member State is made of.
type stateConfig struct {
	demo.State
	base      string
	dir       string
	pair      pki.Pair
	peer      pmode.Party
	common    pmode.Party // the Common Services
	sealing   []byte
	directory *lookup.Client
	client    *http.Client
	clock     clock.Clock
	log       *slog.Logger
	t1        time.Duration
	retry     gateway.RetryPlan
	recorder  *Recorder
	allowed   func(host string) bool
	speaks    []edm.Version // release lines of the portal; none means all
	rules     *edm.Rules
	wait      func(ctx context.Context, d time.Duration) error
	variant   *Variant
	eidas     *eidasnode.Node // that its portal and preview space ask
}

func (c *stateConfig) party() pmode.Party {
	return pmode.Party{
		ID: partyID(c.AccessPoint), Role: demo.GatewayRole, URL: c.base + "/as4",
		Signing: []*x509.Certificate{c.pair.Certificate}, Encryption: c.pair.Certificate,
	}
}

// openState assembles one Member State; Close releases it.
func openState(ctx context.Context, c stateConfig) (*MemberState, error) {
	db, err := sqlstore.Open(ctx, filepath.Join(c.dir, c.Country), c.sealing)
	if err != nil {
		return nil, err
	}
	m := &MemberState{
		Country: c.Country, Base: c.base, AccessPoint: c.AccessPoint, CodeLists: c.directory,
		store: db, log: c.log.With("country", c.Country),
	}
	if m.journal, err = openJournal(db, filepath.Join(c.dir, c.Country), c.clock, c.pair, m.log); err == nil {
		m.Journal = m.journal.Journal
		err = m.assemble(c)
	}
	if err == nil {
		err = m.Gateway.Recover(ctx)
	}
	if err == nil {
		err = m.Provider.Recover(ctx)
	}
	if err != nil {
		db.Close()
		return nil, err
	}
	return m, nil
}

func (m *MemberState) assemble(c stateConfig) error {
	if err := c.requesterTimeouts().Check(c.providerTimeouts()); err != nil {
		return err
	}
	out := &outbox{clock: c.clock, suffix: suffix(c.Country), country: c.Country, recorder: c.recorder, change: c.variant.Outgoing}
	m.outbox = out
	var err error
	if m.Requester, err = m.newRequester(c, out); err != nil {
		return err
	}
	if m.Provider, err = m.newProvider(c, out); err != nil {
		return err
	}
	decrypter, ok := c.pair.Key.(crypto.Decrypter)
	if !ok {
		return fmt.Errorf("the key of %s cannot decrypt", c.AccessPoint.Value)
	}
	config := gateway.Config{
		Self:    wssec.Identity{Key: c.pair.Key, Decrypter: decrypter, Certificate: c.pair.Certificate},
		PModes:  modes(c.party(), c.exchangePeer(), c.common),
		Store:   m.store.Gateway(),
		Spool:   m.store.Spool,
		Client:  c.client,
		Clock:   c.clock,
		Suffix:  suffix(c.Country),
		Owner:   c.AccessPoint.Value,
		Retry:   c.retry,
		Limits:  c.variant.Limits,
		Log:     m.log,
		Consume: m.consume,
		Fail:    m.fail,
		Record:  m.journal.record,
	}
	if c.recorder != nil {
		config.Observer = func(w gateway.Wire) { c.recorder.Wire(c.Country, w) }
	}
	if m.Gateway, err = gateway.New(config); err != nil {
		return err
	}
	out.gateway = m.Gateway
	m.Submissions = &lifecycle.Sender{
		DB: m.store.DB, Store: m.store.Lifecycle(), Outbox: &submissionOutbox{gateway: m.Gateway, clock: c.clock, suffix: suffix(c.Country)},
		Clock: c.clock, Log: m.log, AccessPoint: c.AccessPoint, OriginalSender: c.State.Requester.ID,
	}
	m.Handler, err = m.pages(c)
	return err
}

// exchangePeer is the other Member State: it sends evidence exchange and nothing else.
func (c *stateConfig) exchangePeer() pmode.Party {
	p := c.peer
	p.Actions = []string{string(exchange.ExecuteQueryRequest), string(exchange.ExecuteQueryResponse), string(exchange.ExceptionResponse)}
	return p
}

func (m *MemberState) newRequester(c stateConfig, out *outbox) (*requester.Service, error) {
	return requester.New(requester.Deps{
		DB: m.store.DB, Store: m.store.Requester(), Outbox: out, Directory: c.directory, Journal: m.Journal, Clock: c.clock, Log: m.log,
		Settings: c.variant.requester(c.Country, requester.Settings{
			Country: c.Country, Requester: c.State.Requester, AccessPoint: c.AccessPoint,
			Timeouts: c.requesterTimeouts(), ReturnBase: c.base + "/return/", PreviewAllowed: c.allowed,
			WithholdIdentifier: withheld, Versions: c.speaks, Rules: c.rules,
		}),
	})
}

// withheld are the countries whose eID gives a person another identifier for each destination. [TDD 2]
var withheld = []string{"AT", "LU", "NL"}

// requesterTimeouts and providerTimeouts are those of TDD 4.4.3 around the chosen T1.
func (c *stateConfig) requesterTimeouts() exchange.Timeouts {
	return exchange.Timeouts{T1: c.t1 + time.Minute, T2: exchange.DefaultRequester.T2, T3: exchange.DefaultRequester.T3}
}

func (c *stateConfig) providerTimeouts() exchange.Timeouts {
	return exchange.Timeouts{T1: c.t1, T2: exchange.DefaultProvider.T2, T3: exchange.DefaultProvider.T3}
}

// suffix ends the message and content ids of a country's access point.
func suffix(country string) string { return "ap." + lower(country) + ".oots.example" }

// consume hands a delivery to the side of the node that its action is for.
func (m *MemberState) consume(tx *store.Tx, d gateway.Delivery) error {
	if d.Message.Service.Value == submissions.Value {
		e, err := submissionEnvelope(d)
		if err != nil {
			return err
		}
		return m.Submissions.Receive(tx, e)
	}
	e, err := envelope(d)
	if err != nil {
		return err
	}
	if e.Action == exchange.ExecuteQueryRequest {
		return m.Provider.Receive(tx, e)
	}
	return m.Requester.Receive(tx, e)
}

// fail tells the requester or the sender of submissions that a message did not arrive; for an answer of the provider
// there is nobody to tell but the log.
func (m *MemberState) fail(tx *store.Tx, messageID, code string) error {
	if err := m.Submissions.Undeliverable(tx, messageID, code); err != nil {
		return err
	}
	return m.Requester.Undeliverable(tx, messageID, code)
}

// Work sends and delivers what is due and concludes timeouts, once. It reports whether there was anything
// to do.
func (m *MemberState) Work(ctx context.Context) (bool, error) {
	busy := 0
	for _, work := range []func(context.Context) (int, error){m.Gateway.Send, m.Gateway.Deliver, m.Provider.Answer, m.Requester.Expire, m.Provider.Expire} {
		n, err := work(ctx)
		if err != nil {
			return false, err
		}
		busy += n
	}
	return busy > 0, nil
}

// Run works until ctx ends.
func (m *MemberState) Run(ctx context.Context) {
	var working sync.WaitGroup
	working.Go(func() { m.Gateway.Run(ctx, time.Second) })
	working.Go(func() { m.Provider.Run(ctx, time.Second) })
	working.Go(func() { m.repeat(ctx, 5*time.Second, "timeouts", m.Requester.Expire, m.Provider.Expire) })
	working.Go(func() { m.repeat(ctx, time.Hour, "retention", m.Requester.Purge, m.Provider.Purge) })
	working.Go(func() { m.journal.run(ctx) })
	working.Wait()
}

// repeat does its jobs now and after every interval.
func (m *MemberState) repeat(ctx context.Context, every time.Duration, what string, jobs ...func(context.Context) (int, error)) {
	repeat(ctx, m.log, every, what, jobs...)
}

func repeat(ctx context.Context, log *slog.Logger, every time.Duration, what string, jobs ...func(context.Context) (int, error)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		for _, job := range jobs {
			if _, err := job(ctx); err != nil && ctx.Err() == nil {
				log.Error("periodic work failed", "what", what, "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Log lists the entries of the log of article 17 about one exchange, oldest first.
func (m *MemberState) Log(ctx context.Context, exchangeID string) ([]LogLine, error) {
	var out []LogLine
	err := m.store.DB.View(ctx, func(tx *store.Tx) error {
		entries, err := m.Journal.Entries(tx, exchangeID)
		for _, e := range entries {
			out = append(out, LogLine{At: e.At, Event: e.Name, MessageID: e.MessageID, RequestID: e.RequestID, Code: e.Code, Rule: e.Rule})
		}
		return err
	})
	return out, err
}

// Close copies the rest of the log, and releases the database.
func (m *MemberState) Close() error {
	m.CodeLists.Close()
	return errors.Join(m.journal.close(), m.store.Close())
}
