package model

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"oots/rule"
)

// A simple is a compiled simple type: its own facets, then those of base.
type simple struct {
	base     *simple
	builtin  Builtin
	space    whiteSpace
	form     func(string) bool
	want     string
	enum     []string
	min, max int
	union    []*simple
	list     *simple
}

func (c *compiler) defineSimple(d *Simple, t *typ) *typ {
	*t = typ{name: d.Name, base: c.builtin(AnySimple)}
	s := &simple{form: d.Pattern, want: d.Want, enum: d.Enum, min: d.MinLength, max: d.MaxLength}
	t.simple = s
	for _, u := range d.Union {
		s.union = append(s.union, c.typ(u).simple)
	}
	if d.List != nil {
		s.list = c.typ(d.List).simple
		s.space = collapse
	}
	if d.Base != nil {
		t.base = c.typ(d.Base)
		if t.base.simple == nil {
			c.fault("type %v restricts what is no simple type", d.Name)
			return t
		}
		s.base, s.builtin, s.space = t.base.simple, t.base.simple.builtin, t.base.simple.space
	}
	return t
}

// normalize treats white space as the type asks. Values of attributes arrive with blanks for line ends.
func (s *simple) normalize(v string) string {
	switch s.space {
	case collapse:
		if clean(v) {
			return v
		}
		return strings.Join(strings.FieldsFunc(v, isSpaceRune), " ")
	case replace:
		if strings.ContainsAny(v, "\t\n\r") {
			return strings.NewReplacer("\t", " ", "\n", " ", "\r", " ").Replace(v)
		}
	}
	return v
}

func isSpaceRune(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

// clean reports whether collapsing would leave v as it is.
func clean(v string) bool {
	blank := true
	for i := range len(v) {
		switch v[i] {
		case '\t', '\n', '\r':
			return false
		case ' ':
			if blank {
				return false
			}
			blank = true
		default:
			blank = false
		}
	}
	return v == "" || !blank
}

// A flaw is why a value does not suit; the zero value means that it does.
type flaw struct {
	rule rule.ID
	want string
}

// check decides on a value as it stands in the document.
func (s *simple) check(v string) flaw { return s.facets(s.normalize(v)) }

func (s *simple) facets(v string) flaw {
	if s.base != nil {
		if f := s.base.facets(v); f.rule != "" {
			return f
		}
	}
	if s.form != nil && !s.form(v) {
		return flaw{ValueType, s.want}
	}
	if s.min > 0 || s.max > 0 {
		n := utf8.RuneCountInString(v)
		if n < s.min {
			return flaw{ValueLength, fmt.Sprintf("at least %d character(s)", s.min)}
		}
		if s.max > 0 && n > s.max {
			return flaw{ValueLength, fmt.Sprintf("at most %d characters", s.max)}
		}
	}
	if f := s.members(v); f.rule != "" {
		return f
	}
	for _, e := range s.enum {
		if e == v {
			return flaw{}
		}
	}
	if s.enum != nil {
		return flaw{ValueUnlisted, "one of " + strings.Join(s.enum, ", ")}
	}
	return flaw{}
}

// members decides on the members of a union and the items of a list.
func (s *simple) members(v string) flaw {
	if s.list != nil {
		for item := range strings.FieldsSeq(v) {
			if f := s.list.check(item); f.rule != "" {
				return f
			}
		}
	}
	var first flaw
	for i, u := range s.union {
		f := u.check(v)
		if f.rule == "" {
			return flaw{}
		}
		if i == 0 {
			first = f
		}
	}
	return first
}
