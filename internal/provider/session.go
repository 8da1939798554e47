package provider

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/login"
	"oots/internal/store"
)

// ErrNoDocument says that the preview holds no document of that id.
var ErrNoDocument = errors.New("no such document in the preview")

// Session returns what the preview space shows for a link. It returns ErrNoSession for a link that was
// never issued. With ErrExpired and ErrDecided the session comes along, so that the user can still be sent
// back. The first visit is logged. [TDD 4.9 §2 step 14]
func (s *Service) Session(ctx context.Context, token string) (PreviewSession, error) {
	var p Preview
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		p, err = s.preview(tx, token)
		return err
	})
	if err != nil {
		return PreviewSession{}, err
	}
	if !p.Opened && !p.State.Settled() {
		if err := s.opened(ctx, token); err != nil {
			return PreviewSession{}, err
		}
	}
	out := p.session(token)
	out.LoA = s.Settings.Policy.LoA
	if p.Asking {
		out.Questions = s.Settings.Policy.Questions
	}
	return out, s.closed(&p)
}

// opened notes the first visit.
func (s *Service) opened(ctx context.Context, token string) error {
	return s.DB.Update(ctx, func(tx *store.Tx) error {
		p, err := s.preview(tx, token)
		if err != nil || p.Opened || p.State.Settled() {
			return err
		}
		p.Opened = true
		if err := s.save(tx, p, p.State); err != nil {
			return err
		}
		return s.Journal.Record(tx, s.event(s.inbound(&p), exchange.Event{Name: exchange.PreviewOpened}))
	})
}

// ReturnTo notes the way back that the link of a portal up to release line 1.2 carries: its second request has
// no place for it. The first address that leads somewhere stands, and a session of 2.0 takes its address from the second request
// only. Nobody vouches for the address: the preview space shows where it leads before the user follows it.
// [TDD 4.9 of 1.2] [open-questions F13]
func (s *Service) ReturnTo(ctx context.Context, token, location string) error {
	return s.DB.Update(ctx, func(tx *store.Tx) error {
		p, err := s.preview(tx, token)
		if err != nil || p.First.Version == edm.V20 || p.ReturnLocation != "" || p.State.Settled() || !leadsBack(location) {
			return err
		}
		p.ReturnLocation = location
		return s.save(tx, p, p.State)
	})
}

// preview finds a session by the token of its link.
func (s *Service) preview(tx *store.Tx, token string) (Preview, error) {
	p, err := s.Store.PreviewByToken(tx, hash(token))
	if errors.Is(err, store.ErrNotFound) {
		return Preview{}, ErrNoSession
	}
	return p, err
}

// closed says why a session takes no decision any more, or nil.
func (s *Service) closed(p *Preview) error {
	switch {
	case p.State == exchange.LinkExpired:
		return ErrExpired
	case p.State.Settled() || p.Decision != Undecided:
		return ErrDecided
	case exchange.Passed(p.Deadline, s.now()):
		return ErrExpired
	}
	return nil
}

func (p *Preview) session(token string) PreviewSession {
	out := PreviewSession{
		Token: token, ExchangeID: cmp.Or(p.Header.ExchangeID, p.Header.ConversationID), Version: p.First.Version, State: p.State, Provider: p.First.Provider, Procedure: p.First.Procedure,
		Requirements: p.First.Requirements, EvidenceType: p.First.Evidence, ExpiresAt: p.Deadline, ReturnLocation: p.ReturnLocation,
		Identified: p.Identified, Attempts: p.Attempts, Announced: p.State != exchange.LinkIssued,
		Company: p.First.LegalPerson != nil && p.First.Representative == nil || p.First.RepresentativeLegal != nil, Represented: represented(&p.First),
	}
	if r := p.First.Requester(); r != nil {
		out.Requester = *r
	}
	for _, d := range p.Documents {
		if n := len(out.Documents); d.Of != "" && n > 0 {
			out.Documents[n-1].Companions = append(out.Documents[n-1].Companions, d.PreviewDocument)
			continue
		}
		out.Documents = append(out.Documents, d.PreviewDocument)
	}
	return out
}

// Identify takes who the user proved to be in the preview space: only who acted in the request goes on, that is the
// representative when there is one. It returns ErrOtherPerson for anybody else, and for a login weaker than the
// policy asks for, which proves nothing. When the attempts are used up the session ends, and the request is
// answered with EDM:ERR:0001 as soon as there is a second one. That she is identified is known for the session, not
// for a browser: the preview space has to tie it to hers. [IR 2022/1463 art. 11(3), 16]
func (s *Service) Identify(ctx context.Context, token string, came login.Identity) error {
	known, err := s.identify(ctx, token, came, s.failedAttempt)
	if err == nil && !known {
		return ErrOtherPerson
	}
	return err
}

// Recognise does what Identify does with a login that was made for another link of the same browser, and reports
// whether it serves for this one too. One that does not is no failed attempt: nobody has tried. [TDD 4.9]
func (s *Service) Recognise(ctx context.Context, token string, came login.Identity) (bool, error) {
	return s.identify(ctx, token, came, func(*store.Tx, Preview) error { return nil })
}

// identify compares; otherwise is what follows when somebody else came.
func (s *Service) identify(ctx context.Context, token string, came login.Identity, otherwise func(*store.Tx, Preview) error) (known bool, err error) {
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		p, err := s.preview(tx, token)
		if err != nil {
			return err
		}
		if err := s.closed(&p); err != nil {
			return err
		}
		if !actingLevel(came).AtLeast(s.Settings.Policy.LoA) || !sameUser(&p.First, came) {
			return otherwise(tx, p)
		}
		known, p.Identified = true, true
		return s.save(tx, p, p.State)
	})
	return known && err == nil, err
}

// failedAttempt counts until the right person has come; after that, a stranger with the link cannot end
// her session.
func (s *Service) failedAttempt(tx *store.Tx, p Preview) error {
	if !p.Identified {
		p.Attempts++
	}
	s.log(&p.Header).Warn("another person at the preview", "attempt", p.Attempts)
	err := s.Journal.Record(tx, s.event(s.inbound(&p), exchange.Event{Name: exchange.ReauthenticationError}))
	if err != nil {
		return err
	}
	if p.Identified || p.Attempts < s.Settings.Policy.Attempts {
		return s.save(tx, p, p.State)
	}
	return s.decide(tx, p, NotIdentified)
}

// Document returns one document of the preview with its bytes, exactly those that would be sent. ErrNotYou
// before Identify.
func (s *Service) Document(ctx context.Context, token, docID string) (PreviewDocument, []byte, error) {
	var doc PreviewDocument
	var content []byte
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		p, err := s.preview(tx, token)
		if err != nil {
			return err
		}
		if err := s.closed(&p); err != nil {
			return err
		}
		if !p.Identified {
			return ErrNotYou
		}
		i := slices.IndexFunc(p.Documents, func(d StoredDocument) bool { return d.ID == docID })
		if i < 0 {
			return ErrNoDocument
		}
		doc = p.Documents[i].PreviewDocument
		content, err = s.Store.Content(tx, p.TokenHash, docID)
		return err
	})
	if err != nil {
		return PreviewDocument{}, nil, err
	}
	return doc, content, nil
}

// Decide takes the user's choice, once: the documents with the ids in chosen go out, all others are
// deleted at once, and none at all is an empty success. The answer leaves in the same transaction, or with
// the second request if that has not come yet. [TDD 4.9 §2 steps 23, 24] [open-questions F3]
func (s *Service) Decide(ctx context.Context, token string, chosen []string) error {
	return s.DB.Update(ctx, func(tx *store.Tx) error {
		p, err := s.preview(tx, token)
		if err != nil {
			return err
		}
		if err := s.closed(&p); err != nil {
			return err
		}
		if !p.Identified {
			return ErrNotYou
		}
		for _, id := range chosen {
			if !p.choose(id) {
				return fmt.Errorf("%w: %q", ErrNoDocument, id)
			}
		}
		return s.decide(tx, p, Chosen)
	})
}

// choose marks an evidence and what goes with it; it reports whether there is such an evidence.
func (p *Preview) choose(id string) bool {
	found := false
	for i := range p.Documents {
		d := &p.Documents[i]
		if d.ID == id && d.Of == "" || d.Of == id {
			found, d.Chosen = true, true
		}
	}
	return found
}

// decide stores d, deletes what will not be sent, and answers if the second request is there.
func (s *Service) decide(tx *store.Tx, p Preview, d Decision) error {
	p.Decision = d
	var keep []string
	for _, doc := range p.Documents {
		if doc.Chosen {
			keep = append(keep, doc.ID)
		}
	}
	event := exchange.Event{Name: exchange.PreviewDecided, Detail: fmt.Sprintf("%d of %d documents released", len(keep), len(p.Documents))}
	if err := s.Journal.Record(tx, s.event(s.inbound(&p), event)); err != nil {
		return err
	}
	if err := s.Store.DeleteContents(tx, p.TokenHash, keep); err != nil {
		return err
	}
	if err := s.save(tx, p, p.State); err != nil {
		return err
	}
	if p.State != exchange.SecondReceived {
		return nil
	}
	return s.conclude(tx, p)
}
