package saml

import (
	"strings"
	"time"

	"oots/xml/xmltree"
)

// limits of one message: the largest real ones have some 20 kB and 150 elements.
var messageLimits = xmltree.Limits{Bytes: 256 << 10, Depth: 32, Attributes: 32, Elements: 4000, NoProcInst: true}

// parse reads a message and refuses what no message needs and attacks use: comments and processing instructions
// inside it, and identifiers that are there twice.
func parse(b []byte, lim xmltree.Limits) (*xmltree.Element, error) {
	doc, err := xmltree.Parse(b, lim)
	if err != nil {
		return nil, refuse(badXML, "%v", err)
	}
	if err := checkTree(doc.Root); err != nil {
		return nil, err
	}
	return doc.Root, nil
}

// checkTree walks a whole document once.
func checkTree(root *xmltree.Element) error {
	ids := make(map[string]bool)
	stack := []*xmltree.Element{root}
	for len(stack) > 0 {
		e := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		for _, a := range e.Attrs {
			// Whatever a verifier might take for an identifier must be unique, spelled in any way.
			isID := a.Name.Space == "" && strings.EqualFold(a.Name.Local, "id") || a.Name.Space == xmltree.NamespaceXML && a.Name.Local == "id"
			if !isID {
				continue
			}
			if ids[a.Value] || !isNCName(a.Value) {
				return refuse(badID, "line %d: an identifier twice, or malformed", e.Line)
			}
			ids[a.Value] = true
		}
		for _, c := range e.Children {
			switch c := c.(type) {
			case *xmltree.Comment, *xmltree.ProcInst:
				return refuse(badComment, "inside the element of line %d", e.Line)
			case *xmltree.Element:
				stack = append(stack, c)
			}
		}
	}
	return nil
}

// isNCName bounds identifiers to what writers use: letters, digits, '_', '-', '.', not beginning with a digit.
func isNCName(s string) bool {
	if s == "" || len(s) > 256 || s[0] >= '0' && s[0] <= '9' || s[0] == '-' || s[0] == '.' {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.') {
			return false
		}
	}
	return true
}

// A sequence walks the child elements of one element in the order of its schema.
type sequence struct {
	parent *xmltree.Element
	at     int
	err    error // the text between elements, judged by done
}

func children(e *xmltree.Element) *sequence { return &sequence{parent: e} }

// peek returns the next child element, or nil.
func (s *sequence) peek() *xmltree.Element {
	for ; s.at < len(s.parent.Children); s.at++ {
		switch c := s.parent.Children[s.at].(type) {
		case *xmltree.Element:
			return c
		case *xmltree.Text:
			if strings.Trim(c.Data, " \t\r\n") != "" && s.err == nil {
				s.err = refuse(badSchema, "line %d: text in %s", s.parent.Line, s.parent.Name.Local)
			}
		}
	}
	return nil
}

// optional takes the next child element if it has the name.
func (s *sequence) optional(space, local string) *xmltree.Element {
	e := s.peek()
	if !e.Is(space, local) {
		return nil
	}
	s.at++
	return e
}

// one takes the next child element, which must have the name.
func (s *sequence) one(space, local string) (*xmltree.Element, error) {
	if e := s.optional(space, local); e != nil {
		return e, nil
	}
	return nil, refuse(badSchema, "line %d: %s expected in %s", s.parent.Line, local, s.parent.Name.Local)
}

// done refuses what is left over.
func (s *sequence) done() error {
	if e := s.peek(); e != nil {
		return refuse(badSchema, "line %d: %s is out of place in %s", e.Line, short(e.Name.Local), s.parent.Name.Local)
	}
	return s.err
}

// attributes are the attributes without namespace that an element may have.
func only(e *xmltree.Element, names ...string) error {
next:
	for _, a := range e.Attrs {
		for _, n := range names {
			if a.Name.Space == "" && a.Name.Local == n {
				continue next
			}
		}
		if a.Name.Space == nsInstance {
			continue
		}
		return refuse(badSchema, "line %d: attribute %s is out of place in %s", e.Line, short(a.Name.Local), e.Name.Local)
	}
	return nil
}

func attr(e *xmltree.Element, name string) string {
	v, _ := e.Attr("", name)
	return v
}

// leaf returns the text of an element that holds no other.
func leaf(e *xmltree.Element) (string, error) {
	for c := range e.Elements() {
		return "", refuse(badSchema, "line %d: %s is out of place in %s", c.Line, short(c.Name.Local), e.Name.Local)
	}
	return e.Value(), nil
}

// instant reads an xs:dateTime in UTC, which is the only form that SAML allows. [SAML Core 2.0 §1.3.3]
func instant(e *xmltree.Element, name string) (time.Time, error) {
	v := attr(e, name)
	t, err := time.Parse("2006-01-02T15:04:05.999999999Z", v)
	if err != nil {
		return time.Time{}, refuse(badSchema, "line %d: %s of %s is not a time in UTC", e.Line, name, e.Name.Local)
	}
	return t, nil
}

// boolean reads an xs:boolean; absent is false.
func boolean(e *xmltree.Element, name string) (value, present bool, err error) {
	v, ok := e.Attr("", name)
	switch strings.Trim(v, " \t\r\n") {
	case "true", "1":
		return true, true, nil
	case "false", "0":
		return false, true, nil
	}
	if ok {
		return false, true, refuse(badSchema, "line %d: %s is neither true nor false", e.Line, name)
	}
	return false, false, nil
}
