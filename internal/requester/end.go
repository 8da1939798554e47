package requester

import (
	"context"
	"errors"
	"fmt"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/store"
)

// Undeliverable ends the exchange whose last message the access point gave up, with an ebMS code such as
// EBMS:0301. A message that was answered, that is no longer the last one, or that is of a settled exchange,
// changes nothing: an answer proves that it arrived, whatever became of its receipt.
func (s *Service) Undeliverable(tx *store.Tx, messageID, code string) error {
	r, sent, err := s.Store.ExchangeByMessage(tx, messageID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.journal(tx, &r, exchange.Event{Name: exchange.Undelivered, MessageID: messageID, RequestID: sent.RequestID, Detail: code}); err != nil {
		return err
	}
	if r.State.Settled() || r.State == exchange.PreviewRequired || sent.RequestID != r.RequestID {
		return nil
	}
	s.log(r.ApplicationID, r.ID).Warn("request could not be delivered", "message", messageID, "code", code)
	from := r.State
	r.State, r.Reason = exchange.Failed, code
	return s.save(tx, r, from)
}

// Expire concludes every exchange whose time is over, as if EDM:ERR:0005 had come, and returns how many
// those were. It is called again and again; a later answer finds a settled exchange. An exchange that cannot
// be concluded does not hold up the others. [TDD 4.4]
func (s *Service) Expire(ctx context.Context) (int, error) {
	due := func(tx *store.Tx) ([]string, error) { return s.Store.Due(tx, s.now()) }
	return s.DB.Sweep(ctx, due, s.expire)
}

func (s *Service) expire(tx *store.Tx, id string) (bool, error) {
	r, err := s.Store.ExchangeByID(tx, id)
	if err != nil {
		return false, fmt.Errorf("exchange %s: %w", id, err)
	}
	if r.State.Settled() || !exchange.Passed(r.Deadline, s.now()) {
		return false, nil
	}
	from := r.State
	r.State, r.Error, r.Reason = exchange.Expired, edm.TimedOut, "no answer in time"
	if err := s.journal(tx, &r, exchange.Event{Name: exchange.TimeoutConcluded, RequestID: r.RequestID, Code: edm.TimedOut}); err != nil {
		return false, err
	}
	s.log(r.ApplicationID, r.ID).Info("timeout concluded", "state", from)
	return true, s.save(tx, r, from)
}
