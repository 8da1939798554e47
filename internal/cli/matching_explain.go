package cli

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"oots/internal/matching"
	"oots/internal/matching/evaluation"
)

// matchingExplain explains one pair.
type matchingExplain struct {
	Request  string `arg:"" help:"FAMILY,GIVEN,DATE of the request, then NAME=VALUE for what else it has."`
	Register string `arg:"" help:"The same of the entry."`
	matchingPolicyFlag
	JSON bool `name:"json" help:"Print JSON, as it goes into the journal."`
}

// Help is the text below the usage line.
func (matchingExplain) Help() string {
	var names strings.Builder
	for _, a := range evaluation.Attributes {
		fmt.Fprintf(&names, "  %-20s %s\n", a.Name, a.Text)
	}
	return `Two names without given name and date are those of companies, with SCHEME=VALUE behind.

It exits with 0 when the entry is accepted, with 1 when it is not. What it prints has no personal data: it is what an
auditor sees. The entry may also be protected or deceased; the names of other attributes are
` + names.String() + `
Examples:
  oots matching explain "Zolc,Lukasz,1988-11-30" "Żółć,Łukasz,1988-11-30"
  oots matching explain "García,Ana,1992-07-16,placeOfBirth=Lugo" "García López,Ana,1992-07-16,placeOfBirth=Lugo"
  oots matching explain "Exemple SA,LEI=97" "Exemple S.A.,LEI=97"`
}

// Run explains.
func (c matchingExplain) Run(s streams) error {
	m, err := c.matcher()
	if err != nil {
		return err
	}
	request, err := sideOf(c.Request)
	if err != nil {
		return err
	}
	register, err := sideOf(c.Register)
	if err != nil {
		return err
	}
	p, err := evaluation.NewPair(request, register, c.Country)
	if err != nil {
		return &hint{err, "oots matching explain --help"}
	}
	var d matching.Decision
	if p.Legal {
		d = m.DecideLegal(&p.LegalQuery, []matching.LegalEntry{p.LegalEntry})
	} else {
		d = m.Decide(&p.Query, []matching.Entry{p.Entry})
	}
	if c.JSON {
		err = matchingJSON(s.out, d.Explanation)
	} else {
		err = printExplanation(s.out, m.Policy, &d)
	}
	if err == nil && d.Outcome != matching.One {
		return errNo
	}
	return err
}

// sideOf parts FAMILY,GIVEN,DATE,NAME=VALUE…; given name and date may be absent.
func sideOf(s string) (out [4]string, err error) {
	r := csv.NewReader(strings.NewReader(s))
	r.LazyQuotes = true
	fields, err := r.Read()
	if err != nil {
		return out, &hint{fmt.Errorf("%q is not FAMILY,GIVEN,DATE", s), "oots matching explain --help"}
	}
	var extras []string
	n := 0
	for _, f := range fields {
		if f = strings.TrimSpace(f); n < 3 && !strings.Contains(f, "=") {
			out[n] = f
			n++
			continue
		}
		n = 3
		extras = append(extras, f)
	}
	out[3] = strings.Join(extras, ";")
	return out, nil
}

func printExplanation(w io.Writer, p *matching.Policy, d *matching.Decision) error {
	x := &d.Explanation
	for _, c := range x.Candidates {
		fmt.Fprintf(w, "%s by rule %s", c.Class, c.Rule)
		if l, ok := p.Line(c.Rule); ok {
			fmt.Fprintf(w, ": %s", l.Text)
		}
		fmt.Fprintln(w)
		t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
		for _, a := range c.Attributes {
			how := a.Grade
			if a.How != "" {
				how += " (" + a.How + ")"
			}
			if a.Source != "" {
				how += ", as the user says"
			}
			fmt.Fprintf(t, "  %s\t%s\n", a.Name, how)
		}
		if err := t.Flush(); err != nil {
			return err
		}
		if c.Mixed {
			fmt.Fprintln(w, "  a name mixes letters of several scripts")
		}
	}
	fmt.Fprintf(w, "Found: %s", x.Outcome)
	for _, note := range []string{x.Refused, x.Alert} {
		if note != "" {
			fmt.Fprintf(w, ", %s", note)
		}
	}
	_, err := fmt.Fprintf(w, "\nPolicy: %s\n", x.Policy)
	return err
}
