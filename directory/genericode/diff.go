package genericode

import (
	"fmt"
	"slices"
	"strings"
)

// A ChangeKind says what happened to a code between two editions.
type ChangeKind string

// The kinds of change. Renamed is a code that went away while another came whose other values are the same.
const (
	Added    ChangeKind = "added"
	Removed  ChangeKind = "removed"
	Renamed  ChangeKind = "renamed"
	Reworded ChangeKind = "reworded" // another value in a column beside the code
)

// A Change is one difference between two editions of a list.
type Change struct {
	Kind   ChangeKind `json:"kind"`
	Code   string     `json:"code"`             // in the old edition; in the new one for an added code
	To     string     `json:"to,omitempty"`     // the new code of a renamed one
	Column string     `json:"column,omitempty"` // of a reworded value
	Old    string     `json:"old,omitempty"`    // value of that column
	New    string     `json:"new,omitempty"`
	Name   string     `json:"name,omitempty"` // what the code is called, in English if it can be
}

// String writes a change on one line.
func (c Change) String() string {
	switch c.Kind {
	case Renamed:
		return fmt.Sprintf("%s %s to %s", c.Kind, c.Code, c.To)
	case Reworded:
		return fmt.Sprintf("%s %s %s: %q to %q", c.Kind, c.Code, c.Column, c.Old, c.New)
	}
	if c.Name != "" {
		return fmt.Sprintf("%s %s (%s)", c.Kind, c.Code, c.Name)
	}
	return fmt.Sprintf("%s %s", c.Kind, c.Code)
}

// Diff lists what b changed in a: renamed codes, then removed and added ones, then values, each in the order of the
// codes. Columns are the same when their ids are; the order of rows and columns makes no difference. A code that
// stands in several rows is compared row by row.
func Diff(a, b *List) []Change {
	x, y := a.byCode(), b.byCode()
	removed, added := missing(x, y), missing(y, x)
	var out []Change
	out, removed, added = renamed(a, b, x, y, removed, added)
	for _, code := range removed {
		out = append(out, Change{Kind: Removed, Code: code, Name: a.nameOf(x[code])})
	}
	for _, code := range added {
		out = append(out, Change{Kind: Added, Code: code, Name: b.nameOf(y[code])})
	}
	for _, code := range sortedKeys(x) {
		if theirs, both := y[code]; both {
			out = append(out, reworded(a, b, code, x[code], theirs)...)
		}
	}
	return out
}

// byCode finds the rows of each code.
func (l *List) byCode() map[string][]int {
	out := make(map[string][]int, len(l.Rows))
	at := l.codeColumn()
	for i, row := range l.Rows {
		if row[at] != "" {
			out[row[at]] = append(out[row[at]], i)
		}
	}
	return out
}

func sortedKeys(m map[string][]int) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// missing are the codes of a that b has not, sorted.
func missing(a, b map[string][]int) []string {
	return slices.DeleteFunc(sortedKeys(a), func(code string) bool { _, there := b[code]; return there })
}

// renamed pairs removed with added codes whose other values are the same, if they have any and no third has them.
func renamed(a, b *List, x, y map[string][]int, removed, added []string) (out []Change, restRemoved, restAdded []string) {
	old, fresh := a.byWords(x, removed), b.byWords(y, added)
	to := map[string]string{}
	taken := map[string]bool{}
	for words, codes := range old {
		if theirs := fresh[words]; len(codes) == 1 && len(theirs) == 1 {
			to[codes[0]] = theirs[0]
			taken[theirs[0]] = true
		}
	}
	for _, code := range removed {
		if there, ok := to[code]; ok {
			out = append(out, Change{Kind: Renamed, Code: code, To: there, Name: a.nameOf(x[code])})
			continue
		}
		restRemoved = append(restRemoved, code)
	}
	return out, restRemoved, slices.DeleteFunc(added, func(code string) bool { return taken[code] })
}

// byWords finds codes by the values of their row beside the code; rows without any, and codes of several rows, are
// left out.
func (l *List) byWords(rows map[string][]int, codes []string) map[string][]string {
	out := map[string][]string{}
	at := l.codeColumn()
	for _, code := range codes {
		if len(rows[code]) != 1 {
			continue
		}
		var words []string
		for i, v := range l.Rows[rows[code][0]] {
			if i != at && v != "" {
				words = append(words, l.Columns[i].ID+"\x00"+v)
			}
		}
		if len(words) > 0 {
			slices.Sort(words)
			key := strings.Join(words, "\x01")
			out[key] = append(out[key], code)
		}
	}
	return out
}

// reworded lists the values that differ between the rows of one code.
func reworded(a, b *List, code string, x, y []int) []Change {
	var out []Change
	columns := make([]string, 0, len(a.Columns)+len(b.Columns))
	for _, c := range append(slices.Clone(a.Columns), b.Columns...) {
		if !slices.Contains(columns, c.ID) {
			columns = append(columns, c.ID)
		}
	}
	for i := range max(len(x), len(y)) {
		for _, id := range columns {
			if id == a.Columns[a.codeColumn()].ID || id == b.Columns[b.codeColumn()].ID {
				continue
			}
			before, after := a.value(x, i, id), b.value(y, i, id)
			if before != after {
				out = append(out, Change{Kind: Reworded, Code: code, Column: id, Old: before, New: after, Name: a.nameOf(x)})
			}
		}
	}
	return out
}

// value is what the nth of the rows has in a column, "" when there is no such row or column.
func (l *List) value(rows []int, n int, column string) string {
	if at := l.column(column); at >= 0 && n < len(rows) {
		return l.Rows[rows[n]][at]
	}
	return ""
}

// nameOf is the English name in the first of the rows, else the first name there is.
func (l *List) nameOf(rows []int) string {
	if len(rows) == 0 {
		return ""
	}
	one := List{Columns: l.Columns, Rows: [][]string{l.Rows[rows[0]]}}
	if codes := one.Codes(); len(codes) == 1 {
		return codes[0].Names.In("EN").Value
	}
	return ""
}
