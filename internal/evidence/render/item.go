package render

import "strings"

// An item is one field of a document before it has a label, XML and JSON alike.
type item struct {
	name, space string // local name and namespace of XML; member name of JSON
	text        string
	lang        string
	notes       []note // attributes, but for the language
	items       []item
}

// A note is an attribute of XML.
type note struct{ name, value string }

func (i *item) leaf() bool { return len(i.items) == 0 }

// first returns the first item below i named name, or nil.
func (i *item) first(name string) *item {
	for k := range i.items {
		if i.items[k].name == name {
			return &i.items[k]
		}
	}
	return nil
}

// clean drops what reorders text on the page, and white space around it.
func clean(s string) string {
	s = strings.TrimSpace(s)
	if !strings.ContainsFunc(s, unwanted) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if unwanted(r) {
			return -1
		}
		return r
	}, s)
}

// unwanted are controls but for line feed and tab, and the marks that turn the direction of what follows.
func unwanted(r rune) bool {
	return r < ' ' && r != '\n' && r != '\t' || r >= 0x7f && r < 0xa0 || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069
}

// cut shortens s to MaxText characters.
func cut(s string) (string, bool) {
	n := 0
	for at := range s {
		if n == MaxText {
			return s[:at] + "…", true
		}
		n++
	}
	return s, false
}

// spaced writes the name of an element or member as words: "dateOfBirth" as "date Of Birth", "post_code" as
// "post code".
func spaced(name string) string {
	var b strings.Builder
	var before rune
	for _, r := range name {
		switch {
		case r == '_' || r == '-' || r == '.':
			r = ' '
		case r >= 'A' && r <= 'Z' && (before >= 'a' && before <= 'z' || before >= '0' && before <= '9'):
			b.WriteByte(' ')
		}
		b.WriteRune(r)
		before = r
	}
	return strings.TrimSpace(b.String())
}
