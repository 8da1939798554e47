package report

import (
	"encoding/json"
	"fmt"
	"io"

	"oots/internal/validator"
)

// A Document is the JSON form of the report of one document.
type Document struct {
	File     string    `json:"file" doc:"Name of the document, as it was given."`
	Kind     string    `json:"kind,omitempty" doc:"What the document is; absent when that was not found out."`
	Document string    `json:"document,omitempty" doc:"The kind in the spelling of rule ids, such as REQ."`
	Version  string    `json:"version,omitempty" doc:"Release line whose rules were applied, such as 2.0."`
	Verdict  string    `json:"verdict" doc:"valid, valid with cautions, valid with warning, encrypted or invalid."`
	Notes    []string  `json:"notes,omitempty" nullable:"false" doc:"What was not checked, in sentences."`
	Findings []Finding `json:"findings" nullable:"false" doc:"In the order of the lines."`
}

// A Finding is the JSON form of one rule broken at one place.
type Finding struct {
	Rule     string `json:"rule" doc:"Published id of the rule; one of ours begins with OOTS-."`
	Severity string `json:"severity" enum:"FATAL,WARNING,CAUTION" doc:"FATAL makes the document invalid."`
	Line     int    `json:"line" doc:"Line of the document, counted from 1."`
	Path     string `json:"path" doc:"XPath of the node, or as far towards it as the document goes."`
	Found    string `json:"found,omitempty" doc:"Offending value, at most 120 bytes."`
	Want     string `json:"want,omitempty" doc:"What would satisfy the rule."`
	Wrong    string `json:"wrong,omitempty" doc:"What a breach of the rule means."`
}

// NewDocument gives a report its JSON form.
func NewDocument(r validator.Report) Document {
	out := Document{File: r.Name, Kind: string(r.Kind), Document: string(r.Document), Version: r.Version,
		Verdict: string(r.Verdict), Notes: r.Notes, Findings: make([]Finding, len(r.Findings))}
	for i, f := range r.Findings {
		out.Findings[i] = Finding{Rule: string(f.Rule), Severity: f.Severity.String(), Line: f.Line,
			Path: f.Path, Found: f.Got, Want: f.Want, Wrong: Wrong(f.Rule, r.Version)}
	}
	return out
}

// array prints a JSON array of reports, each as soon as it is known.
type array struct {
	w   io.Writer
	n   int
	err error
}

// Report implements Writer.
func (a *array) Report(r validator.Report) { a.element(NewDocument(r)) }

// element writes one element of the array.
func (a *array) element(v any) {
	separator := ",\n  "
	if a.n == 0 {
		separator = "[\n  "
	}
	a.n++
	b, err := json.MarshalIndent(v, "  ", "  ")
	if a.err == nil {
		a.err = err
	}
	if a.err == nil {
		_, a.err = fmt.Fprintf(a.w, "%s%s", separator, b)
	}
}

// Close implements Writer.
func (a *array) Close() error {
	end := "\n]\n"
	if a.n == 0 {
		end = "[]\n"
	}
	if a.err == nil {
		_, a.err = io.WriteString(a.w, end)
	}
	return a.err
}
