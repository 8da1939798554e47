// Package pmodes keeps the P-Modes of an access point under control: a file is judged and compared before anything
// changes, put in force as a whole or not at all, and every one that ever was in force is kept byte for byte, with
// who, when and why. To go back is to put old bytes in force again, as a new version. [TDD 4.7]
//
// Several processes may share one store: each takes up what another has put in force (Reload, Run). The package reads
// no file and sends no message; how P-Modes read is edelivery/pmode/configuration.
package pmodes

import (
	"context"
	"errors"
	"time"

	"oots/edelivery/pmode/configuration"
	"oots/internal/clock"
	"oots/internal/store"
)

// A Version is a P-Mode file that is or was in force.
type Version struct {
	Number int64              `json:"number"` // from 1, without gaps; the highest is in force
	At     time.Time          `json:"at"`     // when it was put in force
	Actor  string             `json:"actor"`  // account of who did it
	Note   string             `json:"note,omitempty"`
	Origin string             `json:"origin"` // "import" or "rollback to N"
	Form   configuration.Form `json:"form"`
	Digest string             `json:"sha256"` // of the bytes, lower-case hexadecimal
	Party  string             `json:"party"`  // ours
	Bytes  int                `json:"bytes"`
	// Partial says that what is not supported was left out with consent.
	Partial bool `json:"partial"`
}

// A Store keeps versions. What it returns is the caller's.
type Store interface {
	// Put stores v under its number; ErrConflict when another has taken it, or when it is not the next.
	Put(tx *store.Tx, v Version, content []byte) error
	// Newest is the highest number, 0 for none.
	Newest(tx *store.Tx) (int64, error)
	// Version is one with its bytes; store.ErrNotFound when there is none.
	Version(tx *store.Tx, number int64) (Version, []byte, error)
	// History is all of them, newest first.
	History(tx *store.Tx) ([]Version, error)
}

// The reasons not to put a file in force.
var (
	ErrFaulty    = errors.New("the file has faults")
	ErrPartial   = errors.New("something in the file is not supported and would be left out")
	ErrConflict  = errors.New("another version was put in force meanwhile")
	ErrUnchanged = errors.New("this very file is in force")
	ErrNone      = errors.New("no P-Modes are in force")
)

// Deps are what an Archive works with.
type Deps struct {
	DB    *store.DB
	Store Store
	Clock clock.Clock
	// Certificates gives the certificates of parties as they are at an instant. It is asked whenever a set is made.
	Certificates func(ctx context.Context, at time.Time) (configuration.Certificates, error)
	Self         string // our party; "" is the one that the files say
}
