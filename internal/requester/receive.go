package requester

import (
	"bytes"
	"errors"
	"strings"

	"oots/edm"
	"oots/edm/edmxml"
	"oots/edm/exchange"
	"oots/internal/store"
	"oots/rule"
)

// An answer is a message of a provider, parsed: exactly one of response and refusal is set.
type answer struct {
	envelope exchange.Envelope
	response *edm.Response
	refusal  *edm.ErrorResponse
	findings []rule.Finding
	err      error // the body is no such document
}

// requestID is the request that the message says it answers, as we write ids; "" if that cannot be read.
func (a *answer) requestID() string {
	id := ""
	switch {
	case a.response != nil:
		id = a.response.RequestID
	case a.refusal != nil:
		id = a.refusal.RequestID
	}
	return ourForm(id)
}

// ourForm writes an identifier of ours that came back as we had sent it: the rules compare UUIDs without
// case and without white space around them. [R-EDM-ebMS-017]
func ourForm(id string) string { return strings.ToLower(strings.TrimSpace(id)) }

// version is the release line that the body announces; "" while it is unreadable.
func (a *answer) version() edm.Version {
	switch {
	case a.response != nil:
		return a.response.Version
	case a.refusal != nil:
		return a.refusal.Version
	}
	return ""
}

// event is the row that the log keeps of the message.
func (a *answer) event(name exchange.EventName) exchange.Event {
	e := exchange.Event{Name: name, MessageID: a.envelope.MessageID, RequestID: a.requestID(), Parts: parts(a.envelope.Attachments)}
	if a.isDocument() {
		e.Document, e.DocumentType = a.envelope.Body, exchange.MediaTypeRegRep
	} else {
		e.Parts = append(e.Parts, exchange.Part{MimeType: a.envelope.BodyType, SHA256: digest(a.envelope.Body)})
	}
	if a.refusal != nil && len(a.refusal.Exceptions) > 0 {
		e.Code = a.refusal.Exceptions[0].Code
	}
	return e
}

// isDocument reports whether the body is, or was meant to be, the RegRep document. A message without one has
// an evidence in its place, and no evidence may come into the log. [IR 2022/1463 art. 17]
func (a *answer) isDocument() bool {
	e := &a.envelope
	said := e.BodyType == "" || e.BodyType == exchange.MediaTypeRegRep
	return a.err == nil || said && bytes.HasPrefix(bytes.TrimSpace(e.Body), []byte("<"))
}

// Receive takes an answer from the access point and settles the exchange it belongs to, all within tx. An
// answer is never answered: one that belongs to no open exchange is logged and dropped, one that breaks
// the rules ends its exchange and delivers nothing. The error is that of the store only.
// [exchange-flow §3, §7]
func (s *Service) Receive(tx *store.Tx, e exchange.Envelope) error {
	a := answer{envelope: e}
	a.response, a.refusal, a.findings, a.err = edmxml.ParseResponseWith(e.Body, s.Settings.Rules)
	a.envelope.Follow(a.version())
	e = a.envelope
	r, why, err := s.correlate(tx, &a)
	if err != nil {
		return err
	}
	if why != "" {
		return s.drop(tx, r, &a, why)
	}
	if a.err != nil {
		return s.unusable(tx, r, &a, "OOTS-EXC-BODY", "the answer is no evidence response")
	}
	if r.Request != nil && a.version() != r.Request.Version {
		return s.unusable(tx, r, &a, "R-EDM-RESP-C002", "the answer is in another release line than the request")
	}
	findings := append(exchange.CheckEnvelopeWith(e, s.Settings.Rules), exchange.CheckVersion(e.Header, a.version())...)
	findings = append(findings, a.findings...)
	if rule.Refuses(findings) {
		return s.unusable(tx, r, &a, rule.First(findings).Rule, "the answer breaks a rule")
	}
	if len(findings) > 0 {
		s.log(r.ApplicationID, r.ID).Warn("answer has minor findings", "message", e.MessageID, "first", findings[0].String(), "count", len(findings))
	}
	if a.refusal != nil {
		return s.receiveError(tx, r, &a)
	}
	return s.receiveResponse(tx, r, &a)
}

// correlate finds the open exchange that a belongs to, or says why there is none. An unreadable answer is
// known by the exchange in its header, which messages have since 2.0. Only the access point that was asked can answer.
func (s *Service) correlate(tx *store.Tx, a *answer) (r Record, why string, err error) {
	h := &a.envelope.Header
	if a.err != nil || a.requestID() == "" {
		r, err = s.Store.ExchangeByID(tx, ourForm(h.ExchangeID))
	} else {
		r, err = s.Store.ExchangeByRequest(tx, a.requestID())
	}
	switch {
	case errors.Is(err, store.ErrNotFound):
		return r, "answers no request of ours", nil
	case err != nil:
		return r, "", err
	case ourForm(h.ConversationID) != r.ApplicationID || h.ExchangeID != "" && ourForm(h.ExchangeID) != r.ID:
		return r, "conversation or exchange do not belong to the request", nil
	case h.From != r.To:
		return r, "does not come from the access point that was asked", nil
	case r.State.Settled():
		return r, "the exchange is already settled: " + string(r.State), nil
	case a.requestID() != "" && a.requestID() != r.RequestID:
		return r, "answers a request that was already answered", nil
	case r.State == exchange.PreviewRequired && (a.refusal == nil || a.refusal.PreviewRequired() != nil):
		return r, "the request was already answered with a preview link", nil
	}
	return s.inTime(tx, r, h)
}

// inTime concludes the exchange when the answer was sent too late, which its ebMS timestamp says and not
// the time it spent on the way; one that is absent or ahead of our clock counts as now. [TDD 4.10 §6.1]
func (s *Service) inTime(tx *store.Tx, r Record, h *exchange.Header) (Record, string, error) {
	sent := exchange.Deadline(h.Timestamp, s.now(), 0)
	if !exchange.Passed(r.Deadline, s.now()) || !exchange.Passed(r.Deadline, sent) {
		return r, "", nil
	}
	if _, err := s.expire(tx, r.ID); err != nil {
		return r, "", err
	}
	return r, "was sent after the time was over", nil
}

// drop logs an answer that changes nothing, under the exchange r that it is about when it is of its conversation:
// up to 1.2 the header names the conversation only.
func (s *Service) drop(tx *store.Tx, r Record, a *answer, why string) error {
	h := &a.envelope.Header
	id := h.ExchangeID
	if id == "" && ourForm(h.ConversationID) == r.ApplicationID {
		id = r.ID
	}
	s.log(h.ConversationID, id).Warn("answer dropped", "message", h.MessageID, "reason", why)
	e := a.event(exchange.ResponseRefused)
	e.ConversationID, e.ExchangeID, e.At, e.Detail = h.ConversationID, id, s.now(), why
	return s.Journal.Record(tx, e)
}

// unusable ends the exchange of an answer that breaks the rules. There is no error path to a provider.
func (s *Service) unusable(tx *store.Tx, r Record, a *answer, id rule.ID, why string) error {
	s.log(r.ApplicationID, r.ID).Warn("answer refused", "message", a.envelope.MessageID, "rule", id, "reason", why)
	e := a.event(exchange.ResponseRefused)
	e.Rule, e.Detail = id, why
	if err := s.journal(tx, &r, e); err != nil {
		return err
	}
	from := r.State
	r.State, r.Reason = exchange.Failed, string(id)
	return s.save(tx, r, from)
}

// receiveError handles an evidence error response: a preview link, or the end of the exchange.
func (s *Service) receiveError(tx *store.Tx, r Record, a *answer) error {
	if p := a.refusal.PreviewRequired(); p != nil {
		return s.receivePreview(tx, r, a, p)
	}
	if err := s.journal(tx, &r, a.event(exchange.ErrorReceived)); err != nil {
		return err
	}
	x := a.refusal.Exceptions[0]
	from := r.State
	r.State, r.Error, r.Reason = exchange.Failed, x.Code, clip(x.Detail)
	if x.Code == edm.TimedOut {
		r.State = exchange.Expired
	}
	s.log(r.ApplicationID, r.ID).Info("error received", "message", a.envelope.MessageID, "code", x.Code)
	return s.save(tx, r, from)
}

// receivePreview keeps the link until the user follows it. T2 runs from the ebMS timestamp of the
// exception. A second link in one exchange is not described and ends it. [open-questions F1, F7]
func (s *Service) receivePreview(tx *store.Tx, r Record, a *answer, p *edm.Exception) error {
	if r.State != exchange.Sent {
		return s.unusable(tx, r, a, "OOTS-EXC-PREVIEW", "a second preview link in one exchange")
	}
	if err := s.checkLink(p.Preview.Location); err != nil {
		return s.unusable(tx, r, a, "R-EDM-ERR-C019", err.Error())
	}
	if err := s.journal(tx, &r, a.event(exchange.ErrorReceived)); err != nil {
		return err
	}
	r.State, r.Preview = exchange.PreviewRequired, p.Preview
	r.Deadline = exchange.Deadline(a.envelope.Timestamp, s.now(), s.Settings.Timeouts.T2)
	s.log(r.ApplicationID, r.ID).Info("preview required", "message", a.envelope.MessageID)
	return s.save(tx, r, exchange.Sent)
}

// clip bounds a text of a peer that support may see.
func clip(s string) string {
	const limit = 120
	for i := range s {
		if i > limit {
			return s[:i]
		}
	}
	return s
}
