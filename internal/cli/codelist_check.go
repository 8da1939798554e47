package cli

import (
	"fmt"
	"os"

	"oots/directory/genericode"
	"oots/directory/genericode/schema"
	"oots/directory/lcm"
	"oots/internal/repository"
	"oots/rule"
	"oots/xml/xmltree"
)

// codelistCheck judges a list.
type codelistCheck struct {
	File  string `arg:"" help:"Code list in Genericode, CSV or JSON." type:"existingfile"`
	After string `help:"Edition before: other content then needs a higher version." type:"existingfile" placeholder:"FILE"`
	JSON  bool   `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (codelistCheck) Help() string {
	return `A file in Genericode is held against the content model first. Then the list is judged: it has a name, a version
and an address, a code in each row, and no row twice; codes without a name and codes in several rows are warnings.
It exits with 0 when the list can be published, and with 1 when it cannot.

Examples:
  oots codelist check Regions.gc
  oots codelist check Regions-2.gc --after Regions-1.gc`
}

// checkForm is the JSON form of a judgement.
type checkForm struct {
	Valid    bool                 `json:"valid"`
	Form     repository.Form      `json:"form"`
	List     string               `json:"list,omitempty"`
	Version  string               `json:"version,omitempty"`
	Rows     int                  `json:"rows"`
	Problems []genericode.Problem `json:"problems"`
	Findings []findingForm        `json:"findings"` // of the content model
}

type findingForm struct {
	Rule rule.ID `json:"rule"`
	Line int     `json:"line,omitempty"`
	Path string  `json:"path,omitempty"`
	Want string  `json:"want,omitempty"`
}

// Run judges.
func (c codelistCheck) Run(s streams) error {
	l, form, err := readList(c.File)
	if err != nil {
		return err
	}
	f := checkForm{Valid: true, Form: form, List: plain(l.ShortName), Version: plain(l.Version), Rows: len(l.Rows), Problems: []genericode.Problem{}, Findings: []findingForm{}}
	if form == repository.Genericode {
		if f.Findings, err = modelFindings(c.File); err != nil {
			return err
		}
	}
	for _, p := range l.Check() {
		if form != repository.CSV || p.Row > 0 { // a table has no name, and needs none
			f.Problems = append(f.Problems, p)
		}
	}
	if c.After != "" {
		old, _, err := readList(c.After)
		if err != nil {
			return err
		}
		f.Problems = append(f.Problems, genericode.CheckEdition(old, l, lcm.CompareVersions)...)
	}
	f.Valid = len(f.Findings) == 0
	for _, p := range f.Problems {
		f.Valid = f.Valid && p.Warning
	}
	if c.JSON {
		err = printIndented(s.out, f)
	} else {
		c.print(s, f)
	}
	if err == nil && !f.Valid {
		return errNo
	}
	return err
}

// modelFindings are what the content model has against a file.
func modelFindings(file string) ([]findingForm, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	doc, err := xmltree.Parse(b, xmltree.Limits{Bytes: genericode.MaxList, Elements: 2_000_000, Depth: 16})
	if err != nil {
		return nil, err
	}
	out := []findingForm{}
	for _, f := range schema.Check(doc) {
		out = append(out, findingForm{f.Rule, f.Line, f.Path, f.Want})
	}
	return out, nil
}

func (c codelistCheck) print(s streams, f checkForm) {
	for _, x := range f.Findings {
		fmt.Fprintf(s.out, "error: line %d: %s: %s\n", x.Line, x.Rule, plain(x.Want))
	}
	for _, p := range f.Problems {
		fmt.Fprintln(s.out, plain(p.String()))
	}
	name := c.File
	if f.List != "" {
		name = f.List + " " + f.Version
	}
	verdict := "can be published"
	if !f.Valid {
		verdict = "cannot be published"
	}
	fmt.Fprintf(s.out, "%s: %d rows, %s.\n", name, f.Rows, verdict)
}
