// Package xmltree reads XML into a tree that keeps everything a signature depends on: prefixes,
// declarations in their order, comments, byte offsets and lines.
//
// It accepts the subset that the protocols of OOTS allow: UTF-8, no DOCTYPE, namespaces well formed,
// everything bounded before it is allocated. It knows nothing of OOTS, SOAP or SAML.
package xmltree

import (
	"fmt"
	"iter"
	"strconv"
	"strings"
)

// A Name is an expanded name: namespace URI and local part. Compare names, never prefixes.
type Name struct {
	Space string // namespace URI; "" for no namespace
	Local string
}

// A Decl is one namespace declaration as written; Prefix "" is the default namespace, URI "" undeclares it.
type Decl struct {
	Prefix, URI string
}

// An Attr is an attribute that is not a namespace declaration, its value normalised as XML 1.0 §3.3.3 asks.
type Attr struct {
	Name   Name
	Prefix string
	Value  string
}

// A Node is a child of an element or of the document: *Element, *Text, *Comment or *ProcInst.
type Node interface{ node() }

// An Element is one element with its in-scope declarations, attributes and children in document order.
type Element struct {
	Name     Name
	Prefix   string
	Decls    []Decl
	Attrs    []Attr
	Children []Node
	Parent   *Element // nil for the document element
	Line     int      // 1-based line of the start tag
	Start    int      // offset of '<' of the start tag in the parsed bytes
	End      int      // offset just behind the end tag
}

// Text is character data, entities and CDATA sections resolved, line ends normalised to LF.
type Text struct{ Data string }

// A Comment is the text between <!-- and -->.
type Comment struct{ Data string }

// A ProcInst is a processing instruction; the XML declaration is not one.
type ProcInst struct{ Target, Data string }

func (*Element) node()  {}
func (*Text) node()     {}
func (*Comment) node()  {}
func (*ProcInst) node() {}

// A Document is a parsed entity. Before and After hold the comments and processing instructions around the root.
type Document struct {
	Root          *Element
	Before, After []Node
}

// Is reports whether e has the expanded name {space}local.
func (e *Element) Is(space, local string) bool {
	return e != nil && e.Name.Local == local && e.Name.Space == space
}

// Attr returns the value of the attribute {space}local, and whether it is there.
func (e *Element) Attr(space, local string) (string, bool) {
	if e == nil {
		return "", false
	}
	for i := range e.Attrs {
		if e.Attrs[i].Name.Local == local && e.Attrs[i].Name.Space == space {
			return e.Attrs[i].Value, true
		}
	}
	return "", false
}

// Elements yields the child elements in order.
func (e *Element) Elements() iter.Seq[*Element] {
	return func(yield func(*Element) bool) {
		if e == nil {
			return
		}
		for _, c := range e.Children {
			if el, ok := c.(*Element); ok && !yield(el) {
				return
			}
		}
	}
}

// All yields the child elements named {space}local in order.
func (e *Element) All(space, local string) iter.Seq[*Element] {
	return func(yield func(*Element) bool) {
		for c := range e.Elements() {
			if c.Is(space, local) && !yield(c) {
				return
			}
		}
	}
}

// First returns the first child element named {space}local, or nil. It accepts a nil receiver, so that
// look-ups chain.
func (e *Element) First(space, local string) *Element {
	for c := range e.All(space, local) {
		return c
	}
	return nil
}

// Text returns the character data directly inside e, comments skipped; "" for a nil receiver.
func (e *Element) Text() string {
	if e == nil {
		return ""
	}
	if len(e.Children) == 1 {
		if t, ok := e.Children[0].(*Text); ok {
			return t.Data
		}
	}
	var b strings.Builder
	for _, c := range e.Children {
		if t, ok := c.(*Text); ok {
			b.WriteString(t.Data)
		}
	}
	return b.String()
}

// Value returns Text without the XML white space around it.
func (e *Element) Value() string { return strings.Trim(e.Text(), " \t\r\n") }

// Resolve returns the namespace URI that prefix has at e. The prefix "xml" is always bound; "" resolves
// to the default namespace, or to "" when there is none.
func (e *Element) Resolve(prefix string) (uri string, ok bool) {
	if prefix == "xml" {
		return NamespaceXML, true
	}
	for s := e; s != nil; s = s.Parent {
		for i := range s.Decls {
			if s.Decls[i].Prefix == prefix {
				return s.Decls[i].URI, s.Decls[i].URI != "" || prefix == ""
			}
		}
	}
	return "", prefix == ""
}

// NamespaceXML is the namespace of xml:lang and xml:id.
const NamespaceXML = "http://www.w3.org/XML/1998/namespace"

// QName resolves a qualified name in content, such as the value of xsi:type, against the declarations at e.
func (e *Element) QName(value string) (Name, error) {
	value = strings.Trim(value, " \t\r\n")
	prefix, local, found := strings.Cut(value, ":")
	if !found {
		prefix, local = "", value
	}
	uri, ok := e.Resolve(prefix)
	if !ok {
		return Name{}, fmt.Errorf("line %d: prefix %q is not declared", e.Line, prefix)
	}
	return Name{Space: uri, Local: local}, nil
}

// Path returns the position of e as an XPath with prefixes as written, for example
// /query:QueryRequest/rim:Slot[3]/rim:SlotValue. Same-named siblings are counted.
func (e *Element) Path() string {
	if e == nil {
		return ""
	}
	step := e.Name.Local
	if e.Prefix != "" {
		step = e.Prefix + ":" + step
	}
	if e.Parent == nil {
		return "/" + step
	}
	n, at := 0, 0
	for s := range e.Parent.All(e.Name.Space, e.Name.Local) {
		n++
		if s == e {
			at = n
		}
	}
	if n > 1 {
		step += "[" + strconv.Itoa(at) + "]"
	}
	return e.Parent.Path() + "/" + step
}
