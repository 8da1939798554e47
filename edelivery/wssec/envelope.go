package wssec

import (
	"strconv"

	"oots/xml/xmltree"
)

// An envelope holds the fixed places of a SOAP envelope. Processing uses these elements and no others, so that
// a signed element moved elsewhere is of no use to anybody.
type envelope struct {
	header, messaging, body, security *xmltree.Element
}

// locate finds the places by position from the document element: Envelope with Header and Body and nothing
// else, one eb:Messaging and at most one wsse:Security below Header.
func locate(doc *xmltree.Document) (envelope, error) {
	var env envelope
	if doc == nil || !doc.Root.Is(nsSOAP, "Envelope") {
		return env, noncompliant("the document is no SOAP 1.2 envelope")
	}
	n := 0
	for c := range doc.Root.Elements() {
		switch {
		case n == 0 && c.Is(nsSOAP, "Header"):
			env.header = c
		case n == 1 && c.Is(nsSOAP, "Body"):
			env.body = c
		default:
			return env, noncompliant("the envelope holds more than a header and a body")
		}
		n++
	}
	if n != 2 {
		return env, noncompliant("the envelope has no header or no body")
	}
	for c := range env.header.Elements() {
		switch {
		case c.Is(nsEBMS, "Messaging") && env.messaging == nil:
			env.messaging = c
		case c.Is(nsWSSE, "Security") && env.security == nil:
			env.security = c
		case c.Is(nsEBMS, "Messaging"), c.Is(nsWSSE, "Security"):
			return env, noncompliant("two headers " + c.Name.Local)
		}
	}
	if env.messaging == nil {
		return env, noncompliant("no header Messaging")
	}
	return env, nil
}

// An index finds elements by id.
type index map[string]*xmltree.Element

// indexIDs collects wsu:Id, Id, ID, id and xml:id of the whole document. One value on two elements would let a
// reference mean either, and is refused wherever it stands. [AS4 1.15 §9.4]
func indexIDs(root *xmltree.Element) (index, error) {
	ids := make(index, 16)
	var walk func(e *xmltree.Element) error
	walk = func(e *xmltree.Element) error {
		for i := range e.Attrs {
			a := &e.Attrs[i]
			if !isID(a) || a.Value == "" {
				continue
			}
			if other := ids[a.Value]; other != nil && other != e {
				return noncompliant("one id on line " + strconv.Itoa(other.Line) + " and on line " + strconv.Itoa(e.Line))
			}
			ids[a.Value] = e
		}
		for _, n := range e.Children {
			if c, ok := n.(*xmltree.Element); ok {
				if err := walk(c); err != nil {
					return err
				}
			}
		}
		return nil
	}
	return ids, walk(root)
}

func isID(a *xmltree.Attr) bool {
	switch a.Name.Space {
	case "":
		return a.Name.Local == "Id" || a.Name.Local == "id" || a.Name.Local == "ID"
	case nsWSU:
		return a.Name.Local == "Id"
	case xmltree.NamespaceXML:
		return a.Name.Local == "id"
	}
	return false
}

// local resolves "#id"; nil for any other form, such as an XPointer, and for an id that is not there.
func (x index) local(uri string) *xmltree.Element {
	if len(uri) < 2 || uri[0] != '#' || !xmltree.IsNCName(uri[1:]) {
		return nil
	}
	return x[uri[1:]]
}

func noncompliant(detail string) *Error {
	return &Error{Code: PolicyNoncompliance, Detail: detail}
}

func unauthenticated(detail string, cause error) *Error {
	return &Error{Code: FailedAuthentication, Detail: detail, Err: cause}
}

// undecryptable is the one answer to every failure of decryption, so that nobody learns which step failed.
// [AS4 1.15 §8]
func undecryptable(cause error) *Error {
	return &Error{Code: FailedDecryption, Detail: "decryption failed", Err: cause}
}
