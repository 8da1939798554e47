package pmodes

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"oots/edelivery/pmode"
	"oots/edelivery/pmode/configuration"
	"oots/internal/store"
)

// An Archive is the P-Modes of one access point, in force and past. It is safe for concurrent use.
type Archive struct {
	d      Deps
	active *pmode.Active // nil before the first version

	mu     sync.Mutex // of what follows, and of exchanges of the set
	number int64      // in force here
}

// New makes an archive that has taken up no version yet: to look at files and at the past.
func New(d Deps) *Archive { return &Archive{d: d} }

// Open makes an archive and takes up the version in force, if there is one.
func Open(ctx context.Context, d Deps) (*Archive, error) {
	a := New(d)
	_, err := a.Reload(ctx)
	if errors.Is(err, ErrNone) {
		err = nil
	}
	if err != nil {
		return nil, err
	}
	return a, nil
}

// Source gives the set in force to whoever exchanges messages; ErrNone before a version was taken up.
func (a *Archive) Source() (pmode.Source, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.active == nil {
		return nil, ErrNone
	}
	return a.active, nil
}

// Number is the version that is in force in this process; 0 before one was taken up.
func (a *Archive) Number() int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.number
}

// Reload makes the set of the version in force anew, with the certificates as they are now, and reports the number
// of the version. On error the set stays as it was.
func (a *Archive) Reload(ctx context.Context) (int64, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	v, content, err := a.newest(ctx)
	if err != nil {
		return 0, err
	}
	c, found := configuration.Parse(content)
	if c == nil {
		return 0, fmt.Errorf("version %d: %w: %s", v.Number, ErrFaulty, found[0])
	}
	made, err := a.set(ctx, c)
	if err != nil {
		return 0, fmt.Errorf("version %d: %w", v.Number, err)
	}
	if made.selection == nil {
		return 0, fmt.Errorf("version %d: %w: %s", v.Number, ErrFaulty, firstError(made.found))
	}
	return v.Number, a.exchange(made.selection.Set, v.Number)
}

// freshness is after how long the certificates of the set in force are looked at again.
const freshness = 10 * time.Minute

// Run takes up what others put in force, looking every so often, and certificates that were exchanged or have come to
// their day, within ten minutes, until ctx ends. Failed hears of what could not be taken up; the set in force stays
// as it was then.
func (a *Archive) Run(ctx context.Context, every time.Duration, failed func(error)) {
	t := time.NewTicker(every)
	defer t.Stop()
	for last := a.d.Clock.Now(); ; {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		now := a.d.Clock.Now()
		due := now.Sub(last) >= freshness || now.Before(last)
		if !due && !a.outdated(ctx) {
			continue
		}
		last = now
		if _, err := a.Reload(ctx); err != nil && !errors.Is(err, ErrNone) && ctx.Err() == nil {
			failed(err)
		}
	}
}

// outdated reports whether another version is in force than here; it is true when that cannot be told.
func (a *Archive) outdated(ctx context.Context) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	n := int64(0)
	err := a.d.DB.View(ctx, func(tx *store.Tx) (err error) {
		n, err = a.d.Store.Newest(tx)
		return err
	})
	return err != nil || n != a.number
}

func (a *Archive) newest(ctx context.Context) (v Version, content []byte, err error) {
	err = a.d.DB.View(ctx, func(tx *store.Tx) error {
		n, err := a.d.Store.Newest(tx)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrNone
		}
		v, content, err = a.d.Store.Version(tx, n)
		return err
	})
	return v, content, err
}

// exchange puts a set in force in this process; a.mu is held.
func (a *Archive) exchange(s *pmode.Set, number int64) error {
	if a.active == nil {
		active, err := pmode.NewActive(s)
		if err != nil {
			return err
		}
		a.active, a.number = active, number
		return nil
	}
	if err := a.active.Replace(s); err != nil {
		return err
	}
	a.number = number
	return nil
}

type made struct {
	selection *configuration.Selection
	found     configuration.Findings
}

func (a *Archive) set(ctx context.Context, c *configuration.Configuration) (made, error) {
	certificates, err := a.d.Certificates(ctx, a.d.Clock.Now())
	if err != nil {
		return made{}, err
	}
	s, found := c.Set(configuration.Choice{Self: a.d.Self, Certificates: certificates})
	return made{s, found}, nil
}

// History is all versions, newest first; the first is in force.
func (a *Archive) History(ctx context.Context) (out []Version, err error) {
	err = a.d.DB.View(ctx, func(tx *store.Tx) error {
		out, err = a.d.Store.History(tx)
		return err
	})
	return out, err
}

// Version is one version with its bytes; 0 is the one in force. store.ErrNotFound when there is none.
func (a *Archive) Version(ctx context.Context, number int64) (v Version, content []byte, err error) {
	if number == 0 {
		return a.newest(ctx)
	}
	err = a.d.DB.View(ctx, func(tx *store.Tx) error {
		v, content, err = a.d.Store.Version(tx, number)
		return err
	})
	return v, content, err
}

func digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func firstError(found configuration.Findings) string {
	for _, f := range found {
		if f.Severity == configuration.Error {
			return strings.TrimSpace(f.String())
		}
	}
	return ""
}
