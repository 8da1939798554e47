package discovery

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"oots/directory"
)

const (
	// ceiling bounds how long an answer of the DNS is kept.
	ceiling = time.Hour
	// rest is how long nobody is asked again after trouble.
	rest = 30 * time.Second
	// absence bounds how long the answer "no record" is kept.
	absence = 5 * time.Minute
	// lastGood is how long a place outlives its time when the DNS does not answer.
	lastGood = 7 * 24 * time.Hour
	// maxNames bounds what a Finder remembers: two services of every country.
	maxNames = 1000
)

// A Where is one service of one country; Country "" stands for every country without an entry of its own.
type Where struct {
	Service directory.Service
	Country string
}

// A Place is where a service was found.
type Place struct {
	Base     string // https URL with a slash at its end
	Country  string // whose record, or override, led there
	Name     string // DNS name; "" for an override
	Fallback bool   // the country has no record, and that of the own country was used
	Stale    bool   // the DNS does not answer, and an earlier answer was used
}

// Memory keeps places beyond the life of a process. An empty base says that there is none any more.
type Memory interface {
	LoadPlace(name string) (base string, at time.Time, ok bool)
	SavePlace(name, base string, at time.Time) error
}

// Options are what a Finder works with. Resolver, Environment, Now and Log are needed, the rest has useful
// zero values.
type Options struct {
	Resolver interface {
		Lookup(ctx context.Context, name string) (Answer, error)
	}
	Environment Environment

	// Own is the own country. With Fallback its record serves for a country that has none: right as long as
	// every country uses the Commission's instance. [TDD 3.4]
	Own      string
	Fallback bool

	// Overrides replace the DNS for tests and fixed deployments.
	Overrides map[Where]string

	Ceiling  time.Duration // how long an answer is kept at most; 0 is an hour
	LastGood time.Duration // how long it may be used beyond that in an outage; 0 is seven days
	Memory   Memory        // nil remembers in the process only
	Now      func() time.Time
	Log      *slog.Logger
}

// A Finder finds directories and remembers where they are. It may be used by many at once.
type Finder struct {
	o       Options
	mu      sync.Mutex
	entries map[string]*entry
}

// An entry is one name. Its turn lets one goroutine at a time read and change what is known.
type entry struct {
	turn chan struct{}
	known
}

// known is what is known of one name.
type known struct {
	base    string
	at      time.Time // of base
	expires time.Time
	none    bool // the name has no record
	trouble error
	until   time.Time // nobody is asked before
}

// NewFinder returns a Finder that knows nothing yet.
func NewFinder(o Options) *Finder {
	if o.Ceiling == 0 {
		o.Ceiling = ceiling
	}
	if o.LastGood == 0 {
		o.LastGood = lastGood
	}
	return &Finder{o: o, entries: make(map[string]*entry)}
}

// Find returns the place of a service of a country. The error is ErrNoRecord when neither it nor, with
// Fallback, the own country has a record; anything else is trouble that may pass.
func (f *Finder) Find(ctx context.Context, s directory.Service, country string) (Place, error) {
	for _, c := range [...]string{country, ""} {
		if base, ok := f.o.Overrides[Where{s, c}]; ok {
			base, err := CheckBase(base)
			return Place{Base: base, Country: country}, err
		}
	}
	p, err := f.find(ctx, s, country)
	if !errors.Is(err, ErrNoRecord) || !f.o.Fallback || f.o.Own == "" || f.o.Own == country {
		return p, err
	}
	p, err = f.find(ctx, s, f.o.Own)
	p.Fallback = true
	if err == nil {
		f.o.Log.LogAttrs(ctx, slog.LevelInfo, "country without a record, own directory used",
			slog.String("country", country), slog.String("service", string(s)), slog.String("base", p.Base))
	}
	return p, err
}

func (f *Finder) find(ctx context.Context, s directory.Service, country string) (Place, error) {
	name, err := Name(country, s, f.o.Environment)
	if err != nil {
		return Place{}, err
	}
	if err := ctx.Err(); err != nil {
		return Place{}, err
	}
	e := f.entry(name)
	select {
	case e.turn <- struct{}{}:
		defer func() { <-e.turn }()
	case <-ctx.Done():
		return Place{}, ctx.Err()
	}
	now := f.o.Now()
	if !now.Before(e.expires) && !now.Before(e.until) {
		f.refresh(ctx, name, e)
		now = f.o.Now()
	}
	p := Place{Base: e.base, Country: country, Name: name}
	switch {
	case now.Before(e.expires) && e.none:
		return Place{}, ErrNoRecord
	case now.Before(e.expires):
		return p, nil
	case e.base != "" && now.Before(e.at.Add(f.o.Ceiling+f.o.LastGood)):
		p.Stale = true
		f.o.Log.LogAttrs(ctx, slog.LevelWarn, "last good record used", slog.String("name", name), slog.String("base", e.base),
			slog.Duration("age", now.Sub(e.at)), slog.Any("error", e.trouble))
		return p, nil
	}
	return Place{}, e.trouble
}

// entry returns what is known of name; a new entry begins with what Memory holds.
func (f *Finder) entry(name string) *entry {
	f.mu.Lock()
	defer f.mu.Unlock()
	e, ok := f.entries[name]
	if ok {
		return e
	}
	if len(f.entries) >= maxNames {
		for other := range f.entries { // any will do: it is asked for again
			delete(f.entries, other)
			break
		}
	}
	e = &entry{turn: make(chan struct{}, 1)}
	if f.o.Memory != nil {
		if base, at, ok := f.o.Memory.LoadPlace(name); ok {
			if base, err := CheckBase(base); err == nil {
				e.base, e.at = base, at
			}
		}
	}
	f.entries[name] = e
	return e
}

// refresh asks the DNS and writes into e what came.
func (f *Finder) refresh(ctx context.Context, name string, e *entry) {
	a, err := f.o.Resolver.Lookup(ctx, name)
	now := f.o.Now()
	var base string
	var chosen Record
	if err == nil {
		base, chosen, err = Choose(a.Records)
	}
	switch {
	case err == nil:
		f.o.Log.LogAttrs(ctx, slog.LevelInfo, "directory located", slog.String("name", name), slog.String("base", base),
			slog.Int("order", int(chosen.Order)), slog.Int("preference", int(chosen.Preference)), slog.Duration("ttl", a.TTL),
			slog.Bool("authentic", a.Authentic), slog.String("server", a.Server), slog.Bool("changed", e.base != "" && e.base != base))
		e.known = known{base: base, at: now, expires: now.Add(min(a.TTL, f.o.Ceiling))}
		if a.TTL == 0 { // good for this one query
			e.expires = now.Add(time.Second)
		}
		f.save(ctx, name, base, now)
	case errors.Is(err, ErrNoRecord):
		f.o.Log.LogAttrs(ctx, slog.LevelInfo, "no directory registered", slog.String("name", name), slog.Duration("ttl", a.TTL))
		keep := min(a.TTL, absence)
		e.known = known{none: true, expires: now.Add(max(keep, time.Second))}
		f.save(ctx, name, "", now)
	default:
		f.o.Log.LogAttrs(ctx, slog.LevelWarn, "directory not located", slog.String("name", name), slog.Any("error", err))
		e.trouble, e.none = err, false
		if ctx.Err() == nil { // a caller who left says nothing about the servers
			e.until = now.Add(rest)
		}
	}
}

func (f *Finder) save(ctx context.Context, name, base string, at time.Time) {
	if f.o.Memory == nil {
		return
	}
	if err := f.o.Memory.SavePlace(name, base, at); err != nil {
		f.o.Log.LogAttrs(ctx, slog.LevelWarn, "the place is not kept", slog.String("name", name), slog.Any("error", err))
	}
}
