package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"oots/edm"
	"oots/internal/validator"
	"oots/internal/validator/intake"
	"oots/internal/validator/policy"
	"oots/internal/validator/report"
)

// validate judges documents.
type validate struct {
	Files     []string `arg:"" optional:"" name:"file" help:"Documents, archives (zip, tar, tar.gz), stored AS4 entities, folders of these at any depth, or - for the standard input."`
	Kind      string   `help:"What the documents are: ${enum}. The default finds out." enum:"auto,request,response,error,header,answer,submission,acknowledgement,codelist" default:"auto" placeholder:"KIND"`
	Version   string   `help:"Release line, such as 2.0. The default is the one that the document announces." placeholder:"LINE"`
	Against   []string `help:"Documents that belong to those that are judged, as files, folders or archives, several parted by commas: what contradicts them is found too." sep:"," placeholder:"FILE"`
	Expect    string   `help:"Compare with a manifest: CSV with file, message, version, verdict and rules. Without FILE its own files are judged." type:"existingfile" placeholder:"MANIFEST"`
	Rules     string   `help:"YAML with severities of your own; see below." type:"existingfile" placeholder:"FILE"`
	Codelists string   `help:"Folder with newer code lists in Genericode (*.gc), in force instead of those built in." type:"existingdir" placeholder:"DIR"`
	TDD       string   `name:"tdd" help:"Folder with your copy of the published schemas (*.xsd) and Schematron files (*.sch): they judge too, and what differs is shown." type:"existingdir" placeholder:"DIR"`
	JSON      bool     `name:"json" help:"Print JSON." xor:"form"`
	CSV       bool     `name:"csv" help:"Print CSV, a line a finding." xor:"form"`
	SARIF     bool     `name:"sarif" help:"Print SARIF 2.1.0, as code hosts and editors read it." xor:"form"`
	HTML      bool     `name:"html" help:"Print one page of HTML that stands alone, to read, send or print." xor:"form"`
}

// Help is the text below the usage line.
func (validate) Help() string {
	return `Each document is checked against the content model of its release line and against the business rules. Known
are evidence requests, responses and errors, ebMS headers (alone or in a SOAP envelope), answers of Evidence
Broker and Data Service Directory, submissions to them with their acknowledgements, and Genericode lists.

What a file is, its first bytes say. Of a folder or an archive those are taken that are called *.xml, *.gc,
*.body, *.zip, *.tar or *.tar.gz; an archive in an archive is not opened. Of a stored AS4 entity the header is
judged, and every part in clear that is an evidence message; "oots as4 unpack" checks its signature. Of a call
to the web service plugin of Domibus the messages in it are judged.

Verdicts: valid, valid with cautions, valid with warning, invalid; and "encrypted" for a part of an entity that
only its receiver can read.

It exits with 0 when all are valid, warnings allowed and encrypted parts left aside; with 1 when one is invalid,
or, with --expect, when one differs from the manifest; with 2 when a file cannot be read. "oots explain RULE"
says more about a rule.

The file of --rules holds "strict: true" to report every rule with the severity that it is published with, also
those that nobody enforces, and "severity:" with lines such as "R-EDM-REQ-C126: FATAL" for single rules.

With --against each document is also compared with those that it belongs to: a request with its response or error,
with the second request, with its ebMS header, with what the directories answered before, a submission with its
acknowledgement. Which documents belong together is found out, and *.url files in a folder are taken for queries to
a directory. It exits with 1 when a document contradicts another, or when none belongs to any.

With --tdd DIR your own copy of the published artefacts gives a second opinion on each document, by none of our
rules: XML Schema, recognised by target namespace, and Schematron, by file names as the releases have them
(EDM-REQ-S.sch, DSD-RESP-C.sch, …). DIR may hold several releases in folders with their numbers. Behind each
report stands which rules both find broken, which only one of them, and which could not be evaluated. It exits
with 0 when all verdicts are the same and none is invalid, with 1 when one is invalid or differs, with 2 when an
artefact cannot be used. What a rule of theirs says may quote the document.

Examples:
  oots validate request.xml
  oots validate --tdd tdd/ request.xml
  oots validate --against request.xml response.xml
  oots validate --against out out
  oots validate messages.zip out/
  oots validate --html out/ > report.html
  oots validate --sarif out/ > findings.sarif
  oots validate --expect manifest.csv`
}

// An assessor judges documents beyond the validator's own rules: against another document, or by a copy of the
// published rules. Documents come in the order of the reports, one at a time.
type assessor interface {
	// assess returns the report with what it found: Report.With adds findings. An error ends the command.
	assess(item intake.Item, r validator.Report) (validator.Report, error)
	// close prints what stands behind all reports, and returns errNo when it changes the answer to no.
	close(s streams) error
}

// A wrapper is an assessor that writes beside the reports: it takes the place of their writer.
type wrapper interface {
	wrap(out report.Writer, s streams) report.Writer
}

// assessors are those that the flags ask for, in the order in which they are asked.
func (v validate) assessors(rules *edm.Rules) ([]assessor, error) {
	var all []assessor
	if len(v.Against) > 0 {
		g, err := newAgainst(v.Against, v.Files, rules, v.form() != report.Text)
		if err != nil {
			return nil, err
		}
		all = append(all, g)
	}
	if v.TDD != "" {
		second, err := newTDD(v.TDD, v.form())
		if err != nil {
			return nil, err
		}
		all = append(all, second)
	}
	return all, nil
}

// Run judges every document and prints a report of each.
func (v validate) Run(s streams) error {
	if v.Version != "" {
		line, err := lineOf(v.Version)
		if err != nil {
			return err
		}
		v.Version = line.Line()
	}
	rules, _, err := policy.Open(v.Rules, v.Codelists)
	if err != nil {
		return &hint{err, "oots help validate"}
	}
	var want *expectation
	if v.Expect != "" {
		if want, err = readExpectation(v.Expect); err != nil {
			return &hint{err, "oots help validate"}
		}
		if len(v.Files) == 0 {
			v.Files = want.files()
		}
	}
	if len(v.Files) == 0 {
		return &hint{errors.New("no document is named"), "oots validate FILE, or - for the standard input"}
	}
	run := validation{want: want}
	if run.assessors, err = v.assessors(rules); err != nil {
		return err
	}
	if run.out, err = v.writer(s, want); err != nil {
		return err
	}
	for _, a := range run.assessors {
		if w, ok := a.(wrapper); ok {
			run.out = w.wrap(run.out, s)
		}
	}
	items := intake.Reader{Stdin: os.Stdin}.Items(v.Files...)
	options := func(i intake.Item) validator.Options { return v.options(i.Name, want, rules) }
	steps := newProgress(s.err)
	for judged := range intake.Judge(items, options) {
		if err := run.add(judged); err != nil {
			return err
		}
		steps.step()
	}
	steps.end()
	return run.end(s, v.form() != report.Text)
}

// validation is one run of the command.
type validation struct {
	want      *expectation
	assessors []assessor
	out       report.Writer
	refused   bool
	unread    []error // the first of them; more are only counted
	missed    int
}

// add takes one report on.
func (n *validation) add(j intake.Judged) error {
	if j.Err != nil {
		if n.missed++; n.missed <= 100 {
			n.unread = append(n.unread, j.Err)
		}
		return nil
	}
	r := j.Report
	for _, a := range n.assessors {
		var err error
		if r, err = a.assess(j.Item, r); err != nil {
			return err
		}
	}
	if n.want != nil {
		n.want.compare(r)
	} else if r.Refuses() {
		n.refused = true
	}
	n.out.Report(r)
	return nil
}

// end prints what stands behind the reports. Aside says that the output has a form that it must not disturb.
func (n *validation) end(s streams, aside bool) error {
	if err := n.out.Close(); err != nil {
		return err
	}
	for _, a := range n.assessors {
		if err := a.close(s); errors.Is(err, errNo) {
			n.refused = true
		} else if err != nil {
			return err
		}
	}
	if n.want != nil && n.want.print(s, aside) == exitNo {
		n.refused = true
	}
	if n.missed > len(n.unread) {
		n.unread = append(n.unread, fmt.Errorf("%d more could not be read", n.missed-len(n.unread)))
	}
	if len(n.unread) > 0 {
		return errors.Join(n.unread...)
	}
	if n.refused {
		return errNo
	}
	return nil
}

// form is the form that the flags ask for.
func (v validate) form() report.Form {
	switch {
	case v.JSON:
		return report.JSON
	case v.CSV:
		return report.CSV
	case v.SARIF:
		return report.SARIF
	case v.HTML:
		return report.HTML
	}
	return report.Text
}

func (v validate) writer(s streams, want *expectation) (report.Writer, error) {
	if want != nil && v.form() == report.Text {
		return silent{}, nil
	}
	return report.New(v.form(), s.out, time.Now())
}

// silent prints no reports: a comparison prints what differs.
type silent struct{}

func (silent) Report(validator.Report) {}
func (silent) Close() error            { return nil }

// options are those of the command line, or else of the row in the manifest.
func (v validate) options(name string, want *expectation, rules *edm.Rules) validator.Options {
	o := validator.Options{Version: v.Version, Rules: rules}
	if v.Kind != "auto" {
		o.Kind = validator.Kind(v.Kind)
	}
	if want != nil && o.Version == "" {
		if row := want.row(name); row != nil {
			o.Version = row.version
		}
	}
	return o
}

// progress counts many documents on a terminal; elsewhere it is silent.
type progress struct {
	w io.Writer
	n int
}

func newProgress(w io.Writer) *progress {
	if f, ok := w.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			return &progress{w: w}
		}
	}
	return &progress{w: io.Discard}
}

// step counts one document and tells every hundredth.
func (p *progress) step() {
	if p.n++; p.n%100 == 0 {
		fmt.Fprintf(p.w, "\r%d documents", p.n)
	}
}

// end clears the line.
func (p *progress) end() {
	if p.n >= 100 {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}
