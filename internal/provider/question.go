package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/store"
)

// ErrNotSure says that the answers of the user do not make the match sure. It is the same whatever they contradict.
var ErrNotSure = errors.New("no evidence surely belongs to the user")

// mayAsk reports whether the user of a request can be asked who of several persons she is: only in a preview space,
// and only about herself or whom she acts for.
func (s *Service) mayAsk(q *edm.Request) bool {
	return len(s.Settings.Policy.Questions) > 0 && q.PossibilityForPreview && q.NaturalPerson != nil
}

// noMatch answers when nobody, or nobody surely, was found. [open-questions D1]
func (s *Service) noMatch(tx *store.Tx, in *inbound) (exchange.ProviderState, error) {
	if s.Settings.Policy.NoMatch == "" {
		return s.reply(tx, in, nil)
	}
	return exchange.RefusalSent, s.refuse(tx, in, refusal(s.Settings.Policy.NoMatch, "no evidence can be provided"))
}

// Supply takes the answers of the identified user to the Questions of the policy, by their URI, and looks into the
// register once more. It returns ErrNotSure when that finds nobody, or still several; after as many answers as the
// policy allows attempts, the session ends, and the request is answered as if nobody had been found. The register is
// asked outside of transactions. [IR 2022/1463 art. 16] [record-matching §4.3]
func (s *Service) Supply(ctx context.Context, token string, answers map[string]string) error {
	var p Preview
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		p, err = s.asking(tx, token)
		return err
	})
	if err != nil {
		return err
	}
	records, findErr := s.findWith(ctx, &p, answers)
	if findErr != nil && !errors.Is(findErr, ErrNoPerson) && !errors.Is(findErr, ErrSeveralPersons) {
		return fmt.Errorf("the register failed: %w", findErr)
	}
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		p, err := s.asking(tx, token)
		if err != nil {
			return err
		}
		if findErr != nil {
			return s.inVain(tx, p)
		}
		return s.matched(tx, p, wantedOf(records, &p.First))
	})
	if err == nil && findErr != nil {
		err = ErrNotSure
	}
	return err
}

// asking finds a session whose user may answer.
func (s *Service) asking(tx *store.Tx, token string) (Preview, error) {
	p, err := s.preview(tx, token)
	if err != nil {
		return p, err
	}
	if err := s.closed(&p); err != nil {
		return p, err
	}
	switch {
	case !p.Identified:
		return p, ErrNotYou
	case !p.Asking:
		return p, ErrNoSession // there is nothing to ask: the documents are there
	}
	return p, nil
}

// findWith asks the register with what the user has answered beside what her eID says.
func (s *Service) findWith(ctx context.Context, p *Preview, answers map[string]string) ([]Record, error) {
	q := p.First
	person := *q.NaturalPerson
	person.UserAttributes = slices.Clone(person.UserAttributes)
	for _, x := range s.Settings.Policy.Questions {
		if value := answers[x.URI]; value != "" {
			person.UserAttributes = append(person.UserAttributes, edm.UserAttribute{Name: x.Name, URI: x.URI, Value: value})
		}
	}
	q.NaturalPerson = &person
	in := &inbound{header: p.Header, requestID: p.RequestID, request: &q, service: s.service(q.Provider.ID)}
	return s.find(ctx, in, p.Deadline)
}

// inVain counts answers that did not help.
func (s *Service) inVain(tx *store.Tx, p Preview) error {
	if err := s.missed(tx, s.inbound(&p)); err != nil {
		return err
	}
	p.Answers++
	s.log(&p.Header).Info("answers do not make the match sure", "answers", p.Answers)
	if p.Answers < s.Settings.Policy.Attempts {
		return s.save(tx, p, p.State)
	}
	p.Asking = false
	return s.decide(tx, p, NotMatched)
}

// matched keeps what was found for the preview. A person without such an evidence has nothing to decide.
func (s *Service) matched(tx *store.Tx, p Preview, records []Record) error {
	p.Asking = false
	if len(records) == 0 {
		return s.decide(tx, p, Chosen)
	}
	var ids []string
	var contents [][]byte
	for _, d := range s.prepare(records) {
		p.Documents = append(p.Documents, d.StoredDocument)
		ids, contents = append(ids, d.ID), append(contents, d.content)
	}
	if err := s.Store.AddContents(tx, p.TokenHash, ids, contents); err != nil {
		return err
	}
	return s.save(tx, p, p.State)
}
