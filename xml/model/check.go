package model

import (
	"strings"

	"oots/rule"
	"oots/xml/xmltree"
)

// Check returns what is wrong with the document, in document order as far as it can be told; nil if nothing is.
// All findings are Fatal, at most MaxFindings of them.
func (s *Schema) Check(doc *xmltree.Document) []rule.Finding {
	if doc == nil {
		return nil
	}
	return s.CheckElement(doc.Root)
}

// CheckElement checks e and all below it as if it were a document element.
func (s *Schema) CheckElement(e *xmltree.Element) []rule.Finding {
	if e == nil {
		return nil
	}
	c := &checker{schema: s}
	d := s.elements[e.Name]
	if d == nil || s.roots != nil && !s.roots[e.Name] {
		c.report(RootUnexpected, e, "", s.label(e.Name), s.rootsWanted())
		return c.findings
	}
	c.element(e, d.typ, d.nillable, d.private)
	for _, r := range c.refs {
		if !c.ids[r.value] {
			c.report(ValueUnresolved, r.element, r.attr, r.value, "an id of this document")
		}
	}
	return c.findings
}

// A checker walks one document.
type checker struct {
	schema   *Schema
	findings []rule.Finding
	ids      map[string]bool
	refs     []reference // those that no id before them answers
}

// A reference is a value of type IDRef.
type reference struct {
	element     *xmltree.Element
	attr, value string
}

func (c *checker) full() bool { return len(c.findings) >= MaxFindings }

// report adds a finding at e, or at its attribute if attr is not empty.
func (c *checker) report(id rule.ID, e *xmltree.Element, attr, got, want string) {
	if c.full() {
		return
	}
	path := e.Path()
	if attr != "" {
		path += "/@" + attr
	}
	c.findings = append(c.findings, rule.Finding{
		Rule: id, Severity: rule.Fatal, Line: e.Line, Path: clip(path, maxPath), Got: clip(got, maxGot), Want: clip(want, maxWant),
	})
}

// Bounds in bytes of the parts of a finding: a hostile document has names as long as it likes.
const (
	maxPath = 2000
	maxGot  = 120
	maxWant = 1000
)

// clip bounds s to whole characters.
func clip(s string, most int) string {
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most-len("…")], "") + "…"
}

// element checks e, which is declared with a type.
func (c *checker) element(e *xmltree.Element, declared *typ, nillable, private bool) {
	if c.full() {
		return
	}
	t := declared
	for i := range e.Attrs {
		if a := &e.Attrs[i]; a.Name.Space == NamespaceXSI && a.Name.Local == "type" {
			t = c.substitute(e, a.Value, declared)
			break
		}
	}
	if t == nil {
		return
	}
	if t.abstract {
		c.report(TypeUnsuitable, e, "", "", "an xsi:type that names a type derived from "+c.schema.label(t.name))
		return
	}
	private = private || t.private
	c.attributes(e, t, private)
	// Nothing is said of xsi:nil at an element without declaration.
	if declared.any || !c.nilled(e, nillable) {
		c.body(e, t, private)
	}
}

// substitute resolves xsi:type; nil means that it was reported. [XML Schema 1.0 Part 1 §3.3.4]
func (c *checker) substitute(e *xmltree.Element, value string, declared *typ) *typ {
	name, err := e.QName(value)
	if err != nil || !xmltree.IsNCName(name.Local) || strings.HasPrefix(strings.TrimLeft(value, " \t\r\n"), ":") {
		c.report(TypeUnknown, e, "xsi:type", value, "the name of a type, its prefix declared")
		return nil
	}
	t := c.schema.types[name]
	if t == nil {
		c.report(TypeUnknown, e, "xsi:type", value, "a type that the schema has")
		return nil
	}
	if !t.derives(declared) {
		c.report(TypeUnsuitable, e, "xsi:type", value, "a type derived from "+c.schema.label(declared.name))
		return nil
	}
	return t
}

// nilled treats xsi:nil and reports whether the content of e is settled: empty by declaration, or at fault.
func (c *checker) nilled(e *xmltree.Element, nillable bool) bool {
	v, ok := e.Attr(NamespaceXSI, "nil")
	if !ok {
		return false
	}
	v = strings.Trim(v, " \t\r\n")
	switch {
	case !isBoolean(v):
		c.report(ValueType, e, "xsi:nil", v, "true, false, 1 or 0")
		return true
	case !nillable:
		c.report(NilUnexpected, e, "xsi:nil", v, "no xsi:nil: the element cannot be nil")
		return true
	case v == "false" || v == "0":
		return false
	}
	for _, n := range e.Children {
		switch n.(type) {
		case *xmltree.Element, *xmltree.Text:
			c.report(NilUnexpected, e, "", "", "no content beside xsi:nil")
			return true
		}
	}
	return true
}

// body checks what stands between the tags.
func (c *checker) body(e *xmltree.Element, t *typ, private bool) {
	switch {
	case t.any:
		c.laxChildren(e, private)
	case t.simple != nil:
		for child := range e.Elements() {
			c.report(ElementUnexpected, child, "", c.schema.label(child.Name), "text only")
			return
		}
		c.value(e, "", t.simple, e.Text(), private)
	default:
		if !t.mixed {
			c.noText(e, t.content == nil)
		}
		c.content(e, t, private)
	}
}

// noText reports text where none may be; an element that must be empty may not even hold white space.
func (c *checker) noText(e *xmltree.Element, empty bool) {
	for _, n := range e.Children {
		t, ok := n.(*xmltree.Text)
		if !ok {
			continue
		}
		if empty || !blank(t.Data) {
			want := "elements only"
			if empty {
				want = "no content"
			}
			c.report(TextUnexpected, e, "", "", want)
			return
		}
	}
}

func blank(s string) bool {
	for i := range len(s) {
		if c := s[i]; c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return false
		}
	}
	return true
}

// value checks the text of e, or of its attribute.
func (c *checker) value(e *xmltree.Element, attr string, s *simple, v string, private bool) {
	if f := s.check(v); f.rule != "" {
		got := v
		if private {
			got = ""
		}
		c.report(f.rule, e, attr, got, f.want)
		return
	}
	switch s.builtin {
	case ID:
		c.identify(e, attr, s.normalize(v))
	case IDRef:
		if v = s.normalize(v); !c.ids[v] && len(c.refs) < MaxFindings {
			c.refs = append(c.refs, reference{e, attr, v})
		}
	}
}

// identify notes an id. [XML Schema 1.0 Part 1 §3.15.4]
func (c *checker) identify(e *xmltree.Element, attr, v string) {
	if c.ids[v] {
		c.report(ValueRepeated, e, attr, v, "an id that no other element has")
		return
	}
	if c.ids == nil {
		c.ids = make(map[string]bool)
	}
	c.ids[v] = true
}

// wildcard checks an element that a wildcard met.
func (c *checker) wildcard(e *xmltree.Element, p Process, private bool) {
	if c.full() || p == Skip {
		return
	}
	if d := c.schema.elements[e.Name]; d != nil {
		c.element(e, d.typ, d.nillable, private || d.private)
		return
	}
	if _, typed := e.Attr(NamespaceXSI, "type"); p == Strict && !typed {
		c.report(ElementUnexpected, e, "", c.schema.label(e.Name), "an element that the schema declares")
		return
	}
	c.element(e, c.schema.urType, false, private)
}

func (c *checker) laxChildren(e *xmltree.Element, private bool) {
	for child := range e.Elements() {
		c.wildcard(child, Lax, private)
	}
}
