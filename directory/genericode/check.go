package genericode

import (
	"fmt"
	"strings"
)

// A Problem is something that a list says wrongly, although it can be read.
type Problem struct {
	Row     int    `json:"row,omitempty"` // 1-based; 0 when no row is to blame
	Code    string `json:"code,omitempty"`
	Text    string `json:"text"`
	Warning bool   `json:"warning,omitempty"` // the list can be used all the same
}

// String writes a problem on one line.
func (p Problem) String() string {
	where := ""
	if p.Row > 0 {
		where = fmt.Sprintf("row %d: ", p.Row)
	}
	if p.Warning {
		return "warning: " + where + p.Text
	}
	return "error: " + where + p.Text
}

// maxProblems bounds what Check tells of one list.
const maxProblems = 200

// Check judges a list beyond its form: it has a name, a version and an address, rows with a code each, no row
// twice, and a name for each code. A code in several rows is a warning: published lists have such. [TDD 3.5.2]
func (l *List) Check() []Problem {
	var out []Problem
	add := func(p Problem) {
		if len(out) < maxProblems {
			out = append(out, p)
		}
	}
	for _, want := range []struct{ text, value string }{
		{"the list has no ShortName", l.ShortName}, {"the list has no Version", l.Version},
		{"the list has no CanonicalUri", l.CanonicalURI}, {"the list has no CanonicalVersionUri", l.CanonicalVersionURI},
	} {
		if strings.TrimSpace(want.value) == "" {
			add(Problem{Text: want.text})
		}
	}
	if len(l.Rows) == 0 {
		add(Problem{Text: "the list has no rows"})
	}
	ids := map[string]bool{}
	for _, c := range l.Columns {
		if c.ID == "" || ids[c.ID] {
			add(Problem{Text: fmt.Sprintf("the column id %q stands twice or is empty", clip(c.ID))})
		}
		ids[c.ID] = true
	}
	l.checkRows(add)
	return out
}

func (l *List) checkRows(add func(Problem)) {
	at := l.codeColumn()
	first, rows := map[string]int{}, map[string]int{}
	for i, row := range l.Rows {
		code := row[at]
		if code == "" {
			add(Problem{Row: i + 1, Text: "the row has no code"})
			continue
		}
		whole := strings.Join(row, "\x00")
		switch {
		case rows[whole] > 0:
			add(Problem{Row: i + 1, Code: code, Text: fmt.Sprintf("%s stands in row %d already", clip(code), rows[whole])})
		case first[code] > 0:
			add(Problem{Row: i + 1, Code: code, Text: fmt.Sprintf("%s is in row %d too, with other values", clip(code), first[code]), Warning: true})
		default:
			first[code] = i + 1
		}
		rows[whole] = i + 1
	}
	for _, c := range l.Codes() {
		if len(c.Names) == 0 {
			add(Problem{Row: first[c.Code], Code: c.Code, Text: clip(c.Code) + " has no name", Warning: true})
		}
	}
}

// CheckEdition judges l as the edition after old, by the rules on classification schemes: other content needs a
// higher version, a lower version is refused, the same content may keep its own. Compare orders versions: it is
// negative when its first is the lower one. [TDD 3.6.3 §6]
func CheckEdition(old, l *List, compare func(a, b string) int) []Problem {
	order := compare(l.Version, old.Version)
	switch changes := Diff(old, l); {
	case order < 0:
		return []Problem{{Text: fmt.Sprintf("version %s is below %s, the one before", l.Version, old.Version)}}
	case order == 0 && len(changes) > 0:
		return []Problem{{Text: fmt.Sprintf("%d changes, and still version %s: other content needs a higher version", len(changes), old.Version)}}
	}
	return nil
}
