package xmldsig

import (
	"fmt"
	"strings"

	"oots/xml/xmltree"
)

// A Transform is one ds:Transform, or a ds:CanonicalizationMethod, which has the same shape.
type Transform struct {
	Algorithm  string
	PrefixList []string         // of ec:InclusiveNamespaces; nil if there is none
	Params     *xmltree.Element // the parameter element that is not ec:InclusiveNamespaces, or nil
}

// A Reference is one ds:Reference.
type Reference struct {
	URI        string
	HasURI     bool // the attribute is there, maybe empty
	Transforms []Transform
	Digest     Digest           // as written; may be unknown
	Value      []byte           // decoded
	Text       string           // DigestValue as written
	Element    *xmltree.Element // nil when not read
}

// A SignedInfo is what the signature value covers.
type SignedInfo struct {
	Canonicalization Transform
	Method           Method // as written; may be unknown
	References       []Reference
	Element          *xmltree.Element // nil when not read
}

// A Signature is one ds:Signature.
type Signature struct {
	ID         string
	SignedInfo SignedInfo
	Value      []byte
	KeyInfo    *xmltree.Element   // nil if absent
	Objects    []*xmltree.Element // enveloped content; most protocols allow none
	Element    *xmltree.Element
}

// maxPrefixes bounds a PrefixList: canonicalisation looks each declaration up in it.
const maxPrefixes = 256

// Read reads e, which must be a ds:Signature, in the order of its schema. [XMLDSig 1.1 §4]
func Read(e *xmltree.Element) (*Signature, error) {
	if !e.Is(Namespace, "Signature") {
		return nil, malformed(e, "ds:Signature expected")
	}
	s := &Signature{Element: e}
	s.ID, _ = e.Attr("", "Id")
	c := children(e)
	info, err := c.one("SignedInfo")
	if err != nil {
		return nil, err
	}
	if s.SignedInfo, err = readSignedInfo(info); err != nil {
		return nil, err
	}
	value, err := c.one("SignatureValue")
	if err != nil {
		return nil, err
	}
	if s.Value, err = value.Base64(); err != nil {
		return nil, malformed(value, "SignatureValue: "+err.Error())
	}
	s.KeyInfo = c.optional("KeyInfo")
	for o := c.optional("Object"); o != nil; o = c.optional("Object") {
		s.Objects = append(s.Objects, o)
	}
	if err := c.done(); err != nil {
		return nil, err
	}
	return s, nil
}

func readSignedInfo(e *xmltree.Element) (SignedInfo, error) {
	info := SignedInfo{Element: e}
	c := children(e)
	method, err := c.one("CanonicalizationMethod")
	if err != nil {
		return info, err
	}
	if info.Canonicalization, err = readTransform(method); err != nil {
		return info, err
	}
	signing, err := c.one("SignatureMethod")
	if err != nil {
		return info, err
	}
	if info.Method, err = readAlgorithm[Method](signing); err != nil {
		return info, err
	}
	for r := c.optional("Reference"); r != nil; r = c.optional("Reference") {
		ref, err := readReference(r)
		if err != nil {
			return info, err
		}
		info.References = append(info.References, ref)
	}
	if len(info.References) == 0 {
		return info, malformed(e, "SignedInfo without Reference")
	}
	return info, c.done()
}

func readReference(e *xmltree.Element) (Reference, error) {
	ref := Reference{Element: e}
	ref.URI, ref.HasURI = e.Attr("", "URI")
	c := children(e)
	if transforms := c.optional("Transforms"); transforms != nil {
		tc := children(transforms)
		for t := tc.optional("Transform"); t != nil; t = tc.optional("Transform") {
			transform, err := readTransform(t)
			if err != nil {
				return ref, err
			}
			ref.Transforms = append(ref.Transforms, transform)
		}
		if err := tc.done(); err != nil {
			return ref, err
		}
	}
	method, err := c.one("DigestMethod")
	if err != nil {
		return ref, err
	}
	if ref.Digest, err = readAlgorithm[Digest](method); err != nil {
		return ref, err
	}
	value, err := c.one("DigestValue")
	if err != nil {
		return ref, err
	}
	ref.Text = value.Text()
	if ref.Value, err = xmltree.DecodeBase64(ref.Text); err != nil {
		return ref, malformed(value, "DigestValue: "+err.Error())
	}
	return ref, c.done()
}

// readTransform reads an algorithm with at most one parameter.
func readTransform(e *xmltree.Element) (Transform, error) {
	var t Transform
	t.Algorithm, _ = e.Attr("", "Algorithm")
	n := 0
	for child := range e.Elements() {
		if n++; n > 1 {
			return t, malformed(e, e.Name.Local+" with several parameters")
		}
		if child.Is(NamespaceExclusive, "InclusiveNamespaces") {
			list, _ := child.Attr("", "PrefixList")
			if t.PrefixList = strings.Fields(list); len(t.PrefixList) > maxPrefixes {
				return t, malformed(child, "PrefixList is too long")
			}
			continue
		}
		t.Params = child
	}
	return t, nil
}

// readAlgorithm reads an algorithm without parameters, so that no HMACOutputLength can shorten a value.
func readAlgorithm[A ~string](e *xmltree.Element) (A, error) {
	for range e.Elements() {
		return "", malformed(e, e.Name.Local+" with a parameter")
	}
	a, _ := e.Attr("", "Algorithm")
	return A(a), nil
}

// A sequence walks the child elements of one element in the order of its schema; all are of the ds namespace.
type sequence struct {
	parent *xmltree.Element
	at     int // index into parent.Children
}

func children(e *xmltree.Element) *sequence { return &sequence{parent: e} }

// peek returns the next child element, or nil.
func (s *sequence) peek() *xmltree.Element {
	for ; s.at < len(s.parent.Children); s.at++ {
		if e, ok := s.parent.Children[s.at].(*xmltree.Element); ok {
			return e
		}
	}
	return nil
}

// optional takes the next child element if it has the name.
func (s *sequence) optional(local string) *xmltree.Element {
	e := s.peek()
	if !e.Is(Namespace, local) {
		return nil
	}
	s.at++
	return e
}

func (s *sequence) one(local string) (*xmltree.Element, error) {
	if e := s.optional(local); e != nil {
		return e, nil
	}
	return nil, malformed(s.parent, "ds:"+local+" expected in "+s.parent.Name.Local)
}

// done refuses what the schema does not foresee.
func (s *sequence) done() error {
	if e := s.peek(); e != nil {
		return malformed(e, "unexpected element in "+s.parent.Name.Local)
	}
	return nil
}

// A MalformedError says where a signature breaks its schema.
type MalformedError struct {
	Line int
	Msg  string
}

func (e *MalformedError) Error() string { return fmt.Sprintf("line %d: %s", e.Line, e.Msg) }

func malformed(e *xmltree.Element, msg string) error {
	line := 0
	if e != nil {
		line = e.Line
	}
	return &MalformedError{Line: line, Msg: msg}
}
