package webtest

import (
	"fmt"
	"regexp"
	"strings"
)

// unfilled finds keys that no catalogue has and placeholders that nobody filled.
var unfilled = regexp.MustCompile(`\[[a-z]+(/[a-z]+)*/_?[A-Za-z]+\.[A-Za-z.]+\]|\{[A-Za-z]+\}|ZgotmplZ|(<|&lt;)nil(>|&gt;)|%!|map\[|\{\{`)

// Check holds a page in lang to the rules of the house and returns what it breaks. [WCAG 2.2]
func Check(page, lang string) []string {
	root, err := Parse(page)
	if err != nil {
		return []string{err.Error()}
	}
	var out []string
	bad := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if !strings.HasPrefix(page, "<!doctype html>") {
		bad("no doctype")
	}
	if n := root.Tags("html"); len(n) != 1 || n[0].Attr["lang"] != lang {
		bad("html has not lang %q", lang)
	}
	for _, tag := range []string{"h1", "title", "main"} {
		if n := root.Tags(tag); len(n) != 1 || n[0].Text() == "" {
			bad("%d %s, or an empty one", len(n), tag)
		}
	}
	if m := unfilled.FindString(page); m != "" {
		bad("unfilled: %s", m)
	}
	checkElements(root, bad)
	checkFields(root, bad)
	checkHeadings(root, bad)
	return out
}

func checkElements(root *Node, bad func(string, ...any)) {
	ids := map[string]bool{}
	for _, n := range root.All(func(*Node) bool { return true }) {
		switch n.Tag {
		case "script", "style":
			bad("<%s> in the page", n.Tag)
		case "a", "button":
			if n.Text() == "" && n.Attr["aria-label"] == "" {
				bad("<%s> without text: %v", n.Tag, n.Attr)
			}
		case "iframe":
			if n.Attr["title"] == "" {
				bad("iframe without title")
			}
		case "table":
			if len(n.Tags("th")) == 0 || len(n.Tags("caption")) == 0 {
				bad("table without header cells or caption")
			}
		case "ul", "ol":
			for _, c := range n.Children {
				if c.Tag != "" && c.Tag != "li" {
					bad("<%s> in <%s>", c.Tag, n.Tag)
				}
			}
		}
		for a := range n.Attr {
			if a == "style" || strings.HasPrefix(a, "on") {
				bad("attribute %s of <%s>", a, n.Tag)
			}
		}
		if id, ok := n.Attr["id"]; ok {
			if ids[id] || id == "" {
				bad("id %q twice, or empty", id)
			}
			ids[id] = true
		}
	}
	for _, n := range root.All(func(*Node) bool { return true }) {
		for _, a := range []string{"aria-labelledby", "aria-describedby"} {
			for id := range strings.FieldsSeq(n.Attr[a]) {
				if !ids[id] {
					bad("%s names %q, which is not there", a, id)
				}
			}
		}
		if to, ok := strings.CutPrefix(n.Attr["href"], "#"); ok && !ids[to] {
			bad("link to #%s, which is not there", to)
		}
	}
}

// checkFields wants a label on every field, a submit button in every form, and the token in every post.
func checkFields(root *Node, bad func(string, ...any)) {
	labels := map[string]bool{}
	for _, l := range root.Tags("label") {
		if l.Text() == "" {
			bad("empty label")
		}
		labels[l.Attr["for"]] = true
	}
	for _, n := range root.Tags("input", "select", "textarea") {
		if n.Attr["type"] == "hidden" {
			continue
		}
		if !n.Within("label") && (n.Attr["id"] == "" || !labels[n.Attr["id"]]) {
			bad("field %q without label", n.Attr["name"])
		}
		if n.Attr["type"] == "radio" && !n.Within("fieldset") {
			bad("radio button %q outside a fieldset", n.Attr["name"])
		}
	}
	for _, f := range root.Tags("form") {
		if len(f.Tags("button")) == 0 {
			bad("form %q without button", f.Attr["action"])
		}
		if f.Attr["method"] != "get" && f.Attr["method"] != "post" {
			bad("form %q without method", f.Attr["action"])
		}
	}
	for _, f := range root.Tags("fieldset") {
		if n := f.Tags("legend"); len(n) != 1 || n[0].Text() == "" {
			bad("fieldset without legend")
		}
	}
}

// checkHeadings wants no level skipped on the way down.
func checkHeadings(root *Node, bad func(string, ...any)) {
	last := 1
	for _, h := range root.Tags("h1", "h2", "h3", "h4", "h5", "h6") {
		level := int(h.Tag[1] - '0')
		if level > last+1 && !h.Within("div") {
			bad("%s %q after h%d", h.Tag, h.Text(), last)
		}
		last = level
	}
}
