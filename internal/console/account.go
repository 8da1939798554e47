package console

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"time"

	"oots/internal/clock"
	"oots/internal/store"
)

// A Role is what an account may do.
type Role string

// The roles; each may do what those before it may.
const (
	Reader        Role = "reader"        // looks at everything but accounts
	Operator      Role = "operator"      // resends, cancels, resolves, tests partners, takes proofs
	Administrator Role = "administrator" // puts P-Modes in force and gives accounts
)

// Roles are all roles, the least one first.
func Roles() []Role { return []Role{Reader, Operator, Administrator} }

// May reports whether r may do what want may.
func (r Role) May(want Role) bool {
	level := map[Role]int{Reader: 1, Operator: 2, Administrator: 3}
	return level[r] > 0 && level[r] >= level[want]
}

// NeedsCode reports whether the role must have a second factor.
func (r Role) NeedsCode() bool { return r.May(Operator) }

// An Account is one person or function at the console. Its name stands in the log.
type Account struct {
	Name     string // lower case letters, digits, dots and hyphens
	Role     Role
	Password string // argon2id in its encoded form; "" until the owner has chosen one
	Secret   []byte // of the second factor; nil until it is set up. Sealed where it is stored
	Step     int64  // of the last code that was used: no code counts twice
	Failures int    // logins that failed in a row
	Locked   time.Time
	Disabled bool
	Made     time.Time
	Maker    string    // account or command that made it
	Seen     time.Time // last login
}

// mark tells the credentials of an account from those before and after, and nothing about them.
func (a *Account) mark() string { return digest(a.Password + "\x00" + string(a.Secret))[:16] }

// An Invitation lets the owner of an account choose a password, once.
type Invitation struct {
	Digest  string // SHA-256 of the token, lower-case hex: who reads the store cannot use it
	Account string
	Expires time.Time
}

// InvitationLifetime is how long an invitation may be used.
const InvitationLifetime = 3 * 24 * time.Hour

var accountName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,39}$`)

// Check says what is wrong with an account that is to be made.
func (a *Account) Check() error {
	switch {
	case !accountName.MatchString(a.Name):
		return errors.New("a name has 2 to 40 lower-case letters, digits, dots or hyphens")
	case !a.Role.May(Reader):
		return fmt.Errorf("%q is no role: reader, operator or administrator", a.Role)
	}
	return nil
}

// ErrClosed says that an account is closed, and has to be opened before its owner can be invited.
var ErrClosed = errors.New("the account is closed")

// Invite makes or changes an account, forgets its password and its second factor, and returns the token of a new
// invitation: the link is the base of the pages, /welcome?token= and the token. Who acts is for the log. A closed account
// stays closed: ErrClosed.
func Invite(ctx context.Context, db *store.DB, s Store, c clock.Clock, a Account, who string) (token string, err error) {
	return InviteFrom(ctx, db, s, c, a, who, "")
}

// InviteFrom is Invite by a command of a user of the machine; see Act.Origin.
func InviteFrom(ctx context.Context, db *store.DB, s Store, c clock.Clock, a Account, who, origin string) (token string, err error) {
	if err := a.Check(); err != nil {
		return "", err
	}
	token = clock.Token(32)
	now := c.Now().UTC()
	a = Account{Name: a.Name, Role: a.Role, Made: now, Maker: who}
	err = db.Update(ctx, func(tx *store.Tx) error {
		switch old, err := s.Account(tx, a.Name); {
		case err == nil && old.Disabled:
			return ErrClosed
		case err != nil && !errors.Is(err, store.ErrNotFound):
			return err
		}
		if err := s.PutAccount(tx, a); err != nil {
			return err
		}
		if err := s.PutRecovery(tx, a.Name, nil); err != nil {
			return err
		}
		if err := s.DropInvitations(tx, a.Name); err != nil {
			return err
		}
		if err := s.PutInvitation(tx, Invitation{Digest: digest(token), Account: a.Name, Expires: now.Add(InvitationLifetime)}); err != nil {
			return err
		}
		return s.Record(tx, Act{At: now, Account: who, Action: ActInvite, Object: a.Name, Detail: string(a.Role), Origin: origin})
	})
	return token, err
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
