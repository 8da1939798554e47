package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"oots/internal/clock"
	"oots/internal/coordinator"
	"oots/internal/store"
)

// coordinatorTools are the commands on accounts of the editor.
type coordinatorTools struct {
	Add  coordinatorAdd  `cmd:"" help:"Make an account, or invite its owner anew, and print the link that lets the owner in."`
	List coordinatorList `cmd:"" help:"List the accounts."`
}

// coordinatorAdd makes an account.
type coordinatorAdd struct {
	Name    string `arg:"" help:"2 to 40 lower-case letters, digits, dots or hyphens; it stands in the history."`
	Country string `help:"Member State that the account speaks for, EU for the Commission." required:"" placeholder:"COUNTRY"`
	Role    string `help:"What it may do: ${enum}." enum:"reader,editor,keeper" default:"editor" placeholder:"ROLE"`
	Site    string `help:"Address of the editor." default:"https://localhost:8440/coordinator" placeholder:"URL"`
	lcmFolder
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (coordinatorAdd) Help() string {
	return `There is no default password. The link works once, within three days; behind it the owner chooses a password that
nobody else knows. For an account that exists, country and role are set anew, and its password is forgotten. An editor
changes and submits for its country, a reader only looks, a keeper does everything for every country.

Example:
  oots coordinator add registry-office --country AT --data oots-data`
}

// Run makes the account.
func (c coordinatorAdd) Run(ctx context.Context, s streams) error {
	a := coordinator.Account{Name: c.Name, Country: c.Country, Role: coordinator.Role(c.Role)}
	if err := a.Check(); err != nil {
		return &hint{err, "oots coordinator add registry-office --country AT"}
	}
	db, err := c.open(ctx, false)
	if err != nil {
		return err
	}
	defer db.Close()
	token, err := coordinator.Invite(ctx, db.DB, db.Coordinator(), clock.System(), a, "command")
	if err != nil {
		return err
	}
	link := strings.TrimSuffix(c.Site, "/") + "/welcome?token=" + token
	if c.JSON {
		return lcmJSON(s.out, struct {
			Name    string    `json:"name"`
			Link    string    `json:"link"`
			Expires time.Time `json:"expires"`
		}{a.Name, link, clock.System().Now().Add(coordinator.InvitationLifetime).Truncate(time.Second)})
	}
	fmt.Fprintf(s.out, "%s\nGive this link to the owner of %s. It works once, for three days.\n", link, a.Name)
	return nil
}

// coordinatorList lists accounts.
type coordinatorList struct {
	lcmFolder
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (coordinatorList) Help() string {
	return `Accounts of the demonstration are shown as such: nobody can be them but where a demonstration is served.

Example:
  oots coordinator list --data oots-data`
}

// accountReport is an account in JSON.
type accountReport struct {
	Name    string `json:"name"`
	Country string `json:"country"`
	Role    string `json:"role"`
	State   string `json:"state"` // open, waiting, closed or demonstration
}

// Run lists the accounts.
func (c coordinatorList) Run(ctx context.Context, s streams) error {
	db, err := c.open(ctx, false)
	if err != nil {
		return err
	}
	defer db.Close()
	reports := []accountReport{}
	err = db.DB.View(ctx, func(tx *store.Tx) error {
		all, err := db.Coordinator().Accounts(tx)
		for _, a := range all {
			reports = append(reports, accountReport{a.Name, a.Country, string(a.Role), accountState(a)})
		}
		return err
	})
	if err != nil {
		return errors.Join(errors.New("the accounts cannot be read"), err)
	}
	if c.JSON {
		return lcmJSON(s.out, reports)
	}
	w := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "Account\tCountry\tRole\tState")
	for _, r := range reports {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", r.Name, r.Country, r.Role, r.State)
	}
	return w.Flush()
}

func accountState(a coordinator.Account) string {
	switch {
	case a.Disabled:
		return "closed"
	case a.Demo:
		return "demonstration"
	case a.Password == "":
		return "waiting"
	}
	return "open"
}
