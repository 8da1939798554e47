package provider

import (
	"slices"
	"strings"

	"oots/codelist"
	"oots/edm"
	"oots/edm/edmxml"
	"oots/edm/exchange"
	"oots/internal/store"
	"oots/rule"
)

// Receive takes a request from the access point: within tx it is refused, or joined to its preview, or
// stored to wait for its evidence, which Answer looks for. So it is owed exactly one answer if and only if it
// is marked as handled. The steps are in the order of exchange-flow §6. A request that cannot be answered,
// because the answer would have to repeat a malformed identifier, is only logged. The error is that of the
// store or of the access point.
func (s *Service) Receive(tx *store.Tx, e exchange.Envelope) error {
	b := body{}
	b.request, b.findings, b.err = edmxml.ParseRequestWith(e.Body, s.Settings.Rules)
	e.Follow(b.version())
	in := &inbound{header: e.Header, requestID: edmxml.PeekRequestID(e.Body)}
	err := s.Journal.Record(tx, s.event(in, exchange.Event{
		Name: exchange.RequestReceived, Document: e.Body, DocumentType: exchange.MediaTypeRegRep,
	}))
	if err != nil {
		return err
	}
	if e.Action != exchange.ExecuteQueryRequest || !e.Answerable() {
		id := rule.First(exchange.CheckEnvelopeWith(e, s.Settings.Rules)).Rule
		s.log(&e.Header).Warn("request cannot be answered", "rule", id)
		return s.Journal.Record(tx, s.event(in, exchange.Event{Name: exchange.RequestRefused, Rule: id, Detail: "cannot be answered"}))
	}
	x, err := s.read(tx, in, e, b)
	if err != nil {
		return err
	}
	if x != nil {
		return s.refuse(tx, in, x)
	}
	if in.request.Second() {
		return s.second(tx, in)
	}
	return s.first(tx, in)
}

// An inbound is a request on its way through the steps.
type inbound struct {
	header    exchange.Header
	requestID string       // "" while unreadable
	request   *edm.Request // nil while unreadable
	service   *DataService // nil while unknown
}

// A body is the request in a message, as far as it could be read.
type body struct {
	request  *edm.Request // nil beside an err
	findings []rule.Finding
	err      error
}

// version is what the body announces, "" while it is unreadable.
func (b *body) version() edm.Version {
	if b.request == nil {
		return ""
	}
	return b.request.Version
}

// read does the steps that first and second request have in common: header, schema, rules, id not used
// before, a provider that we are. It returns the exception that refuses the request.
func (s *Service) read(tx *store.Tx, in *inbound, e exchange.Envelope, b body) (*edm.Exception, error) {
	in.service = s.service(e.FinalRecipient)
	findings := exchange.CheckEnvelopeWith(e, s.Settings.Rules)
	if rule.Refuses(findings) {
		in.request = b.request // the answer names requester and request id if it can
		return edm.Refuse(findings), nil
	}
	if b.err != nil {
		return &edm.Exception{Code: edm.InvalidRequest, Severity: edm.SeverityError, Detail: "the body is no evidence request", Err: b.err}, nil
	}
	q := b.request
	in.request, in.requestID = q, q.ID
	findings = append(append(findings, exchange.CheckVersion(e.Header, q.Version)...), b.findings...)
	if rule.Refuses(findings) {
		return edm.Refuse(findings), nil
	}
	if len(findings) > 0 {
		s.log(&e.Header).Warn("request has minor findings", "first", findings[0].String(), "count", len(findings))
	}
	claimed, err := s.Store.ClaimRequest(tx, strings.ToLower(q.ID), s.now())
	if err != nil {
		return nil, err
	}
	if !claimed {
		return refusal(edm.InvalidRequest, "request id was used before [TDD 4.4]"), nil
	}
	if in.service = s.service(q.Provider.ID); in.service == nil {
		return refusal(edm.ObjectNotFound, "no such evidence provider here"), nil
	}
	for _, f := range exchange.CheckCorners(e.Header, requesterID(q), q.Provider.ID) {
		s.log(&e.Header).Warn("corners differ", "finding", f.String())
	}
	return nil, nil
}

// first handles the first request of an exchange from step 5 on. The register is asked later and outside tx,
// so that a slow one holds up nothing but its own answers: see Answer.
func (s *Service) first(tx *store.Tx, in *inbound) error {
	deadline := exchange.Deadline(in.header.Timestamp, s.now(), s.Settings.Timeouts.T1)
	if exchange.Passed(deadline, s.now()) {
		return s.refuse(tx, in, refusal(edm.TimedOut, "T1 was over on arrival [TDD 4.4]"))
	}
	if x := s.admit(in); x != nil {
		return s.refuse(tx, in, x)
	}
	tx.After(s.wake)
	return s.Store.AddWaiting(tx, Waiting{Header: in.header, Request: *in.request, Since: s.now(), Deadline: deadline})
}

// admit does steps 6 and 7: what is asked for, in which form, and by whom.
func (s *Service) admit(in *inbound) *edm.Exception {
	q := in.request
	switch {
	case !codelist.Procedures.Has(q.Procedure):
		return refusal(edm.ObjectNotFound, "procedure is not known")
	case !in.service.serves(q.Evidence.Classification):
		return refusal(edm.ObjectNotFound, "evidence type is not served")
	case in.service.wanted(q) == nil:
		return refusal(edm.UnsupportedCapability, "format is not served")
	case !in.service.Subjects.has(kind(q)):
		return refusal(edm.UnsupportedCapability, "this kind of subject is not served")
	case slices.ContainsFunc(mandates(q), func(scope string) bool { return !covers(scope, q.Procedure) }):
		return refusal(edm.MissingAuthorization, "the mandate does not cover the procedure")
	case !s.strong(levels(q)):
		return refusal(edm.MissingAuthorization, "level of assurance is below "+string(s.Settings.Policy.LoA))
	case s.Settings.Policy.Allowed != nil && !s.Settings.Policy.Allowed(in.header.From, requesterID(q), q.Procedure):
		return refusal(edm.MissingAuthorization, "requester is not allowed to ask")
	}
	return nil
}

func refusal(c edm.Code, detail string) *edm.Exception {
	return &edm.Exception{Code: c, Severity: edm.SeverityError, Detail: detail}
}

func requesterID(q *edm.Request) edm.Identifier {
	if r := q.Requester(); r != nil {
		return r.ID
	}
	return edm.Identifier{}
}
