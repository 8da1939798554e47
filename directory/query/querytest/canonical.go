// Package querytest helps tests of what answers queries: it asks a handler, compares answers as canonical XML,
// and makes a catalogue as large as all of Europe.
package querytest

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	"oots/regrep"
	"oots/xml/c14n"
	"oots/xml/xmltree"
)

// Canonical returns an answer as exclusive canonical XML without comments, made comparable: white space
// between elements and around texts and attribute values is dropped, every registry object has the id "id",
// records that have no order stand by their identifiers, and each tag begins a line.
//
// The order of requirements, frameworks, lists, data services and access services is not published, and ours
// is that of the identifiers. Evidence types, names and distributions keep their order.
func Canonical(t testing.TB, b []byte) string {
	t.Helper()
	doc, err := xmltree.Parse(b, xmltree.Limits{Bytes: 1 << 26, Elements: 1 << 21})
	if err != nil {
		t.Fatal(err)
	}
	tidy(doc.Root)
	out, err := c14n.Append(nil, doc.Root, c14n.Exclusive, nil)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(out), "><", ">\n<")
}

// tidy removes what does not count below e and sorts what has no order.
func tidy(e *xmltree.Element) {
	if e.Is(regrep.NamespaceRIM, "RegistryObject") {
		for i := range e.Attrs {
			if e.Attrs[i].Name.Local == "id" {
				e.Attrs[i].Value = "id"
			}
		}
	}
	children := make([]xmltree.Node, 0, len(e.Children))
	text := e.Value()
	for c := range e.Elements() {
		tidy(c)
		children = append(children, c)
	}
	if len(children) == 0 && text != "" {
		children = append(children, &xmltree.Text{Data: text})
	}
	e.Children = sorted(children)
}

// sorted orders each run of records of one kind by their identifiers.
func sorted(children []xmltree.Node) []xmltree.Node {
	for from := 0; from < len(children); {
		first, ok := children[from].(*xmltree.Element)
		to := from + 1
		for ok && to < len(children) {
			next, isElement := children[to].(*xmltree.Element)
			if !isElement || next.Name != first.Name {
				break
			}
			to++
		}
		if ok && unordered(first) {
			slices.SortStableFunc(children[from:to], func(a, b xmltree.Node) int {
				return cmp.Compare(identity(a.(*xmltree.Element)), identity(b.(*xmltree.Element)))
			})
		}
		from = to
	}
	return children
}

func unordered(e *xmltree.Element) bool {
	switch e.Name.Local {
	case "RegistryObject", "ReferenceFramework", "EvidenceTypeList", "AccessService":
		return true
	}
	return false
}

// identity is the first identifier in the record.
func identity(e *xmltree.Element) string {
	if id := e.First(regrep.NamespaceSDG, "Identifier"); id != nil {
		return strings.ToLower(id.Value())
	}
	for c := range e.Elements() {
		if s := identity(c); s != "" {
			return s
		}
	}
	return ""
}
