package cli

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"crypto/x509"

	"oots/internal/accesspoint"
	"oots/internal/accesspoint/settings"
	"oots/internal/backend"
	"oots/internal/clock"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// accountTools are the commands on accounts of back ends.
type accountTools struct {
	Add      accountAdd      `cmd:"" help:"Make an account for a back end."`
	List     accountList     `cmd:"" help:"List the accounts."`
	Disable  accountDisable  `cmd:"" help:"Let an account in no more."`
	Password accountPassword `cmd:"" help:"Give an account another password, and let it in again."`
}

// withAccounts runs f in one transaction on the data of an access point.
func (c configFile) withAccounts(ctx context.Context, s streams, f func(tx *store.Tx, accounts sqlstore.Backend) error) error {
	file, err := c.read(s)
	if err != nil {
		return err
	}
	db, err := accesspoint.OpenStore(ctx, file.Config)
	if err != nil {
		return unopened(err, c.Config)
	}
	defer db.Close()
	return db.DB.Update(ctx, func(tx *store.Tx) error { return f(tx, db.Backend()) })
}

// accountName is which account.
type accountName struct {
	Name string `arg:"" help:"Letters, digits and ._@-; it stands in logs."`
}

// find gives the account, or an error that says where to look.
func (n accountName) find(tx *store.Tx, accounts sqlstore.Backend) (backend.Account, error) {
	a, err := accounts.Account(tx, n.Name)
	if errors.Is(err, store.ErrNotFound) {
		return a, &hint{fmt.Errorf("there is no account %s", n.Name), "oots account list"}
	}
	return a, err
}

// newPassword is where a password comes from.
type newPassword struct {
	Stdin bool `help:"Read the password from the standard input; otherwise one is made and shown once."`
}

// make gives a password and its hash; shown is "" when the owner knows it already.
func (p newPassword) make() (shown, hash string, err error) {
	shown = rand.Text()
	password := shown
	if p.Stdin {
		line, err := bufio.NewReader(io.LimitReader(os.Stdin, 1<<10)).ReadString('\n')
		if err != nil && err != io.EOF {
			return "", "", err
		}
		shown, password = "", strings.TrimRight(line, "\r\n")
	}
	hash, err = backend.HashPassword(password)
	if err != nil {
		err = &hint{errors.New(strings.TrimPrefix(err.Error(), "backend: ")), "a longer one, or none: one is made then"}
	}
	return shown, hash, err
}

// accountReport is an account in JSON. Password is there once, when it was made.
type backEndReport struct {
	Name         string    `json:"name"`
	Role         string    `json:"role"`
	OriginalUser string    `json:"originalUser,omitempty"`
	Certificate  string    `json:"certificate,omitempty"`
	State        string    `json:"state"` // open, suspended or disabled
	MadeAt       time.Time `json:"madeAt"`
	Password     string    `json:"password,omitempty"`
}

func reportAccount(a backend.Account, now time.Time) backEndReport {
	r := backEndReport{Name: a.Name, Role: roleNames[a.Role], OriginalUser: a.OriginalUser, Certificate: a.Certificate, State: "open", MadeAt: a.MadeAt}
	switch {
	case a.Disabled:
		r.State = "disabled"
	case now.Before(a.Until):
		r.State = "suspended"
	}
	return r
}

var roleNames = map[backend.Role]string{backend.User: "user", backend.Admin: "admin"}

// accountAdd makes an account.
type accountAdd struct {
	accountName
	Role         string `help:"What it may see: admin all messages, user those of its original user." enum:"admin,user" default:"user"`
	OriginalUser string `help:"originalSender and finalRecipient of a user." placeholder:"VALUE"`
	Certificate  string `help:"Certificate of its TLS client, in PEM." type:"existingfile" placeholder:"FILE"`
	NoPassword   bool   `help:"Let it in by its certificate alone."`
	newPassword
	configFile
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (accountAdd) Help() string {
	return `There is no default password. The one that is made is shown once and kept as a hash. A running access point takes the
account up at once.

Examples:
  oots account add register --original-user urn:oots:register
  oots account add broker --role admin --certificate broker.crt.pem --no-password`
}

// Run makes the account.
func (c accountAdd) Run(ctx context.Context, s streams) error {
	a := backend.Account{Name: c.Name, Role: backend.User, OriginalUser: c.OriginalUser, MadeAt: clock.System().Now()}
	if c.Role == "admin" {
		a.Role = backend.Admin
	}
	var err error
	shown := ""
	if !c.NoPassword {
		if shown, a.Password, err = c.make(); err != nil {
			return err
		}
	}
	if c.Certificate != "" {
		if a.Certificate, err = certificateName(c.Certificate); err != nil {
			return err
		}
	}
	if err := a.Check(); err != nil {
		return &hint{errors.New(strings.TrimPrefix(err.Error(), "backend: ")), "oots account add register --original-user VALUE"}
	}
	err = c.withAccounts(ctx, s, func(tx *store.Tx, accounts sqlstore.Backend) error {
		switch _, err := accounts.Account(tx, a.Name); {
		case err == nil:
			return &hint{fmt.Errorf("there is an account %s already", a.Name), "oots account password " + a.Name}
		case !errors.Is(err, store.ErrNotFound):
			return err
		}
		return accounts.PutAccount(tx, a)
	})
	if err != nil {
		return err
	}
	return printAccount(s, a, shown, c.JSON)
}

// printAccount says what was made or changed, with the password that nobody knows yet.
func printAccount(s streams, a backend.Account, shown string, asJSON bool) error {
	if asJSON {
		r := reportAccount(a, clock.System().Now())
		r.Password = shown
		return lcmJSON(s.out, r)
	}
	fmt.Fprintf(s.out, "Account %s is open.\n", a.Name)
	if shown != "" {
		fmt.Fprintf(s.out, "Password, shown this once: %s\n", shown)
	}
	return nil
}

// certificateName is how an account names a certificate.
func certificateName(file string) (string, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	block, _ := pem.Decode(b)
	if block == nil || block.Type != "CERTIFICATE" {
		return "", &hint{fmt.Errorf("%s holds no certificate in PEM", file), "openssl x509 -in FILE -out FILE.pem"}
	}
	c, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return "", err
	}
	return backend.CertificateName(c), nil
}

// accountList lists accounts.
type accountList struct {
	configFile
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (accountList) Help() string { return "Example:\n  oots account list --config oots.yaml" }

// Run lists.
func (c accountList) Run(ctx context.Context, s streams) error {
	reports := []backEndReport{}
	err := c.reading(ctx, s, func(_ settings.Config, db *sqlstore.Store) error {
		return db.DB.View(ctx, func(tx *store.Tx) error {
			all, err := db.Backend().Accounts(tx)
			for _, a := range all {
				reports = append(reports, reportAccount(a, clock.System().Now()))
			}
			return err
		})
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return lcmJSON(s.out, reports)
	}
	w := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "Account\tRole\tOriginal user\tCertificate\tState")
	for _, r := range reports {
		sum := r.Certificate
		if len(sum) > 16 {
			sum = sum[:16] + "…"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.Name, r.Role, r.OriginalUser, sum, r.State)
	}
	return w.Flush()
}

// accountDisable closes an account.
type accountDisable struct {
	accountName
	configFile
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (accountDisable) Help() string {
	return `Its messages stay. oots account password opens it again.

Example:
  oots account disable register`
}

// Run closes it.
func (c accountDisable) Run(ctx context.Context, s streams) error {
	var a backend.Account
	err := c.withAccounts(ctx, s, func(tx *store.Tx, accounts sqlstore.Backend) (err error) {
		if a, err = c.find(tx, accounts); err != nil {
			return err
		}
		a.Disabled = true
		return accounts.PutAccount(tx, a)
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return lcmJSON(s.out, reportAccount(a, clock.System().Now()))
	}
	fmt.Fprintf(s.out, "Account %s is disabled.\n", a.Name)
	return nil
}

// accountPassword changes a password.
type accountPassword struct {
	accountName
	newPassword
	configFile
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (accountPassword) Help() string {
	return `The password before stops to work at once. A suspension after failed logins, and a disabled account, are open again.

Examples:
  oots account password register
  oots account password register --stdin <password`
}

// Run changes it.
func (c accountPassword) Run(ctx context.Context, s streams) error {
	shown, hash, err := c.make()
	if err != nil {
		return err
	}
	var a backend.Account
	err = c.withAccounts(ctx, s, func(tx *store.Tx, accounts sqlstore.Backend) (err error) {
		if a, err = c.find(tx, accounts); err != nil {
			return err
		}
		a.Password, a.Disabled, a.Failures, a.Until = hash, false, 0, time.Time{}
		return accounts.PutAccount(tx, a)
	})
	if err != nil {
		return err
	}
	return printAccount(s, a, shown, c.JSON)
}
