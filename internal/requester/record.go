package requester

import (
	"fmt"
	"time"

	"oots/edm/exchange"
	"oots/internal/store"
)

// journal appends e with the identifiers of r.
func (s *Service) journal(tx *store.Tx, r *Record, e exchange.Event) error {
	e.ConversationID, e.ExchangeID = r.ApplicationID, r.ID
	e.At = s.now()
	return s.Journal.Record(tx, e)
}

// save replaces a stored exchange that is still in state from. A settled one gives up its person.
func (s *Service) save(tx *store.Tx, r Record, from exchange.RequesterState) error {
	if r.State != from && !from.CanBecome(r.State) {
		return fmt.Errorf("exchange %s: %s cannot become %s", r.ID, from, r.State)
	}
	if r.State.Settled() {
		r.Request = nil
		r.Deadline = time.Time{}
	}
	r.UpdatedAt = s.now()
	ok, err := s.Store.UpdateExchange(tx, r, from)
	if err != nil {
		return err
	}
	if !ok {
		return fmt.Errorf("exchange %s: changed meanwhile", r.ID)
	}
	return nil
}
