package backend

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"time"

	"golang.org/x/crypto/bcrypt"

	"oots/internal/store"
)

// A Role says what an account may see.
type Role string

// The roles. A User sees messages to its OriginalUser only and submits in its name only; an Admin sees all.
const (
	User  Role = "ROLE_USER"
	Admin Role = "ROLE_ADMIN"
)

// An Account is a back end that may use the interface.
type Account struct {
	Name         string
	Password     string // bcrypt, which files of plugin users have as well; "" means that only the certificate counts
	Certificate  string // of the TLS client, as CertificateName gives it; "" for none
	Role         Role
	OriginalUser string // value of originalSender and finalRecipient of a User
	Disabled     bool
	MadeAt       time.Time

	Failures int       // logins that failed in a row
	Until    time.Time // end of the suspension
}

// Bounds of passwords in bytes: more than bcrypt reads would be ignored silently.
const (
	minPassword = 16
	maxPassword = 72
)

// A login that fails this often in a row suspends the account.
const (
	maxFailures = 5
	suspension  = time.Hour
)

const bcryptCost = 10

var accountName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._@-]{0,254}$`)

// HashPassword makes the Password of an account.
func HashPassword(password string) (string, error) {
	if n := len(password); n < minPassword || n > maxPassword {
		return "", fmt.Errorf("backend: a password has %d to %d bytes, not %d", minPassword, maxPassword, n)
	}
	b, err := bcrypt.GenerateFromPassword([]byte(password), bcryptCost)
	return string(b), err
}

// CertificateName is how an account names the certificate of its TLS client: SHA-256 in lower-case hexadecimal.
func CertificateName(c *x509.Certificate) string {
	sum := sha256.Sum256(c.Raw)
	return hex.EncodeToString(sum[:])
}

// Check reports what is wrong with an account.
func (a *Account) Check() error {
	switch {
	case !accountName.MatchString(a.Name):
		return errors.New("backend: the name of an account has letters, digits and ._@-, at most 255")
	case a.Role != User && a.Role != Admin:
		return fmt.Errorf("backend: account %s: role %q is neither %s nor %s", a.Name, a.Role, User, Admin)
	case a.Role == User && a.OriginalUser == "":
		return fmt.Errorf("backend: account %s: a user needs an original user, whose messages it sees", a.Name)
	case a.Password == "" && a.Certificate == "":
		return fmt.Errorf("backend: account %s: neither password nor certificate", a.Name)
	}
	if a.Password != "" {
		if _, err := bcrypt.Cost([]byte(a.Password)); err != nil {
			return fmt.Errorf("backend: account %s: the password is no bcrypt hash", a.Name)
		}
	}
	return nil
}

// sees reports whether the account may see a message with these corners.
func (a *Account) sees(corner string) bool { return a.Role == Admin || a.OriginalUser == corner }

// PutAccount makes an account or changes it.
func (s *Service) PutAccount(ctx context.Context, a Account) error {
	if err := a.Check(); err != nil {
		return err
	}
	if a.MadeAt.IsZero() {
		a.MadeAt = s.c.Clock.Now()
	}
	return s.c.Store.Update(ctx, func(tx *store.Tx) error { return s.c.Store.PutAccount(tx, a) })
}

// ErrDenied says that nobody has these credentials, or that the account is disabled or suspended: who asks learns no
// more than that.
var ErrDenied = errors.New("backend: access denied")

// nobody is compared with when there is no account, so that the answer takes as long.
var nobody = []byte("$2a$10$C6UzMDM.H6dfI/f/IKcEeO7ZkQW6O6hXH0ZcQxY7dN4oV8n9m1N2e")

// Authenticate finds the account of a name and password. Five failures in a row suspend the account for an hour.
func (s *Service) Authenticate(ctx context.Context, name, password string) (Account, error) {
	a, err := s.account(ctx, func(tx *store.Tx) (Account, error) { return s.c.Store.Account(tx, name) })
	if err != nil && !errors.Is(err, ErrDenied) {
		return Account{}, err
	}
	if err != nil || a.Password == "" {
		bcrypt.CompareHashAndPassword(nobody, []byte(password))
		return Account{}, ErrDenied
	}
	now := s.c.Clock.Now()
	if now.Before(a.Until) {
		return Account{}, ErrDenied
	}
	if s.known.has(a.Password, password) {
		return a, nil
	}
	if bcrypt.CompareHashAndPassword([]byte(a.Password), []byte(password)) != nil {
		return Account{}, errors.Join(ErrDenied, s.count(ctx, name))
	}
	s.known.put(a.Password, password)
	if a.Failures > 0 {
		err = s.c.Store.Update(ctx, func(tx *store.Tx) error { return s.c.Store.SetFailures(tx, name, 0, time.Time{}) })
	}
	return a, err
}

// count counts one failed login.
func (s *Service) count(ctx context.Context, name string) error {
	return s.c.Store.Update(ctx, func(tx *store.Tx) error {
		a, err := s.c.Store.Account(tx, name)
		if err != nil {
			return err
		}
		n, until := a.Failures+1, time.Time{}
		if n >= maxFailures {
			n, until = 0, s.c.Clock.Now().Add(suspension)
			s.c.Log.Warn("account of a back end suspended", "account", name)
		}
		return s.c.Store.SetFailures(tx, name, n, until)
	})
}

// AuthenticateCertificate finds the account of a verified TLS client certificate.
func (s *Service) AuthenticateCertificate(ctx context.Context, c *x509.Certificate) (Account, error) {
	return s.account(ctx, func(tx *store.Tx) (Account, error) { return s.c.Store.AccountOf(tx, CertificateName(c)) })
}

// Caller finds who makes a request: by password if one is given, else by the certificate of the TLS connection, which
// must be valid now. The connection proves that the caller has its key; which certificate it must be, the account says.
func (s *Service) Caller(r *http.Request) (Account, error) {
	if name, password, ok := r.BasicAuth(); ok {
		return s.Authenticate(r.Context(), name, password)
	}
	if r.TLS == nil || len(r.TLS.PeerCertificates) == 0 {
		return Account{}, ErrDenied
	}
	c, now := r.TLS.PeerCertificates[0], s.c.Clock.Now()
	if now.Before(c.NotBefore) || now.After(c.NotAfter) {
		return Account{}, ErrDenied
	}
	return s.AuthenticateCertificate(r.Context(), c)
}

func (s *Service) account(ctx context.Context, find func(*store.Tx) (Account, error)) (a Account, err error) {
	err = s.c.Store.View(ctx, func(tx *store.Tx) error {
		a, err = find(tx)
		return err
	})
	if errors.Is(err, store.ErrNotFound) || err == nil && a.Disabled {
		return Account{}, ErrDenied
	}
	return a, err
}
