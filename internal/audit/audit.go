// Package audit is the log that article 17 of Regulation (EU) 2022/1463 asks of both sides: which requests,
// answers and errors were exchanged, without the evidence itself, and of the access point: what became of each
// message. [TDD 4.8]
//
// Rows are written in the transaction of the fact that they tell of, so nothing is acknowledged that is not in the
// log. Each holds the hash of the row before. They are never changed, and erased only as a whole beginning of the
// log at the end of their retention; a checkpoint, signed by the access point, keeps the rest verifiable. The
// document of a row is sealed on disk and covered by its digest, so the chain stands when the document is gone.
//
// Files keeps a second copy apart from the database. Who can change one of the two does not change the other
// unnoticed, and who can change both cannot sign.
package audit

import (
	"errors"
	"time"

	"oots/edm/exchange"
	"oots/internal/clock"
	"oots/internal/store"
)

// Retention is how long rows are kept: at least twelve months. [IR 2022/1463 art. 17]
const Retention = 366 * 24 * time.Hour

// An Entry is one row about an exchange, with its document.
type Entry struct {
	ID string // bare UUID
	exchange.Event
}

// Stored is a row with its document; nil when it has none or when that was erased.
type Stored struct {
	Row
	Document []byte
}

// Store keeps the rows and the checkpoints.
type Store interface {
	// Head is position and hash of the last row, or of the last that was erased; 0 and Origin of an empty log.
	Head(tx *store.Tx) (position int64, hash string, err error)
	// Append adds a row behind the last; its position must be free.
	Append(tx *store.Tx, s Stored) error
	// Entries lists what is known of one exchange, oldest first.
	Entries(tx *store.Tx, exchangeID string) ([]Entry, error)
	// Conversation lists what is known of one conversation, oldest first.
	Conversation(tx *store.Tx, conversationID string) ([]Entry, error)
	// Rows lists at most limit rows behind a position, in order.
	Rows(tx *store.Tx, after int64, limit int) ([]Stored, error)
	// Aged is the last row of the beginning of the log in which all rows are older than before; ErrNotFound when
	// the first row is younger.
	Aged(tx *store.Tx, before time.Time) (Row, error)
	// Erase deletes the rows up to position, for which there must be a checkpoint of that reason.
	Erase(tx *store.Tx, position int64) (int64, error)
	// PutCheckpoint adds a checkpoint and gives it the next number.
	PutCheckpoint(tx *store.Tx, c Checkpoint) error
	// LastCheckpoint is position and time of the newest checkpoint of that reason, "" of any; zero when there is none.
	LastCheckpoint(tx *store.Tx, why Reason) (position int64, at time.Time, err error)
	// Checkpoints lists the checkpoints with a number above after, in their order.
	Checkpoints(tx *store.Tx, after int64) ([]Checkpoint, error)
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
	return j.append(tx, Row{
		At: e.At, Kind: Exchange, Event: string(e.Name), ConversationID: e.ConversationID, ExchangeID: e.ExchangeID, MessageID: e.MessageID,
		RequestID: e.RequestID, Code: string(e.Code), Rule: string(e.Rule), Detail: e.Detail, DocumentType: e.DocumentType, Parts: e.Parts,
	}, e.Document)
}

func (j *Journal) append(tx *store.Tx, r Row, document []byte) error {
	if r.At.IsZero() {
		r.At = j.clock.Now()
	}
	r.ID, r.At = j.clock.NewUUID(), r.At.UTC().Truncate(time.Millisecond)
	position, hash, err := j.store.Head(tx)
	if err != nil {
		return err
	}
	return j.store.Append(tx, Chained(position, hash, r, document))
}

// Chained makes r, with its document, the row behind the one at position with hash.
func Chained(position int64, hash string, r Row, document []byte) Stored {
	r.valid()
	if document != nil {
		r.DocumentSHA256 = hexSHA256(document)
	}
	r.chain(position, hash)
	return Stored{Row: r, Document: document}
}

// Entries lists what is known of one exchange, oldest first.
func (j *Journal) Entries(tx *store.Tx, exchangeID string) ([]Entry, error) {
	return j.store.Entries(tx, exchangeID)
}

// Conversation lists what is known of one conversation, oldest first.
func (j *Journal) Conversation(tx *store.Tx, conversationID string) ([]Entry, error) {
	return j.store.Conversation(tx, conversationID)
}

// Checkpoint signs the head of the log within tx, and reports whether there was anything to sign.
func (j *Journal) Checkpoint(tx *store.Tx, why Reason, s Signer) (bool, error) {
	position, hash, err := j.store.Head(tx)
	if err != nil || position == 0 {
		return false, err
	}
	c, err := NewCheckpoint(position, hash, j.clock.Now(), why, s)
	if err != nil {
		return false, err
	}
	return true, j.store.PutCheckpoint(tx, c)
}

// Erase deletes what is older than the retention and returns how many rows that were. What is left begins behind a
// checkpoint without a signature; see EraseSigned.
func (j *Journal) Erase(tx *store.Tx) (int64, error) { return j.EraseSigned(tx, Signer{}) }

// between is the least time between two erasures: each leaves a checkpoint for ever.
const between = 24 * time.Hour

// EraseSigned deletes the beginning of the log in which every row is older than the retention, and leaves a checkpoint at
// its end, signed by s. It does so once a day at most.
func (j *Journal) EraseSigned(tx *store.Tx, s Signer) (int64, error) {
	now := j.clock.Now()
	last, err := j.aged(tx)
	if err != nil || last.Position == 0 {
		return 0, err
	}
	c, err := NewCheckpoint(last.Position, last.Hash, now, Erasure, s)
	if err != nil {
		return 0, err
	}
	if err := j.store.PutCheckpoint(tx, c); err != nil {
		return 0, err
	}
	return j.store.Erase(tx, last.Position)
}

// aged is the last row of what is to be erased now; the zero Row when nothing is.
func (j *Journal) aged(tx *store.Tx) (Row, error) {
	now := j.clock.Now()
	_, at, err := j.store.LastCheckpoint(tx, Erasure)
	if err != nil || now.Sub(at) < between && !now.Before(at) {
		return Row{}, err
	}
	last, err := j.store.Aged(tx, now.Add(-Retention))
	if errors.Is(err, store.ErrNotFound) {
		return Row{}, nil
	}
	return last, err
}
