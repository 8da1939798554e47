// Package mutation makes single edits of an XML document, for tests that ask what a check notices: a rule
// that no edit of a valid document can break is not checked.
//
// It knows nothing of the documents; the caller gives the values and elements that are worth trying.
package mutation

import (
	"fmt"
	"iter"
	"slices"

	"oots/xml/xmltree"
)

// A Vocabulary is what edits put into a document.
type Vocabulary struct {
	Values   []string       // tried as text of leaves and as values of attributes, besides ""
	Elements []xmltree.Name // tried as a further, empty child of every element
}

// An Edit is one change, in force while it is yielded.
type Edit struct {
	What string // "remove sdg:Name", "set @lang of sdg:Name to \"en\""
	Line int    // of the element that is changed
}

// Edits yields every single edit of the tree below the document element, each undone before the next: an
// element removed, doubled, renamed or emptied, a text or an attribute set to another value, an attribute
// removed, an element added. The tree must not be changed meanwhile.
func Edits(doc *xmltree.Document, v Vocabulary) iter.Seq[Edit] {
	return func(yield func(Edit) bool) {
		m := mutator{v: v, yield: yield}
		m.element(doc.Root)
	}
}

type mutator struct {
	v     Vocabulary
	yield func(Edit) bool
}

// element yields the edits of e and below; it reports whether to go on.
func (m *mutator) element(e *xmltree.Element) bool {
	if !m.whole(e) || !m.attributes(e) || !m.text(e) || !m.added(e) {
		return false
	}
	for _, c := range slices.Clone(e.Children) {
		if child, ok := c.(*xmltree.Element); ok && !m.element(child) {
			return false
		}
	}
	return true
}

func (m *mutator) edit(e *xmltree.Element, format string, args ...any) bool {
	return m.yield(Edit{What: fmt.Sprintf(format, args...), Line: e.Line})
}

// whole yields the edits of the element as one.
func (m *mutator) whole(e *xmltree.Element) bool {
	name := e.Name
	e.Name.Local += "X"
	ok := m.edit(e, "rename %s", label(e.Prefix, name))
	e.Name = name
	if !ok {
		return false
	}
	if len(e.Children) > 0 {
		children := e.Children
		e.Children = nil
		ok = m.edit(e, "empty %s", label(e.Prefix, name))
		e.Children = children
	}
	if !ok || e.Parent == nil {
		return ok
	}
	siblings := e.Parent.Children
	at := slices.IndexFunc(siblings, func(n xmltree.Node) bool { return n == xmltree.Node(e) })
	e.Parent.Children = slices.Delete(slices.Clone(siblings), at, at+1)
	ok = m.edit(e, "remove %s", label(e.Prefix, name))
	if ok {
		twin := *e
		e.Parent.Children = slices.Insert(slices.Clone(siblings), at, xmltree.Node(&twin))
		ok = m.edit(e, "double %s", label(e.Prefix, name))
	}
	e.Parent.Children = siblings
	return ok
}

func (m *mutator) attributes(e *xmltree.Element) bool {
	all := e.Attrs
	defer func() { e.Attrs = all }()
	for i, a := range all {
		e.Attrs = slices.Delete(slices.Clone(all), i, i+1)
		if !m.edit(e, "remove @%s of %s", label(a.Prefix, a.Name), label(e.Prefix, e.Name)) {
			return false
		}
		e.Attrs = slices.Clone(all)
		for _, value := range m.values(a.Value) {
			e.Attrs[i].Value = value
			if !m.edit(e, "set @%s of %s to %q", label(a.Prefix, a.Name), label(e.Prefix, e.Name), value) {
				return false
			}
		}
	}
	return true
}

// text yields other texts for an element without children elements.
func (m *mutator) text(e *xmltree.Element) bool {
	for range e.Elements() {
		return true
	}
	children := e.Children
	defer func() { e.Children = children }()
	for _, value := range m.values(e.Text()) {
		e.Children = []xmltree.Node{&xmltree.Text{Data: value}}
		if !m.edit(e, "set %s to %q", label(e.Prefix, e.Name), value) {
			return false
		}
	}
	return true
}

func (m *mutator) values(old string) []string {
	return slices.DeleteFunc(append([]string{""}, m.v.Values...), func(v string) bool { return v == old })
}

func (m *mutator) added(e *xmltree.Element) bool {
	children := e.Children
	defer func() { e.Children = children }()
	for _, name := range m.v.Elements {
		child := &xmltree.Element{Name: name, Parent: e, Line: e.Line}
		e.Children = append(slices.Clone(children), child)
		if !m.edit(e, "add %s to %s", name.Local, label(e.Prefix, e.Name)) {
			return false
		}
	}
	return true
}

func label(prefix string, name xmltree.Name) string {
	if prefix == "" {
		return name.Local
	}
	return prefix + ":" + name.Local
}
