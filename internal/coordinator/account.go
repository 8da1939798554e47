package coordinator

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"time"

	"oots/directory"
	"oots/internal/clock"
	"oots/internal/store"
)

// A Role is what an account may do.
type Role string

// The roles; each may do what those before it may.
const (
	Reader Role = "reader" // looks at drafts, history and log of the country
	Editor Role = "editor" // changes and submits for the country
	Keeper Role = "keeper" // does so for every country, and gives accounts
)

// Roles are all roles, the least one first.
func Roles() []Role { return []Role{Reader, Editor, Keeper} }

// May reports whether r may do what want may.
func (r Role) May(want Role) bool {
	level := map[Role]int{Reader: 1, Editor: 2, Keeper: 3}
	return level[r] > 0 && level[r] >= level[want]
}

// An Account is one coordinator. Its name stands in the history; it need not be that of a person.
type Account struct {
	Name     string // lower case letters, digits, dots and hyphens
	Country  string // code of OOTS_Country; EU for the Commission
	Role     Role
	Password string // argon2id in its encoded form; "" until the owner has chosen one
	Disabled bool
	Demo     bool // anybody may be it, where the demonstration is served, and nobody elsewhere
	Made     time.Time
	Maker    string // account or command that made it
}

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
	case !directory.IsCountryCode(a.Country):
		return fmt.Errorf("%q is no country of OOTS", a.Country)
	case !a.Role.May(Reader):
		return fmt.Errorf("%q is no role: reader, editor or keeper", a.Role)
	}
	return nil
}

// Invite makes or changes an account, forgets its password, and returns the token of a new invitation: the link is
// the base of the pages, /welcome?token= and the token. Who acts is for the log.
func Invite(ctx context.Context, db *store.DB, s Store, c clock.Clock, a Account, who string) (token string, err error) {
	if err := a.Check(); err != nil {
		return "", err
	}
	token = clock.Token(32)
	now := c.Now().UTC()
	a.Password, a.Made, a.Maker = "", now, who
	err = db.Update(ctx, func(tx *store.Tx) error {
		if err := s.PutAccount(tx, a); err != nil {
			return err
		}
		if err := s.DropInvitations(tx, a.Name); err != nil {
			return err
		}
		if err := s.PutInvitation(tx, Invitation{Digest: tokenDigest(token), Account: a.Name, Expires: now.Add(InvitationLifetime)}); err != nil {
			return err
		}
		return s.Record(tx, Entry{At: now, Account: who, Country: a.Country, Action: ActInvite, Object: a.Name, Detail: string(a.Role)})
	})
	return token, err
}

func tokenDigest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
