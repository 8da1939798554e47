package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"oots/internal/validator"
)

// validate judges documents.
type validate struct {
	Files   []string `arg:"" optional:"" name:"file" help:"Documents, folders (their *.xml files, at any depth), or - for the standard input."`
	Kind    string   `help:"What the documents are: ${enum}. The default finds out." enum:"auto,request,response,error,header,answer,submission,acknowledgement,codelist" default:"auto" placeholder:"KIND"`
	Version string   `help:"Release line, such as 2.0. The default is the one that the document announces." placeholder:"LINE"`
	Expect  string   `help:"Compare with a manifest: CSV with file, message, version, verdict and rules. Without FILE its own files are judged." type:"existingfile" placeholder:"MANIFEST"`
	JSON    bool     `name:"json" help:"Print JSON." xor:"form"`
	SARIF   bool     `name:"sarif" help:"Print SARIF 2.1.0, as code hosts and editors read it." xor:"form"`
}

// Help is the text below the usage line.
func (validate) Help() string {
	return `Each document is checked against the content model of its release line and against the business rules. Known
are evidence requests, responses and errors, ebMS headers (alone or in a SOAP envelope), answers of Evidence
Broker and Data Service Directory, submissions to them with their acknowledgements, and Genericode lists.

Verdicts: valid, valid with cautions, valid with warning, invalid; and "not judged" for a message of oots-edm 1.x
whose structure is right: the business rules of those lines are not implemented yet.

It exits with 0 when all are valid, warnings allowed; with 1 when one is invalid or not judged, or, with --expect,
when one differs from the manifest; with 2 when a file cannot be read. "oots explain RULE" says more about a rule.

Examples:
  oots validate request.xml
  oots validate --sarif out/ > findings.sarif
  oots validate --expect manifest.csv`
}

// A reporter prints reports in one of the forms.
type reporter interface {
	report(validator.Report)
	close() error // writes what stands behind the last report, and returns the first error of writing
}

// Run judges every document and prints a report of each.
func (v validate) Run(s streams) error {
	if v.Version != "" && validator.Line(v.Version) == "" {
		return &hint{fmt.Errorf("%q is no release line", v.Version), "--version with one of " + strings.Join(validator.Lines(), ", ")}
	}
	var want *expectation
	if v.Expect != "" {
		var err error
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
	files, unread := expand(v.Files)
	out := v.reporter(s, want)
	worst := exitDone
	steps := newProgress(s.err, len(files))
	for i, name := range files {
		b, err := readDocument(name)
		if err != nil {
			unread = append(unread, err)
			continue
		}
		r := validator.Validate(name, b, v.options(name, want))
		if want != nil {
			want.compare(r)
		} else if r.Verdict == validator.Invalid || r.Verdict == validator.NotJudged {
			worst = exitNo
		}
		out.report(r)
		steps.done(i + 1)
	}
	if err := out.close(); err != nil {
		return err
	}
	if want != nil {
		worst = want.print(s, v.JSON || v.SARIF)
	}
	if len(unread) > 0 {
		return errors.Join(unread...)
	}
	if worst == exitNo {
		return errNo
	}
	return nil
}

func (v validate) reporter(s streams, want *expectation) reporter {
	switch {
	case v.JSON:
		return newJSONReports(s.out)
	case v.SARIF:
		return newSARIF(s.out)
	case want != nil:
		return silent{}
	}
	return &humanReports{w: s.out}
}

// options are those of the command line, or else of the row in the manifest.
func (v validate) options(name string, want *expectation) validator.Options {
	o := validator.Options{Version: v.Version}
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

// expand replaces folders by their *.xml files. Errors are those of names that cannot be followed.
func expand(names []string) (files []string, unread []error) {
	for _, name := range names {
		info, err := os.Stat(name)
		if name == "-" || err != nil || !info.IsDir() { // one that is not there fails when it is read
			files = append(files, name)
			continue
		}
		before := len(files)
		err = filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				unread = append(unread, err)
			case !d.IsDir() && strings.EqualFold(filepath.Ext(path), ".xml"):
				files = append(files, path)
			}
			return nil
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

// readDocument reads one octet more than may be judged, so that a document too large is told.
func readDocument(name string) ([]byte, error) {
	f := os.Stdin
	if name != "-" {
		var err error
		if f, err = os.Open(name); err != nil {
			return nil, err
		}
		defer f.Close()
	}
	b, err := io.ReadAll(io.LimitReader(f, validator.MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return b, nil
}

// progress counts documents on a terminal, and every thousand of many elsewhere.
type progress struct {
	w           io.Writer
	total, step int
	end         string
}

func newProgress(w io.Writer, total int) progress {
	p := progress{w: w, total: total, step: 1000, end: "\n"}
	if f, ok := w.(*os.File); ok && total > 100 {
		if info, err := f.Stat(); err == nil && info.Mode()&os.ModeCharDevice != 0 {
			p.step, p.end = 100, "\r"
		}
	}
	return p
}

func (p progress) done(n int) {
	if p.total > p.step && n%p.step == 0 {
		fmt.Fprintf(p.w, "%d of %d documents%s", n, p.total, p.end)
	}
}
