// Package audit is the log that article 17 of Regulation (EU) 2022/1463 asks of both sides: which requests,
// answers and errors were exchanged, without the evidence itself. [TDD 4.8]
//
// Entries are written in the transaction that changes the state they tell of, are never changed, and are
// erased only at the end of their retention. The document of an entry is sealed on disk.
package audit

import (
	"time"

	"oots/internal/clock"
	"oots/internal/store"
)

// An Event is what happened.
type Event string

// The events of the log. [TDD 4.8]
const (
	ExplicitRequestGiven Event = "explicit_request_given"
	RequestSent          Event = "request_sent"
	RequestReceived      Event = "request_received"
	ResponseSent         Event = "response_sent"
	ResponseReceived     Event = "response_received"
	ErrorSent            Event = "error_sent"
	ErrorReceived        Event = "error_received"
	EvidenceDelivered    Event = "evidence_delivered"
	ResponseRefused      Event = "response_refused"
	RequestRefused       Event = "request_refused"
	PreviewOpened        Event = "preview_opened"
	PreviewDecision      Event = "preview_decision"
	TimeoutConcluded     Event = "timeout_concluded"
	NotIdentified        Event = "reauthentication_failed"
	NotDelivered         Event = "message_undeliverable"
)

// Retention is how long entries are kept at least. [IR 2022/1463 art. 17]
const Retention = 366 * 24 * time.Hour

// An Entry is one row of the log.
type Entry struct {
	ID             string // given by Record when ""
	At             time.Time
	Event          Event
	ConversationID string
	ExchangeID     string
	MessageID      string // ebMS message id, which leads to the signed receipt
	RequestID      string
	Code           string // EDM or ebMS code, if any
	Rule           string // violated rule, if any
	Document       []byte // first MIME part; never the evidence
	Parts          []Part // of evidence that travelled
}

// A Part names one evidence part without holding it.
type Part struct {
	ContentID string
	MimeType  string
	SHA256    string // of the content, lower-case hexadecimal
}

// Store appends entries.
type Store interface {
	Append(tx *store.Tx, e Entry) error
	// Entries lists what is known of one exchange, oldest first.
	Entries(tx *store.Tx, exchangeID string) ([]Entry, error)
	// Erase deletes entries older than before and returns how many.
	Erase(tx *store.Tx, before time.Time) (int64, error)
}

// A Journal writes the log of one node.
type Journal struct {
	store Store
	clock clock.Clock
}

// New makes a Journal over s.
func New(s Store, c clock.Clock) *Journal { return &Journal{store: s, clock: c} }

// Record appends e within tx, with time and id of the node's clock when e has none.
func (j *Journal) Record(tx *store.Tx, e Entry) error {
	if e.ID == "" {
		e.ID = j.clock.NewUUID()
	}
	if e.At.IsZero() {
		e.At = j.clock.Now()
	}
	return j.store.Append(tx, e)
}

// Entries lists what is known of one exchange, oldest first.
func (j *Journal) Entries(tx *store.Tx, exchangeID string) ([]Entry, error) {
	return j.store.Entries(tx, exchangeID)
}

// Erase deletes what is older than the retention and returns how many entries that were.
func (j *Journal) Erase(tx *store.Tx) (int64, error) {
	return j.store.Erase(tx, j.clock.Now().Add(-Retention))
}
