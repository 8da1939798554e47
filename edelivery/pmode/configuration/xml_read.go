package configuration

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"oots/xml/xmltree"
)

// Namespace is that of the root element of a Domibus configuration; everything inside has none.
const Namespace = "http://domibus.eu/configuration"

// MaxBytes is the size up to which a file is read: a network of two thousand parties is below a tenth of it.
const MaxBytes = 8 << 20

// limits bound the document; entities and DOCTYPE are refused by the parser.
var limits = xmltree.Limits{Bytes: MaxBytes, Depth: 12, Attributes: 64, Elements: 2 * maxTotal, NoProcInst: true}

// ParseDomibus reads a configuration document of Domibus in the form of 5.1 or 5.2 and checks it. The configuration
// is nil when a finding is an Error.
func ParseDomibus(b []byte) (*Configuration, Findings) {
	r := &report{}
	doc, err := xmltree.Parse(b, limits)
	if err != nil {
		var syntax *xmltree.SyntaxError
		line, text := 0, err.Error()
		if errors.As(err, &syntax) {
			line, text = syntax.Line, syntax.Msg
		}
		r.add(Error, CodeSyntax, line, "", "%s", text)
		return nil, r.sorted()
	}
	if !doc.Root.Is(Namespace, "configuration") {
		r.add(Error, CodeStructure, doc.Root.Line, "", "the root element is %.80q of %.80q; a P-Mode file has configuration of %s", doc.Root.Name.Local, doc.Root.Name.Space, Namespace)
		return nil, r.sorted()
	}
	x := &xmlReader{report: r}
	root := x.element(planOf(), nil, doc.Root, "")
	return finish(&builder{report: r}, root)
}

// finish builds and checks what a reader has found.
func finish(b *builder, root *raw) (*Configuration, Findings) {
	c := &Configuration{}
	b.build(planOf(), root, reflect.ValueOf(c).Elem(), "")
	if !b.all.Has(Error) {
		c.check(b.report)
	}
	if found := b.sorted(); found.Has(Error) {
		return nil, found
	}
	return c, b.all
}

// xmlReader turns elements into raw ones.
type xmlReader struct {
	*report
	total int
}

func (x *xmlReader) element(p *plan, of *list, e *xmltree.Element, path string) *raw {
	r := &raw{line: e.Line}
	for i := range e.Attrs {
		a := &e.Attrs[i]
		at := p.attribute(of, a.Name.Local)
		if at == nil || a.Name.Space != "" {
			x.unknown(p, e, path, a.Name.Local)
			continue
		}
		r.attrs = append(r.attrs, rawAttr{at, e.Line, a.Value})
	}
	x.children(p, r, e, nil, path)
	return r
}

// unknown says that an attribute is in no release that is known: a newer one, or a slip that changes the meaning.
func (x *xmlReader) unknown(p *plan, e *xmltree.Element, path, name string) {
	if path == "" {
		path = e.Name.Local
	}
	x.add(Unsupported, CodeUnknown, e.Line, path, "the attribute %.80q is not known and was left out%s", name, nearest(name, p))
}

func nearest(name string, p *plan) string {
	for _, a := range p.attrs {
		if strings.EqualFold(a.name, name) || strings.EqualFold(a.name+"s", name) || strings.EqualFold(a.name, name+"s") {
			return fmt.Sprintf("; did you mean %s?", a.name)
		}
	}
	return ""
}

func (p *plan) attribute(of *list, name string) *attribute {
	for i := range p.attrs {
		a := &p.attrs[i]
		if of != nil && of.xmlName(a) == name || of == nil && a.name == name {
			return a
		}
	}
	return nil
}

// children reads what is inside of e, which stands at the end of prefix below the element of p.
func (x *xmlReader) children(p *plan, r *raw, e *xmltree.Element, prefix []string, path string) {
	for _, n := range e.Children {
		switch n := n.(type) {
		case *xmltree.Text:
			if strings.Trim(n.Data, " \t\r\n") != "" {
				x.add(Error, CodeStructure, e.Line, join(path, e.Name.Local), "there is text between the elements: %.40q", strings.Trim(n.Data, " \t\r\n"))
			}
		case *xmltree.Element:
			x.child(p, r, n, append(prefix[:len(prefix):len(prefix)], n.Name.Local), path)
		}
	}
}

func (x *xmlReader) child(p *plan, r *raw, e *xmltree.Element, at []string, path string) {
	if x.total++; x.total == maxTotal {
		x.add(Error, CodeSyntax, e.Line, "", "more than %d elements", maxTotal)
	}
	if x.total >= maxTotal {
		return
	}
	inside := false
	for i := range p.lists {
		l := &p.lists[i]
		if !startsWith(l.path, at) || e.Name.Space != "" {
			continue
		}
		inside = true
		if len(l.path) == len(at) {
			x.item(r, l, e, path)
			return
		}
	}
	if !inside {
		x.add(Error, CodeStructure, e.Line, join(path, e.Parent.Name.Local), "the element %.80q is not known here", e.Name.Local)
		return
	}
	for i := range p.lists { // an empty wrapper is not an absent one
		if l := &p.lists[i]; len(l.path) == len(at)+1 && startsWith(l.path, at) && len(p.wrapped(at)) == 1 {
			r.list(l, e.Line)
		}
	}
	for i := range e.Attrs {
		x.unknown(&plan{}, e, join(path, e.Name.Local), e.Attrs[i].Name.Local)
	}
	x.children(p, r, e, at, path)
}

// wrapped are the lists directly inside of the wrapper at.
func (p *plan) wrapped(at []string) (out []*list) {
	for i := range p.lists {
		if l := &p.lists[i]; startsWith(l.path, at) {
			out = append(out, l)
		}
	}
	return out
}

func startsWith(path, prefix []string) bool {
	if len(path) < len(prefix) {
		return false
	}
	for i := range prefix {
		if path[i] != prefix[i] {
			return false
		}
	}
	return true
}

func (x *xmlReader) item(r *raw, l *list, e *xmltree.Element, path string) {
	items := r.list(l, e.Line)
	if len(items.items) == maxItems {
		x.add(Error, CodeSyntax, e.Line, path, "more than %d %s", maxItems, l.element())
		return
	}
	name, _ := e.Attr("", "name")
	here := join(path, l.element())
	if name != "" {
		here = fmt.Sprintf("%s %.80q", here, name)
	}
	items.items = append(items.items, x.element(l.item, l, e, here))
}

// list returns the list of r, which is made when there is none.
func (r *raw) list(of *list, line int) *rawList {
	for i := range r.lists {
		if r.lists[i].of.index == of.index {
			return &r.lists[i]
		}
	}
	r.lists = append(r.lists, rawList{of: of, line: line})
	return &r.lists[len(r.lists)-1]
}
