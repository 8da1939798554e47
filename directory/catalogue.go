package directory

import (
	"cmp"
	"slices"
	"strings"

	"oots/edm"
)

// A Catalogue is what one instance of the Common Services holds: the records of its Evidence Broker, the
// records of its Data Service Directory, and the code lists that their concepts name.
//
// Catalogues are read by many at once and changed by none: Merge makes a new one. Its records are in the
// order of their identifiers.
type Catalogue struct {
	Requirements []Requirement // each with all its frameworks and lists
	Services     []DataService
	CodeLists    []CodeList
}

// Counts says how much a catalogue holds.
type Counts struct {
	Requirements int
	Frameworks   int // links of a framework to a requirement: one framework counts once per requirement
	Countries    int // countries that implement a procedure, provide evidence, or declare NoMatch
	Lists        int // evidence type lists
	Services     int // data services
}

// Counts counts the records of c.
func (c *Catalogue) Counts() Counts {
	n := Counts{Requirements: len(c.Requirements), Services: len(c.Services)}
	countries := make(map[string]struct{}, 32)
	add := func(country string) {
		if country != "" {
			countries[country] = struct{}{}
		}
	}
	for i := range c.Requirements {
		r := &c.Requirements[i]
		n.Frameworks += len(r.Frameworks)
		n.Lists += len(r.Lists)
		for j := range r.Frameworks {
			add(r.Frameworks[j].Jurisdiction.Country)
		}
		for j := range r.Lists {
			add(r.Lists[j].Jurisdiction.Country)
		}
	}
	for i := range c.Services {
		add(c.Services[i].Country())
	}
	n.Countries = len(countries)
	return n
}

// Country is the country whose authority provides the evidence: the jurisdiction of the publisher, or the
// country of its address when a record has no jurisdiction.
func (s *DataService) Country() string {
	if s.Publisher.Jurisdiction.Country != "" {
		return s.Publisher.Jurisdiction.Country
	}
	return s.Publisher.Address.Country
}

// Requirement returns the requirement with this identifier, compared as a whole string, or nil.
func (c *Catalogue) Requirement(id string) *Requirement {
	for i := range c.Requirements {
		if c.Requirements[i].ID == id {
			return &c.Requirements[i]
		}
	}
	return nil
}

// Merge returns the union of c and o. A requirement that both hold gets the frameworks and lists of both;
// where both hold the same framework, list, data service or code list, that of o stands. The records of
// the result are in the order of their identifiers.
func (c Catalogue) Merge(o Catalogue) Catalogue {
	return Catalogue{
		Requirements: union(c.Requirements, o.Requirements, requirementKey, mergeRequirement),
		Services:     union(c.Services, o.Services, (*DataService).Key, newer),
		CodeLists:    union(c.CodeLists, o.CodeLists, func(l *CodeList) string { return l.URL }, newer),
	}
}

// Key tells data services apart: several records may carry the same identifier. [TDD 3.1.4]
func (s *DataService) Key() string {
	return strings.Join([]string{
		strings.ToLower(s.ID), s.AccessPoint.Scheme, s.AccessPoint.Value, s.Publisher.ID.Scheme, s.Publisher.ID.Value,
	}, "\x00")
}

func requirementKey(r *Requirement) string      { return r.ID }
func frameworkKey(f *ReferenceFramework) string { return strings.ToLower(f.ID) }
func listKey(l *EvidenceTypeList) string        { return strings.ToLower(l.ID) }

// mergeRequirement puts two readings of one requirement together.
func mergeRequirement(a, b Requirement) Requirement {
	return Requirement{
		ID:           b.ID,
		Names:        orElse(b.Names, a.Names),
		Descriptions: orElse(b.Descriptions, a.Descriptions),
		Frameworks:   union(a.Frameworks, b.Frameworks, frameworkKey, newer),
		Lists:        union(a.Lists, b.Lists, listKey, newer),
	}
}

func newer[T any](_, b T) T { return b }

func orElse(t, other edm.Texts) edm.Texts {
	if len(t) > 0 {
		return t
	}
	return other
}

// union returns the records of a and b in the order of their keys; merge decides where both have a key,
// or where one side has it twice.
func union[T any](a, b []T, key func(*T) string, merge func(a, b T) T) []T {
	if len(a)+len(b) == 0 {
		return nil
	}
	type keyed struct {
		key string
		at  int
		rec *T
	}
	all := make([]keyed, 0, len(a)+len(b))
	for i := range a {
		all = append(all, keyed{key(&a[i]), len(all), &a[i]})
	}
	for i := range b {
		all = append(all, keyed{key(&b[i]), len(all), &b[i]})
	}
	slices.SortFunc(all, func(x, y keyed) int { return cmp.Or(cmp.Compare(x.key, y.key), x.at-y.at) })
	out := make([]T, 0, len(all))
	for i, k := range all {
		if i > 0 && all[i-1].key == k.key {
			out[len(out)-1] = merge(out[len(out)-1], *k.rec)
			continue
		}
		out = append(out, *k.rec)
	}
	return out
}
