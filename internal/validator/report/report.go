// Package report writes what the validator found in the forms that people and programs read: text for a
// terminal, JSON, CSV, SARIF 2.1.0 for code hosts and editors, and a page of HTML that stands alone.
//
//	w, err := report.New(report.SARIF, os.Stdout, time.Time{})
//	for … { w.Report(validator.Validate(name, b, options)) }
//	err = w.Close()
//
// A report says where a document breaks which rule. It repeats offending values as far as a finding carries
// them, and nothing else of the document.
package report

import (
	"fmt"
	"io"
	"time"

	"oots/internal/validator"
	"oots/rule"
)

// A Form is a form of a report.
type Form string

// The forms.
const (
	Text  Form = "text"
	JSON  Form = "json"
	CSV   Form = "csv"
	SARIF Form = "sarif"
	HTML  Form = "html"
)

// MediaType is what the form is to be served as.
func (f Form) MediaType() string {
	switch f {
	case JSON:
		return "application/json"
	case CSV:
		return "text/csv; charset=utf-8"
	case SARIF:
		return "application/sarif+json"
	case HTML:
		return "text/html; charset=utf-8"
	}
	return "text/plain; charset=utf-8"
}

// A Writer writes reports one after the other. Errors of the output are kept for Close.
type Writer interface {
	Report(validator.Report)
	Close() error // writes what stands behind the last report
}

// New returns a Writer of a form. All but HTML write each report as soon as it is given; HTML keeps it in a
// temporary file until Close, because the sum of all stands at the top of the page. At is the time that it
// gives; the zero time is left out.
func New(f Form, w io.Writer, at time.Time) (Writer, error) {
	switch f {
	case Text:
		return &text{w: w}, nil
	case JSON:
		return &array{w: w}, nil
	case CSV:
		return newTable(w), nil
	case SARIF:
		return newSARIF(w), nil
	case HTML:
		return newPage(w, at)
	}
	return nil, fmt.Errorf("report: no form %q", f)
}

// Wrong says what a breach of the rule means, in the form of a release line where it holds there; "" for a rule
// that the catalogue does not have.
func Wrong(id rule.ID, version string) string { return row(id, version).Wrong }

// row is what the catalogue says of a rule in a release line, or else in the newest.
func row(id rule.ID, version string) rule.Row {
	if r, ok := rule.LookupIn(id, version); ok {
		return r
	}
	r, _ := rule.Lookup(id)
	return r
}

// printable keeps control characters of a document off terminals and pages.
func printable(s string) string {
	out := []rune(s)
	for i, c := range out {
		if c < ' ' || c >= 0x7f && c < 0xa0 {
			out[i] = '·'
		}
	}
	return string(out)
}
