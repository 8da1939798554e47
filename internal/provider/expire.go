package provider

import (
	"context"
	"fmt"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/store"
)

// Expire ends every preview whose time is over and returns how many those were. Nobody came within T2:
// the prepared evidence is dropped, and there is nothing to answer. Nobody decided within T3: the second
// request is answered with EDM:ERR:0005. T1 is judged when a request arrives. A preview that cannot be ended
// does not hold up the others. [TDD 4.4]
func (s *Service) Expire(ctx context.Context) (int, error) {
	due := func(tx *store.Tx) ([]string, error) { return s.Store.Due(tx, s.now()) }
	return s.DB.Sweep(ctx, due, s.expire)
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
