package requester

import (
	"context"
	"encoding/json"
	"errors"

	"oots/edm"
	"oots/internal/login"
	"oots/internal/store"
)

// UserText tells users apart: who the subject is and who acts for it, without how surely that is known. Two logins
// of one person with one eID give the same text. Stores keep a keyed hash of it only.
func UserText(u login.Identity) string {
	natural := func(p *edm.Person) []string {
		if p == nil {
			return nil
		}
		return []string{p.Identifier, p.FamilyName, p.GivenName, string(p.DateOfBirth)}
	}
	legal := func(l *edm.LegalPerson) []string {
		if l == nil {
			return nil
		}
		return []string{l.EIDASIdentifier, l.LegalName}
	}
	b, _ := json.Marshal([...][]string{{u.Country}, natural(&u.Person), legal(u.Legal), natural(u.Representative), legal(u.RepresentativeLegal)})
	return string(b)
}

// Applications returns what user has begun and what is still kept of it, newest first: she finds it again with any
// browser once she has logged in. [ux-guidance §1]
func (s *Service) Applications(ctx context.Context, user login.Identity) ([]Application, error) {
	var out []Application
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		ids, err := s.Store.ApplicationsOf(tx, user)
		if err != nil {
			return err
		}
		for _, id := range ids {
			a, err := s.application(tx, id)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if UserText(a.User) == UserText(user) { // the hash has found it, the sealed identity decides
				out = append(out, a)
			}
		}
		return nil
	})
	return out, err
}

// Conversations lists the conversations that user ever opened, newest first, as long as the log of article 17 tells
// of them. [IR 2022/1463 art. 17] [Regulation (EU) 2016/679 art. 15]
func (s *Service) Conversations(ctx context.Context, user login.Identity) (ids []string, err error) {
	err = s.DB.View(ctx, func(tx *store.Tx) error {
		ids, err = s.Store.ConversationsOf(tx, user)
		return err
	})
	return ids, err
}

// Raise takes a stronger login of the same user for an application: providers may demand one. It returns
// ErrOtherUser for anybody else, ErrSubmitted or store.ErrNotFound. [IR 2022/1463 art. 11]
func (s *Service) Raise(ctx context.Context, applicationID string, user login.Identity) error {
	return s.DB.Update(ctx, func(tx *store.Tx) error {
		a, err := s.Store.Application(tx, applicationID)
		switch {
		case err != nil:
			return err
		case !a.Submitted.IsZero():
			return ErrSubmitted
		case UserText(a.User) != UserText(user):
			return ErrOtherUser
		}
		return s.Store.PutUser(tx, applicationID, user, s.now())
	})
}
