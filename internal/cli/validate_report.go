package cli

import (
	"encoding/json"
	"fmt"
	"io"

	"oots/internal/validator"
	"oots/rule"
)

// silent prints no reports: a comparison prints what differs.
type silent struct{}

func (silent) report(validator.Report) {}
func (silent) close() error            { return nil }

// humanReports prints reports for people.
type humanReports struct {
	w   io.Writer
	err error
}

func (h *humanReports) printf(format string, args ...any) {
	if h.err == nil {
		_, h.err = fmt.Fprintf(h.w, format, args...)
	}
}

func (h *humanReports) close() error { return h.err }

// report prints file, verdict and what the document was taken for; then, indented, each finding.
func (h *humanReports) report(r validator.Report) {
	h.printf("%s: %s", r.Name, r.Verdict)
	if r.Kind != "" {
		h.printf(" (%s%s)", r.Kind, lineWords(r.Version))
	}
	h.printf("\n")
	for _, note := range r.Notes {
		h.printf("  note: %s\n", note)
	}
	for _, f := range r.Findings {
		h.printf("  line %d: %s %s at %s\n", f.Line, f.Severity, f.Rule, f.Path)
		if f.Got != "" {
			h.printf("    found: %s\n", printable(f.Got))
		}
		if f.Want != "" {
			h.printf("    want:  %s\n", printable(f.Want))
		}
		if why := wrong(f.Rule, r.Version); why != "" {
			h.printf("    rule:  %s\n", why)
		}
	}
}

func lineWords(version string) string {
	if version == "" {
		return ""
	}
	return ", release line " + version
}

// wrong says what a breach of the rule means, in the form of a release line where it holds there; "" for a rule
// that the catalogue does not have.
func wrong(id rule.ID, version string) string {
	if row, ok := rule.LookupIn(id, version); ok {
		return row.Wrong
	}
	row, _ := rule.Lookup(id)
	return row.Wrong
}

// printable keeps control characters of a document off the terminal.
func printable(s string) string {
	out := []rune(s)
	for i, c := range out {
		if c < ' ' || c >= 0x7f && c < 0xa0 {
			out[i] = '·'
		}
	}
	return string(out)
}

// jsonReport is the JSON form of a report.
type jsonReport struct {
	File     string        `json:"file"`
	Kind     string        `json:"kind,omitempty"`
	Document string        `json:"document,omitempty"`
	Version  string        `json:"version,omitempty"`
	Verdict  string        `json:"verdict"`
	Notes    []string      `json:"notes,omitempty"`
	Findings []jsonFinding `json:"findings"`
}

type jsonFinding struct {
	Rule     string `json:"rule"`
	Severity string `json:"severity"`
	Line     int    `json:"line"`
	Path     string `json:"path"`
	Found    string `json:"found,omitempty"`
	Want     string `json:"want,omitempty"`
	Wrong    string `json:"wrong,omitempty"`
}

// jsonReports prints an array of reports, each as soon as it is known.
type jsonReports struct {
	w   io.Writer
	n   int
	err error
}

func newJSONReports(w io.Writer) *jsonReports { return &jsonReports{w: w} }

func (j *jsonReports) report(r validator.Report) {
	out := jsonReport{File: r.Name, Kind: string(r.Kind), Document: string(r.Document), Version: r.Version,
		Verdict: string(r.Verdict), Notes: r.Notes, Findings: []jsonFinding{}}
	for _, f := range r.Findings {
		out.Findings = append(out.Findings, jsonFinding{Rule: string(f.Rule), Severity: f.Severity.String(), Line: f.Line,
			Path: f.Path, Found: f.Got, Want: f.Want, Wrong: wrong(f.Rule, r.Version)})
	}
	j.element(out)
}

// element writes one element of the array.
func (j *jsonReports) element(v any) {
	separator := ",\n  "
	if j.n == 0 {
		separator = "[\n  "
	}
	j.n++
	b, err := json.MarshalIndent(v, "  ", "  ")
	if j.err == nil {
		j.err = err
	}
	if j.err == nil {
		_, j.err = fmt.Fprintf(j.w, "%s%s", separator, b)
	}
}

func (j *jsonReports) close() error {
	end := "\n]\n"
	if j.n == 0 {
		end = "[]\n"
	}
	if j.err == nil {
		_, j.err = io.WriteString(j.w, end)
	}
	return j.err
}
