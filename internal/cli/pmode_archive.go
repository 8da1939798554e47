package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"oots/edelivery/pmode/configuration"
	"oots/internal/accesspoint"
	"oots/internal/accesspoint/settings"
	"oots/internal/clock"
	"oots/internal/pki"
	"oots/internal/pmodes"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

// pmodeFolder is where the state of an access point lies.
type pmodeFolder struct {
	Config string `help:"Configuration of the access point: data, keys and our party are those that it says." placeholder:"FILE" type:"existingfile" xor:"folder" required:""`
	Data   string `help:"Folder of the access point, with its sealing key in keys." placeholder:"DIR" type:"path" xor:"folder" required:""`
}

// withConfig runs f with the archive of a configuration. Who only looks needs no keys.
func (p pmodeFolder) withConfig(ctx context.Context, look bool, self string, f func(*pmodes.Archive) error) error {
	file, found, err := settings.ReadFile(p.Config)
	if err != nil {
		return err
	}
	if file == nil {
		return &hint{fmt.Errorf("%s: %s", p.Config, found[0]), "oots config test " + p.Config}
	}
	if self != "" {
		file.Config.Party = self
	}
	open := accesspoint.OpenStore
	if look {
		open = accesspoint.OpenForReading
	}
	db, err := open(ctx, file.Config)
	if err != nil {
		return unopened(err, p.Config)
	}
	defer db.Close()
	if look {
		return f(pmodes.New(pmodes.Deps{DB: db.DB, Store: db.PModes(), Clock: clock.System(), Self: file.Config.Party}))
	}
	a, err := accesspoint.OpenArchive(file.Config, db, clock.System())
	if err != nil {
		return unopened(err, p.Config)
	}
	return f(a)
}

// pmodeAct is who acts, and why.
type pmodeAct struct {
	Actor   string `help:"Account for the history." default:"operator"`
	Note    string `help:"A word for the history."`
	Partial bool   `help:"Consent that what is not supported is left out."`
	Self    string `help:"Our party. The default is the one that the file says." placeholder:"PARTY"`
}

func (a pmodeAct) act() pmodes.Act {
	return pmodes.Act{Actor: a.Actor, Note: a.Note, Partial: a.Partial}
}

// with runs f with the archive of a folder. Stores are nil for commands that only look.
func (p pmodeFolder) with(ctx context.Context, create bool, stores *pmodeStores, self string, f func(*pmodes.Archive) error) error {
	if p.Config != "" {
		return p.withConfig(ctx, stores == nil, self, f)
	}
	_, err := os.Stat(filepath.Join(p.Data, sqlstore.FileName))
	missing := err != nil
	if missing && !create {
		return &hint{fmt.Errorf("%s holds no access point", p.Data), "oots pmode activate FILE --data " + p.Data + " --keystore DIR"}
	}
	key, err := pki.SealingKey(filepath.Join(p.Data, "keys"))
	if err != nil {
		return err
	}
	open := sqlstore.OpenExisting
	switch {
	case missing:
		open = sqlstore.Open
	case stores == nil:
		open = sqlstore.OpenForReading
	}
	db, err := open(ctx, p.Data, key)
	switch {
	case errors.Is(err, sqlstore.ErrOlder):
		return &hint{err, "to start the access point with this version first, which brings its data up to date"}
	case errors.Is(err, sqlstore.ErrNewer):
		return &hint{err, "the version of the program that was at work last"}
	case err != nil:
		return err
	}
	defer db.Close()
	d := pmodes.Deps{DB: db.DB, Store: db.PModes(), Clock: clock.System(), Self: self}
	if stores != nil {
		if len(stores.Keystore) == 0 {
			return &hint{errors.New("the certificates of the parties are needed"), "--keystore DIR, or --config FILE"}
		}
		d.Certificates = func(_ context.Context, at time.Time) (configuration.Certificates, error) { return stores.parties(at) }
	}
	return f(pmodes.New(d))
}

// pmodeActivate puts a file in force.
type pmodeActivate struct {
	File string `arg:"" help:"P-Mode file, in the form of Domibus or in YAML." type:"existingfile"`
	pmodeFolder
	pmodeStores
	pmodeAct
	DryRun bool `help:"Judge and compare only."`
	JSON   bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (pmodeActivate) Help() string {
	return `The file is judged with the certificates of its parties, compared with what is in force, and put in force as a whole
or not at all; a running access point takes it up at once. The file is kept byte for byte. It exits with 1 when the
file is refused.

Examples:
  oots pmode activate pmode.xml --config oots.yaml --dry-run
  oots pmode activate pmode.xml --config oots.yaml --note "new party"
  oots pmode activate pmode.xml --data ap --keystore keys`
}

// Run activates.
func (c pmodeActivate) Run(ctx context.Context, s streams) error {
	b, err := readPModeFile(c.File)
	if err != nil {
		return err
	}
	return c.with(ctx, true, &c.pmodeStores, c.Self, func(a *pmodes.Archive) error {
		p, err := a.Propose(ctx, b)
		if err != nil {
			return err
		}
		if c.DryRun {
			if p.Faulty() || p.Partial() && !c.Partial {
				return pmodeOutcome{c.File, p, nil, nil}.print(s, c.JSON, errNo)
			}
			return pmodeOutcome{c.File, p, nil, nil}.print(s, c.JSON, nil)
		}
		v, err := a.Activate(ctx, p, c.act())
		return pmodeOutcome{c.File, p, &v, err}.print(s, c.JSON, err)
	})
}

// pmodeOutcome is what became of an attempt to put a file in force.
type pmodeOutcome struct {
	name string
	p    *pmodes.Proposal
	v    *pmodes.Version // nil for a dry run
	err  error
}

func (o pmodeOutcome) print(s streams, asJSON bool, err error) error {
	refused := errors.Is(err, pmodes.ErrFaulty) || errors.Is(err, pmodes.ErrPartial) || errors.Is(err, errNo)
	switch {
	case err == nil || refused:
	case errors.Is(err, pmodes.ErrUnchanged):
		return &hint{err, "oots pmode history, to see what was in force"}
	case errors.Is(err, pmodes.ErrConflict):
		return &hint{err, "the same command again: it compares with what is in force now"}
	default:
		return err
	}
	if asJSON {
		out := struct {
			File     string `json:"file"`
			Accepted bool   `json:"accepted"`
			*pmodes.Proposal
			Version *pmodes.Version `json:"version,omitempty"`
		}{o.name, err == nil, o.p, o.v}
		if err != nil {
			out.Version = nil
		}
		if e := lcmJSON(s.out, out); e != nil {
			return e
		}
	} else {
		o.say(s, err)
	}
	if refused {
		return errNo
	}
	return nil
}

func (o pmodeOutcome) say(s streams, err error) {
	printFindings(s.out, o.name, o.p.Findings, false)
	fmt.Fprintf(s.out, "%s: %s\n", o.name, o.p.Summary)
	if o.p.Base > 0 && !o.p.Faulty() {
		fmt.Fprintf(s.out, "compared with version %d: ", o.p.Base)
		printPModeChanges(s.out, o.p.Changes)
	}
	switch {
	case o.p.Faulty():
		fmt.Fprintln(s.out, "refused: nothing was changed")
	case err != nil:
		fmt.Fprintln(s.out, "refused: nothing was changed. To leave out what is not supported: --partial")
	case o.v == nil:
		fmt.Fprintln(s.out, "would be put in force")
	default:
		fmt.Fprintf(s.out, "version %d is in force, SHA-256 %s\n", o.v.Number, o.v.Digest)
	}
}

// pmodeHistory lists versions.
type pmodeHistory struct {
	pmodeFolder
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (pmodeHistory) Help() string {
	return `Newest first; the first is in force.

Example:
  oots pmode history --data ap`
}

// Run lists.
func (c pmodeHistory) Run(ctx context.Context, s streams) error {
	return c.with(ctx, false, nil, "", func(a *pmodes.Archive) error {
		all, err := a.History(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			if all == nil {
				all = []pmodes.Version{}
			}
			return lcmJSON(s.out, all)
		}
		w := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, "Version\tIn force\tAt\tBy\tOrigin\tParty\tForm\tSHA-256\tNote")
		for i, v := range all {
			mark := ""
			if i == 0 {
				mark = "yes"
			}
			fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", v.Number, mark, v.At.Format(time.RFC3339), v.Actor, v.Origin, v.Party, v.Form, v.Digest[:16]+"…", v.Note)
		}
		return w.Flush()
	})
}

// pmodeShow writes a version.
type pmodeShow struct {
	Number int64 `arg:"" optional:"" help:"Version, as oots pmode history lists it. The default is the one in force."`
	pmodeFolder
	Out string `short:"o" help:"File to write. The default is the standard output." placeholder:"FILE"`
}

// Help is the text below the usage line.
func (pmodeShow) Help() string {
	return `The bytes are those of the file that was put in force.

Example:
  oots pmode show 3 --data ap -o pmode-3.xml`
}

// Run writes.
func (c pmodeShow) Run(ctx context.Context, s streams) error {
	return c.with(ctx, false, nil, "", func(a *pmodes.Archive) error {
		_, b, err := a.Version(ctx, c.Number)
		if err != nil {
			return noVersion(err, c.Number, c.Data)
		}
		if c.Out != "" {
			return os.WriteFile(c.Out, b, 0o600)
		}
		_, err = s.out.Write(b)
		return err
	})
}

func noVersion(err error, number int64, data string) error {
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, pmodes.ErrNone) {
		return &hint{fmt.Errorf("there is no version %d", number), "oots pmode history --data " + data}
	}
	return err
}

// pmodeRollback goes back.
type pmodeRollback struct {
	Number int64 `arg:"" help:"Version, as oots pmode history lists it."`
	pmodeFolder
	pmodeStores
	pmodeAct
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (pmodeRollback) Help() string {
	return `The bytes of the version become a new version, after the same checks; nothing is lost.

Example:
  oots pmode rollback 3 --data ap --keystore keys`
}

// Run goes back.
func (c pmodeRollback) Run(ctx context.Context, s streams) error {
	return c.with(ctx, false, &c.pmodeStores, c.Self, func(a *pmodes.Archive) error {
		v, p, err := a.Rollback(ctx, c.Number, c.act())
		if p == nil {
			return noVersion(err, c.Number, c.Data)
		}
		return pmodeOutcome{fmt.Sprintf("version %d", c.Number), p, &v, err}.print(s, c.JSON, err)
	})
}
