// Package c14n writes canonical XML: exclusive 1.0, inclusive 1.0 and inclusive 1.1, each with or without
// comments, for a whole document or for one element with all that it holds. [exc-c14n] [C14N 1.0] [C14N 1.1]
//
// Other node sets, which only XPath transforms make, are not offered: the protocols here refuse those.
package c14n

import (
	"io"
	"sync"

	"oots/xml/xmltree"
)

// An Algorithm is the URI of a canonicalisation as a signature names it.
type Algorithm string

// The algorithms that exist here.
const (
	Exclusive               Algorithm = "http://www.w3.org/2001/10/xml-exc-c14n#"
	ExclusiveWithComments   Algorithm = "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"
	Inclusive10             Algorithm = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
	Inclusive10WithComments Algorithm = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"
	Inclusive11             Algorithm = "http://www.w3.org/2006/12/xml-c14n11"
	Inclusive11WithComments Algorithm = "http://www.w3.org/2006/12/xml-c14n11#WithComments"
)

// An UnknownError names an algorithm that is not one of the constants.
type UnknownError struct{ Algorithm Algorithm }

func (e *UnknownError) Error() string { return "no such canonicalisation algorithm" }

// Known reports whether Write accepts a.
func (a Algorithm) Known() bool {
	_, ok := a.mode()
	return ok
}

// A mode is an algorithm taken apart.
type mode struct{ exclusive, v11, comments bool }

func (a Algorithm) mode() (m mode, ok bool) {
	switch a {
	case Exclusive:
		return mode{exclusive: true}, true
	case ExclusiveWithComments:
		return mode{exclusive: true, comments: true}, true
	case Inclusive10:
		return mode{}, true
	case Inclusive10WithComments:
		return mode{comments: true}, true
	case Inclusive11:
		return mode{v11: true}, true
	case Inclusive11WithComments:
		return mode{v11: true, comments: true}, true
	}
	return mode{}, false
}

// Write writes the canonical form of e and its content. The namespaces come from e's real ancestors.
// prefixList holds prefixes that exclusive canonicalisation treats as the inclusive one does, "#default" for the
// default namespace; the inclusive algorithms ignore it. Errors are *UnknownError and those of w.
func Write(w io.Writer, e *xmltree.Element, alg Algorithm, prefixList []string) error {
	c, err := newCanonical(w, alg, prefixList)
	if err != nil {
		return err
	}
	defer c.release()
	c.apex(e)
	return c.flush()
}

// WriteWithout writes what Write writes but leaves out one element below e with its content: the node set of an
// enveloped signature, whose signature is left out of what it signs. [XMLDSig 1.1 §6.6.4]
func WriteWithout(w io.Writer, e *xmltree.Element, alg Algorithm, prefixList []string, without *xmltree.Element) error {
	c, err := newCanonical(w, alg, prefixList)
	if err != nil {
		return err
	}
	defer c.release()
	c.without = without
	c.apex(e)
	return c.flush()
}

// WriteDocument writes the canonical form of a document with the comments and processing instructions around
// its root. Errors are those of Write.
func WriteDocument(w io.Writer, d *xmltree.Document, alg Algorithm, prefixList []string) error {
	c, err := newCanonical(w, alg, prefixList)
	if err != nil {
		return err
	}
	defer c.release()
	// A line feed parts what stands around the document element from it. [C14N 1.0 §2.3]
	for _, n := range d.Before {
		if c.leaf(n) {
			c.buf = append(c.buf, '\n')
		}
	}
	c.apex(d.Root)
	for _, n := range d.After {
		if _, comment := n.(*xmltree.Comment); comment && !c.mode.comments {
			continue
		}
		c.buf = append(c.buf, '\n')
		c.leaf(n)
	}
	return c.flush()
}

// Append appends what Write writes to dst. The error is an *UnknownError, dst then unchanged.
func Append(dst []byte, e *xmltree.Element, alg Algorithm, prefixList []string) ([]byte, error) {
	c, err := newCanonical(nil, alg, prefixList)
	if err != nil {
		return dst, err
	}
	defer c.release()
	c.buf = dst
	c.apex(e)
	return c.buf, nil
}

// flushAt is the number of octets that are collected before they go to the writer.
const flushAt = 4096

// A canonical is one canonicalisation under way.
type canonical struct {
	w     io.Writer // nil: everything stays in buf
	err   error     // first error of w
	buf   []byte
	spare []byte // buf when there is a writer

	mode     mode
	without  *xmltree.Element // not written; nil: nothing is left out
	listed   []string         // prefixes of the PrefixList, "" for #default
	rendered []xmltree.Decl   // declarations written by the open elements, innermost last
	decls    []xmltree.Decl   // to be written on the current element
	attrs    []*xmltree.Attr
}

// Its slices are more than all else that a small element costs, so they are used again.
var pool = sync.Pool{New: func() any {
	return &canonical{
		spare: make([]byte, 0, flushAt+1024), rendered: make([]xmltree.Decl, 0, 16), decls: make([]xmltree.Decl, 0, 8), attrs: make([]*xmltree.Attr, 0, 8),
	}
}}

func newCanonical(w io.Writer, alg Algorithm, prefixList []string) (*canonical, error) {
	m, ok := alg.mode()
	if !ok {
		return nil, &UnknownError{alg}
	}
	c := pool.Get().(*canonical)
	c.w, c.mode = w, m
	if w != nil {
		c.buf = c.spare
	}
	if m.exclusive && len(prefixList) > 0 {
		for _, p := range prefixList {
			if p == "#default" {
				p = ""
			}
			c.listed = append(c.listed, p)
		}
	}
	return c, nil
}

// maxKept bounds what is kept of an unusual element.
const maxKept = 256

// release forgets the document and keeps the slices.
func (c *canonical) release() {
	if c.w != nil {
		c.spare = c.buf[:0]
	}
	if cap(c.spare) > 4*flushAt || cap(c.listed) > maxKept || cap(c.rendered) > maxKept || cap(c.decls) > maxKept || cap(c.attrs) > maxKept {
		return
	}
	// Behind their lengths lie those of earlier elements.
	clear(c.listed[:cap(c.listed)])
	clear(c.rendered[:cap(c.rendered)])
	clear(c.decls[:cap(c.decls)])
	clear(c.attrs[:cap(c.attrs)])
	*c = canonical{spare: c.spare, listed: c.listed[:0], rendered: c.rendered[:0], decls: c.decls[:0], attrs: c.attrs[:0]}
	pool.Put(c)
}

func (c *canonical) drain() {
	if c.w == nil || len(c.buf) < flushAt {
		return
	}
	c.flush()
}

func (c *canonical) flush() error {
	if c.err == nil {
		_, c.err = c.w.Write(c.buf)
	}
	c.buf = c.buf[:0]
	return c.err
}
