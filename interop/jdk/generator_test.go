package jdk

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// A generator writes documents with what canonicalisation is about: nested and redeclared namespaces, defaults
// that are undeclared, attributes of the xml namespace, white space and references in values, comments and
// processing instructions.
type generator struct {
	r      *rand.Rand
	b      strings.Builder
	placed bool // the element with Id="t"
}

// A scope maps the prefixes in scope to their namespaces.
type scope map[string]string

var (
	prefixes   = []string{"", "a", "b", "c", "d1", "A", "ä"}
	namespaces = []string{"urn:one", "urn:two", "urn:three", "http://example.org/x?a=1&amp;b=2", "http://example.org/ü"}
	texts      = []string{"text", " ", "\n\t", "&amp;&lt;&gt;", "&#13;", "&#xD;&#10;", "Größe Ελένη 𝄞", "<![CDATA[<&]]>", "]]&gt;", "\"'", "&quot;&apos;"}
	values     = []string{"", "v", " a  b ", "&#9;&#10;&#13;", "&quot;&lt;&gt;&amp;", "a\tb\nc", "Ελένη", "urn:one", "'"}
)

func pick[T any](g *generator, from []T) T { return from[g.r.IntN(len(from))] }

func (g *generator) document() string {
	g.b.Reset()
	g.placed = false
	if g.r.IntN(2) == 0 {
		g.b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
	}
	if g.r.IntN(3) == 0 {
		g.b.WriteString("<!-- before -->")
	}
	g.element(scope{}, 1)
	if g.r.IntN(3) == 0 {
		g.b.WriteString("\n<!-- behind -->\n")
	}
	return g.b.String()
}

func (g *generator) element(outer scope, depth int) {
	in := scope{}
	for p, uri := range outer {
		in[p] = uri
	}
	var attrs []string
	for _, p := range prefixes {
		if g.r.IntN(4) != 0 {
			continue
		}
		uri := pick(g, namespaces)
		if p == "" {
			if g.r.IntN(2) == 0 {
				uri = ""
			}
			attrs = append(attrs, fmt.Sprintf(`xmlns="%s"`, uri))
		} else {
			attrs = append(attrs, fmt.Sprintf(`xmlns:%s="%s"`, p, uri))
		}
		in[p] = uri
	}
	name := g.name(in, true) + pick(g, []string{"e", "f", "Élan", "g.h-1"})
	attrs = append(attrs, g.attributes(in)...)
	if !g.placed && (depth > 2 && g.r.IntN(3) == 0 || depth == 4) {
		attrs = append(attrs, `Id="t"`)
		g.placed = true
	}
	g.r.Shuffle(len(attrs), func(i, j int) { attrs[i], attrs[j] = attrs[j], attrs[i] })
	g.b.WriteString("<" + name)
	for _, a := range attrs {
		g.b.WriteString(pick(g, []string{" ", "\n\t", "  "}) + a)
	}
	children := g.r.IntN(4)
	if depth >= 6 {
		children = 0
	}
	if children == 0 && !g.placed && depth < 4 {
		children = 1
	}
	if children == 0 && g.r.IntN(2) == 0 {
		g.b.WriteString("/>")
		return
	}
	g.b.WriteString(pick(g, []string{">", " >"}))
	g.filling()
	for range children {
		g.element(in, depth+1)
		g.filling()
	}
	g.b.WriteString("</" + name + ">")
}

// name picks a prefix that is in scope, with its colon.
func (g *generator) name(in scope, element bool) string {
	p := pick(g, prefixes)
	if _, ok := in[p]; p == "" || !ok {
		return ""
	}
	return p + ":"
}

// attributes picks attributes whose expanded names differ.
func (g *generator) attributes(in scope) []string {
	var out []string
	seen := map[string]bool{}
	for range g.r.IntN(4) {
		p := g.name(in, false)
		local := pick(g, []string{"x", "y", "z", "X"})
		key := "{" + in[strings.TrimSuffix(p, ":")] + "}" + local
		if p == "" {
			key = local
		}
		if seen[key] {
			continue
		}
		seen[key] = true
		out = append(out, fmt.Sprintf(`%s%s="%s"`, p, local, pick(g, values)))
	}
	for _, local := range []string{"lang", "space"} {
		if g.r.IntN(6) == 0 {
			out = append(out, fmt.Sprintf(`xml:%s='%s'`, local, map[string]string{"lang": "de", "space": "preserve"}[local]))
		}
	}
	return out
}

// filling writes what may stand between elements.
func (g *generator) filling() {
	for range g.r.IntN(3) {
		switch g.r.IntN(8) {
		case 0:
			g.b.WriteString("<!-- comment & <b> -->")
		case 1:
			g.b.WriteString("<?target data ?>")
		case 2:
			g.b.WriteString("<?target?>")
		default:
			g.b.WriteString(pick(g, texts))
		}
	}
}

func (g *generator) prefixList() []string {
	list := []string{pick(g, []string{"a", "b", "#default"})}
	for _, p := range []string{"c", "d1", "unknown", "#default", "A"} {
		if g.r.IntN(3) == 0 && p != list[0] {
			list = append(list, p)
		}
	}
	return list
}
