package codelist

import (
	"slices"
	"strings"
)

// A Set is the code lists in force: those built in, some of them in another edition. It is never changed;
// With makes a new one. The nil Set is the lists that are built in.
type Set struct{ editions map[List]table }

// An Edition is a list as an operator got it. [TDD 3.5]
type Edition struct {
	List    List
	Version string
	Rows    []Row
	Extends bool // the rows come on top of the list in force, instead of in its place
}

// With returns a set in which the editions are in force, later ones over earlier ones. A row that has the
// code of another takes its place. 00 stays a code of Procedures, which the published list does not have.
// [R-EDM-REQ-C003] AssociatedKinds follows DocumentKinds.
func (s *Set) With(editions ...Edition) *Set {
	next := &Set{editions: make(map[List]table, len(editions))}
	if s != nil {
		for l, t := range s.editions {
			next.editions[l] = t
		}
	}
	for _, e := range editions {
		next.editions[e.List] = next.edition(e)
		if e.List == DocumentKinds {
			next.editions[AssociatedKinds] = withoutMain(next.editions[DocumentKinds])
		}
	}
	return next
}

// edition makes the table of an edition, sorted by code.
func (s *Set) edition(e Edition) table {
	rows := map[string]Row{}
	switch old := s.table(e.List); {
	case e.Extends:
		for _, r := range old.rows {
			rows[r.Code] = r
		}
		for _, code := range strings.Fields(old.bare) {
			rows[code] = Row{Code: code}
		}
	case e.List == Procedures:
		rows[systemCheck], _ = Procedures.table().find(systemCheck)
	}
	for _, r := range e.Rows {
		rows[r.Code] = r
	}
	t := table{version: e.Version, sorted: true, rows: make([]Row, 0, len(rows))}
	for _, r := range rows {
		t.rows = append(t.rows, r)
	}
	slices.SortFunc(t.rows, func(a, b Row) int { return strings.Compare(a.Code, b.Code) })
	return t
}

const systemCheck = "00"

func withoutMain(t table) table {
	t.rows = slices.DeleteFunc(slices.Clone(t.rows), func(r Row) bool { return r.Code == documentKinds[0].Code })
	return t
}

func (s *Set) table(l List) table {
	if s != nil {
		if t, ok := s.editions[l]; ok {
			return t
		}
	}
	return l.table()
}

// Has reports whether code is in the list that is in force, compared exactly.
func (s *Set) Has(l List, code string) bool { return s.table(l).has(code) }

// Label returns the label of code in the list that is in force, or "" when it has none.
func (s *Set) Label(l List, code string) string {
	row, _ := s.table(l).find(code)
	return row.Label
}

// Codes returns every code of the list that is in force.
func (s *Set) Codes(l List) []string { return s.table(l).codes() }

// Version returns the edition that is in force.
func (s *Set) Version(l List) string { return s.table(l).version }

// Replaces reports whether the set has an edition of its own of the list.
func (s *Set) Replaces(l List) bool {
	if s == nil {
		return false
	}
	_, ok := s.editions[l]
	return ok
}
