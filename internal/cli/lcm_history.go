package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"oots/directory"
	"oots/directory/lcm"
	"oots/directory/query"
	"oots/internal/clock"
	"oots/internal/lifecycle"
	"oots/internal/store"
)

// lcmHistory lists revisions.
type lcmHistory struct {
	lcmFolder
	Country string `help:"Only of this Member State." placeholder:"COUNTRY"`
	Service string `help:"Only of this service: ${enum}." enum:"all,eb,dsd,sr" default:"all" placeholder:"SERVICE"`
	JSON    bool   `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (lcmHistory) Help() string {
	return `A revision is everything that one Member State says to one service: eb is the Evidence Broker, dsd the Data
Service Directory, sr its code lists. The newest comes first; the one in force is marked.

Example:
  oots lcm history --data oots-data --country AT`
}

// Run lists the revisions.
func (c lcmHistory) Run(ctx context.Context, s streams) error {
	return c.withData(ctx, s, false, func(l *lifecycle.Service) error {
		service := directory.Service(c.Service)
		if c.Service == "all" {
			service = ""
		}
		all, err := l.History(ctx, c.Country, service)
		if err != nil {
			return err
		}
		if c.JSON {
			return lcmJSON(s.out, lifecycle.ReportRevisions(all))
		}
		active := map[int64]bool{}
		for _, r := range l.Partitions() {
			active[r.Number] = true
		}
		w := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
		fmt.Fprintln(w, "Revision\tOf\tIn force\tAt\tBy\tOrigin\tRecords\tNote")
		for _, r := range all {
			mark := ""
			if active[r.Number] {
				mark = "yes"
			}
			fmt.Fprintf(w, "%d\t%s %s\t%s\t%s\t%s\t%s\t%d\t%s\n", r.Number, r.Country, r.Service, mark, r.At.Format(time.RFC3339), r.Actor, r.Origin, r.Objects, r.Note)
		}
		return w.Flush()
	})
}

// lcmRestore puts a revision in force again.
type lcmRestore struct {
	Number int64 `arg:"" help:"Revision, as oots lcm history lists it."`
	lcmFolder
	lcmActor
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (lcmRestore) Help() string {
	return `What the revision holds becomes a new revision, after the checks of a submission; nothing is lost.

Example:
  oots lcm restore 7 --data oots-data`
}

// Run restores the revision.
func (c lcmRestore) Run(ctx context.Context, s streams) error {
	return c.withData(ctx, s, false, func(l *lifecycle.Service) error {
		o, err := l.Restore(ctx, c.submitter(), c.Number, 0)
		if errors.Is(err, store.ErrNotFound) {
			return &hint{fmt.Errorf("there is no revision %d", c.Number), "oots lcm history --data " + c.Data}
		}
		if err != nil {
			return err
		}
		name := fmt.Sprintf("revision %d", c.Number)
		return lcmFiles{JSON: c.JSON}.finish(s, []lcmResult{{File: name, Report: o.Report(false)}})
	})
}

// lcmExport writes what is in force.
type lcmExport struct {
	lcmFolder
	Country string   `help:"Member State." required:"" placeholder:"COUNTRY"`
	Service []string `help:"Services, several for a combined submission: eb, dsd, sr." enum:"eb,dsd,sr" required:"" placeholder:"SERVICE"`
	Version string   `help:"Release line: ${enum}." enum:"1.0,1.1,1.2,2.0" default:"2.0" placeholder:"LINE"`
	Out     string   `short:"o" help:"File to write. The default is the standard output." placeholder:"FILE"`
}

// Help is the text below the usage line.
func (lcmExport) Help() string {
	return `The submission is what the Member State would send to put in force what is in force. A release line has no place
for all that later ones know: a declaration that there is no evidence, code lists.

Example:
  oots lcm export --data oots-data --country AT --service eb --version 2.0 -o eb.xml`
}

// Run writes the submission.
func (c lcmExport) Run(ctx context.Context, s streams) error {
	return c.withData(ctx, s, false, func(l *lifecycle.Service) error {
		var ps []directory.Partition
		for _, service := range c.Service {
			if p := l.Active(c.Country, directory.Service(service)); len(lcm.Records(p.Catalogue)) > 0 {
				ps = append(ps, p)
			}
		}
		if len(ps) == 0 {
			return &hint{fmt.Errorf("%s has nothing in force there", c.Country), "oots lcm history --data " + c.Data}
		}
		b := lcm.AppendRequest(nil, ps, lcm.Form{ID: "urn:uuid:" + clock.UUID(), Line: directory.Line{Version: directory.Version("oots-cs:v" + c.Version)}})
		if c.Out != "" {
			return os.WriteFile(c.Out, b, 0o644)
		}
		_, err := s.out.Write(b)
		return err
	})
}

// lcmDiff compares.
type lcmDiff struct {
	From string `arg:"" help:"A submission, or the number of a revision."`
	To   string `arg:"" optional:"" help:"Another one. The default is what is in force: a file is compared with it, a revision with what came after."`
	lcmFolder
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (lcmDiff) Help() string {
	return `Records are compared by their identifiers, field by field. It exits with 0 when there is no difference, with 1 when
there is one.

Examples:
  oots lcm diff old.xml new.xml
  oots lcm diff new.xml --data oots-data
  oots lcm diff 3 7 --data oots-data`
}

// Run compares.
func (c lcmDiff) Run(ctx context.Context, s streams) error {
	if c.Data == "" {
		if c.To == "" {
			return &hint{errors.New("one submission is compared with what is in force"), "oots lcm diff FILE --data DIR"}
		}
		return c.compare(ctx, s, nil)
	}
	return c.withData(ctx, s, false, func(l *lifecycle.Service) error { return c.compare(ctx, s, l) })
}

func (c lcmDiff) compare(ctx context.Context, s streams, l *lifecycle.Service) error {
	from, err := partitionsOf(ctx, c.From, l)
	if err != nil {
		return err
	}
	var to []directory.Partition
	switch _, number := revisionNumber(c.From); {
	case c.To != "":
		to, err = partitionsOf(ctx, c.To, l)
	case number:
		to = inForce(l, from)
	default: // a file is what comes, not what was
		from, to = inForce(l, from), from
	}
	if err != nil {
		return err
	}
	changes := []lcm.Change{}
	for _, pair := range pairs(from, to) {
		changes = append(changes, lcm.Diff(pair[0], pair[1])...)
	}
	report := lifecycle.ReportChanges(changes)
	if c.JSON {
		err = lcmJSON(s.out, report)
	} else {
		fmt.Fprintln(s.out, count(len(report), "change"))
		printChanges(s.out, report)
	}
	if err == nil && len(report) > 0 {
		return errNo
	}
	return err
}

func revisionNumber(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n > 0
}

// partitionsOf reads a submission or a revision.
func partitionsOf(ctx context.Context, name string, l *lifecycle.Service) ([]directory.Partition, error) {
	if n, ok := revisionNumber(name); ok && l != nil {
		p, err := l.Revision(ctx, n)
		if errors.Is(err, store.ErrNotFound) {
			return nil, &hint{fmt.Errorf("there is no revision %d", n), "oots lcm history"}
		}
		return []directory.Partition{p}, err
	}
	b, err := readSubmission(name)
	if err != nil {
		return nil, err
	}
	parsed, err := lcm.Parse(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	ps, _ := parsed.Partitions(func(uuid string) string { return requirementOf(l, uuid) })
	return ps, nil
}

// requirementOf finds the URL of a requirement that a submission names by its UUID.
func requirementOf(l *lifecycle.Service, uuid string) string {
	if l != nil {
		for _, r := range l.Catalogue().Requirements {
			if lcm.RequirementUUID(r.ID) == uuid {
				return r.ID
			}
		}
	}
	return lcm.AnyRequirement(uuid)
}

// inForce is what is in force of the same countries and services.
func inForce(l *lifecycle.Service, ps []directory.Partition) []directory.Partition {
	out := make([]directory.Partition, len(ps))
	for i := range ps {
		out[i] = l.Active(ps[i].Country, ps[i].Service)
	}
	return out
}

// pairs puts the partitions of the same service side by side; one that is missing has no records.
func pairs(a, b []directory.Partition) [][2]directory.Partition {
	var out [][2]directory.Partition
	for _, service := range []directory.Service{directory.EvidenceBroker, directory.DataServiceDirectory, directory.SemanticRepository} {
		var pair [2]directory.Partition
		for side, ps := range [][]directory.Partition{a, b} {
			for _, p := range ps {
				if p.Service == service {
					pair[side] = p
				}
			}
		}
		if pair[0].Service != "" || pair[1].Service != "" {
			out = append(out, pair)
		}
	}
	return out
}

// lcmImport fills a folder with what other directories answered.
type lcmImport struct {
	Files []string `arg:"" name:"file" help:"Captured answers of Evidence Broker and Data Service Directory, in any mix." type:"existingfile"`
	lcmFolder
	Actor string `help:"Name of the account for the history." default:"operator"`
	Note  string `help:"A word for the history."`
	JSON  bool   `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (lcmImport) Help() string {
	return `The answers are divided by Member State and service, and each part replaces what was in force there. Requirements
and their wording go to the Commission (EU). The signature headers are not needed: whoever names a file vouches for it.

Example:
  oots lcm import catalogue.xml dsd.xml --data oots-data`
}

// Run imports the answers.
func (c lcmImport) Run(ctx context.Context, s streams) error {
	var all directory.Catalogue
	for _, name := range c.Files {
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		a, err := query.Read(b)
		if err == nil {
			err = a.Err
		}
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		all = all.Merge(directory.Catalogue{Requirements: a.Requirements, Services: a.DataServices})
	}
	return c.withData(ctx, s, true, func(l *lifecycle.Service) error {
		who := lifecycle.Submitter{Actor: c.Actor, Keeper: true}
		o, err := l.Replace(ctx, who, lcm.Split(all), lifecycle.OriginImport, c.Note)
		if err != nil {
			return err
		}
		return lcmFiles{JSON: c.JSON}.finish(s, []lcmResult{{File: strings.Join(c.Files, ", "), Report: o.Report(false)}})
	})
}
