package requester

import (
	"context"
	"fmt"

	"oots/edm/exchange"
	"oots/internal/store"
)

// Evidence returns one delivered document with its bytes, as they travelled. ErrNoEvidence when the
// exchange has no such document.
func (s *Service) Evidence(ctx context.Context, exchangeID, docID string) (EvidenceDoc, []byte, error) {
	var doc EvidenceDoc
	var content []byte
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		r, err := s.Store.ExchangeByID(tx, exchangeID)
		if err != nil {
			return err
		}
		for _, d := range r.Evidence {
			if d.ID == docID {
				doc = d
				content, err = s.Store.EvidenceContent(tx, exchangeID, docID)
				return err
			}
		}
		return ErrNoEvidence
	})
	if err != nil {
		return EvidenceDoc{}, nil, err
	}
	if digest(content) != doc.SHA256 {
		return EvidenceDoc{}, nil, fmt.Errorf("exchange %s, document %s: the stored bytes are not those that arrived", exchangeID, docID)
	}
	return doc, content, nil
}

// Upload takes the user's own file for a requirement: the system is voluntary, and another way stays open.
// It takes the place of what the card had. [Regulation (EU) 2018/1724 art. 14(4)]
func (s *Service) Upload(ctx context.Context, applicationID, requirementID, name, mediaType string, content []byte) error {
	return s.DB.Update(ctx, func(tx *store.Tx) error {
		card, err := s.openCard(tx, applicationID, requirementID)
		if err != nil {
			return err
		}
		if err := s.giveUp(tx, card); err != nil {
			return err
		}
		u := Upload{Name: name, MediaType: mediaType, Size: int64(len(content)), SHA256: digest(content), At: s.now()}
		return s.Store.PutUpload(tx, applicationID, requirementID, u, content)
	})
}

// Reset clears a card, so that the user can try again or choose otherwise. An exchange that is still open
// is given up: there is no message for that, so its answer will find a settled exchange. [open-questions F8]
func (s *Service) Reset(ctx context.Context, applicationID, requirementID string) error {
	return s.DB.Update(ctx, func(tx *store.Tx) error {
		card, err := s.openCard(tx, applicationID, requirementID)
		if err != nil {
			return err
		}
		if err := s.giveUp(tx, card); err != nil {
			return err
		}
		return s.Store.DeleteUpload(tx, applicationID, requirementID)
	})
}

// giveUp takes every exchange off the card and settles those that are open.
func (s *Service) giveUp(tx *store.Tx, c *Card) error {
	for _, e := range c.Exchanges {
		if err := s.setAside(tx, e.ID); err != nil {
			return err
		}
	}
	return nil
}

// setAside takes an exchange off its card. What it has brought is not wanted any more and is not kept; if it
// is open, nothing will be.
func (s *Service) setAside(tx *store.Tx, exchangeID string) error {
	r, err := s.Store.ExchangeByID(tx, exchangeID)
	if err != nil {
		return err
	}
	if err := s.Store.DeleteEvidence(tx, exchangeID); err != nil {
		return err
	}
	from := r.State
	r.SetAside, r.Evidence = true, nil
	if !from.Settled() {
		r.State, r.Reason = exchange.Failed, GivenUp
	}
	return s.save(tx, r, from)
}

// openCard returns a card of an application that is not submitted yet.
func (s *Service) openCard(tx *store.Tx, applicationID, requirementID string) (*Card, error) {
	app, err := s.application(tx, applicationID)
	if err != nil {
		return nil, err
	}
	if !app.Submitted.IsZero() {
		return nil, ErrSubmitted
	}
	card := app.card(requirementID)
	if card == nil {
		return nil, fmt.Errorf("requirement: %w", store.ErrNotFound)
	}
	return card, nil
}

// Submit ends an application: its evidence is handed over to the procedure, and nothing of it can change
// any more. Whether every requirement must be proved is for the procedure to say. It returns ErrOpen while
// an exchange is under way, and ErrSubmitted the second time.
func (s *Service) Submit(ctx context.Context, applicationID string) error {
	return s.DB.Update(ctx, func(tx *store.Tx) error {
		app, err := s.application(tx, applicationID)
		if err != nil {
			return err
		}
		for _, c := range app.Cards {
			for _, e := range c.Exchanges {
				if !e.State.Settled() {
					return ErrOpen
				}
			}
		}
		first, err := s.Store.SetSubmitted(tx, applicationID, s.now())
		if err != nil {
			return err
		}
		if !first {
			return ErrSubmitted
		}
		return s.handOver(tx, app)
	})
}

// handOver notes which evidence the procedure got.
func (s *Service) handOver(tx *store.Tx, app Application) error {
	for _, c := range app.Cards {
		for _, e := range c.Exchanges {
			if len(e.Evidence) == 0 {
				continue
			}
			event := exchange.Event{Name: exchange.EvidenceHandedOver, RequestID: e.RequestID}
			for _, d := range e.Evidence {
				event.Parts = append(event.Parts, exchange.Part{MimeType: d.Format, SHA256: d.SHA256})
			}
			if err := s.journal(tx, &Record{Exchange: e}, event); err != nil {
				return err
			}
		}
	}
	return nil
}
