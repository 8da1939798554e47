package coordinator

import (
	"time"

	"oots/directory"
	"oots/internal/store"
)

// A Store keeps accounts, drafts and the log. What it returns is the caller's; store.ErrNotFound when there is none.
type Store interface {
	Account(tx *store.Tx, name string) (Account, error)
	Accounts(tx *store.Tx) ([]Account, error) // by country and name
	PutAccount(tx *store.Tx, a Account) error

	Invitation(tx *store.Tx, digest string) (Invitation, error)
	PutInvitation(tx *store.Tx, i Invitation) error
	DropInvitations(tx *store.Tx, account string) error // all of an account

	Draft(tx *store.Tx, country string) ([]Part, error)
	// PutPart stores p as the draft of its country and service. The one before it must have the edition below, none
	// for the first: otherwise the error is ErrStale.
	PutPart(tx *store.Tx, p Part) error
	DropDraft(tx *store.Tx, country string) error

	Record(tx *store.Tx, e Entry) error
	Entries(tx *store.Tx, country string, limit int) ([]Entry, error) // newest first; "" for all countries
}

// A Part is the draft of one partition.
type Part struct {
	directory.Partition
	Base    int64 // revision that was in force when the draft was begun; 0 for none
	Edition int64 // grows by one with every change, from 1
	At      time.Time
	Account string // that changed it last
}

// An Entry is one line of the log.
type Entry struct {
	At      time.Time
	Account string // "" for a login that nobody has
	Country string
	Action  Action
	Object  string // account, record or revision
	Detail  string
}

// An Action is what an entry is about.
type Action string

// The actions.
const (
	ActLogin    Action = "login"
	ActFailed   Action = "failed login"
	ActInvite   Action = "invite"
	ActPassword Action = "password"
	ActDisable  Action = "disable"
	ActEnable   Action = "enable"
	ActEdit     Action = "edit"
	ActRemove   Action = "remove"
	ActDiscard  Action = "discard"
	ActRebase   Action = "rebase"
	ActSubmit   Action = "submit"
	ActRefused  Action = "refused"
	ActRestore  Action = "restore"
)
