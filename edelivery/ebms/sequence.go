package ebms

import "oots/xml/xmltree"

// A sequence walks the child elements of one xs:sequence in order. All sequences of one unit share the
// first deviation found; from then on they give nil elements, which every accessor accepts, so that the
// reading code needs no error checks between the fields.
type sequence struct {
	parent *xmltree.Element
	rest   []*xmltree.Element
	err    *error
}

func newSequence(e *xmltree.Element) *sequence { return (&sequence{err: new(error)}).of(e) }

// of returns the sequence of the children of e.
func (s *sequence) of(e *xmltree.Element) *sequence {
	sub := &sequence{parent: e, err: s.err}
	if e == nil {
		return sub
	}
	if e.Value() != "" {
		s.fail(NewError(InvalidHeader, "line %d: text between the children of %.40q", e.Line, e.Name.Local))
	}
	for c := range e.Elements() {
		sub.rest = append(sub.rest, c)
	}
	return sub
}

// child takes the next element, which must be eb:local, and returns the sequence of its children.
func (s *sequence) child(local string) *sequence { return s.of(s.one(local)) }

// one takes the next element, which must be eb:local.
func (s *sequence) one(local string) *xmltree.Element {
	e := s.optional(local)
	if e == nil && *s.err == nil {
		*s.err = NewError(InvalidHeader, "line %d: eb:%s expected in %.40q", s.parent.Line, local, s.parent.Name.Local)
	}
	return e
}

// optional takes the next element if it is eb:local.
func (s *sequence) optional(local string) *xmltree.Element {
	if *s.err != nil || len(s.rest) == 0 || !s.rest[0].Is(NS, local) {
		return nil
	}
	e := s.rest[0]
	s.rest = s.rest[1:]
	return e
}

// fail keeps err unless there was one before.
func (s *sequence) fail(err *Error) {
	if *s.err == nil {
		*s.err = err
	}
}

// end reports the first deviation, a child left over included.
func (s *sequence) end() error {
	if len(s.rest) > 0 {
		s.fail(unexpected(s.rest[0]))
	}
	return *s.err
}
