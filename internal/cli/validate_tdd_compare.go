package cli

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"oots/internal/official"
	"oots/internal/validator"
	"oots/rule"
)

// schemaRow stands for all findings on the structure: ours have ids of their own, those of a schema have none.
const schemaRow = "schema"

// A comparison is how the two verdicts on one document compare.
type comparison struct {
	rows      map[string]*compared
	structure bool // ours is invalid by its structure
	rules     bool // ours is invalid by rules
	opinion   official.Opinion
	opposite  validator.Verdict // that of the opinion
	without   string            // why there is no opinion; "" when there is one
}

// compared is one rule in both verdicts.
type compared struct{ ours, theirs tally }

// tally counts the findings under one id.
type tally struct {
	n        int
	severity rule.Severity
	flag     string // as published, where it is another word
}

func (t *tally) add(s rule.Severity, flag string) {
	if t.n == 0 || s < t.severity {
		t.severity, t.flag = s, flag
	}
	t.n++
}

// String is such as "FATAL ×2"; "–" for none.
func (t tally) String() string {
	if t.n == 0 {
		return "–"
	}
	s := t.severity.String()
	if t.flag != "" && !strings.EqualFold(t.flag, s) {
		s += " (" + t.flag + ")"
	}
	if t.n > 1 {
		s += fmt.Sprintf(" ×%d", t.n)
	}
	return s
}

// compare begins a comparison with our report.
func compare(r validator.Report) *comparison {
	c := &comparison{rows: map[string]*compared{}}
	for _, f := range r.Findings {
		id := string(f.Rule)
		fatal := f.Severity == rule.Fatal
		if strings.HasPrefix(id, "OOTS-") {
			id = schemaRow
			c.structure = c.structure || fatal
		} else {
			c.rules = c.rules || fatal
		}
		c.row(id).ours.add(f.Severity, "")
	}
	return c
}

func (c *comparison) row(id string) *compared {
	if c.rows[id] == nil {
		c.rows[id] = &compared{}
	}
	return c.rows[id]
}

// with adds the other verdict.
func (c *comparison) with(o official.Opinion) {
	c.opinion = o
	c.opposite = validator.Valid
	worst := rule.Caution + 1
	for _, f := range o.Findings {
		c.row(rowOf(f)).theirs.add(f.Severity, cmp.Or(f.Flag, f.Role))
		worst = min(worst, f.Severity)
	}
	switch worst {
	case rule.Fatal:
		c.opposite = validator.Invalid
	case rule.Warning:
		c.opposite = validator.Warned
	case rule.Caution:
		c.opposite = validator.Cautioned
	}
}

func rowOf(f official.Finding) string {
	switch {
	case f.Schema():
		return schemaRow
	case f.ID == "":
		return "(" + f.File + ")"
	}
	return f.ID
}

// differs reports whether one verdict refuses the document and the other does not. What the folder cannot judge,
// structure or rules, does not count.
func (c *comparison) differs() bool {
	ours := c.structure && c.judgedBy(c.opinion.Schema) || c.rules && c.judgedBy(len(c.opinion.Files) > 0)
	return c.without == "" && ours != (c.opposite == validator.Invalid)
}

// judgedBy is true of an opinion on a document that could not be read, too.
func (c *comparison) judgedBy(artefacts bool) bool {
	return artefacts || !c.opinion.Schema && len(c.opinion.Files) == 0
}

// print writes the comparison below the report.
func (c *comparison) print(w io.Writer) error {
	var b strings.Builder
	if c.without != "" {
		fmt.Fprintf(&b, "  second opinion: none, %s\n", c.without)
		_, err := io.WriteString(w, b.String())
		return err
	}
	same := "the same"
	if c.differs() {
		same = "DIFFERS"
	}
	fmt.Fprintf(&b, "  second opinion: %s (%s): %s\n", c.opposite, c.by(), same)
	if len(c.rows) > 0 {
		fmt.Fprintf(&b, "    %-24s %-18s %s\n", "rule", "oots", "TDD")
	}
	for _, id := range slices.Sorted(maps.Keys(c.rows)) {
		r := c.rows[id]
		fmt.Fprintf(&b, "    %-24s %-18s %s\n", id, r.ours, r.theirs)
		if r.ours.n == 0 {
			c.quote(&b, id)
		}
	}
	for _, e := range c.opinion.Errors {
		fmt.Fprintf(&b, "    rule error: %s of %s:%d at line %d: %s\n", cmp.Or(e.ID, "context"), e.File, e.RuleLine, e.Line, visible(e.Reason))
	}
	for _, note := range c.opinion.Notes {
		fmt.Fprintf(&b, "    note: %s\n", note)
	}
	if c.opinion.Cut {
		b.WriteString("    note: There are more findings than are shown.\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// quote gives the first findings that only the other side has.
func (c *comparison) quote(b *strings.Builder, id string) {
	n := 0
	for _, f := range c.opinion.Findings {
		if rowOf(f) != id {
			continue
		}
		if n++; n > 3 {
			fmt.Fprintf(b, "      …\n")
			return
		}
		fmt.Fprintf(b, "      line %d: %s\n", f.Line, visible(f.Text))
	}
}

// by names what gave the opinion.
func (c *comparison) by() string {
	var parts []string
	if c.opinion.Release != "" {
		parts = append(parts, "release "+c.opinion.Release)
	}
	if c.opinion.Schema {
		parts = append(parts, "schemas")
	}
	return strings.Join(append(parts, c.opinion.Files...), ", ")
}

// visible keeps control characters of a document off the terminal.
func visible(s string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c >= 0x7f && c < 0xa0 {
			return '·'
		}
		return c
	}, s)
}
