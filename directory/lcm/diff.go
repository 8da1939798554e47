package lcm

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"oots/directory"
)

// A ChangeKind says what happened to a record.
type ChangeKind string

// The kinds of changes.
const (
	Added   ChangeKind = "added"
	Removed ChangeKind = "removed"
	Changed ChangeKind = "changed"
)

// A Change is one record that two partitions do not have in common.
type Change struct {
	Kind    ChangeKind
	Service directory.Service
	Country string
	Node    string        // Requirement, ReferenceFramework, EvidenceTypeList, EvidenceType, DataServiceEvidenceType or CodeList
	Record  string        // its identifier
	Name    string        // its title for people; "" for none
	Fields  []FieldChange // of a changed record, in the order of the record
}

// A FieldChange is one field of a changed record. A field that was not there, or is not any more, is "".
type FieldChange struct{ Field, Old, New string }

// String gives one line for the record and one for each field.
func (c Change) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s %s", c.Kind, c.Node, c.Record)
	if c.Name != "" {
		fmt.Fprintf(&b, " (%s)", c.Name)
	}
	for _, f := range c.Fields {
		switch {
		case f.Old == "":
			fmt.Fprintf(&b, "\n  %s: + %s", f.Field, f.New)
		case f.New == "":
			fmt.Fprintf(&b, "\n  %s: - %s", f.Field, f.Old)
		default:
			fmt.Fprintf(&b, "\n  %s: %s -> %s", f.Field, f.Old, f.New)
		}
	}
	return b.String()
}

// Diff lists what is different in b: removed, changed and added records, by node and identifier.
func Diff(a, b directory.Partition) []Change {
	country, service := cmp.Or(b.Country, a.Country), cmp.Or(b.Service, a.Service)
	from, to := Records(a.Catalogue), Records(b.Catalogue)
	var out []Change
	add := func(k ChangeKind, r *Record, fields []FieldChange) {
		out = append(out, Change{Kind: k, Service: service, Country: country, Node: r.Node, Record: r.ID, Name: r.Name, Fields: fields})
	}
	i, j := 0, 0
	for i < len(from) || j < len(to) {
		order := 0
		switch {
		case i == len(from):
			order = 1
		case j == len(to):
			order = -1
		default:
			order = from[i].compare(&to[j])
		}
		switch {
		case order < 0:
			add(Removed, &from[i], nil)
			i++
		case order > 0:
			add(Added, &to[j], nil)
			j++
		default:
			if fields := diffFields(from[i].Fields, to[j].Fields); len(fields) > 0 {
				add(Changed, &to[j], fields)
			}
			i++
			j++
		}
	}
	return out
}

// diffFields compares the fields of one record. A field may stand several times, as the codes of a list do:
// then it is a set, and what both have is left out.
func diffFields(a, b []Field) []FieldChange {
	if slices.Equal(a, b) {
		return nil
	}
	has := func(fs map[Field]bool, f Field) bool { return fs[f] }
	inA, inB := fieldSet(a), fieldSet(b)
	var out []FieldChange
	for _, f := range a {
		if !has(inB, f) {
			out = append(out, FieldChange{Field: f.Name, Old: f.Value})
		}
	}
	for _, f := range b {
		if has(inA, f) {
			continue
		}
		at := slices.IndexFunc(out, func(c FieldChange) bool { return c.Field == f.Name && c.New == "" })
		if at >= 0 {
			out[at].New = f.Value
			continue
		}
		out = append(out, FieldChange{Field: f.Name, New: f.Value})
	}
	return out
}

func fieldSet(fs []Field) map[Field]bool {
	out := make(map[Field]bool, len(fs))
	for _, f := range fs {
		out[f] = true
	}
	return out
}

// Counts says how many records of each node a partition has.
func Counts(c directory.Catalogue) map[string]int {
	out := make(map[string]int)
	for _, r := range Records(c) {
		out[r.Node]++
	}
	return out
}

// Touches reports whether a finding is about the changed record. A data service is also its evidence type, its
// provider and its access service.
func (c *Change) Touches(f *Finding) bool {
	if c.Node != NodeDataService {
		return c.Node == f.Node && strings.EqualFold(c.Record, f.Record)
	}
	switch f.Node {
	case NodeDataService:
		return c.Record == f.Record || strings.HasPrefix(c.Record, strings.ToLower(f.Record)+" at ")
	case NodeProvider:
		return strings.Contains(c.Record, " at "+f.Record+" by ")
	case NodeAccess:
		return strings.HasSuffix(c.Record, " by "+f.Record)
	}
	return false
}
