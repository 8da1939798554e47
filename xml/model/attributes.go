package model

import "oots/xml/xmltree"

// attributes checks those that e has, and that those it must have are there.
func (c *checker) attributes(e *xmltree.Element, t *typ, private bool) {
	seen := 0
	for i := range e.Attrs {
		a := &e.Attrs[i]
		if a.Name.Space == NamespaceXSI && ofInstance(a.Name.Local) {
			continue
		}
		d := t.attribute(a.Name)
		if d == nil {
			c.otherAttribute(e, t, a, private)
			continue
		}
		if d.required {
			seen++
		}
		c.attribute(e, d, a, private)
	}
	if seen == t.required {
		return
	}
	for i := range t.attrs {
		d := &t.attrs[i]
		if !d.required {
			continue
		}
		if _, ok := e.Attr(d.name.Space, d.name.Local); !ok {
			c.report(AttributeMissing, e, c.schema.label(d.name), "", "the attribute "+c.schema.label(d.name))
		}
	}
}

// ofInstance reports whether local is an attribute of the instance namespace that every element may have.
func ofInstance(local string) bool {
	switch local {
	case "type", "nil", "schemaLocation", "noNamespaceSchemaLocation":
		return true
	}
	return false
}

func (t *typ) attribute(name xmltree.Name) *attribute {
	for i := range t.attrs {
		if d := &t.attrs[i]; d.name.Local == name.Local && d.name.Space == name.Space {
			return d
		}
	}
	return nil
}

func (c *checker) attribute(e *xmltree.Element, d *attribute, a *xmltree.Attr, private bool) {
	label := c.schema.label(a.Name)
	if d.fixed != "" && d.simple.normalize(a.Value) != d.fixed {
		c.report(ValueUnlisted, e, label, a.Value, d.fixed)
		return
	}
	c.value(e, label, d.simple, a.Value, private || d.private)
}

// otherAttribute checks an attribute that the type does not name.
func (c *checker) otherAttribute(e *xmltree.Element, t *typ, a *xmltree.Attr, private bool) {
	w := &t.anyAttr
	g := c.schema.attributes[a.Name]
	switch {
	case w.Process == None, !w.admits(a.Name.Space), w.Process == Strict && g == nil:
		c.report(AttributeUnexpected, e, c.schema.label(a.Name), "", "no such attribute"+c.schema.attributesWanted(t))
	case w.Process != Skip && g != nil:
		c.attribute(e, g, a, private)
	}
}
