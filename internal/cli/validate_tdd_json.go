package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"

	"oots/internal/validator"
	"oots/internal/validator/report"
)

// secondReport is the JSON form of a report with its second opinion.
type secondReport struct {
	report.Document
	Second *secondOpinion `json:"secondOpinion,omitempty"`
}

type secondOpinion struct {
	Verdict string            `json:"verdict,omitempty"`
	Differs bool              `json:"differs"`
	Without string            `json:"without,omitempty"` // why there is none
	Release string            `json:"release,omitempty"`
	Schema  bool              `json:"schema"`
	Files   []string          `json:"files"`
	Rules   []secondRule      `json:"rules"`
	Finding []secondFinding   `json:"findings"`
	Errors  []secondRuleError `json:"ruleErrors,omitempty"`
	Notes   []string          `json:"notes,omitempty"`
}

type secondRule struct {
	Rule   string `json:"rule"`
	In     string `json:"in"` // both, oots or tdd
	Ours   string `json:"oots,omitempty"`
	Theirs string `json:"tdd,omitempty"`
}

type secondFinding struct {
	ID       string `json:"id,omitempty"`
	Flag     string `json:"flag,omitempty"`
	Role     string `json:"role,omitempty"`
	Severity string `json:"severity"`
	Line     int    `json:"line"`
	Path     string `json:"path,omitempty"`
	Text     string `json:"text"`
	File     string `json:"file,omitempty"`
}

type secondRuleError struct {
	ID       string `json:"id,omitempty"`
	Line     int    `json:"line"`
	Path     string `json:"path"`
	File     string `json:"file"`
	RuleLine int    `json:"ruleLine"`
	Reason   string `json:"reason"`
}

func (c *comparison) second() *secondOpinion {
	if c == nil {
		return nil
	}
	out := &secondOpinion{Verdict: string(c.opposite), Differs: c.differs(), Without: c.without, Release: c.opinion.Release, Schema: c.opinion.Schema,
		Files: append([]string{}, c.opinion.Files...), Rules: []secondRule{}, Finding: []secondFinding{}, Notes: c.opinion.Notes}
	for _, id := range slices.Sorted(maps.Keys(c.rows)) {
		r := secondRule{Rule: id, In: "both"}
		if t := c.rows[id].ours; t.n > 0 {
			r.Ours = t.severity.String()
		} else {
			r.In = "tdd"
		}
		if t := c.rows[id].theirs; t.n > 0 {
			r.Theirs = t.severity.String()
		} else {
			r.In = "oots"
		}
		out.Rules = append(out.Rules, r)
	}
	for _, f := range c.opinion.Findings {
		out.Finding = append(out.Finding, secondFinding{f.ID, f.Flag, f.Role, f.Severity.String(), f.Line, f.Path, f.Text, f.File})
	}
	for _, e := range c.opinion.Errors {
		out.Errors = append(out.Errors, secondRuleError(e))
	}
	return out
}

// secondReports prints a JSON array of reports, each as soon as it is known.
type secondReports struct {
	w   io.Writer
	n   int
	err error
}

func (j *secondReports) report(r validator.Report, c *comparison) {
	if j.err != nil {
		return
	}
	b, err := json.MarshalIndent(secondReport{report.NewDocument(r), c.second()}, "  ", "  ")
	if err != nil {
		j.err = err
		return
	}
	separator := ",\n  "
	if j.n == 0 {
		separator = "[\n  "
	}
	j.n++
	_, j.err = fmt.Fprintf(j.w, "%s%s", separator, b)
}

func (j *secondReports) close() error {
	end := "\n]\n"
	if j.n == 0 {
		end = "[]\n"
	}
	if j.err == nil {
		_, j.err = io.WriteString(j.w, end)
	}
	return j.err
}
