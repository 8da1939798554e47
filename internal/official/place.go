package official

import (
	"strconv"

	"github.com/lestrrat-go/helium"
)

// lineOf is the line of a node, or of the element that has it.
func lineOf(node helium.Node) int {
	for n := node; n != nil; n = n.Parent() {
		if n.Type() != helium.AttributeNode && n.Line() > 0 {
			return n.Line()
		}
	}
	return 1
}

// pathOf is an XPath of a node as the rest of this project writes it: the prefixes of the document, a position
// only where siblings share the name.
func pathOf(node helium.Node) string {
	if node == nil {
		return ""
	}
	parent := node.Parent()
	switch n := node.(type) {
	case *helium.Document:
		return "/"
	case *helium.Attribute:
		return pathOf(parent) + "/@" + n.Name()
	case *helium.Element:
		step := "/" + n.Name() + position(n)
		if parent == nil || parent.Type() == helium.DocumentNode {
			return step
		}
		return pathOf(parent) + step
	case *helium.Comment:
		return within(parent) + "/comment()"
	}
	return within(node.Parent()) + "/processing-instruction()"
}

func within(parent helium.Node) string {
	if parent == nil || parent.Type() == helium.DocumentNode {
		return ""
	}
	return pathOf(parent)
}

// position is the index among siblings of the same name, in brackets; "" for the only one.
func position(e *helium.Element) string {
	parent := e.Parent()
	if parent == nil {
		return ""
	}
	n, at := 0, 0
	for s := parent.FirstChild(); s != nil; s = s.NextSibling() {
		if x, ok := s.(*helium.Element); ok && x.LocalName() == e.LocalName() && x.URI() == e.URI() {
			if n++; x == e {
				at = n
			}
		}
	}
	if n < 2 {
		return ""
	}
	return "[" + strconv.Itoa(at) + "]"
}
