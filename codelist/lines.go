package codelist

import (
	"slices"
	"strings"
)

// HasIn reports whether code is in the list as a release line such as "1.0" publishes it, compared exactly. A
// line of which no edition of its own is known has that of 2.0.
func (l List) HasIn(line, code string) bool { return l.in(line).has(code) }

// VersionIn returns the edition of the list in a release line.
func (l List) VersionIn(line string) string { return l.in(line).version }

// RowsIn returns every code of the list in a release line, with its label where it has one.
func (l List) RowsIn(line string) []Row {
	t := l.in(line)
	rows := slices.Clone(t.rows)
	for _, code := range strings.Fields(t.bare) {
		rows = append(rows, Row{code, l.Label(code)})
	}
	return rows
}

// in returns the table of a release line.
func (l List) in(line string) table {
	if line == "2.0" {
		return l.table()
	}
	switch l {
	case Genders:
		return table{version: "SDG 1.0.0", rows: genders[:3]}
	case EAS:
		if line == "1.0" {
			return table{version: "2023-04", bare: eas10}
		}
	case Procedures:
		if line == "1.0" {
			return table{version: "2022-12", bare: procedures10}
		}
	}
	return l.table()
}
