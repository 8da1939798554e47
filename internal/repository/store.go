package repository

import (
	"errors"
	"time"

	"oots/internal/store"
)

// A Store keeps uploads. Nothing in it is ever changed: a change is added.
type Store interface {
	// Newest is the highest number of a change, 0 when there is none.
	Newest(tx *store.Tx) (int64, error)
	// Changes lists all changes, oldest first.
	Changes(tx *store.Tx) ([]Change, error)
	// Append stores c under the next number and returns that. The error is ErrExists when c publishes a version
	// that was published before.
	Append(tx *store.Tx, c Change) (int64, error)
	// Put stores content under its SHA-256, in lower-case hex.
	Put(tx *store.Tx, digest string, content []byte) error
	// Content is what Put stored; store.ErrNotFound when there is none.
	Content(tx *store.Tx, digest string) ([]byte, error)
}

// ErrExists says that a version is published already: it never changes.
var ErrExists = errors.New("this version is published and cannot be changed; give the next one a higher version")

// An Action is what somebody did to a version of an asset.
type Action string

// The actions. Save keeps a draft, which may be saved again until it is published.
const (
	Save      Action = "save"
	Publish   Action = "publish"
	Deprecate Action = "deprecate"
	Withdraw  Action = "withdraw"
)

// status is the state after the action.
func (a Action) status() Status {
	switch a {
	case Publish:
		return Published
	case Deprecate:
		return Deprecated
	case Withdraw:
		return Withdrawn
	}
	return Draft
}

// A Change is one entry of the history: who did what to which version, when.
type Change struct {
	Number  int64
	At      time.Time
	Actor   string // account or party; never the name of a natural person in a published place
	Asset   string // identifier
	Version string
	Action  Action
	Note    string
	Data    []byte // an Upload without its contents in JSON; only of Save and Publish
}
