package cli

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"oots/internal/spelling"
	"oots/internal/validator/report"
	"oots/rule"
)

// explain says what is known of a rule.
type explain struct {
	Rule string `arg:"" help:"The id of the rule, such as R-EDM-REQ-C003."`
	JSON bool   `name:"json" help:"Print JSON: an array with each form of the rule, newest first."`
}

// Help is the text below the usage line.
func (explain) Help() string {
	return `Printed are severity, release lines, where the rule looks, what a breach means, what to write instead, the
reading chosen where the published text is faulty, and whether this build checks it. A rule that changed between
release lines has several forms. It exits with 1 when the catalogue has no such rule.

Example:
  oots explain R-EDM-REQ-C003`
}

// Run prints what is known, or the ids that come close.
func (x explain) Run(s streams) error {
	id := rule.ID(strings.TrimSpace(x.Rule))
	text := rule.Explain(id)
	if text == "" {
		fmt.Fprintf(s.err, "oots: no rule %q is known\n", x.Rule)
		if near := closest(string(id), 5); len(near) > 0 {
			fmt.Fprintf(s.err, "Try: oots explain %s\n", strings.Join(near, ", or "))
		}
		return errNo
	}
	if !x.JSON {
		_, err := io.WriteString(s.out, text)
		return err
	}
	e := json.NewEncoder(s.out)
	e.SetIndent("", "  ")
	return e.Encode(report.RuleForms(id))
}

// closest returns the ids that are like the one given, closest first: whatever the case, with few letters
// changed, or with all that was typed in them.
func closest(typed string, most int) []string {
	typed = strings.ToUpper(typed)
	if typed == "" || len(typed) > 64 {
		return nil
	}
	type candidate struct {
		id   string
		edit int
	}
	var near []candidate
	for r := range rule.All() {
		id := string(r.ID)
		upper := strings.ToUpper(id)
		n := spelling.Distance(typed, upper)
		if strings.Contains(upper, typed) {
			n = min(n, 1)
		}
		if c := (candidate{id, n}); n <= 3 && !slices.Contains(near, c) {
			near = append(near, c)
		}
	}
	slices.SortStableFunc(near, func(a, b candidate) int { return cmp.Compare(a.edit, b.edit) })
	var ids []string
	for _, c := range near[:min(most, len(near))] {
		ids = append(ids, c.id)
	}
	return ids
}
