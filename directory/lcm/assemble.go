package lcm

import (
	"slices"

	"oots/regrep"
	"oots/xml/xmltree"
)

// What was submitted in pieces is put together to the elements that answers carry, without changing the
// document: copies of elements share their children. [TDD 3.1.5, 3.2.5]

func sdg(local string) xmltree.Name { return xmltree.Name{Space: regrep.NamespaceSDG, Local: local} }

// isSDG reports whether a node is the business element of one of these names.
func isSDG(n xmltree.Node, locals ...string) bool {
	e, ok := n.(*xmltree.Element)
	return ok && e.Name.Space == regrep.NamespaceSDG && slices.Contains(locals, e.Name.Local)
}

// with returns a copy of e, called local, without its children of the names in drop and with more at the end.
func with(e *xmltree.Element, local string, drop []string, more ...xmltree.Node) *xmltree.Element {
	out := *e
	out.Name = sdg(local)
	out.Children = make([]xmltree.Node, 0, len(e.Children)+len(more))
	for _, n := range e.Children {
		if !isSDG(n, drop...) {
			out.Children = append(out.Children, n)
		}
	}
	out.Children = append(out.Children, more...)
	return &out
}

// identified makes an element that has nothing but an identifier, at the place of an association.
func identified(local, id string, at *object) *xmltree.Element {
	identifier := &xmltree.Element{Name: sdg("Identifier"), Line: at.element.Line, Parent: at.element, Children: []xmltree.Node{&xmltree.Text{Data: id}}}
	return &xmltree.Element{Name: sdg(local), Line: at.element.Line, Parent: at.element, Children: []xmltree.Node{identifier}}
}
