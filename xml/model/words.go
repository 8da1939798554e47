package model

import (
	"slices"
	"strings"

	"oots/xml/xmltree"
)

// label writes a name for people: with the prefix of the tables if there is one.
func (s *Schema) label(n xmltree.Name) string {
	switch prefix := s.prefixes[n.Space]; {
	case n.Space == "", n == xmltree.Name{}:
		return n.Local
	case n.Space == NamespaceXSI:
		return "xsi:" + n.Local
	case n.Space == xmltree.NamespaceXML:
		return "xml:" + n.Local
	case n.Space == NamespaceXSD:
		return "xs:" + n.Local
	case prefix != "":
		return prefix + ":" + n.Local
	}
	return "{" + n.Space + "}" + n.Local
}

// maxListed bounds the names in one expectation.
const maxListed = 8

func listed(names []string) string {
	switch {
	case len(names) > maxListed:
		return strings.Join(names[:maxListed], ", ") + ", …"
	case len(names) < 2:
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

func (s *Schema) rootsWanted() string {
	from := make(map[xmltree.Name]bool)
	for n := range s.elements {
		from[n] = true
	}
	if s.roots != nil {
		from = s.roots
	}
	var names []string
	for _, n := range sorted(from) {
		names = append(names, s.label(n))
	}
	return listed(names)
}

// nextWanted says what may come at the present place of w.
func (s *Schema) nextWanted(w *walk) string {
	var names []string
	for _, p := range w.a.next[w.state] {
		if !w.spent(p) {
			names = append(names, s.positionLabel(&w.a.positions[p]))
		}
	}
	if w.a.accepts[w.state] {
		names = append(names, "the end of "+s.label(w.parent.Name))
	}
	return listed(names)
}

func (s *Schema) alternatives(a *automaton, positions []int) string {
	var names []string
	for _, p := range positions {
		names = append(names, s.positionLabel(&a.positions[p]))
	}
	return listed(names)
}

func (s *Schema) positionLabel(p *position) string {
	if p.element != nil {
		return s.label(p.element.name)
	}
	if p.wildcard.Not != "" {
		return "an element of another namespace"
	}
	return "any element"
}

// attributesWanted lists the attributes of a type, as the end of a sentence.
func (s *Schema) attributesWanted(t *typ) string {
	var names []string
	for i := range t.attrs {
		names = append(names, s.label(t.attrs[i].name))
	}
	if len(names) == 0 {
		return ""
	}
	slices.Sort(names)
	return "; there may be " + listed(names)
}
