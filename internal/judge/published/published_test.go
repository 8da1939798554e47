package published

import (
	"bytes"
	"testing"

	"oots/xml/xmltree"
)

// TestTranslate counts the rows of each release line, and holds that what is made of them is well-formed.
func TestTranslate(t *testing.T) {
	t.Parallel()
	for line, least := range map[string]int{"2.0": 340, "1.2": 200, "1.0": 180} {
		known, rules := 0, []Rule{}
		for _, row := range Rows(t) {
			if !row.In(line) || row.Test == "?" || row.Test == "" {
				continue
			}
			known++
			if r, ok := Translate(row, line); ok {
				rules = append(rules, r)
			} else {
				t.Logf("%s: %s is not translated", line, row.ID)
			}
		}
		t.Logf("%s: %d of %d rows", line, len(rules), known)
		if len(rules) < least {
			t.Errorf("%s: %d rows, at least %d were expected", line, len(rules), least)
		}
		s := OfRules(rules)
		for _, text := range [][]byte{s.Schematron(), s.XSLT(), s.OneWalk()} {
			if _, err := xmltree.Parse(text, xmltree.Limits{}); err != nil || !bytes.Contains(text, []byte("$AgentSchemes")) {
				t.Errorf("%s: %v", line, err)
			}
		}
	}
}

// TestCells holds how cells of the table are read.
func TestCells(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		context, test, line string
		want                string // context and test; "" for none
	}{
		{"q:a", "@b", "2.0", "q:a @b"},
		{"q:a (any level)", "count(b)>0 (1.0 unanchored)", "2.0", "q:a count(b)>0"},
		{"2.0: q:a; 1.x: q:b", "2.0: @x; 1.0: @y", "1.0", "q:b @y"},
		{"2.0: q:a; 1.x: q:b", "2.0: @x; 1.0: @y", "2.0", "q:a @x"},
		{"q:a", "1.2/2.0: @x; 1.0: @y", "1.2", "q:a @x"},
		{"q:a", "in (B, C)", "2.0", "q:a . = ('B','C')"},
		{"q:a", "in code list LanguageCode", "2.0", "q:a . = $LanguageCode"},
		{"q:a", "only children sdg:X, sdg:Y", "2.0", "q:a count(*) = count(sdg:X|sdg:Y)"},
		{"q:a", "@name = one of Aa, Bb", "2.0", "q:a @name = ('Aa','Bb')"},
		{"q:a", "the same as above", "2.0", ""},
		{"q:a", "in code list Unheard", "2.0", ""},
		{"q:a", "uuid", "2.0", ""},
		{"same as C097", "@b", "2.0", ""},
		{"?", "?", "2.0", ""},
		{"q:a", "@b", "1.1", ""},
	} {
		got := ""
		if r, ok := Translate(Row{ID: "R-X-1", Lines: []string{"1.0", "1.2", "2.0"}, Context: tc.context, Test: tc.test}, tc.line); ok {
			got = r.Context + " " + r.Asserts[0].Test
		}
		if got != tc.want {
			t.Errorf("%s | %s in %s: %q, want %q", tc.context, tc.test, tc.line, got, tc.want)
		}
	}
}
