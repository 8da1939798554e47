package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"oots/internal/accesspoint"
	"oots/internal/accesspoint/settings"
	"oots/internal/clock"
	"oots/internal/console"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// operatorTools are the commands on accounts of the console.
type operatorTools struct {
	Invite operatorInvite `cmd:"" help:"Make an account, or invite its owner anew, and print the link that lets the owner in, once."`
	List   operatorList   `cmd:"" help:"List the accounts."`
	Close  operatorClose  `cmd:"" help:"Let an account in no more."`
	Open   operatorOpen   `cmd:"" help:"Let an account in again, and unlock it."`
	Log    operatorLog    `cmd:"" help:"Print who did what and why, and check that nothing is missing."`
}

// withOperators runs f on the data of an access point, which may be at work.
func (c configFile) withOperators(ctx context.Context, s streams, f func(settings.Config, *sqlstore.Store) error) error {
	file, err := c.read(s)
	if err != nil {
		return err
	}
	db, err := accesspoint.OpenStore(ctx, file.Config)
	if err != nil {
		return unopened(err, c.Config)
	}
	return errors.Join(f(file.Config, db), db.Close())
}

// operatorInvite makes an account.
type operatorInvite struct {
	Name  string `arg:"" help:"2 to 40 lower-case letters, digits, dots or hyphens; it stands in the log."`
	Role  string `help:"What it may do: ${enum}." enum:"reader,operator,administrator" default:"operator" placeholder:"ROLE"`
	Actor string `help:"Account for the log." default:"command"`
	configFile
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (operatorInvite) Help() string {
	return `There is no default password. The link works once, within three days; behind it the owner chooses a password and, as an
operator or administrator, sets up a second factor. For an account that exists, password, second factor and recovery
codes are forgotten. A reader only looks; an operator also sends again, cancels, settles and tests; an administrator
also changes P-Modes and accounts.

Example:
  oots gateway operators invite night.shift --role operator`
}

// Run makes the account.
func (c operatorInvite) Run(ctx context.Context, s streams) error {
	a := console.Account{Name: c.Name, Role: console.Role(c.Role)}
	if err := a.Check(); err != nil {
		return &hint{err, "oots gateway operators invite night.shift --role operator"}
	}
	return c.withOperators(ctx, s, func(conf settings.Config, db *sqlstore.Store) error {
		token, err := console.InviteFrom(ctx, db.DB, accesspoint.Operators(db, clock.System()), clock.System(), a, c.Actor, systemUser())
		if errors.Is(err, console.ErrClosed) {
			return &hint{fmt.Errorf("%s: %w", a.Name, err), "oots gateway operators open " + a.Name}
		}
		if err != nil {
			return err
		}
		link := accesspoint.ConsoleURL(conf) + "/welcome?token=" + token
		if c.JSON {
			return lcmJSON(s.out, struct {
				Name    string    `json:"name"`
				Role    string    `json:"role"`
				Link    string    `json:"link"`
				Expires time.Time `json:"expires"`
			}{a.Name, c.Role, link, clock.System().Now().Add(console.InvitationLifetime).UTC().Truncate(time.Second)})
		}
		_, err = fmt.Fprintf(s.out, "%s\nGive this link to the owner of %s. It works once, for three days.\n", link, a.Name)
		return err
	})
}

// operatorList lists accounts.
type operatorList struct {
	configFile
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (operatorList) Help() string {
	return `Example:
  oots gateway operators list`
}

// operatorReport is an account in JSON.
type operatorReport struct {
	Name         string    `json:"name"`
	Role         string    `json:"role"`
	State        string    `json:"state"` // open, waiting, locked or closed
	SecondFactor bool      `json:"secondFactor"`
	LastLogin    time.Time `json:"lastLogin,omitzero"`
}

// Run lists.
func (c operatorList) Run(ctx context.Context, s streams) error {
	return c.reading(ctx, s, func(_ settings.Config, db *sqlstore.Store) error {
		reports := []operatorReport{}
		err := db.DB.View(ctx, func(tx *store.Tx) error {
			all, err := db.Console().Accounts(tx)
			for _, a := range all {
				reports = append(reports, operatorReport{a.Name, string(a.Role), operatorState(a, time.Now()), a.Secret != nil, a.Seen})
			}
			return err
		})
		if err != nil {
			return err
		}
		if c.JSON {
			return lcmJSON(s.out, reports)
		}
		w := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, "Account\tRole\tState\tSecond factor\tLast login")
		for _, r := range reports {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.Name, r.Role, r.State, map[bool]string{true: "yes", false: "no"}[r.SecondFactor], stamp(r.LastLogin))
		}
		return w.Flush()
	})
}

func operatorState(a console.Account, now time.Time) string {
	switch {
	case a.Disabled:
		return "closed"
	case a.Password == "":
		return "waiting"
	case now.Before(a.Locked):
		return "locked"
	}
	return "open"
}

// operatorAccount is an account that is to be changed.
type operatorAccount struct {
	Name  string `arg:"" help:"Account."`
	Actor string `help:"Account for the log." default:"command"`
	configFile
}

// change changes the account and logs it.
func (c operatorAccount) change(ctx context.Context, s streams, action console.Action, f func(*console.Account)) error {
	return c.withOperators(ctx, s, func(_ settings.Config, db *sqlstore.Store) error {
		err := db.DB.Update(ctx, func(tx *store.Tx) error {
			a, err := db.Console().Account(tx, c.Name)
			if err != nil {
				return err
			}
			f(&a)
			if err := db.Console().PutAccount(tx, a); err != nil {
				return err
			}
			return accesspoint.Operators(db, clock.System()).Record(tx, console.Act{At: time.Now(), Account: c.Actor, Action: action, Object: a.Name, Origin: systemUser()})
		})
		if errors.Is(err, store.ErrNotFound) {
			return &hint{fmt.Errorf("there is no account %s", c.Name), "oots gateway operators list"}
		}
		if err == nil {
			fmt.Fprintf(s.out, "%s: %s\n", c.Name, action)
		}
		return err
	})
}

// operatorClose closes an account.
type operatorClose struct{ operatorAccount }

// Help is the text below the usage line.
func (operatorClose) Help() string {
	return `What the account is doing at the console ends with its next page.

Example:
  oots gateway operators close night.shift`
}

// Run closes.
func (c operatorClose) Run(ctx context.Context, s streams) error {
	return c.change(ctx, s, console.ActClose, func(a *console.Account) { a.Disabled = true })
}

// operatorOpen opens an account.
type operatorOpen struct{ operatorAccount }

// Help is the text below the usage line.
func (operatorOpen) Help() string {
	return `Password and second factor are those from before.

Example:
  oots gateway operators open night.shift`
}

// Run opens.
func (c operatorOpen) Run(ctx context.Context, s streams) error {
	return c.change(ctx, s, console.ActOpen, func(a *console.Account) { a.Disabled, a.Locked, a.Failures = false, time.Time{}, 0 })
}

// operatorLog prints the log.
type operatorLog struct {
	Account string `help:"Only what this account did." placeholder:"NAME"`
	Object  string `help:"Only what was done with this message, partner, account or version." placeholder:"ID"`
	Limit   int    `help:"How many at most." default:"100"`
	configFile
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (operatorLog) Help() string {
	return `Newest first. Every entry is chained to the one before it; the whole chain is checked, and it exits with 1 when an entry
was changed, removed or put in between.

Example:
  oots gateway operators log --account night.shift`
}

// Run prints.
func (c operatorLog) Run(ctx context.Context, s streams) error {
	return c.reading(ctx, s, func(_ settings.Config, db *sqlstore.Store) error {
		acts := []console.Act{}
		err := db.DB.View(ctx, func(tx *store.Tx) error {
			found, err := db.Console().Acts(tx, console.ActFilter{Account: c.Account, Object: c.Object, Limit: c.Limit})
			acts = append(acts, found...)
			return err
		})
		if err != nil {
			return err
		}
		entries, broken, err := console.VerifyActs(ctx, db.DB, db.Console())
		if err != nil {
			return err
		}
		if c.JSON {
			err = lcmJSON(s.out, struct {
				Entries int64         `json:"entries"`
				Broken  int64         `json:"broken,omitempty"` // first entry that does not fit
				Acts    []console.Act `json:"acts"`
			}{entries, broken, acts})
		} else {
			w := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
			fmt.Fprintln(w, "At\tWho\tBy command of\tWhat\tObject\tWhy, or what came of it")
			for _, a := range acts {
				fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", stamp(a.At), a.Account, cmp.Or(a.Origin, "-"), a.Action, a.Object, a.Detail)
			}
			err = w.Flush()
		}
		if err == nil && broken > 0 {
			fmt.Fprintln(s.err, "oots:", &hint{fmt.Errorf("entry %d of the log does not fit the chain", broken), "comparing with a backup"})
			return errNo
		}
		return err
	})
}
