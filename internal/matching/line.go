package matching

import "strings"

// A Line is one rule in words, for pages and reports.
type Line struct {
	Rule  string `json:"rule"`
	Text  string `json:"text"`
	When  string `json:"when"`
	Class Class  `json:"class"`
	Ask   bool   `json:"ask,omitempty"`
	Alert bool   `json:"alert,omitempty"`
}

// Lines are the rules for natural persons and then those for legal persons, in the order in which they are tried.
func (p *Policy) Lines() []Line {
	var out []Line
	for _, rules := range [][]Rule{p.Rules, p.LegalRules} {
		for i := range rules {
			r := &rules[i]
			out = append(out, Line{Rule: r.Number, Text: r.Text, When: r.words(), Class: r.Class, Ask: r.Ask, Alert: r.Alert})
		}
	}
	return out
}

// Line is the rule with that number.
func (p *Policy) Line(number string) (Line, bool) {
	for _, l := range p.Lines() {
		if l.Rule == number {
			return l, true
		}
	}
	return Line{}, false
}

// words are the conditions of r in one line.
func (r *Rule) words() string {
	var parts []string
	for _, c := range []struct {
		name string
		set  GradeSet
	}{
		{"identifier", r.identifier}, {"date of birth", r.birth}, {"family name", r.family}, {"given name", r.given},
		{"single name", r.single}, {"legal name", r.legal}, {"place of birth", r.place},
	} {
		if c.set != 0 {
			parts = append(parts, c.name+": "+c.set.String())
		}
	}
	w := &r.When
	for _, n := range []struct {
		n    int
		what string
	}{{w.Extras, "attribute"}, {w.StrongExtras, "strong attribute"}, {w.PersonalExtras, "personal attribute"}} {
		if n.n == 1 {
			parts = append(parts, "one "+n.what+" agrees")
		} else if n.n > 1 {
			parts = append(parts, numerals[min(n.n, len(numerals)-1)]+" "+n.what+"s agree")
		}
	}
	if w.ExtraDisagrees != nil {
		parts = append(parts, map[bool]string{true: "an attribute disagrees", false: "none disagrees"}[*w.ExtraDisagrees])
	}
	if w.Dates != "" {
		parts = append(parts, "dates: "+w.Dates)
	}
	return strings.Join(parts, "; ")
}

var numerals = []string{"no", "one", "two", "three", "four", "five", "several"}
