package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"oots/directory"
	"oots/directory/lcm"
	"oots/internal/lifecycle"
)

// lcmFiles are the submissions of a command.
type lcmFiles struct {
	Files   []string `arg:"" name:"file" help:"Submissions, folders (their *.xml files, at any depth), or - for the standard input."`
	Version string   `help:"Release line to judge by: ${enum}. The default is the one that a file announces." enum:"auto,1.0,1.1,1.2,2.0" default:"auto" placeholder:"LINE"`
	JSON    bool     `name:"json" help:"Print JSON."`
}

// line is the --version as a parameter, "" for the default.
func (f lcmFiles) line() string {
	if f.Version == "auto" {
		return ""
	}
	return f.Version
}

// proposals reads all files before anything is done with one of them.
func (f lcmFiles) proposals(note string) (names []string, ps []lifecycle.Proposal, err error) {
	names, unread := submissionFiles(f.Files)
	for _, name := range names {
		b, err := readSubmission(name)
		if err != nil {
			unread = append(unread, err)
			continue
		}
		p := lifecycle.Proposal{Document: b, Note: note}
		if v := f.line(); v != "" {
			p.Version = directory.Version("oots-cs:v" + v)
		}
		ps = append(ps, p)
	}
	return names, ps, errors.Join(unread...)
}

// submissionFiles replaces folders by their *.xml files, in the order of their names: an order of the user's, such
// as 1-eb.xml before 2-dsd.xml, is kept. Errors are those of names that cannot be followed.
func submissionFiles(names []string) (files []string, unread []error) {
	for _, name := range names {
		info, err := os.Stat(name)
		if name == "-" || err != nil || !info.IsDir() { // one that is not there fails when it is read
			files = append(files, name)
			continue
		}
		before := len(files)
		err = filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.EqualFold(filepath.Ext(path), ".xml") {
				files = append(files, path)
			}
			return err
		})
		if err == nil && len(files) == before {
			err = fmt.Errorf("%s: no *.xml file", name)
		}
		if err != nil {
			unread = append(unread, err)
		}
	}
	return files, unread
}

// readSubmission reads one octet more than may be submitted, so that a file too large is told.
func readSubmission(name string) ([]byte, error) {
	in := os.Stdin
	if name != "-" {
		var err error
		if in, err = os.Open(name); err != nil {
			return nil, err
		}
		defer in.Close()
	}
	b, err := io.ReadAll(io.LimitReader(in, lcm.MaxSubmission+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return b, nil
}

// finish prints results and says whether all were accepted.
func (f lcmFiles) finish(s streams, results []lcmResult) error {
	refused := false
	for _, r := range results {
		refused = refused || !r.Accepted
		if !f.JSON {
			r.print(s.out)
		}
	}
	if f.JSON {
		if err := lcmJSON(s.out, results); err != nil {
			return err
		}
	}
	if refused {
		return errNo
	}
	return nil
}

// each calls act for every file.
func (f lcmFiles) each(s streams, names []string, ps []lifecycle.Proposal, dryRun bool, act func(lifecycle.Proposal) (lifecycle.Report, error)) error {
	counting := len(ps) > 1 && !f.JSON
	var results []lcmResult
	for i, p := range ps {
		report, err := act(p)
		if err != nil {
			return errors.Join(fmt.Errorf("%s: %w", names[i], err), f.finish(s, results))
		}
		report.DryRun = dryRun
		results = append(results, lcmResult{File: names[i], Report: report})
		if counting {
			fmt.Fprintf(s.err, "%d of %d: %s\n", i+1, len(ps), names[i])
		}
	}
	return f.finish(s, results)
}

// lcmCheck is a dry run.
type lcmCheck struct {
	lcmFiles
	lcmFolder
	lcmActor
	lcmRemote
}

// Help is the text below the usage line.
func (lcmCheck) Help() string {
	return `Each file is judged as an instance would judge it: structure, content, associations, references, ownership and
versions of code lists. With --data or --to it is judged by what that instance holds, and what it would change is
listed; without either it is judged alone. Nothing is changed.

It exits with 0 when all would be accepted, with 1 when one would be refused, with 2 when a file cannot be read.

Examples:
  oots lcm check eb.xml
  oots lcm check eb.xml dsd.xml --data oots-data --as AT`
}

// Run judges the files.
func (c lcmCheck) Run(ctx context.Context, s streams) error {
	names, ps, err := c.proposals("")
	if err != nil {
		return err
	}
	switch {
	case c.To != "":
		return c.each(s, names, ps, true, func(p lifecycle.Proposal) (lifecycle.Report, error) {
			return c.submit(ctx, p.Document, true, c.line(), "")
		})
	case c.Data != "":
		return c.withData(ctx, s, false, func(l *lifecycle.Service) error {
			return c.each(s, names, ps, true, func(p lifecycle.Proposal) (lifecycle.Report, error) {
				o, err := l.Check(ctx, c.submitter(), p)
				return o.Report(true), err
			})
		})
	}
	return c.each(s, names, ps, true, func(p lifecycle.Proposal) (lifecycle.Report, error) {
		o := lifecycle.CheckAlone(p)
		return o.Report(true), nil
	})
}

// lcmSubmit puts submissions in force.
type lcmSubmit struct {
	lcmFiles
	lcmFolder
	lcmActor
	lcmRemote
	Together bool   `help:"All files or none, in one transaction. Only with --data."`
	Note     string `help:"A word for the history."`
}

// Help is the text below the usage line.
func (lcmSubmit) Help() string {
	return `A submission replaces everything that its Member State has said to that service before, whole or not at all: one
object that breaks a rule refuses it, and every finding names rule and object. Files are submitted one after the
other; those before a refused one stay in force, unless they go together.

With --data the folder of an instance is changed; it may be running. With --to the file is uploaded to a running
instance. Production takes submissions by AS4 only; this is for test platforms and for the operator.

It exits with 0 when all are accepted, with 1 when one is refused, with 2 when something fails.

Examples:
  oots lcm submit eb.xml dsd.xml --data oots-data --together
  oots lcm submit eb.xml --to https://localhost:8440 --token-file oots-data/keys/lcm-AT.token --ca oots-data/keys/ca.crt.pem`
}

// Run submits the files.
func (c lcmSubmit) Run(ctx context.Context, s streams) error {
	names, ps, err := c.proposals(c.Note)
	if err != nil {
		return err
	}
	if c.To != "" {
		if c.Together || c.Data != "" {
			return &hint{errors.New("--to goes without --together and --data"), "oots help lcm submit"}
		}
		return c.each(s, names, ps, false, func(p lifecycle.Proposal) (lifecycle.Report, error) {
			return c.submit(ctx, p.Document, false, c.line(), c.Note)
		})
	}
	return c.withData(ctx, s, true, func(l *lifecycle.Service) error {
		if !c.Together {
			return c.each(s, names, ps, false, func(p lifecycle.Proposal) (lifecycle.Report, error) {
				o, err := l.Submit(ctx, c.submitter(), p)
				return o.Report(false), err
			})
		}
		outcomes, err := l.SubmitAll(ctx, c.submitter(), ps)
		if err != nil {
			return err
		}
		var results []lcmResult
		for i := range outcomes {
			results = append(results, lcmResult{File: names[i], Report: outcomes[i].Report(false)})
		}
		return c.finish(s, results)
	})
}
