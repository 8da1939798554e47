package console

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"time"

	"oots/internal/store"
)

// A Store keeps accounts and the log. What it returns is the caller's; store.ErrNotFound when there is none.
type Store interface {
	Account(tx *store.Tx, name string) (Account, error)
	Accounts(tx *store.Tx) ([]Account, error) // by name
	PutAccount(tx *store.Tx, a Account) error
	// TakeStep uses up the codes of an account up to step; store.ErrNotFound when that one was used before.
	TakeStep(tx *store.Tx, name string, step int64) error

	// PutRecovery replaces the recovery codes of an account, TakeRecovery uses one up, Recovery counts those left.
	PutRecovery(tx *store.Tx, name string, digests []string) error
	TakeRecovery(tx *store.Tx, name, digest string) error
	Recovery(tx *store.Tx, name string) (int, error)

	Invitation(tx *store.Tx, digest string) (Invitation, error)
	PutInvitation(tx *store.Tx, i Invitation) error
	DropInvitations(tx *store.Tx, account string) error // all of an account

	// Record appends a to the log under the next number, chained to the entry before it.
	Record(tx *store.Tx, a Act) error
	Acts(tx *store.Tx, f ActFilter) ([]Act, error)                       // newest first
	Chain(tx *store.Tx, after int64, limit int) ([]Act, error)           // oldest first
	CountActs(tx *store.Tx, action Action, since time.Time) (int, error) // of all accounts
}

// An Act is one line of the log.
type Act struct {
	Seq     int64     `json:"seq"` // from 1, without gaps
	At      time.Time `json:"at"`  // whole milliseconds
	Account string    `json:"account"`
	Action  Action    `json:"action"`
	Object  string    `json:"object"` // message, partner, account or version
	Detail  string    `json:"detail,omitempty"`
	Origin  string    `json:"origin,omitempty"` // user of the machine who gave the command; "" for the pages
	Chain   string    `json:"chain"`            // see Link
}

// Link is the link of the chain that belongs to a, behind the link before it: SHA-256 over both, in lower-case
// hexadecimal.
func (a *Act) Link(before string) string {
	h := sha256.New()
	fields := []string{before, fmt.Sprint(a.Seq), fmt.Sprint(a.At.UnixMilli()), a.Account, string(a.Action), a.Object, a.Detail}
	if a.Origin != "" {
		fields = append(fields, a.Origin)
	}
	for _, field := range fields {
		fmt.Fprintf(h, "%d:%s,", len(field), field)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// An ActFilter narrows the log. Zero fields mean anything.
type ActFilter struct {
	Account string
	Action  Action
	Object  string
	Before  int64 // only entries with a lower number
	Limit   int
}

// An Action is what an entry is about.
type Action string

// The actions.
const (
	ActLogin     Action = "login"
	ActFailed    Action = "failed login"
	ActLocked    Action = "locked"
	ActInvite    Action = "invite"
	ActPassword  Action = "password"
	ActCode      Action = "second factor"
	ActRecovery  Action = "recovery code"
	ActClose     Action = "close account"
	ActOpen      Action = "open account"
	ActUnlock    Action = "unlock account"
	ActResend    Action = "resend"
	ActCancel    Action = "cancel"
	ActResolve   Action = "resolve"
	ActRedeliver Action = "deliver again"
	ActEnvelope  Action = "envelope"
	ActTest      Action = "test partner"
	ActProof     Action = "proof"
	ActActivate  Action = "activate P-Modes"
	ActRollback  Action = "roll back P-Modes"
	ActRefused   Action = "P-Modes refused"
)

// Actions are all of them.
func Actions() []Action {
	return []Action{ActLogin, ActFailed, ActLocked, ActInvite, ActPassword, ActCode, ActRecovery, ActClose, ActOpen, ActUnlock,
		ActResend, ActCancel, ActResolve, ActRedeliver, ActEnvelope, ActTest, ActProof, ActActivate, ActRollback, ActRefused}
}

// Journaled is a store whose acts also go into another log, in the same transaction and as they are stored: with number
// and chain, so that the other log shows when this one is rewritten or cut off. Logins do not go there, right or wrong:
// anybody can make those.
type Journaled struct {
	Store
	Journal func(tx *store.Tx, a Act) error
}

// Record implements Store.
func (j Journaled) Record(tx *store.Tx, a Act) error {
	if err := j.Store.Record(tx, a); err != nil || a.Action == ActLogin || a.Action == ActFailed || a.Action == ActLocked {
		return err
	}
	last, err := j.Store.Acts(tx, ActFilter{Limit: 1})
	if err != nil {
		return err
	}
	return j.Journal(tx, last[0])
}

// VerifyActs follows the chain of the log from its beginning. It returns how many entries there are, and the number of
// the first that does not fit, 0 when all do: from there on something was changed, removed or put in between.
func VerifyActs(ctx context.Context, db *store.DB, s Store) (entries, broken int64, err error) {
	entries, _, broken, err = followActs(ctx, db, s, 0, "")
	return entries, broken, err
}

// followActs follows the chain behind an entry and its link.
func followActs(ctx context.Context, db *store.DB, s Store, after int64, behind string) (entries int64, link string, broken int64, err error) {
	const step = 1000
	entries, link = after, behind
	for {
		var acts []Act
		err := db.View(ctx, func(tx *store.Tx) (err error) {
			acts, err = s.Chain(tx, entries, step)
			return err
		})
		if err != nil {
			return entries, link, 0, err
		}
		for _, a := range acts {
			if a.Seq != entries+1 || a.Link(link) != a.Chain {
				return entries, link, entries + 1, nil
			}
			entries, link = a.Seq, a.Chain
		}
		if len(acts) < step {
			return entries, link, 0, nil
		}
	}
}
