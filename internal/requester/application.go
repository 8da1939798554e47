package requester

import (
	"context"
	"fmt"
	"slices"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/login"
	"oots/internal/store"
)

// Open starts an application of user for a procedure: it takes the requirements as the Evidence Broker
// names them now, and mints the conversation that every exchange of the session belongs to.
func (s *Service) Open(ctx context.Context, procedure string, user login.Identity) (Application, error) {
	reqs, err := s.Requirements(ctx, procedure)
	if err != nil {
		return Application{}, err
	}
	a := Application{ID: s.Clock.NewUUID(), Procedure: procedure, User: user, CreatedAt: s.now()}
	for _, r := range reqs {
		r.Frameworks, r.Lists = nil, nil
		a.Cards = append(a.Cards, Card{Requirement: r, State: ToDo})
	}
	err = s.DB.Update(ctx, func(tx *store.Tx) error { return s.Store.AddApplication(tx, a) })
	if err != nil {
		return Application{}, fmt.Errorf("open application: %w", err)
	}
	return a, nil
}

// Application returns an application with the state of every card, or store.ErrNotFound.
func (s *Service) Application(ctx context.Context, id string) (Application, error) {
	var a Application
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		a, err = s.application(tx, id)
		return err
	})
	if err != nil {
		return Application{}, err
	}
	return a, nil
}

func (s *Service) application(tx *store.Tx, id string) (Application, error) {
	a, err := s.Store.Application(tx, id)
	if err != nil {
		return Application{}, err
	}
	records, err := s.Store.Exchanges(tx, id)
	if err != nil {
		return Application{}, err
	}
	for i := range a.Cards {
		c := &a.Cards[i]
		for _, r := range records {
			if r.RequirementID == c.Requirement.ID && !r.SetAside {
				c.Exchanges = append(c.Exchanges, r.Exchange)
			}
		}
		c.State = c.state()
	}
	return a, nil
}

// Exchange returns one exchange, or store.ErrNotFound.
func (s *Service) Exchange(ctx context.Context, id string) (Exchange, error) {
	var r Record
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		r, err = s.Store.ExchangeByID(tx, id)
		return err
	})
	if err != nil {
		return Exchange{}, err
	}
	return r.Exchange, nil
}

// card returns the card of a requirement, or nil.
func (a *Application) card(requirementID string) *Card {
	i := slices.IndexFunc(a.Cards, func(c Card) bool { return c.Requirement.ID == requirementID })
	if i < 0 {
		return nil
	}
	return &a.Cards[i]
}

// state is what the user has to know first about a card with several exchanges: that it is her turn, then
// that something is under way, then what went wrong, and only if nothing did, that all has arrived.
func (c *Card) state() CardState {
	if c.Upload != nil {
		return Uploaded
	}
	if len(c.Exchanges) == 0 {
		return ToDo
	}
	order := [...]CardState{Ready, Asking, Failed, Expired, Nothing, Deferred, Received}
	best := len(order) - 1
	for i := range c.Exchanges {
		best = min(best, slices.Index(order[:], c.Exchanges[i].cardState()))
	}
	return order[best]
}

// cardState is the state of a card that has only this exchange. An empty answer and EDM:ERR:0004 look the
// same to the user. [open-questions D1]
func (e *Exchange) cardState() CardState {
	switch e.State {
	case exchange.PreviewRequired:
		return Ready
	case exchange.Sent, exchange.SecondSent:
		return Asking
	case exchange.Answered:
		return Received
	case exchange.Empty:
		return Nothing
	case exchange.Deferred:
		return Deferred
	case exchange.Expired:
		return Expired
	}
	if e.Error == edm.ObjectNotFound {
		return Nothing
	}
	return Failed
}
