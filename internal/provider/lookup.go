package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"oots/codelist"
	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/store"
)

// lookups is how many requests a Service looks after at once.
const lookups = 16

// leaseGrace is how much longer than the time limit of a look-up its claim lasts.
const leaseGrace = 30 * time.Second

// Recover takes up what an earlier life of this Service was looking for when it was killed, without waiting
// for its claims to run out. Call it once, before Run and Answer.
func (s *Service) Recover(ctx context.Context) error {
	return s.DB.Update(ctx, func(tx *store.Tx) error { return s.Store.ReleaseWaiting(tx, s.owner()) })
}

// Run looks for the evidence of waiting requests and answers them until ctx ends, several at once: a slow
// register holds up its own requests and no others. Poll is how often it looks for requests that nobody
// announced, such as those of another process.
func (s *Service) Run(ctx context.Context, poll time.Duration) {
	var working sync.WaitGroup
	defer working.Wait()
	free := make(chan struct{}, lookups)
	timer := time.NewTicker(poll)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case free <- struct{}{}:
		}
		id, err := s.claim(ctx)
		if err == nil {
			working.Go(func() {
				defer func() { <-free }()
				if _, err := s.answer(ctx, id); err != nil && ctx.Err() == nil {
					s.Log.Error("request could not be answered; it is tried again", "request", id, "err", err)
				}
			})
			continue
		}
		<-free
		if !errors.Is(err, store.ErrNotFound) && ctx.Err() == nil {
			s.Log.Error("waiting requests could not be read", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-s.woken:
		case <-timer.C:
		}
	}
}

// Answer looks for the evidence of every waiting request, one after the other, answers it, and returns how
// many it answered. A request whose answer cannot be stored waits for its next turn.
func (s *Service) Answer(ctx context.Context) (int, error) {
	n := 0
	var errs []error
	for {
		id, err := s.claim(ctx)
		if errors.Is(err, store.ErrNotFound) {
			return n, errors.Join(errs...)
		}
		if err != nil {
			return n, errors.Join(append(errs, err)...)
		}
		done, err := s.answer(ctx, id)
		if err != nil {
			errs = append(errs, err)
		}
		if done {
			n++
		}
	}
}

func (s *Service) wake() {
	select {
	case s.woken <- struct{}{}:
	default:
	}
}

func (s *Service) owner() string {
	if s.Settings.Owner != "" {
		return s.Settings.Owner
	}
	return s.Settings.AccessPoint.Value
}

// claim takes the request that is next. It stays claimed when it cannot be read, so that the others get their
// turn; store.ErrNotFound when there is none.
func (s *Service) claim(ctx context.Context) (requestID string, err error) {
	now := s.now()
	err = s.DB.Update(ctx, func(tx *store.Tx) error {
		requestID, err = s.Store.ClaimWaiting(tx, now, s.owner(), now.Add(s.lookupTime()+leaseGrace))
		return err
	})
	return requestID, err
}

// answer asks the register outside of any transaction, and then answers the request in one, unless that has
// been done meanwhile: by Expire, or by another process that thought this one dead. It reports whether it
// answered.
func (s *Service) answer(ctx context.Context, requestID string) (bool, error) {
	var w Waiting
	err := s.DB.View(ctx, func(tx *store.Tx) (err error) {
		w, err = s.Store.WaitingRequest(tx, requestID)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return false, nil // answered meanwhile
	}
	if err != nil {
		return false, fmt.Errorf("request %s: %w", requestID, err)
	}
	in := s.waiting(w)
	records, findErr := s.find(ctx, in, w.Deadline)
	if err := ctx.Err(); err != nil {
		return false, err // shutting down; the request is still there
	}
	done := false
	err = s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		if done, err = s.Store.TakeWaiting(tx, requestID); err != nil || !done {
			return err
		}
		switch {
		case exchange.Passed(w.Deadline, s.now()):
			return s.refuse(tx, in, refusal(edm.TimedOut, "the register took longer than T1 [TDD 4.4]"))
		case findErr != nil:
			return s.notFound(tx, in, findErr)
		}
		return s.found(tx, in, records)
	})
	return done && err == nil, err
}

// waiting is the request of w on its way through the steps.
func (s *Service) waiting(w Waiting) *inbound {
	return &inbound{header: w.Header, requestID: w.Request.ID, request: &w.Request, service: s.service(w.Request.Provider.ID)}
}

// errNotServed is for a provider that was served when the request came, and is not served any more.
var errNotServed = errors.New("the evidence provider is not served any more")

// find asks the register, as long as there is time.
func (s *Service) find(ctx context.Context, in *inbound, deadline time.Time) ([]Record, error) {
	if exchange.Passed(deadline, s.now()) {
		return nil, context.DeadlineExceeded
	}
	if in.service == nil {
		return nil, errNotServed
	}
	d := in.service.wanted(in.request)
	if d == nil {
		return nil, errNotServed
	}
	limited, err := s.limited(ctx, in.request)
	if err != nil {
		return nil, err
	}
	subject := subjectOf(in.request)
	if limited {
		s.log(&in.header).Warn("looked for too often; the register is not asked")
		subject = nobody(subject)
	}
	ctx, cancel := context.WithTimeout(ctx, min(s.lookupTime(), deadline.Sub(s.now())))
	defer cancel()
	records, err := in.service.Register.Find(ctx, subject, in.request.Evidence.Classification, d.Languages)
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, context.DeadlineExceeded // whatever the register made of it
	case limited:
		return nil, ErrNoPerson // whatever else
	}
	return records, err
}

// found answers with what the register holds, as far as it is in a format that was asked for.
func (s *Service) found(tx *store.Tx, in *inbound, all []Record) error {
	records := wantedOf(all, in.request)
	if len(records) == 0 && len(all) > 0 {
		return s.refuse(tx, in, refusal(edm.UnsupportedCapability, "the evidence is in no format that was asked for"))
	}
	// A person who has no such evidence gets the empty answer at once, whatever the preview flag. [TDD 4.9 §2 step 4]
	if len(records) == 0 || !s.Settings.Policy.RequirePreview || !in.request.PossibilityForPreview {
		_, err := s.reply(tx, in, s.prepare(records))
		return err
	}
	return s.issueLink(tx, in, records)
}

// wantedOf returns each evidence once, in the format that was asked for first among those that there are. Without
// packages a structured document cannot go along with another one. [R-EDM-RESP-C044, R-EDM-RESP-S063]
func wantedOf(all []Record, q *edm.Request) []Record {
	var out []Record
	for i, r := range all {
		if slices.ContainsFunc(all[:i], func(x Record) bool { return x.EvidenceID == r.EvidenceID }) {
			continue
		}
		for _, d := range q.Evidence.Distributions {
			k := slices.IndexFunc(all, func(x Record) bool {
				return x.EvidenceID == r.EvidenceID && x.MediaType == d.Format && (d.ConformsTo == "" || modelName(d.ConformsTo) == modelName(x.ConformsTo))
			})
			if k < 0 {
				continue
			}
			chosen := all[k]
			if d.ConformsTo != "" {
				chosen.ConformsTo = d.ConformsTo // spelt as the line of the request does
			}
			if q.Version.Before(edm.V20) {
				chosen.Companions = slices.DeleteFunc(slices.Clone(chosen.Companions), func(c Companion) bool { return codelist.Structured(c.MediaType) })
			}
			out = append(out, chosen)
			break
		}
	}
	return out
}

// modelName is what stays of the URL of a data model from line to line: host and folder change. [TDD 3.5.2]
func modelName(url string) string { return url[strings.LastIndexByte(url, '/')+1:] }

// notFound answers when the register gave no records but an error. Nobody and several look the same.
// [IR 2022/1463 art. 16] [record-matching §4.3]
func (s *Service) notFound(tx *store.Tx, in *inbound, err error) error {
	var notYet NotYet
	switch {
	case errors.Is(err, ErrSeveralPersons) && s.mayAsk(in.request):
		return s.issueLink(tx, in, nil)
	case errors.Is(err, ErrNoPerson), errors.Is(err, ErrSeveralPersons):
		if err := s.missed(tx, in); err != nil {
			return err
		}
		_, err := s.noMatch(tx, in)
		return err
	case errors.As(err, &notYet):
		return s.deferUntil(tx, in, notYet.At)
	case errors.Is(err, ErrSilent):
		s.log(&in.header).Info("no answer is given", "state", exchange.Silenced)
		return nil
	case errors.Is(err, context.DeadlineExceeded):
		return s.refuse(tx, in, &edm.Exception{Code: edm.TimedOut, Severity: edm.SeverityError, Detail: "the register did not answer in time", Err: err})
	}
	return s.refuse(tx, in, &edm.Exception{Code: edm.QueryFailed, Severity: edm.SeverityError, Detail: "the register failed", Err: err})
}
