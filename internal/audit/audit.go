// Package audit is the log that article 17 of Regulation (EU) 2022/1463 asks of both sides: which requests,
// answers and errors were exchanged, without the evidence itself. [TDD 4.8]
//
// Entries are written in the transaction that changes the state they tell of, are never changed, and are
// erased only at the end of their retention. The document of an entry is sealed on disk.
package audit

import (
	"time"

	"oots/edm/exchange"
	"oots/internal/clock"
	"oots/internal/store"
)

// Retention is how long entries are kept: at least twelve months. [IR 2022/1463 art. 17]
const Retention = 366 * 24 * time.Hour

// An Entry is one row of the log.
type Entry struct {
	ID string // bare UUID
	exchange.Event
}

// Store keeps the entries.
type Store interface {
	// Append adds an entry behind those of its exchange.
	Append(tx *store.Tx, e Entry) error
	// Entries lists what is known of one exchange, oldest first.
	Entries(tx *store.Tx, exchangeID string) ([]Entry, error)
	// Conversation lists what is known of one conversation, oldest first.
	Conversation(tx *store.Tx, conversationID string) ([]Entry, error)
	// Erase deletes entries older than before and returns how many.
	Erase(tx *store.Tx, before time.Time) (int64, error)
}

// A Journal is the log of one node.
type Journal struct {
	store Store
	clock clock.Clock
}

// New makes a Journal over s.
func New(s Store, c clock.Clock) *Journal { return &Journal{store: s, clock: c} }

// Record appends e within tx; an event without a time gets that of the clock.
func (j *Journal) Record(tx *store.Tx, e exchange.Event) error {
	if e.At.IsZero() {
		e.At = j.clock.Now()
	}
	return j.store.Append(tx, Entry{ID: j.clock.NewUUID(), Event: e})
}

// Entries lists what is known of one exchange, oldest first.
func (j *Journal) Entries(tx *store.Tx, exchangeID string) ([]Entry, error) {
	return j.store.Entries(tx, exchangeID)
}

// Conversation lists what is known of one conversation, oldest first.
func (j *Journal) Conversation(tx *store.Tx, conversationID string) ([]Entry, error) {
	return j.store.Conversation(tx, conversationID)
}

// Erase deletes what is older than the retention and returns how many entries that were.
func (j *Journal) Erase(tx *store.Tx) (int64, error) {
	return j.store.Erase(tx, j.clock.Now().Add(-Retention))
}
