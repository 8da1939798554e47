package vectors

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"oots/edelivery/as4"
	"oots/internal/gateway"
	"oots/internal/store"
)

// answered sends the message that a case answers, as its sender, and judges what becomes of it. The first
// attempt loses its connection, the answer comes to the second: what a retry may mean is part of the case.
func (s *session) answered(ctx context.Context, c *Case, e entity, want *Expectation) (Result, error) {
	original := s.original(c)
	if original == nil {
		return Result{Got: "not run", Reason: "the folder lacks the message that is answered", Verdict: Differs}, nil
	}
	sent, err := original.read(s.dir)
	if err != nil {
		return Result{}, err
	}
	message, err := as4.Unpack(sent.contentType, sent.body)
	if err != nil || message.Message == nil {
		return Result{}, fmt.Errorf("message %s: %w", original.ID, errors.Join(err, message.Problem()))
	}
	a, err := s.sender(ctx, message)
	if err != nil {
		return Result{}, err
	}
	defer a.close()
	o, err := a.send(ctx, message, http.StatusOK, e)
	if err != nil {
		return Result{}, err
	}
	r := Result{Got: o.String(), Verdict: Passed}
	if r.Reason = want.Answered(o); r.Reason != "" {
		r.Verdict = Differs
	}
	return r, nil
}

// original is the message that a case answers.
func (s *session) original(c *Case) *Case {
	for i := range s.cases {
		id := s.cases[i].ID
		if id == c.AnswerTo || c.AnswerTo == "" && strings.HasPrefix(id, "v04") {
			return &s.cases[i]
		}
	}
	return nil
}

// sender opens the access point of the party that a message is from.
func (s *session) sender(ctx context.Context, message *as4.Unpacked) (*access, error) {
	from := message.Message.From.ID
	name, known := s.access.modes.Names[from]
	if !known {
		return nil, fmt.Errorf("the P-Mode file has no party %.80q", from.Value)
	}
	choice := s.run.Choice
	choice.Self, choice.Sending = name, true
	modes, err := ReadPModes(s.run.PModes, s.run.Keys, choice)
	if err != nil {
		return nil, err
	}
	self, err := s.run.Keys.Identity(modes.Self)
	if err != nil {
		return nil, err
	}
	return openAccess(ctx, modes, self)
}

// send puts a message into the outbox as if it had been packed here, and lets two attempts be made: the first
// loses its connection, the second gets status and e.
func (a *access) send(ctx context.Context, message *as4.Unpacked, status int, e entity) (Outcome, error) {
	m := message.Message
	err := a.store.Update(ctx, func(tx *store.Tx) error {
		return a.store.PutOutbound(tx, gateway.Outbound{
			MessageID: m.MessageID, To: m.To.ID, Action: m.Action, ConversationID: m.ConversationID,
			State: gateway.Waiting, NextAttempt: a.now, CreatedAt: a.now,
			Entity: &as4.Entity{ContentType: "application/soap+xml; charset=UTF-8", Envelope: message.Envelope, References: message.References},
		})
	})
	if err != nil {
		return Outcome{}, err
	}
	if _, err := a.gateway.Send(ctx); err != nil {
		return Outcome{}, err
	}
	a.now = a.now.Add(gateway.DefaultRetry.Interval)
	a.answer = http.Response{StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{"Content-Type": {e.contentType}}}
	a.body = e.body
	n, err := a.gateway.Send(ctx)
	if err != nil {
		return Outcome{}, err
	}
	if n != 1 {
		return Outcome{}, fmt.Errorf("%d messages were sent on the second attempt", n)
	}
	o := Outcome{Code: a.store.code}
	if len(a.failed) > 0 {
		o.Notified = a.failed[0]
	}
	switch a.store.state {
	case "":
		o.State = Retrying
	case gateway.Acknowledged:
		o.State = Acknowledged
	case gateway.Undelivered:
		o.State = Final
	default:
		o.State = Attention
	}
	return o, nil
}
