package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"

	"oots/directory/genericode"
	"oots/internal/repository"
)

// codelistTools work with code lists in files.
type codelistTools struct {
	Convert codelistConvert `cmd:"" help:"Write a code list as Genericode, CSV or JSON."`
	Diff    codelistDiff    `cmd:"" help:"Say what an edition of a code list changed."`
	Check   codelistCheck   `cmd:"" help:"Judge a code list, alone or after the edition before."`
}

// codelistConvert writes a list in another form.
type codelistConvert struct {
	File      string `arg:"" help:"Code list in Genericode, CSV or JSON." type:"existingfile"`
	To        string `help:"Form to write: csv, json or genericode." enum:"csv,json,genericode" required:"" placeholder:"FORM"`
	Out       string `help:"File to write; without it the list is printed." placeholder:"FILE"`
	ShortName string `help:"Short name of the list, which CSV cannot say." placeholder:"NAME"`
	Name      string `help:"Long name of the list." placeholder:"TEXT"`
	Version   string `name:"list-version" help:"Version of the list." placeholder:"VERSION"`
	URI       string `name:"uri" help:"Address of the list: its canonical URI." placeholder:"URI"`
}

// Help is the text below the usage line.
func (codelistConvert) Help() string {
	return `The form of FILE is found out. CSV has a line with the columns first: code, and name-EN, name-DE and so on for the
names; it cannot say what the list is called, so that name, version and address are given beside it.

Examples:
  oots codelist convert Procedures.gc --to csv
  oots codelist convert regions.csv --to genericode --short-name Regions --list-version 1 \
    --uri https://sr.oots.tech.ec.europa.eu/codelists/AT/Regions --out Regions.gc`
}

// Run converts.
func (c codelistConvert) Run(s streams) error {
	l, _, err := readList(c.File)
	if err != nil {
		return err
	}
	for _, set := range []struct {
		to   *string
		from string
	}{{&l.ShortName, c.ShortName}, {&l.LongName, c.Name}, {&l.Version, c.Version}, {&l.CanonicalURI, c.URI}} {
		if set.from != "" {
			*set.to = set.from
		}
	}
	if c.URI != "" || c.Version != "" {
		l.CanonicalVersionURI = l.CanonicalURI + "/" + l.Version
	}
	if c.URI != "" {
		l.LocationURI = c.URI
	}
	var b []byte
	switch c.To {
	case "csv":
		b = genericode.AppendCSV(nil, l)
	case "json":
		b = genericode.AppendJSON(nil, l)
	default:
		if l.ShortName == "" || l.Version == "" || l.CanonicalURI == "" {
			return &hint{errors.New("Genericode says what a list is called, its version and its address; " + c.File + " does not"), "--short-name Regions --list-version 1 --uri https://…/codelists/AT/Regions"}
		}
		b = genericode.Append(nil, l)
	}
	if c.Out != "" {
		return os.WriteFile(c.Out, b, 0o644)
	}
	_, err = s.out.Write(b)
	return err
}

// readList reads a code list whose form is found out.
func readList(file string) (*genericode.List, repository.Form, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, "", err
	}
	if info.Size() > genericode.MaxList {
		return nil, "", fmt.Errorf("%s is larger than a code list may be", file)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, "", err
	}
	form := formOfList(b)
	l, err := repository.ParseList(form, b)
	if err != nil {
		return nil, form, fmt.Errorf("%s: %w", file, err)
	}
	return l, form, nil
}

// formOfList tells the forms of a code list apart by how they begin.
func formOfList(b []byte) repository.Form {
	switch b = bytes.TrimSpace(bytes.TrimPrefix(b, []byte("\ufeff"))); {
	case bytes.HasPrefix(b, []byte("<")):
		return repository.Genericode
	case bytes.HasPrefix(b, []byte("{")):
		return repository.JSON
	}
	return repository.CSV
}

// codelistDiff compares two editions.
type codelistDiff struct {
	Old  string `arg:"" help:"Edition before." type:"existingfile"`
	New  string `arg:"" help:"Edition after." type:"existingfile"`
	JSON bool   `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (codelistDiff) Help() string {
	return `Rows are compared by their code, whatever the order of rows and columns, and whatever the forms of the files. A
code that went while another came with the same names counts as renamed. As with diff, it exits with 0 when there is
no difference and with 1 when there is one.

Examples:
  oots codelist diff EAS-2023.gc EAS-2026.gc
  oots codelist diff --json old.csv new.gc`
}

// Run compares.
func (c codelistDiff) Run(s streams) error {
	a, _, err := readList(c.Old)
	if err != nil {
		return err
	}
	b, _, err := readList(c.New)
	if err != nil {
		return err
	}
	changes := genericode.Diff(a, b)
	if c.JSON {
		if changes == nil {
			changes = []genericode.Change{}
		}
		if err := printIndented(s.out, changes); err != nil {
			return err
		}
	} else {
		printCodeChanges(s, changes)
	}
	if len(changes) > 0 {
		return errNo
	}
	return nil
}

func printCodeChanges(s streams, changes []genericode.Change) {
	count := map[genericode.ChangeKind]int{}
	for _, c := range changes {
		count[c.Kind]++
		fmt.Fprintln(s.out, plain(c.String()))
	}
	if len(changes) == 0 {
		fmt.Fprintln(s.out, "No difference.")
		return
	}
	var words []string
	for _, k := range []genericode.ChangeKind{genericode.Added, genericode.Removed, genericode.Renamed, genericode.Reworded} {
		if count[k] > 0 {
			words = append(words, fmt.Sprintf("%d %s", count[k], k))
		}
	}
	fmt.Fprintln(s.out, strings.Join(words, ", "))
}
