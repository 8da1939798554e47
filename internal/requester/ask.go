package requester

import (
	"context"
	"fmt"
	"slices"
	"time"

	"oots/codelist"
	"oots/directory"
	"oots/edm"
	"oots/edm/edmxml"
	"oots/edm/exchange"
	"oots/internal/store"
	"oots/rule"
)

// Ask sends the first request for the evidence that the user explicitly asked for, and returns the id of
// the exchange. The record of the explicit request, the exchange and the outgoing message are stored in
// one transaction; a request that would break a rule never leaves. Asking twice for the same evidence
// while the first request is open gives the first exchange. [TDD 4.5.1] [IR 2022/1463 art. 12, 13]
//
// It returns an error of Preflight, ErrSubmitted, store.ErrNotFound, or an *edm.Exception with the broken rules.
func (s *Service) Ask(ctx context.Context, a Ask) (exchangeID string, err error) {
	var refused error
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		app, err := s.application(tx, a.ApplicationID)
		if err != nil {
			return err
		}
		if !app.Submitted.IsZero() {
			return ErrSubmitted
		}
		card := app.card(a.RequirementID)
		if card == nil {
			return fmt.Errorf("requirement: %w", store.ErrNotFound)
		}
		if id := card.underWay(a); id != "" {
			exchangeID = id
			return nil
		}
		r, err := s.firstRequest(app, card, a)
		if err != nil {
			return err
		}
		if fs := s.Settings.Rules.CheckRequest(r.Request); rule.Refuses(fs) {
			refused = edm.Refuse(fs)
			return s.journal(tx, &r, exchange.Event{Name: exchange.RequestRefused, Rule: rule.First(fs).Rule, RequestID: r.RequestID})
		}
		if err := s.setAsideSettled(tx, card); err != nil {
			return err
		}
		if err := s.Store.DeleteUpload(tx, app.ID, card.Requirement.ID); err != nil {
			return err
		}
		exchangeID = r.ID
		if err := s.asked(tx, &app, a); err != nil {
			return err
		}
		return s.open(tx, r)
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return "", err
	}
	return exchangeID, nil
}

// underWay returns the open exchange that already asks the same provider for the same evidence.
func (c *Card) underWay(a Ask) string {
	for _, e := range c.Exchanges {
		if !e.State.Settled() && e.EvidenceType.ID == a.Service.ID && e.Provider.ID == a.Service.Publisher.ID {
			return e.ID
		}
	}
	return ""
}

// setAsideSettled takes the attempts that brought nothing off the card: a new one begins.
func (s *Service) setAsideSettled(tx *store.Tx, c *Card) error {
	for _, e := range c.Exchanges {
		if !e.State.Settled() || e.State == exchange.Answered {
			continue
		}
		if err := s.setAside(tx, e.ID); err != nil {
			return err
		}
	}
	return nil
}

// firstRequest builds exchange and request of what the user asked for.
func (s *Service) firstRequest(app Application, card *Card, a Ask) (Record, error) {
	d := a.Service
	if err := s.Preflight(app.User, app.Procedure, d); err != nil {
		return Record{}, err
	}
	version, _ := s.version(d, app.User)
	if a.Distribution < 0 || a.Distribution >= len(d.Distributions) {
		return Record{}, fmt.Errorf("distribution %d: %w", a.Distribution, store.ErrNotFound)
	}
	now := s.now()
	q := &edm.Request{
		ID:                    "urn:uuid:" + s.Clock.NewUUID(),
		Version:               version,
		IssuedAt:              now,
		Procedure:             app.Procedure,
		PossibilityForPreview: s.previews(app.Procedure),
		ExplicitRequestGiven:  true,
		Requirements: []edm.Requirement{{
			ID: card.Requirement.ID, Names: card.Requirement.Names, Descriptions: card.Requirement.Descriptions,
		}},
		Requesters:              []edm.Agent{s.Settings.Requester},
		Provider:                edm.Agent{ID: d.Publisher.ID, Names: d.Publisher.Names},
		ProviderClassifications: a.Answers,
		Evidence: edm.EvidenceType{
			ID: d.ID, Classification: d.Classification, Titles: d.Titles, Descriptions: d.Descriptions,
			Distributions: []edm.Distribution{wanted(d.Distributions[a.Distribution], version)},
		},
	}
	s.about(q, app.User)
	if s.Settings.Intermediary != nil {
		q.Requesters = append(q.Requesters, *s.Settings.Intermediary)
	}
	return Record{
		Exchange: Exchange{
			ID: s.Clock.NewUUID(), ApplicationID: app.ID, RequirementID: card.Requirement.ID, State: exchange.Sent,
			EvidenceType: q.Evidence, Provider: q.Provider, Country: a.Country, RequestID: q.ID, UpdatedAt: now,
		},
		To:       d.AccessPoint,
		Request:  q,
		Explicit: ExplicitRequest{At: now, Text: a.Text, Lang: a.Lang},
	}, nil
}

// Speaks returns the newest release line of the exchange that the portal and the access point of d have in
// common, and whether there is one. [TDD 4.5.1] [open-questions A1]
func (s *Service) Speaks(d directory.DataService) (edm.Version, bool) {
	for _, v := range slices.Backward(s.versions()) {
		if slices.Contains(d.ConformsTo, v) {
			return v, true
		}
	}
	return "", false
}

// versions are the release lines of the portal, oldest first.
func (s *Service) versions() []edm.Version {
	if len(s.Settings.Versions) == 0 {
		return edm.Versions()
	}
	return slices.DeleteFunc(edm.Versions(), func(v edm.Version) bool { return !slices.Contains(s.Settings.Versions, v) })
}

// wanted is a distribution of the directory as a request of a release line carries it: a data model beside an
// unstructured format is dropped. Up to 1.2 the language of a document cannot be wished for, a transformation
// of its data model can. [R-EDM-REQ-C107]
func wanted(d edm.Distribution, v edm.Version) edm.Distribution {
	w := edm.Distribution{Format: d.Format}
	if v == edm.V20 {
		w.Languages = d.Languages
	}
	if codelist.Structured(d.Format) {
		w.ConformsTo = d.ConformsTo
		if v != edm.V20 {
			w.Transformation = d.Transformation
		}
	}
	return w
}

// open stores a new exchange and hands its first request to the access point. [TDD 4.4] T1 runs from the
// ebMS timestamp.
func (s *Service) open(tx *store.Tx, r Record) error {
	err := s.journal(tx, &r, exchange.Event{
		Name: exchange.ExplicitRequestGiven, RequestID: r.RequestID, Document: []byte(r.Explicit.Text), DocumentType: "text/plain",
	})
	if err != nil {
		return err
	}
	at, err := s.send(tx, &r, r.Request)
	if err != nil {
		return err
	}
	r.SentAt = at
	r.Deadline = exchange.Deadline(at, at, s.Settings.Timeouts.T1)
	return s.Store.AddExchange(tx, r)
}

// send writes q and hands it to the access point; it returns the ebMS timestamp.
func (s *Service) send(tx *store.Tx, r *Record, q *edm.Request) (time.Time, error) {
	body, err := edmxml.AppendRequest(nil, q)
	if err != nil {
		return time.Time{}, fmt.Errorf("write request: %w", err)
	}
	h := exchange.Request(r.ApplicationID, r.ID, q.Version, s.Settings.AccessPoint, r.To, s.Settings.Requester.ID, q.Provider.ID)
	if fs := exchange.CheckHeaderWith(h, s.Settings.Rules); rule.Refuses(fs) {
		return time.Time{}, edm.Refuse(fs)
	}
	messageID, at, err := s.Outbox.Submit(tx, exchange.Envelope{Header: h, Body: body})
	if err != nil {
		return time.Time{}, fmt.Errorf("hand request to the access point: %w", err)
	}
	if err := s.Store.AddRequest(tx, SentRequest{RequestID: q.ID, MessageID: messageID, ExchangeID: r.ID, SentAt: at}); err != nil {
		return time.Time{}, err
	}
	r.RequestID = q.ID
	return at, s.journal(tx, r, exchange.Event{
		Name: exchange.RequestSent, MessageID: messageID, RequestID: q.ID, Document: body, DocumentType: exchange.MediaTypeRegRep,
	})
}
