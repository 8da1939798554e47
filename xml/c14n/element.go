package c14n

import (
	"slices"
	"strings"

	"oots/xml/xmltree"
)

// apex writes the element whose ancestors are not part of the output.
func (c *canonical) apex(e *xmltree.Element) {
	c.decls = c.decls[:0]
	switch {
	case !c.mode.exclusive:
		for s := e; s != nil; s = s.Parent {
			for _, d := range s.Decls {
				c.inScope(d)
			}
		}
		c.decls = slices.DeleteFunc(c.decls, func(d xmltree.Decl) bool { return d.URI == "" })
	default:
		for _, prefix := range c.listed {
			if uri, ok := e.Resolve(prefix); ok && uri != "" {
				c.inScope(xmltree.Decl{Prefix: prefix, URI: uri})
			}
		}
		c.utilised(e)
	}
	c.attrs = c.attrs[:0]
	for i := range e.Attrs {
		c.attrs = append(c.attrs, &e.Attrs[i])
	}
	if !c.mode.exclusive {
		c.inherit(e)
	}
	c.element(e)
}

// inScope notes a declaration for the apex unless an inner one of the same prefix is noted.
func (c *canonical) inScope(d xmltree.Decl) {
	if d.Prefix == "xml" || slices.ContainsFunc(c.decls, func(o xmltree.Decl) bool { return o.Prefix == d.Prefix }) {
		return
	}
	c.decls = append(c.decls, d)
}

// inner writes an element below the apex.
func (c *canonical) inner(e *xmltree.Element) {
	c.decls = c.decls[:0]
	for _, d := range e.Decls {
		if !c.mode.exclusive || slices.Contains(c.listed, d.Prefix) {
			c.need(d.Prefix, d.URI)
		}
	}
	if c.mode.exclusive {
		c.utilised(e)
	}
	c.attrs = c.attrs[:0]
	for i := range e.Attrs {
		c.attrs = append(c.attrs, &e.Attrs[i])
	}
	c.element(e)
}

// utilised notes the declarations that the names of the element and of its attributes need. [exc-c14n §3]
func (c *canonical) utilised(e *xmltree.Element) {
	c.need(e.Prefix, e.Name.Space)
	for i := range e.Attrs {
		if p := e.Attrs[i].Prefix; p != "" {
			c.need(p, e.Attrs[i].Name.Space)
		}
	}
}

// need notes a declaration unless an open element has written the same. An empty default namespace is written
// only against one that is not empty.
func (c *canonical) need(prefix, uri string) {
	if prefix == "xml" {
		return
	}
	for i := range c.decls {
		if c.decls[i].Prefix == prefix {
			return
		}
	}
	for i := len(c.rendered) - 1; i >= 0; i-- {
		if c.rendered[i].Prefix == prefix {
			if c.rendered[i].URI != uri {
				c.decls = append(c.decls, xmltree.Decl{Prefix: prefix, URI: uri})
			}
			return
		}
	}
	if uri != "" {
		c.decls = append(c.decls, xmltree.Decl{Prefix: prefix, URI: uri})
	}
}

// element writes e with the declarations and attributes that were noted, then its content.
func (c *canonical) element(e *xmltree.Element) {
	c.buf = append(c.buf, '<')
	c.name(e.Prefix, e.Name.Local)
	c.declarations()
	c.attributes()
	c.buf = append(c.buf, '>')
	height := len(c.rendered)
	c.rendered = append(c.rendered, c.decls...)
	for _, n := range e.Children {
		if child, ok := n.(*xmltree.Element); ok {
			if child != c.without {
				c.inner(child)
			}
			continue
		}
		c.leaf(n)
	}
	c.rendered = c.rendered[:height]
	c.buf = append(c.buf, '<', '/')
	c.name(e.Prefix, e.Name.Local)
	c.buf = append(c.buf, '>')
	c.drain()
}

func (c *canonical) name(prefix, local string) {
	if prefix != "" {
		c.buf = append(append(c.buf, prefix...), ':')
	}
	c.buf = append(c.buf, local...)
}

// declarations are sorted by prefix, the default namespace first. [C14N 1.0 §2.3]
func (c *canonical) declarations() {
	if len(c.decls) > 1 {
		slices.SortFunc(c.decls, func(a, b xmltree.Decl) int { return strings.Compare(a.Prefix, b.Prefix) })
	}
	for _, d := range c.decls {
		c.buf = append(c.buf, " xmlns"...)
		if d.Prefix != "" {
			c.buf = append(append(c.buf, ':'), d.Prefix...)
		}
		c.buf = append(c.buf, '=', '"')
		c.buf = xmltree.AppendAttr(c.buf, d.URI)
		c.buf = append(c.buf, '"')
	}
}

// attributes are sorted by namespace, then by local name; those without namespace come first. [C14N 1.0 §2.3]
func (c *canonical) attributes() {
	if len(c.attrs) > 1 {
		slices.SortFunc(c.attrs, func(a, b *xmltree.Attr) int {
			if order := strings.Compare(a.Name.Space, b.Name.Space); order != 0 {
				return order
			}
			return strings.Compare(a.Name.Local, b.Name.Local)
		})
	}
	for _, a := range c.attrs {
		c.buf = append(c.buf, ' ')
		c.name(a.Prefix, a.Name.Local)
		c.buf = append(c.buf, '=', '"')
		c.buf = xmltree.AppendAttr(c.buf, a.Value)
		c.buf = append(c.buf, '"')
	}
}

// leaf writes a node that is no element and reports whether it belongs to the output.
func (c *canonical) leaf(n xmltree.Node) bool {
	switch n := n.(type) {
	case *xmltree.Text:
		c.escapedText(n.Data)
	case *xmltree.Comment:
		if !c.mode.comments {
			return false
		}
		c.buf = append(c.buf, "<!--"...)
		c.escapedCR(n.Data)
		c.buf = append(c.buf, "-->"...)
	case *xmltree.ProcInst:
		c.buf = append(append(c.buf, "<?"...), n.Target...)
		if n.Data != "" {
			c.buf = append(c.buf, ' ')
			c.escapedCR(n.Data)
		}
		c.buf = append(c.buf, "?>"...)
	}
	return true
}
