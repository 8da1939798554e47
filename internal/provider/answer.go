package provider

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"oots/edm"
	"oots/edm/edmxml"
	"oots/edm/exchange"
	"oots/internal/store"
	"oots/rule"
)

// A prepared document is one evidence that may be sent.
type prepared struct {
	StoredDocument
	content []byte
}

// reply sends an evidence response with docs; none is the empty success. It returns the state that this ends
// the exchange in. [TDD 4.5.2]
func (s *Service) reply(tx *store.Tx, in *inbound, docs []prepared) (exchange.ProviderState, error) {
	q := s.response(in, edm.Success)
	var parts []exchange.Attachment
	for _, d := range docs {
		n := len(q.Packages) - 1
		if d.Of == "" || n < 0 {
			q.Packages = append(q.Packages, edm.Package{ID: s.urn()})
			n++
		}
		doc, a := s.document(in, d)
		q.Packages[n].Documents = append(q.Packages[n].Documents, doc)
		parts = append(parts, a)
	}
	return s.sendResponse(tx, in, q, parts)
}

// deferUntil says that the evidence exists and when it can be asked for again, in a new exchange.
// [TDD 4.5.2] [open-questions F9]
func (s *Service) deferUntil(tx *store.Tx, in *inbound, at time.Time) error {
	q := s.response(in, edm.Unavailable)
	q.AvailableAt = at
	_, err := s.sendResponse(tx, in, q, nil)
	return err
}

func (s *Service) response(in *inbound, status edm.ResponseStatus) *edm.Response {
	return &edm.Response{
		RequestID: in.requestID, Version: in.header.Follows(), ID: s.Clock.NewUUID(), IssuedAt: s.now(), Status: status,
		Providers: []edm.Agent{in.service.Agent}, Requester: *answeredTo(in.request),
	}
}

// answeredTo is the requester as an answer names it: identifier and names. [exchange-flow §8]
func answeredTo(q *edm.Request) *edm.Agent {
	if q == nil || q.Requester() == nil {
		return nil
	}
	r := q.Requester()
	return &edm.Agent{ID: r.ID, Names: r.Names}
}

func (s *Service) urn() string { return "urn:uuid:" + s.Clock.NewUUID() }

// document makes the entry of one document in its package, and the part that it points to. What goes with an
// evidence has metadata of its own only since 2.0; before, in a flat list, every document is an evidence.
// [R-EDM-RESP-S062, S063, S066]
func (s *Service) document(in *inbound, d prepared) (edm.Document, exchange.Attachment) {
	q := in.request
	a := exchange.Attachment{ContentID: s.Clock.NewUUID() + "@" + s.contentDomain, MimeType: d.MediaType, Content: d.content}
	doc := edm.Document{
		ObjectID: s.urn(), ClassificationID: s.urn(), Kind: edm.MainEvidence, ContentID: a.ContentID, Title: d.Title,
		Evidence: edm.Evidence{
			ID:           d.EvidenceID,
			Distribution: edm.Distribution{Format: d.MediaType, ConformsTo: d.ConformsTo, Languages: languages(d.Language)},
		},
	}
	if d.Of != "" && in.header.Follows() == edm.V20 {
		doc.Kind, doc.AssociationID = d.Kind, s.urn()
		return doc, a
	}
	doc.Evidence.NaturalPerson, doc.Evidence.LegalPerson = about(q)
	doc.Evidence.IssuingAuthority = &edm.Agent{ID: d.IssuerID, Names: d.Issuer}
	doc.Evidence.Conformance = &edm.EvidenceType{Classification: q.Evidence.Classification, Titles: q.Evidence.Titles, Descriptions: q.Evidence.Descriptions}
	doc.Evidence.IssuingDate = d.IssuingDate
	return doc, a
}

// about is the subject as the evidence names it: as it was asked for, and not as the register spells it.
// [eidas-identity §9]
func about(q *edm.Request) (*edm.Person, *edm.LegalPerson) {
	if l := q.LegalPerson; l != nil {
		return nil, &edm.LegalPerson{EIDASIdentifier: l.EIDASIdentifier, LegalName: l.LegalName}
	}
	p := q.NaturalPerson
	return &edm.Person{Identifier: p.Identifier, FamilyName: p.FamilyName, GivenName: p.GivenName, DateOfBirth: p.DateOfBirth}, nil
}

func languages(l string) []string {
	if l == "" {
		return nil
	}
	return []string{l}
}

// sendResponse writes q and hands it over with its parts. A response of ours that would break a rule does not
// leave: EDM:ERR:0008 does.
func (s *Service) sendResponse(tx *store.Tx, in *inbound, q *edm.Response, parts []exchange.Attachment) (exchange.ProviderState, error) {
	if fs := s.Settings.Rules.CheckResponse(q); rule.Refuses(fs) {
		s.log(&in.header).Error("our response breaks a rule and is not sent", "finding", rule.First(fs).String())
		return exchange.RefusalSent, s.refuse(tx, in, refusal(edm.QueryFailed, "the answer could not be built"))
	}
	e := exchange.Envelope{Header: in.header.Answer(exchange.ExecuteQueryResponse), Attachments: parts}
	e.OriginalSender = in.service.Agent.ID
	var err error
	if e.Body, err = edmxml.AppendResponse(nil, q); err != nil {
		return "", fmt.Errorf("write response: %w", err)
	}
	event := exchange.Event{Name: exchange.ResponseSent}
	for _, a := range parts {
		sum := sha256.Sum256(a.Content)
		event.Parts = append(event.Parts, exchange.Part{ContentID: a.ContentID, MimeType: a.MimeType, SHA256: hex.EncodeToString(sum[:])})
	}
	_, err = s.submit(tx, in, e, event)
	return exchange.ReplySent, err
}

// refuse sends an evidence error response with x. Its cause stays here. [TDD 4.5.3]
func (s *Service) refuse(tx *store.Tx, in *inbound, x *edm.Exception) error {
	if x.Err != nil {
		s.log(&in.header).Warn("request refused", "code", x.Code, "detail", x.Detail, "cause", x.Err)
	} else {
		s.log(&in.header).Info("request refused", "code", x.Code, "detail", x.Detail)
	}
	_, err := s.sendError(tx, in, x)
	return err
}

// sendError returns the ebMS timestamp of the error response.
func (s *Service) sendError(tx *store.Tx, in *inbound, x *edm.Exception) (time.Time, error) {
	service := in.service
	if service == nil {
		service = &s.Settings.Services[0]
	}
	body, err := edmxml.AppendError(nil, s.errorResponse(in, service.Agent, *x))
	if err != nil {
		return time.Time{}, fmt.Errorf("write error: %w", err)
	}
	e := exchange.Envelope{Header: in.header.Answer(exchange.ExceptionResponse), Body: body}
	e.OriginalSender = service.Agent.ID
	return s.submit(tx, in, e, exchange.Event{Name: exchange.ErrorSent, Code: x.Code, Rule: rule.First(x.Findings).Rule, Detail: x.Detail})
}

// errorResponse names requester and request id as far as they could be read and may be repeated: what a
// request has wrong must not make the answer wrong. [R-EDM-ERR-C025]
func (s *Service) errorResponse(in *inbound, agent edm.Agent, x edm.Exception) *edm.ErrorResponse {
	x.At = s.now()
	agent.Class = edm.ErrorProvider
	q := &edm.ErrorResponse{
		RequestID: in.requestID, Version: in.header.Follows(), ID: s.Clock.NewUUID(), Provider: agent, Requester: answeredTo(in.request),
		Exceptions: []edm.Exception{x},
	}
	if !edm.IsURNUUID(q.RequestID) {
		q.RequestID = ""
	}
	if rule.Refuses(s.Settings.Rules.CheckError(q)) {
		q.Requester = nil
	}
	return q
}

// submit hands e to the access point and logs its departure; it returns the ebMS timestamp.
func (s *Service) submit(tx *store.Tx, in *inbound, e exchange.Envelope, event exchange.Event) (time.Time, error) {
	e.From = s.Settings.AccessPoint
	messageID, at, err := s.Outbox.Submit(tx, e)
	if err != nil {
		return time.Time{}, fmt.Errorf("hand answer to the access point: %w", err)
	}
	event = s.event(in, event)
	event.MessageID, event.Document, event.DocumentType = messageID, e.Body, exchange.MediaTypeRegRep
	return at, s.Journal.Record(tx, event)
}

// event completes a row of the log with the identifiers of in.
func (s *Service) event(in *inbound, e exchange.Event) exchange.Event {
	e.At = s.now()
	e.ConversationID, e.ExchangeID, e.MessageID, e.RequestID = in.header.ConversationID, in.header.ExchangeID, in.header.MessageID, in.requestID
	return e
}
