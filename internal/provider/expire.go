package provider

import (
	"context"
	"errors"
	"fmt"
	"time"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/store"
)

// Expire ends every request and every preview whose time is over and returns how many those were. No
// evidence was found within T1, or nobody decided within T3: the request is answered with EDM:ERR:0005.
// Nobody came within T2: the prepared evidence is dropped, and there is nothing to answer. One that cannot be
// ended does not hold up the others. [TDD 4.4]
func (s *Service) Expire(ctx context.Context) (int, error) {
	overdue := func(tx *store.Tx) ([]string, error) { return s.Store.Overdue(tx, s.now()) }
	n, err := s.DB.Sweep(ctx, overdue, s.expireWaiting)
	due := func(tx *store.Tx) ([]string, error) { return s.Store.Due(tx, s.now()) }
	m, err2 := s.DB.Sweep(ctx, due, s.expire)
	return n + m, errors.Join(err, err2)
}

func (s *Service) expireWaiting(tx *store.Tx, requestID string) (bool, error) {
	w, err := s.Store.WaitingRequest(tx, requestID)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("expire request: %w", err)
	}
	if taken, err := s.Store.TakeWaiting(tx, requestID); err != nil || !taken {
		return false, err
	}
	return true, s.refuse(tx, s.waiting(w), refusal(edm.TimedOut, "no evidence was found within T1 [TDD 4.4]"))
}

func (s *Service) expire(tx *store.Tx, tokenHash string) (bool, error) {
	p, err := s.Store.PreviewByToken(tx, tokenHash)
	if err != nil {
		return false, fmt.Errorf("expire preview: %w", err)
	}
	if p.State.Settled() || !exchange.Passed(p.Deadline, s.now()) {
		return false, nil
	}
	in := s.inbound(&p)
	s.log(&p.Header).Info("preview expired", "state", p.State)
	if p.State == exchange.SecondReceived {
		return true, s.end(tx, &p, in, refusal(edm.TimedOut, "no decision within T3 [TDD 4.4]"), exchange.LinkExpired)
	}
	err = s.Journal.Record(tx, s.event(in, exchange.Event{Name: exchange.TimeoutConcluded, Code: edm.TimedOut, Detail: "nobody came within T2"}))
	if err != nil {
		return false, err
	}
	return true, s.settle(tx, p, exchange.LinkExpired)
}

// Purge deletes what is not needed any more, and returns how many previews those were: previews whose end,
// and requests and previews whose deadline, is longer ago than the retention. The latter are there only when
// Expire could not end them; then nobody is answered, but nothing is kept either. [Regulation (EU) 2018/1724
// art. 14(3)(i)]
func (s *Service) Purge(ctx context.Context) (int, error) {
	before := s.now().Add(-s.retention())
	overdue := func(tx *store.Tx) ([]string, error) { return s.Store.Overdue(tx, before) }
	n, err := s.DB.Sweep(ctx, overdue, func(tx *store.Tx, requestID string) (bool, error) {
		s.Log.Error("request is deleted unanswered", "request", requestID)
		return s.Store.TakeWaiting(tx, requestID)
	})
	stale := func(tx *store.Tx) ([]string, error) { return s.Store.StalePreviews(tx, before) }
	m, err2 := s.DB.Sweep(ctx, stale, func(tx *store.Tx, tokenHash string) (bool, error) {
		return true, s.Store.DeletePreview(tx, tokenHash)
	})
	err3 := s.DB.Update(ctx, func(tx *store.Tx) error {
		return s.Store.DeleteMisses(tx, s.now().Add(-s.Settings.Policy.MissesWithin))
	})
	return n + m, errors.Join(err, err2, err3)
}

func (s *Service) retention() time.Duration {
	if s.Settings.Retention > 0 {
		return s.Settings.Retention
	}
	return 24 * time.Hour
}
