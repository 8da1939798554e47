// Package alert watches an access point for its operators: figures are measured at intervals and compared with
// thresholds; what crosses one is raised once, told by mail or webhook, and cleared once, when it is safely back.
//
// Measuring is for whoever knows the figures: a Gauge. The package knows thresholds, hysteresis, storage and the ways
// to tell. Alerts name partners, certificates and figures; they hold nothing of a message and nobody's data.
package alert

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"time"

	"oots/internal/clock"
	"oots/internal/store"
)

// A Kind is what an alert is about.
type Kind string

// The kinds, each with the unit of its figures.
const (
	QueueAge    Kind = "queue age"     // minutes that the oldest message of a partner waits
	Undelivered Kind = "undelivered"   // messages of ours that were given up and nobody has looked at
	Stuck       Kind = "stuck"         // received messages that no back end takes
	Logins      Kind = "failed logins" // at the console, within an hour
	Certificate Kind = "certificate"   // days until one ends
	Disk        Kind = "disk"          // percent of the disk that is free
	PartnerDown Kind = "partner down"  // attempts in a row that failed
	PModes      Kind = "P-Modes"       // hours since others were put in force
	Journal     Kind = "journal"       // minutes since the second copy of the log was last up to date
	Measuring   Kind = "measuring"     // rounds in a row in which a gauge failed
)

// Kinds are all of them.
func Kinds() []Kind {
	return []Kind{QueueAge, Undelivered, Stuck, Logins, Certificate, Disk, PartnerDown, PModes, Journal, Measuring}
}

// A Threshold says when an alert is raised and when it is cleared. With Raise above Clear, figures are bad when they
// are high; with Raise below Clear, when they are low. Between the two nothing changes.
type Threshold struct {
	Raise float64 `json:"raise"`
	Clear float64 `json:"clear"`
	Off   bool    `json:"off,omitempty"`
}

// raises reports whether a figure is at or beyond the limit.
func (t Threshold) raises(v float64) bool {
	if t.Raise < t.Clear {
		return v <= t.Raise
	}
	return v >= t.Raise
}

// clears reports whether a figure is safely back.
func (t Threshold) clears(v float64) bool {
	if t.Raise < t.Clear {
		return v >= t.Clear
	}
	return v <= t.Clear
}

// Defaults are thresholds that suit a country.
func Defaults() map[Kind]Threshold {
	return map[Kind]Threshold{
		QueueAge:    {Raise: 15, Clear: 5},
		Undelivered: {Raise: 1, Clear: 0},
		Stuck:       {Raise: 1, Clear: 0},
		Logins:      {Raise: 10, Clear: 2},
		Certificate: {Raise: 30, Clear: 31},
		Disk:        {Raise: 10, Clear: 15},
		PartnerDown: {Raise: 3, Clear: 0},
		PModes:      {Raise: 24, Clear: 25}, // so everybody hears of an activation, for a day
		Journal:     {Raise: 10, Clear: 0},
		Measuring:   {Raise: 3, Clear: 0},
	}
}

// A Measurement is one figure: what it is about, and what it is about in particular, such as a partner.
type Measurement struct {
	Kind    Kind
	Subject string
	Value   float64
	Detail  string // one sentence for people; "" when the figure says all
}

// A Gauge measures. Alerts of the kinds it is for are cleared when it measures nothing for their subject any more.
type Gauge struct {
	Name    string
	Kinds   []Kind
	Measure func(ctx context.Context, now time.Time) ([]Measurement, error)
}

// An Alert is a threshold that was crossed.
type Alert struct {
	ID      string    `json:"id"`
	Kind    Kind      `json:"kind"`
	Subject string    `json:"subject"`
	Value   float64   `json:"value"` // the last figure
	Limit   float64   `json:"limit"` // that was crossed
	Detail  string    `json:"detail,omitempty"`
	Raised  time.Time `json:"raised"`
	Cleared time.Time `json:"cleared,omitzero"` // zero while it lasts
}

// Open reports whether the alert lasts.
func (a *Alert) Open() bool { return a.Cleared.IsZero() }

// A Message is a change of an alert that one teller is to tell.
type Message struct {
	ID       string // of the change: it repeats when it is told again, and for each teller
	Teller   string // name of the one that is to tell it
	Alert    Alert  // as it was when it changed; without ID when what is stored cannot be read
	Attempts int    // those begun
}

// Store keeps alerts. Changes that it is given are told once by each teller, by whichever process claims them.
type Store interface {
	// Open lists the alerts that last.
	Open(tx *store.Tx) ([]Alert, error)
	// Recent lists alerts, those that last first, then the newest.
	Recent(tx *store.Tx, limit int) ([]Alert, error)
	// Put writes an alert under its id.
	Put(tx *store.Tx, a Alert) error
	// Enqueue adds a message that is to be told.
	Enqueue(tx *store.Tx, m Message, at time.Time) error
	// Claim takes a message of a teller that is due, until then for this process: the one with the fewest attempts, and
	// of those the oldest. One that follows another of the same alert waits for it, so that nobody hears that an alert is
	// cleared before that it was raised. The error is store.ErrNotFound when nothing is due.
	Claim(tx *store.Tx, teller string, now, until time.Time) (Message, error)
	// Told forgets a message of a teller; Again gives it another time.
	Told(tx *store.Tx, id, teller string) error
	Again(tx *store.Tx, id, teller string, at time.Time) error
	// Forget gives up all messages from before a time, those of tellers that are no more among them.
	Forget(tx *store.Tx, before time.Time) error
}

// A Teller hands a message to people or to their systems.
type Teller interface {
	// Name tells it from other tellers, also after a restart.
	Name() string
	Tell(ctx context.Context, m Message) error
}

// Config is what a Watch is made of.
type Config struct {
	DB         *store.DB
	Store      Store
	Gauges     []Gauge
	Thresholds map[Kind]Threshold // kinds that are missing have those of Defaults
	Tellers    []Teller           // each tells everything, by a queue of its own; none keeps alerts for the console only
	Clock      clock.Clock
	Log        *slog.Logger
}

// A Watch compares figures with thresholds.
type Watch struct {
	c Config

	mu     sync.Mutex
	failed map[string]int // rounds in a row in which a gauge failed, by name
}

// New makes a watch; Run starts it.
func New(c Config) (*Watch, error) {
	if c.DB == nil || c.Store == nil || c.Clock.Now == nil || c.Log == nil {
		return nil, errors.New("alert: database, store, clock and logger are needed")
	}
	limits := Defaults()
	for k, t := range c.Thresholds {
		if _, ok := limits[k]; !ok {
			return nil, errors.New("alert: unknown kind " + string(k))
		}
		limits[k] = t
	}
	c.Thresholds = limits
	for i, t := range c.Tellers {
		if slices.ContainsFunc(c.Tellers[:i], func(o Teller) bool { return o.Name() == t.Name() }) {
			return nil, errors.New("alert: two tellers are called " + t.Name())
		}
	}
	return &Watch{c: c, failed: map[string]int{}}, nil
}

// Thresholds are those in use.
func (w *Watch) Thresholds() map[Kind]Threshold { return w.c.Thresholds }

// Evaluate measures once and raises or clears what has changed. A gauge that fails leaves its alerts as they are, and
// is an alert itself when it keeps failing.
func (w *Watch) Evaluate(ctx context.Context, now time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var found []Measurement
	known := map[Kind]bool{Measuring: true}
	for _, g := range w.c.Gauges {
		ms, err := measure(ctx, g, now)
		if err != nil {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			w.c.Log.Error("alert: a figure cannot be measured", "gauge", g.Name, "err", err)
			w.failed[g.Name]++
		} else {
			w.failed[g.Name] = 0
			found = append(found, ms...)
			for _, k := range g.Kinds {
				known[k] = true
			}
		}
		found = append(found, Measurement{Kind: Measuring, Subject: g.Name, Value: float64(w.failed[g.Name])})
	}
	return w.c.DB.Update(ctx, func(tx *store.Tx) error { return w.compare(tx, found, known, now) })
}

// measuring is how long one gauge may take: one that hangs is one that fails.
const measuring = time.Minute

func measure(ctx context.Context, g Gauge, now time.Time) ([]Measurement, error) {
	ctx, cancel := context.WithTimeout(ctx, measuring)
	defer cancel()
	return g.Measure(ctx, now)
}

type place struct {
	kind    Kind
	subject string
}

func (w *Watch) compare(tx *store.Tx, found []Measurement, known map[Kind]bool, now time.Time) error {
	open, err := w.c.Store.Open(tx)
	if err != nil {
		return err
	}
	last := map[place]Alert{}
	for _, a := range open {
		last[place{a.Kind, a.Subject}] = a
	}
	for _, m := range found {
		t := w.c.Thresholds[m.Kind]
		at := place{m.Kind, m.Subject}
		a, lasts := last[at]
		delete(last, at)
		switch {
		case !lasts && !t.Off && t.raises(m.Value):
			a = Alert{ID: w.c.Clock.NewUUID(), Kind: m.Kind, Subject: m.Subject, Value: m.Value, Limit: t.Raise, Detail: m.Detail, Raised: now.UTC()}
			err = w.change(tx, a, now)
		case lasts && (t.Off || t.clears(m.Value)):
			a.Value, a.Cleared = m.Value, now.UTC()
			err = w.change(tx, a, now)
		case lasts && (a.Value != m.Value || a.Detail != m.Detail):
			a.Value, a.Detail = m.Value, m.Detail
			err = w.c.Store.Put(tx, a)
		}
		if err != nil {
			return err
		}
	}
	for _, a := range last { // nothing is measured for them any more
		if !known[a.Kind] {
			continue
		}
		a.Cleared = now.UTC()
		if err := w.change(tx, a, now); err != nil {
			return err
		}
	}
	return nil
}

// change stores an alert that was raised or cleared, and what each teller is to tell of it.
func (w *Watch) change(tx *store.Tx, a Alert, now time.Time) error {
	err := w.c.Store.Put(tx, a)
	id := w.c.Clock.NewUUID()
	for _, t := range w.c.Tellers {
		if err == nil {
			err = w.c.Store.Enqueue(tx, Message{ID: id, Teller: t.Name(), Alert: a}, now)
		}
	}
	return err
}

// Recent lists alerts, those that last first, then the newest.
func (w *Watch) Recent(ctx context.Context, limit int) (all []Alert, err error) {
	err = w.c.DB.View(ctx, func(tx *store.Tx) error {
		all, err = w.c.Store.Recent(tx, limit)
		return err
	})
	return all, err
}

// Lasting are the alerts that last.
func Lasting(all []Alert) []Alert {
	return slices.DeleteFunc(slices.Clone(all), func(a Alert) bool { return !a.Open() })
}
