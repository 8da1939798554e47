package lifecycle

import (
	"time"

	"oots/directory"
	"oots/internal/store"
)

// A Store keeps revisions. What it returns is the caller's.
type Store interface {
	// Active lists the revisions that are in force.
	Active(tx *store.Tx) ([]directory.Revision, error)
	// Newest is the highest number of a revision, 0 when there is none.
	Newest(tx *store.Tx) (int64, error)
	// Put stores r with its content as the revision in force of its country and service, gives it the next
	// number and returns that. The revision in force must still be number before, 0 for none: otherwise the
	// error is ErrConflict.
	Put(tx *store.Tx, r directory.Revision, content []byte, before int64) (int64, error)
	// Revision is one revision, store.ErrNotFound when there is none.
	Revision(tx *store.Tx, number int64) (directory.Revision, error)
	// Content is what a revision holds, as it was put.
	Content(tx *store.Tx, number int64) ([]byte, error)
	// Record appends an event to the log.
	Record(tx *store.Tx, e Event) error
	// Events lists what was logged since an instant, oldest first.
	Events(tx *store.Tx, since time.Time) ([]Event, error)
	// Forget deletes events before an instant and returns how many.
	Forget(tx *store.Tx, before time.Time) (int, error)
	// History lists the revisions of a country and a service, newest first; "" stands for all.
	History(tx *store.Tx, country string, service directory.Service) ([]directory.Revision, error)
}

// An Event is one entry of the log on submissions. It has no personal data: an actor is an account or a party.
// [TDD 3.8]
type Event struct {
	At        time.Time
	Actor     string
	Country   string // that the submitter speaks for
	Origin    string
	Request   string         // @id of the submission
	Digest    string         // SHA-256 of the payload, lower-case hex; "" for records made here
	Counts    map[string]int // records of each node
	Accepted  bool
	Findings  []string // one line each: rule, object, what was wanted; never more than 100
	Replaced  []int64  // revisions that were in force
	Revisions []int64  // revisions that it made

	MessageID, ConversationID string // of the AS4 message; "" for none
}
