package model

import (
	"errors"
	"fmt"
	"sort"

	"oots/xml/xmltree"
)

// A Schema is a compiled set of tables. It is read-only and safe for concurrent use.
type Schema struct {
	prefixes   map[string]string
	elements   map[xmltree.Name]*element
	attributes map[xmltree.Name]*attribute
	types      map[xmltree.Name]*typ
	urType     *typ
	roots      map[xmltree.Name]bool // nil: every global element
}

// A typ is a compiled type; simple is set for a simple type and for simple content.
type typ struct {
	name     xmltree.Name
	base     *typ
	abstract bool
	complex  bool // has attributes or element content
	mixed    bool
	private  bool
	any      bool // xs:anyType
	simple   *simple
	attrs    []attribute
	required int // attributes that must be there
	anyAttr  Wildcard
	content  *automaton // nil: no elements
}

// derives reports whether t is d or derived from it.
func (t *typ) derives(d *typ) bool {
	for ; t != nil; t = t.base {
		if t == d {
			return true
		}
	}
	return d.any
}

type element struct {
	name     xmltree.Name
	typ      *typ
	nillable bool
	private  bool
}

type attribute struct {
	name     xmltree.Name
	simple   *simple
	fixed    string
	required bool
	private  bool
}

// Compile joins tables into a Schema. The error names every fault: a name that is declared twice or not at all,
// a content model in which the next element would not say which particle it belongs to.
func Compile(tables ...Table) (*Schema, error) {
	c := &compiler{
		schema: &Schema{
			prefixes:   make(map[string]string),
			elements:   make(map[xmltree.Name]*element),
			attributes: make(map[xmltree.Name]*attribute),
			types:      make(map[xmltree.Name]*typ),
		},
		complex: make(map[xmltree.Name]*Complex),
		simple:  make(map[xmltree.Name]*Simple),
	}
	c.declare(tables)
	c.define(tables)
	if err := errors.Join(c.faults...); err != nil {
		return nil, err
	}
	return c.schema, nil
}

// Only returns a Schema that shares everything with s but accepts only the named document elements.
func (s *Schema) Only(roots ...xmltree.Name) *Schema {
	narrow := *s
	narrow.roots = make(map[xmltree.Name]bool, len(roots))
	for _, r := range roots {
		narrow.roots[r] = true
	}
	return &narrow
}

type compiler struct {
	schema  *Schema
	complex map[xmltree.Name]*Complex
	simple  map[xmltree.Name]*Simple
	faults  []error
	pending []func() // content models, built once all types exist
}

func (c *compiler) fault(format string, args ...any) {
	c.faults = append(c.faults, fmt.Errorf(format, args...))
}

// declare enters every name, so that definitions may refer to each other in any order.
func (c *compiler) declare(tables []Table) {
	s := c.schema
	s.urType = &typ{name: xmltree.Name{Space: NamespaceXSD, Local: "anyType"}, any: true, mixed: true, complex: true,
		anyAttr: Wildcard{Process: Lax}}
	s.types[s.urType.name] = s.urType
	for b := range builtins {
		c.builtin(b)
	}
	for i := range tables {
		t := &tables[i]
		for uri, prefix := range t.Prefixes {
			s.prefixes[uri] = prefix
		}
		for j := range t.Complex {
			if d := &t.Complex[j]; c.free(d.Name) {
				c.complex[d.Name] = d
			}
		}
		for j := range t.Simple {
			if d := &t.Simple[j]; c.free(d.Name) {
				c.simple[d.Name] = d
			}
		}
		for j := range t.Elements {
			d := &t.Elements[j]
			if s.elements[d.Name] != nil {
				c.fault("element %v is declared twice", d.Name)
			}
			s.elements[d.Name] = &element{name: d.Name, nillable: d.Nillable, private: d.Private}
		}
	}
}

func (c *compiler) free(name xmltree.Name) bool {
	_, isComplex := c.complex[name]
	_, isSimple := c.simple[name]
	if isComplex || isSimple || c.schema.types[name] != nil {
		c.fault("type %v is declared twice", name)
		return false
	}
	return true
}

// define resolves what the tables say.
func (c *compiler) define(tables []Table) {
	s := c.schema
	for i := range tables {
		for j := range tables[i].Attributes {
			d := &tables[i].Attributes[j]
			if s.attributes[d.Name] != nil {
				c.fault("attribute %v is declared twice", d.Name)
			}
			a := c.attribute(d)
			s.attributes[d.Name] = &a
		}
	}
	for _, name := range sorted(c.complex) {
		c.named(name)
	}
	for _, name := range sorted(c.simple) {
		c.named(name)
	}
	for i := range tables {
		for j := range tables[i].Elements {
			d := &tables[i].Elements[j]
			s.elements[d.Name].typ = c.typ(d.Type)
		}
	}
	for len(c.pending) > 0 {
		build := c.pending[0]
		c.pending = c.pending[1:]
		build()
	}
}

func sorted[T any](m map[xmltree.Name]T) []xmltree.Name {
	names := make([]xmltree.Name, 0, len(m))
	for n := range m {
		names = append(names, n)
	}
	sort.Slice(names, func(i, j int) bool {
		a, b := names[i], names[j]
		return a.Space < b.Space || a.Space == b.Space && a.Local < b.Local
	})
	return names
}

// typ resolves a Type.
func (c *compiler) typ(t Type) *typ {
	switch t := t.(type) {
	case nil:
		return c.schema.urType
	case Builtin:
		return c.builtin(t)
	case Ref:
		return c.named(xmltree.Name(t))
	case *Simple:
		return c.defineSimple(t, new(typ))
	case *Complex:
		return c.defineComplex(t, new(typ))
	}
	c.fault("a type of kind %T", t)
	return c.schema.urType
}

// named returns the type of a name, which may still be under construction.
func (c *compiler) named(name xmltree.Name) *typ {
	if t := c.schema.types[name]; t != nil {
		return t
	}
	t := new(typ)
	c.schema.types[name] = t
	if d := c.complex[name]; d != nil {
		return c.defineComplex(d, t)
	}
	if d := c.simple[name]; d != nil {
		return c.defineSimple(d, t)
	}
	c.fault("type %v is not declared", name)
	return t
}

func (c *compiler) builtin(b Builtin) *typ {
	row := b.row()
	name := xmltree.Name{Space: NamespaceXSD, Local: row.name}
	if t := c.schema.types[name]; t != nil {
		return t
	}
	t := &typ{name: name, base: c.schema.urType}
	c.schema.types[name] = t
	if b != AnySimple {
		t.base = c.builtin(row.base)
	}
	t.simple = &simple{builtin: b, space: row.space, form: row.form, want: row.want}
	return t
}

// defineComplex fills t. A base must not depend on t.
func (c *compiler) defineComplex(d *Complex, t *typ) *typ {
	*t = typ{name: d.Name, base: c.schema.urType, abstract: d.Abstract, complex: true, mixed: d.Mixed, private: d.Private, anyAttr: d.AnyAttr}
	contents := []Particle{d.Content}
	if d.Base != nil {
		t.base = c.typ(d.Base)
		t.private = t.private || t.base.private
		t.simple = t.base.simple
		t.attrs = append(t.attrs, t.base.attrs...)
		if t.anyAttr.Process == None {
			t.anyAttr = t.base.anyAttr
		}
		contents = append(c.contents(d.Base), contents...)
	}
	if d.Value != nil {
		v := c.typ(d.Value)
		t.simple = v.simple
		if t.simple == nil {
			c.fault("type %v: its simple content is no simple type", d.Name)
		}
		if d.Base == nil {
			t.base = v // simple content extends its type
		}
	}
	for i := range d.Attributes {
		t.attrs = append(t.attrs, c.attribute(&d.Attributes[i]))
	}
	for i := range t.attrs {
		if t.attrs[i].required {
			t.required++
		}
	}
	c.pending = append(c.pending, func() {
		a, err := c.automaton(contents)
		if err != nil {
			c.fault("type %v: %w", d.Name, err)
		}
		if a != nil && t.simple != nil {
			c.fault("type %v has simple content and elements", d.Name)
		}
		t.content = a
	})
	return t
}

// contents returns the particles of a base, the oldest first.
func (c *compiler) contents(t Type) []Particle {
	var d *Complex
	switch t := t.(type) {
	case *Complex:
		d = t
	case Ref:
		d = c.complex[xmltree.Name(t)]
	}
	if d == nil {
		return nil
	}
	if d.Base == nil {
		return []Particle{d.Content}
	}
	return append(c.contents(d.Base), d.Content)
}

func (c *compiler) attribute(d *Attribute) attribute {
	a := attribute{name: d.Name, fixed: d.Fixed, required: d.Required, private: d.Private}
	if d.Global {
		g := c.schema.attributes[d.Name]
		if g == nil {
			c.fault("attribute %v is not declared", d.Name)
			return a
		}
		a.simple = g.simple
		return a
	}
	if d.Type == nil {
		a.simple = c.builtin(AnySimple).simple
		return a
	}
	a.simple = c.typ(d.Type).simple
	if a.simple == nil {
		c.fault("attribute %v has no simple type", d.Name)
	}
	return a
}
