package report

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"

	"oots/internal/validator"
	"oots/rule"
)

// sarif prints one run of SARIF 2.1.0: results as they come, the rules that they name behind them.
type sarif struct {
	results array
	w       io.Writer
	rules   map[rule.ID]bool
	err     error
}

func newSARIF(w io.Writer) *sarif {
	s := &sarif{w: w, results: array{w: w}, rules: map[rule.ID]bool{}}
	_, s.err = io.WriteString(w, `{"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [{"results": `)
	return s
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifResult struct {
	RuleID    string          `json:"ruleId"`
	Level     string          `json:"level"`
	Message   sarifText       `json:"message"`
	Locations []sarifLocation `json:"locations"`
}

type sarifLocation struct {
	Physical sarifPhysical  `json:"physicalLocation"`
	Logical  []sarifLogical `json:"logicalLocations,omitempty"`
}

type sarifPhysical struct {
	Artifact struct {
		URI string `json:"uri"`
	} `json:"artifactLocation"`
	Region *sarifRegion `json:"region,omitempty"`
}

type sarifRegion struct {
	StartLine int `json:"startLine"`
}

type sarifLogical struct {
	Name string `json:"fullyQualifiedName"`
}

type sarifRule struct {
	ID    string     `json:"id"`
	Short *sarifText `json:"shortDescription,omitempty"`
	Help  *sarifText `json:"help,omitempty"`
}

// levels are the words of SARIF for our severities.
var levels = map[rule.Severity]string{rule.Fatal: "error", rule.Warning: "warning", rule.Caution: "note"}

// Report implements Writer.
func (s *sarif) Report(r validator.Report) {
	for _, f := range r.Findings {
		s.rules[f.Rule] = true
		text := "want " + f.Want
		if f.Got != "" {
			text += fmt.Sprintf(", found %q", f.Got)
		}
		s.add(r.Name, sarifResult{RuleID: string(f.Rule), Level: levels[f.Severity], Message: sarifText{text}}, f.Line, f.Path)
	}
	for _, note := range r.Notes {
		s.add(r.Name, sarifResult{RuleID: "not-judged", Level: "warning", Message: sarifText{note}}, 1, "")
		s.rules["not-judged"] = true
	}
}

func (s *sarif) add(file string, result sarifResult, line int, path string) {
	var l sarifLocation
	l.Physical.Artifact.URI = (&url.URL{Path: filepath.ToSlash(file)}).String()
	if line > 0 {
		l.Physical.Region = &sarifRegion{line}
	}
	if path != "" {
		l.Logical = []sarifLogical{{path}}
	}
	result.Locations = []sarifLocation{l}
	s.results.element(result)
}

// Close implements Writer.
func (s *sarif) Close() error {
	err := s.results.Close()
	ids := make([]rule.ID, 0, len(s.rules))
	for id := range s.rules {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	rules := make([]sarifRule, len(ids))
	for i, id := range ids {
		rules[i] = sarifRule{ID: string(id)}
		if text := Wrong(id, ""); text != "" {
			rules[i].Short, rules[i].Help = &sarifText{text}, &sarifText{rule.Explain(id)}
		}
	}
	b, failed := json.MarshalIndent(rules, "  ", "  ")
	if err == nil {
		err = failed
	}
	if err == nil {
		err = s.err
	}
	if err == nil {
		_, err = fmt.Fprintf(s.w, "  , \"tool\": {\"driver\": {\"name\": \"oots\", \"rules\": %s}}}]}\n", b)
	}
	return err
}
