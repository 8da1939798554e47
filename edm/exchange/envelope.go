package exchange

import (
	"time"

	"oots/edm"
)

// An Action is the eb:Action that carries a message of the exchange. [TDD 4.7]
type Action string

// The actions of the service QueryManager.
const (
	ExecuteQueryRequest  Action = "ExecuteQueryRequest"
	ExecuteQueryResponse Action = "ExecuteQueryResponse"
	ExceptionResponse    Action = "ExceptionResponse"
)

func (a Action) known() bool {
	return a == ExecuteQueryRequest || a == ExecuteQueryResponse || a == ExceptionResponse
}

// A Header is what the exchange reads from and writes into the ebMS header. [TDD 4.7 §2.5]
type Header struct {
	// Version is the release line that the message follows. On receipt the header of 2.0 announces it, that of an
	// earlier line does not: whoever reads the body sets it with Follow.
	Version         edm.Version
	MessageID       string    // given by the gateway
	Timestamp       time.Time // ebMS timestamp: the origin of all timeouts [TDD 4.10 §6.1]
	From, To        edm.Identifier
	Action          Action
	ConversationID  string         // bare UUID: one authenticated session of the user [R-EDM-ebMS-017]
	ExchangeID      string         // bare UUID: request, answer and both rounds of a preview; not sent before 2.0 [R-EDM-ebMS-037]
	SpecificationID edm.Version    // as announced; "" before 2.0 [R-EDM-ebMS-038]
	OriginalSender  edm.Identifier // corner 1
	FinalRecipient  edm.Identifier // corner 4
	PropertyNames   []string       // all message properties as received, for the count rules; nil when sending
}

// An Envelope is a message of the exchange with its attachments, as it passes between the business side
// (corner 1 or 4) and its access point.
type Envelope struct {
	Header
	Body        []byte // RegRep document, first MIME part
	Attachments []Attachment
	// BodyType and BodyAt say how Body travelled: the MimeType of its part as received ("" when sending),
	// and its place among the parts, 0 for the first.
	BodyType string
	BodyAt   int
}

// Assemble makes an envelope of a header and the MIME parts as received. The body is the first part of
// the RegRep media type, wherever it stands; without one it is the first part. [R-EDM-ebMS-032]
func Assemble(h Header, parts []Attachment) Envelope {
	e := Envelope{Header: h}
	if len(parts) == 0 {
		return e
	}
	for i, p := range parts {
		if p.MimeType == MediaTypeRegRep {
			e.BodyAt = i
			break
		}
	}
	e.Body, e.BodyType = parts[e.BodyAt].Content, parts[e.BodyAt].MimeType
	for i, p := range parts {
		if i != e.BodyAt {
			e.Attachments = append(e.Attachments, p)
		}
	}
	return e
}

// Attachment returns the part with that Content-ID, or nil.
func (e *Envelope) Attachment(contentID string) *Attachment {
	for i := range e.Attachments {
		if e.Attachments[i].ContentID == contentID {
			return &e.Attachments[i]
		}
	}
	return nil
}

// MediaTypeRegRep is the MimeType of the first part. [R-EDM-ebMS-030]
const MediaTypeRegRep = "application/x-ebrs+xml"

// An Attachment is one evidence document as a MIME part.
type Attachment struct {
	ContentID string // without "cid:" and angle brackets
	MimeType  string
	Content   []byte
}
