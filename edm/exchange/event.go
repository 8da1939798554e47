package exchange

import (
	"time"

	"oots/edm"
	"oots/rule"
)

// An EventName says what happened, in the log of article 17 of Regulation (EU) 2022/1463. [TDD 4.8]
type EventName string

// The events of the requester and of the provider.
const (
	ExplicitRequestGiven EventName = "explicit_request_given"
	RequestSent          EventName = "request_sent"
	RequestRefused       EventName = "request_refused" // ours, before anything left; or a peer's that could not be answered
	ResponseReceived     EventName = "response_received"
	ErrorReceived        EventName = "error_received"
	ResponseRefused      EventName = "response_refused" // unknown, late, double or unusable
	EvidenceDelivered    EventName = "evidence_delivered"
	EvidenceHandedOver   EventName = "evidence_handed_over"
	Undelivered          EventName = "message_undeliverable" // the access point gave up
	TimeoutConcluded     EventName = "timeout_concluded"
	UserReturned         EventName = "user_returned"

	RequestReceived       EventName = "request_received"
	ResponseSent          EventName = "response_sent"
	ErrorSent             EventName = "error_sent"
	PreviewOpened         EventName = "preview_opened"
	PreviewDecided        EventName = "preview_decision"
	ReauthenticationError EventName = "reauthentication_failed"
)

// An Event is one row of the log. Its document holds personal data and is stored sealed; no field holds
// the content of an evidence. [IR 2022/1463 art. 17]
type Event struct {
	Name           EventName
	At             time.Time
	ConversationID string
	ExchangeID     string
	MessageID      string // "" when the message never reached the access point
	RequestID      string // @id of the request, or @requestId of the answer
	Code           edm.Code
	Rule           rule.ID
	Detail         string // why, in our words; never personal data
	Document       []byte // first MIME part of the message, or the text of the explicit request
	DocumentType   string // media type of Document
	Parts          []Part
}

// A Part is what the log keeps of an attachment.
type Part struct {
	ContentID string
	MimeType  string
	SHA256    string // lower-case hexadecimal, of the plain content
}
