package c14n

import (
	"slices"
	"strings"

	"oots/xml/xmltree"
)

// inherit adds the attributes of the xml namespace that the apex has from its ancestors: all of them in version
// 1.0 [C14N 1.0 §2.4]; in version 1.1 xml:lang and xml:space, and xml:base as the join of all values, but never
// xml:id [C14N 1.1 §2.4].
func (c *canonical) inherit(e *xmltree.Element) {
	for s := e.Parent; s != nil; s = s.Parent {
		for i := range s.Attrs {
			a := &s.Attrs[i]
			if a.Name.Space != xmltree.NamespaceXML || c.mode.v11 && a.Name.Local != "lang" && a.Name.Local != "space" {
				continue
			}
			if !slices.ContainsFunc(c.attrs, func(o *xmltree.Attr) bool { return o.Name == a.Name }) {
				c.attrs = append(c.attrs, a)
			}
		}
	}
	if c.mode.v11 {
		c.fixBase(e)
	}
}

// fixBase gives the apex the xml:base that its omitted ancestors would have given it.
func (c *canonical) fixBase(e *xmltree.Element) {
	base := xmltree.Name{Space: xmltree.NamespaceXML, Local: "base"}
	value, joined := e.Attr(base.Space, base.Local)
	found := false
	for s := e.Parent; s != nil; s = s.Parent {
		outer, has := s.Attr(base.Space, base.Local)
		if !has {
			continue
		}
		if joined || found {
			value = joinURI(outer, value)
		} else {
			value = outer
		}
		found = true
	}
	if !found {
		return
	}
	c.attrs = slices.DeleteFunc(c.attrs, func(a *xmltree.Attr) bool { return a.Name == base })
	if value != "" {
		c.attrs = append(c.attrs, &xmltree.Attr{Name: base, Prefix: "xml", Value: value})
	}
}

// A uri is a reference in the parts of RFC 3986 appendix B; the has fields tell empty from absent.
type uri struct {
	scheme, authority, path, query string
	hasAuthority, hasQuery         bool
}

// splitURI takes a reference apart; its fragment is left out, as a base has none.
func splitURI(s string) uri {
	var u uri
	s, _, _ = strings.Cut(s, "#")
	if i := strings.IndexAny(s, ":/?"); i > 0 && s[i] == ':' {
		u.scheme, s = s[:i], s[i+1:]
	}
	s, u.query, u.hasQuery = strings.Cut(s, "?")
	if rest, ok := strings.CutPrefix(s, "//"); ok {
		u.hasAuthority = true
		i := strings.IndexByte(rest, '/')
		if i < 0 {
			i = len(rest)
		}
		u.authority, s = rest[:i], rest[i:]
	}
	u.path = s
	return u
}

func (u uri) String() string {
	var b strings.Builder
	if u.scheme != "" {
		b.WriteString(u.scheme + ":")
	}
	if u.hasAuthority {
		b.WriteString("//" + u.authority)
	}
	b.WriteString(u.path)
	if u.hasQuery {
		b.WriteString("?" + u.query)
	}
	return b.String()
}

// joinURI resolves ref against base as RFC 3986 §5.2 does, but base need have no scheme and leading ".." stay.
// [C14N 1.1 §2.4]
func joinURI(base, ref string) string {
	b, r := splitURI(base), splitURI(ref)
	t := r
	switch {
	case r.scheme != "" || r.hasAuthority:
		if r.scheme == "" {
			t.scheme = b.scheme
		}
		t.path = removeDots(r.path)
		return t.String()
	case r.path == "":
		t.path = removeDots(b.path)
		if !r.hasQuery {
			t.query, t.hasQuery = b.query, b.hasQuery
		}
	case strings.HasPrefix(r.path, "/"):
		t.path = removeDots(r.path)
	default:
		t.path = removeDots(mergePaths(b, r.path))
	}
	t.scheme, t.authority, t.hasAuthority = b.scheme, b.authority, b.hasAuthority
	return t.String()
}

// mergePaths puts a relative path in the place of the last segment of the base. A base that ends in ".." is a folder.
func mergePaths(b uri, path string) string {
	if b.hasAuthority && b.path == "" {
		return "/" + path
	}
	if b.path == ".." || strings.HasSuffix(b.path, "/..") {
		return b.path + "/" + path
	}
	return b.path[:strings.LastIndexByte(b.path, '/')+1] + path
}

// removeDots is RFC 3986 §5.2.4, keeping leading ".." of a relative path and joining repeated slashes.
func removeDots(path string) string {
	absolute := strings.HasPrefix(path, "/")
	segments := strings.Split(path, "/")
	var out []string
	for i, s := range segments {
		last := i == len(segments)-1
		switch {
		case s == "" && !last:
		case s == ".":
			if last {
				out = append(out, "")
			}
		case s == "..":
			if n := len(out); n > 0 && out[n-1] != ".." {
				out = out[:n-1]
			} else if !absolute {
				out = append(out, "..")
			}
			if last {
				out = append(out, "")
			}
		default:
			out = append(out, s)
		}
	}
	joined := strings.Join(out, "/")
	if absolute {
		return "/" + joined
	}
	if joined == "/" {
		return ""
	}
	return joined
}
