package xmltree

import (
	"strings"
	"unicode/utf8"
)

const namespaceXMLNS = "http://www.w3.org/2000/xmlns/"

// startTag reads a start tag or an empty-element tag. [XML 1.0 §3.1]
func (p *parser) startTag(doc *Document) error {
	start := p.at
	if len(p.open) >= p.lim.Depth {
		return p.fail(start, "deeper than %d elements", p.lim.Depth)
	}
	if p.elements++; p.elements > p.lim.Elements {
		return p.fail(start, "more than %d elements", p.lim.Elements)
	}
	p.at++
	prefix, local, err := p.qualifiedName()
	if err != nil {
		return err
	}
	scope := len(p.scope)
	p.attrs, p.decls = p.attrs[:0], p.decls[:0]
	empty, err := p.attributes(start)
	if err != nil {
		return err
	}
	e := p.elementArena.one()
	e.Name.Local, e.Prefix = local, prefix
	e.Line, e.Start = p.lineOf(start), start
	if err := p.bind(e); err != nil {
		return err
	}
	e.Decls = p.declArena.copyOf(p.decls)
	e.Attrs = p.attrArena.copyOf(p.attrs)
	if n := len(p.open); n > 0 {
		e.Parent = p.open[n-1].element
	}
	if empty {
		p.scope = p.scope[:scope]
		p.finish(doc, e)
		return nil
	}
	p.open = append(p.open, frame{element: e, nodes: len(p.nodes), scope: scope})
	return nil
}

// endTag reads an end tag and closes the element it names.
func (p *parser) endTag(doc *Document) error {
	start := p.at
	f := p.open[len(p.open)-1]
	e := f.element
	rest := p.src[start+2:]
	n := len(e.Name.Local)
	if e.Prefix != "" {
		n += len(e.Prefix) + 1
	}
	// The start tag's own bytes are the name to find again.
	if !strings.HasPrefix(rest, p.src[e.Start+1:e.Start+1+n]) {
		return p.fail(start, "the end tag does not close <%s> of line %d", e.qname(), e.Line)
	}
	p.at = start + 2 + n
	p.skipSpace()
	if p.at >= len(p.src) || p.src[p.at] != '>' {
		return p.fail(start, "the end tag does not close <%s> of line %d", e.qname(), e.Line)
	}
	p.at++
	e.Children = p.nodeArena.copyOf(p.nodes[f.nodes:])
	p.nodes = p.nodes[:f.nodes]
	p.scope = p.scope[:f.scope]
	p.open = p.open[:len(p.open)-1]
	p.finish(doc, e)
	return nil
}

// finish hands a complete element to its parent, or to the document.
func (p *parser) finish(doc *Document, e *Element) {
	e.End = p.at
	if e.Parent == nil {
		doc.Root = e
		return
	}
	p.nodes = append(p.nodes, e)
}

// qname is the name of e as written.
func (e *Element) qname() string {
	if e.Prefix == "" {
		return e.Name.Local
	}
	return e.Prefix + ":" + e.Name.Local
}

// qualifiedName reads prefix:local or local. [Namespaces in XML §4]
func (p *parser) qualifiedName() (prefix, local string, err error) {
	n := ncname(p.src[p.at:])
	if n == 0 {
		return "", "", p.fail(p.at, "a name is missing")
	}
	local = p.src[p.at : p.at+n]
	p.at += n
	if p.at < len(p.src) && p.src[p.at] == ':' {
		prefix = local
		n = ncname(p.src[p.at+1:])
		if n == 0 {
			return "", "", p.fail(p.at, "a name is missing behind the colon")
		}
		local = p.src[p.at+1 : p.at+1+n]
		p.at += n + 1
	}
	return prefix, local, nil
}

// attributes reads up to the end of the tag and sorts declarations from attributes.
func (p *parser) attributes(start int) (empty bool, err error) {
	for {
		before := p.at
		p.skipSpace()
		if p.at >= len(p.src) {
			return false, p.fail(start, "a tag does not end")
		}
		switch p.src[p.at] {
		case '>':
			p.at++
			return false, nil
		case '/':
			if !strings.HasPrefix(p.src[p.at:], "/>") {
				return false, p.fail(p.at, "a slash inside a tag")
			}
			p.at += 2
			return true, nil
		}
		if p.at == before {
			return false, p.fail(p.at, "white space is missing before an attribute")
		}
		if err := p.attribute(); err != nil {
			return false, err
		}
	}
}

func (p *parser) attribute() error {
	at := p.at
	prefix, local, err := p.qualifiedName()
	if err != nil {
		return err
	}
	p.skipSpace()
	if p.at >= len(p.src) || p.src[p.at] != '=' {
		return p.fail(p.at, "attribute %s has no value", local)
	}
	p.at++
	p.skipSpace()
	value, err := p.attributeValue()
	if err != nil {
		return err
	}
	switch {
	case prefix == "xmlns":
		return p.declare(at, local, value)
	case prefix == "" && local == "xmlns":
		return p.declare(at, "", value)
	case len(p.attrs) >= p.lim.Attributes:
		return p.fail(at, "more than %d attributes", p.lim.Attributes)
	}
	p.attrs = append(p.attrs, Attr{Name: Name{Local: local}, Prefix: prefix, Value: value})
	return nil
}

// attributeValue reads a quoted value and normalises it as CDATA. [XML 1.0 §3.3.3]
func (p *parser) attributeValue() (string, error) {
	at := p.at
	if at >= len(p.src) || p.src[at] != '"' && p.src[at] != '\'' {
		return "", p.fail(at, "an attribute value is not quoted")
	}
	n := strings.IndexByte(p.src[at+1:], p.src[at])
	if n < 0 {
		return "", p.fail(at, "an attribute value does not end")
	}
	if err := p.checkLength(at, n); err != nil {
		return "", err
	}
	raw := p.src[at+1 : at+1+n]
	p.at = at + n + 2
	plain := true
	for i := 0; i < len(raw); i++ {
		switch raw[i] {
		case '<':
			return "", p.fail(at+1+i, "a less-than sign in an attribute value")
		case '&', '\t', '\n', '\r':
			plain = false
		}
	}
	if plain {
		return raw, nil
	}
	return p.normalised(at+1, raw)
}

func (p *parser) normalised(at int, raw string) (string, error) {
	out := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; c {
		case '&':
			r, n, err := p.reference(at + i)
			if err != nil {
				return "", err
			}
			if i+n > len(raw) {
				return "", p.fail(at+i, "an ampersand that begins no reference")
			}
			out = utf8.AppendRune(out, r)
			i += n - 1
		case '\r':
			if i+1 < len(raw) && raw[i+1] == '\n' {
				i++
			}
			out = append(out, ' ')
		case '\t', '\n':
			out = append(out, ' ')
		default:
			out = append(out, c)
		}
	}
	return string(out), nil
}

// declare takes one namespace declaration into scope. [Namespaces in XML §2, §3]
func (p *parser) declare(at int, prefix, uri string) error {
	switch {
	case prefix == "xmlns":
		return p.fail(at, "the prefix xmlns cannot be declared")
	case (prefix == "xml") != (uri == NamespaceXML):
		return p.fail(at, "the prefix xml and its namespace belong together")
	case uri == namespaceXMLNS:
		return p.fail(at, "the namespace of declarations cannot be declared")
	case uri == "" && prefix != "":
		return p.fail(at, "prefix %s is undeclared, which namespaces 1.0 do not know", prefix)
	case len(p.decls) >= p.lim.Attributes:
		return p.fail(at, "more than %d namespace declarations", p.lim.Attributes)
	case len(p.scope) >= 4*p.lim.Attributes:
		return p.fail(at, "more than %d namespace declarations in scope", 4*p.lim.Attributes)
	}
	for i := range p.decls {
		if p.decls[i].Prefix == prefix {
			return p.fail(at, "prefix %q is declared twice", prefix)
		}
	}
	p.decls = append(p.decls, Decl{Prefix: prefix, URI: uri})
	p.scope = append(p.scope, Decl{Prefix: prefix, URI: uri})
	return nil
}

// bind resolves the prefixes of a start tag and checks that no attribute occurs twice. [Namespaces in XML §6.3]
func (p *parser) bind(e *Element) error {
	var ok bool
	if e.Name.Space, ok = p.lookup(e.Prefix); !ok {
		return p.fail(e.Start, "prefix %s is not declared", e.Prefix)
	}
	for i := range p.attrs {
		a := &p.attrs[i]
		if a.Prefix != "" {
			if a.Name.Space, ok = p.lookup(a.Prefix); !ok {
				return p.fail(e.Start, "prefix %s is not declared", a.Prefix)
			}
		}
		for j := range p.attrs[:i] {
			if p.attrs[j].Name == a.Name {
				return p.fail(e.Start, "attribute %s occurs twice", a.Name.Local)
			}
		}
	}
	return nil
}

func (p *parser) lookup(prefix string) (uri string, ok bool) {
	for i := len(p.scope) - 1; i >= 0; i-- {
		if p.scope[i].Prefix == prefix {
			return p.scope[i].URI, true
		}
	}
	switch prefix {
	case "":
		return "", true
	case "xml":
		return NamespaceXML, true
	}
	return "", false
}
