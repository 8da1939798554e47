package requester

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"time"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/clock"
	"oots/internal/store"
	"oots/rule"
)

// tokenBytes is the length of a return token: 192 random bits.
const tokenBytes = 24

// returnGrace is how long the way back stays open behind T3, so that a user who comes late still reaches
// her application and reads what became of the exchange.
const returnGrace = time.Hour

// GoToPreview sends the second request, once, and returns the preview link exactly as it was received. It
// is called in the moment in which the user follows the link; calling it again gives the link again. The
// return address in the second request works from that moment on. [TDD 4.9 §2 steps 11, 12]
//
// Up to release line 1.2 the second request has no place for the return address: the link carries it.
//
// It returns ErrNoPreview when no preview is waiting or its time is over, and store.ErrNotFound.
func (s *Service) GoToPreview(ctx context.Context, exchangeID string) (location string, err error) {
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := s.Store.ExchangeByID(tx, exchangeID)
		if err != nil {
			return err
		}
		if r.State.Settled() || r.Preview == nil || exchange.Passed(r.Deadline, s.now()) {
			return ErrNoPreview
		}
		if r.State == exchange.SecondSent {
			location = r.Preview.Location
			return nil
		}
		location, err = s.second(tx, r)
		return err
	})
	if err != nil {
		return "", err
	}
	return location, nil
}

// second sends the second request of r: a new id and time, the link verbatim, the way back, and else what
// the first one said. T3 runs from its ebMS timestamp. It returns the link to follow. [R-EDM-REQ-S062]
func (s *Service) second(tx *store.Tx, r Record) (string, error) {
	if r.Request == nil {
		return "", ErrNoPreview
	}
	token := clock.Token(tokenBytes)
	q := *r.Request
	q.ID = "urn:uuid:" + s.Clock.NewUUID()
	q.IssuedAt = s.now()
	q.PreviewLocation = r.Preview.Location
	if q.Version == edm.V20 {
		q.ReturnLocation = s.Settings.ReturnBase + token
	} else {
		r.Preview = &edm.Preview{
			Location:     exchange.WithReturn(r.Preview.Location, s.Settings.ReturnBase+token),
			Descriptions: r.Preview.Descriptions, Method: r.Preview.Method,
		}
	}
	if fs := s.Settings.Rules.CheckRequest(&q); rule.Refuses(fs) {
		return "", edm.Refuse(fs)
	}
	at, err := s.send(tx, &r, &q)
	if err != nil {
		return "", err
	}
	r.State = exchange.SecondSent
	r.Deadline = exchange.Deadline(at, at, s.Settings.Timeouts.T3)
	r.Returns = ReturnPermission{TokenHash: hash(token), Until: r.Deadline.Add(returnGrace)}
	return r.Preview.Location, s.save(tx, r, exchange.PreviewRequired)
}

// Return tells where the user who comes back with token belongs. The token exists only since the second
// request; until its time is over it may be used again, because a reload must not strand the user. It only
// names the application: the portal lets in nobody but its user. ErrNoReturn when the token is unknown or
// too old. [TDD 4.9 §5]
func (s *Service) Return(ctx context.Context, token string) (applicationID, exchangeID string, err error) {
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		r, err := s.Store.ExchangeByReturn(tx, hash(token))
		if errors.Is(err, store.ErrNotFound) {
			return ErrNoReturn
		}
		if err != nil {
			return err
		}
		if exchange.Passed(r.Returns.Until, s.now()) {
			return ErrNoReturn
		}
		applicationID, exchangeID = r.ApplicationID, r.ID
		return s.journal(tx, &r, exchange.Event{Name: exchange.UserReturned, RequestID: r.RequestID})
	})
	if err != nil {
		return "", "", err
	}
	return applicationID, exchangeID, nil
}

func hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// checkLink accepts a preview link that the portal may offer: https with a host that the policy allows,
// and no credentials. It is data until the user follows it. [R-EDM-ERR-C019]
func (s *Service) checkLink(location string) error {
	u, err := url.Parse(location)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return fmt.Errorf("%w: not https", ErrBadLink)
	}
	if allowed := s.Settings.PreviewAllowed; allowed != nil && !allowed(u.Hostname()) {
		return fmt.Errorf("%w: host not allowed", ErrBadLink)
	}
	return nil
}
