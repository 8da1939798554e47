package webtest

import (
	"fmt"
	"html"
	"strings"
)

// A Node is one element of a page.
type Node struct {
	Tag      string            // "" for a text node
	Attr     map[string]string // unescaped; nil for a text node
	Children []*Node           // elements and text nodes
	Parent   *Node             // nil for the document
	text     string
}

// Parse reads the subset of HTML that our templates write: every element is closed or void, attributes
// are quoted. It reports the first deviation.
func Parse(page string) (*Node, error) {
	root := &Node{Tag: "#document"}
	at := root
	for len(page) > 0 {
		open := strings.IndexByte(page, '<')
		if open < 0 {
			open = len(page)
		}
		if open > 0 {
			at.Children = append(at.Children, &Node{text: html.UnescapeString(page[:open]), Parent: at})
			page = page[open:]
			continue
		}
		end := tagEnd(page)
		if end < 0 {
			return nil, fmt.Errorf("unfinished tag: %.40q", page)
		}
		tag := page[1:end]
		page = page[end+1:]
		switch {
		case strings.HasPrefix(tag, "!"):
		case strings.HasPrefix(tag, "/"):
			if at.Tag != tag[1:] {
				return nil, fmt.Errorf("</%s> closes <%s>", tag[1:], at.Tag)
			}
			at = at.Parent
		default:
			n, err := element(tag)
			if err != nil {
				return nil, err
			}
			n.Parent = at
			at.Children = append(at.Children, n)
			if !void(n.Tag) {
				at = n
			}
		}
	}
	if at != root {
		return nil, fmt.Errorf("<%s> is never closed", at.Tag)
	}
	return root, nil
}

// tagEnd is the index of the > that ends the tag, outside quotes.
func tagEnd(s string) int {
	quoted := false
	for i := range len(s) {
		switch s[i] {
		case '"':
			quoted = !quoted
		case '>':
			if !quoted {
				return i
			}
		}
	}
	return -1
}

func element(tag string) (*Node, error) {
	name, rest, _ := strings.Cut(strings.TrimSuffix(tag, "/"), " ")
	n := &Node{Tag: strings.TrimSpace(name), Attr: map[string]string{}}
	for rest = strings.TrimSpace(rest); rest != ""; rest = strings.TrimSpace(rest) {
		i := strings.IndexAny(rest, "= ")
		if i < 0 || rest[i] == ' ' {
			bare, after, _ := strings.Cut(rest, " ")
			n.Attr[bare], rest = "", after
			continue
		}
		key := rest[:i]
		rest = rest[i+1:]
		if !strings.HasPrefix(rest, `"`) {
			return nil, fmt.Errorf("attribute %s of <%s> is not quoted", key, n.Tag)
		}
		value, after, ok := strings.Cut(rest[1:], `"`)
		if !ok {
			return nil, fmt.Errorf("attribute %s of <%s> has no end", key, n.Tag)
		}
		if _, twice := n.Attr[key]; twice {
			return nil, fmt.Errorf("<%s> has two attributes %s", n.Tag, key)
		}
		n.Attr[key], rest = html.UnescapeString(value), after
	}
	return n, nil
}

func void(tag string) bool {
	switch tag {
	case "area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr":
		return true
	}
	return false
}

// All returns the elements below n that match, in document order.
func (n *Node) All(match func(*Node) bool) []*Node {
	var out []*Node
	for _, c := range n.Children {
		if c.Tag != "" && match(c) {
			out = append(out, c)
		}
		out = append(out, c.All(match)...)
	}
	return out
}

// Tags returns the elements below n with one of the tags.
func (n *Node) Tags(tags ...string) []*Node {
	return n.All(func(c *Node) bool {
		for _, t := range tags {
			if c.Tag == t {
				return true
			}
		}
		return false
	})
}

// With returns the first element below n whose attribute has the value, or nil.
func (n *Node) With(attr, value string) *Node {
	all := n.All(func(c *Node) bool { v, ok := c.Attr[attr]; return ok && v == value })
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

// Text is all text below n with single spaces.
func (n *Node) Text() string {
	var b strings.Builder
	n.write(&b)
	return strings.Join(strings.Fields(b.String()), " ")
}

func (n *Node) write(b *strings.Builder) {
	b.WriteString(n.text)
	for _, c := range n.Children {
		c.write(b)
	}
	switch n.Tag {
	case "p", "li", "div", "h1", "h2", "h3", "dt", "dd", "td", "th", "label", "button", "a", "summary", "caption", "legend", "small", "strong":
		b.WriteByte(' ')
	}
}

// Within reports whether n lies in an element with the tag.
func (n *Node) Within(tag string) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Tag == tag {
			return true
		}
	}
	return false
}
