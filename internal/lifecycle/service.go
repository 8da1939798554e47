package lifecycle

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"oots/directory"
	"oots/directory/lcm"
	"oots/internal/clock"
	"oots/internal/store"
)

// Deps are what a service stands on; all but Lenient are needed.
type Deps struct {
	DB    *store.DB
	Store Store
	Clock clock.Clock
	Log   *slog.Logger
	// Lenient accepts, with a warning, a data service whose evidence type this instance's broker does not know: for
	// an instance that is a directory only.
	Lenient bool
}

// A Service is the life cycle of one instance. Its methods may be called by many at once.
type Service struct {
	d       Deps
	loading sync.Mutex // one reader of new revisions at a time
	state   atomic.Pointer[state]
}

// Open loads what is in force.
func Open(ctx context.Context, d Deps) (*Service, error) {
	if d.DB == nil || d.Store == nil || d.Clock.Now == nil || d.Log == nil {
		return nil, errors.New("lifecycle: database, store, clock and log are required")
	}
	s := &Service{d: d}
	s.state.Store(newState(0, nil))
	if _, err := s.Refresh(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// Catalogue is what is in force, of all countries. It is never changed: a later state is another one.
func (s *Service) Catalogue() *directory.Catalogue { return s.state.Load().catalogue() }

// Active is the partition in force; it has no records when there is none.
func (s *Service) Active(country string, service directory.Service) directory.Partition {
	if l := s.state.Load().active[key{country, service}]; l != nil {
		return l.partition
	}
	return directory.Partition{Country: country, Service: service}
}

// Partitions lists the revisions in force, by country and service.
func (s *Service) Partitions() []directory.Revision { return s.state.Load().revisions() }

// Newest is the number of the newest revision that Catalogue has: what a Proposal takes as its Base.
func (s *Service) Newest() int64 { return s.state.Load().newest }

// Refresh takes up what other processes on the same store have put in force. It reports whether there was
// anything; when there was nothing, it costs one query for one number.
func (s *Service) Refresh(ctx context.Context) (changed bool, err error) {
	err = s.d.DB.View(ctx, func(tx *store.Tx) error {
		fresh, err := s.fresh(tx)
		if err == nil {
			changed = s.publish(fresh)
		}
		return err
	})
	return changed, err
}

// Watch refreshes every interval until ctx ends.
func (s *Service) Watch(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if _, err := s.Refresh(ctx); err != nil && ctx.Err() == nil {
				s.d.Log.Error("the directory could not be refreshed", "err", err)
			}
		}
	}
}

// History lists the revisions of a country and a service, newest first; "" stands for all.
func (s *Service) History(ctx context.Context, country string, service directory.Service) (out []directory.Revision, err error) {
	err = s.d.DB.View(ctx, func(tx *store.Tx) error {
		out, err = s.d.Store.History(tx, country, service)
		return err
	})
	return out, err
}

// Events lists the log of submissions since an instant, oldest first. [TDD 3.8]
func (s *Service) Events(ctx context.Context, since time.Time) (out []Event, err error) {
	err = s.d.DB.View(ctx, func(tx *store.Tx) error {
		out, err = s.d.Store.Events(tx, since)
		return err
	})
	return out, err
}

// Retention is how long the log of submissions is kept; revisions are kept for good. [TDD 3.8]
const Retention = 366 * 24 * time.Hour

// Forget deletes what the log has kept for longer than its retention, and returns how many entries those were.
func (s *Service) Forget(ctx context.Context) (n int, err error) {
	err = s.d.DB.Update(ctx, func(tx *store.Tx) error {
		n, err = s.d.Store.Forget(tx, s.d.Clock.Now().Add(-Retention))
		return err
	})
	return n, err
}

// Revision is what a revision holds; store.ErrNotFound when there is none of that number.
func (s *Service) Revision(ctx context.Context, number int64) (out directory.Partition, err error) {
	err = s.d.DB.View(ctx, func(tx *store.Tx) error {
		r, err := s.d.Store.Revision(tx, number)
		if err == nil {
			out, err = s.load(tx, r)
		}
		return err
	})
	return out, err
}

// Diff lists what revision b changed since revision a, or what is in force now instead of a for b 0.
func (s *Service) Diff(ctx context.Context, a, b int64) ([]lcm.Change, error) {
	from, err := s.Revision(ctx, a)
	if err != nil {
		return nil, err
	}
	to := s.Active(from.Country, from.Service)
	if b != 0 {
		if to, err = s.Revision(ctx, b); err != nil {
			return nil, err
		}
	}
	return lcm.Diff(from, to), nil
}
