package xmlenc

import (
	"fmt"

	"oots/xml/xmltree"
)

// An EncryptedKey is one xenc:EncryptedKey.
type EncryptedKey struct {
	ID         string
	Transport  Transport
	KeyInfo    *xmltree.Element // nil if absent
	Value      []byte           // the wrapped key
	References []string         // URIs of the xenc:DataReference elements
	Element    *xmltree.Element
}

// An EncryptedData is one xenc:EncryptedData. Its content is either Value or what Reference points to.
type EncryptedData struct {
	ID, Type, MimeType string
	Content            Content          // as written; may be unknown
	KeyInfo            *xmltree.Element // nil if absent
	Value              []byte
	Reference          *CipherReference // nil when Value is used
	Element            *xmltree.Element
}

// A CipherReference says where the encrypted octets are.
type CipherReference struct {
	URI        string
	Transforms []string // algorithms in order
}

// ReadEncryptedKey reads e, which must be an xenc:EncryptedKey. [XMLEnc 1.1 §3.5.1]
func ReadEncryptedKey(e *xmltree.Element) (*EncryptedKey, error) {
	if !e.Is(Namespace, "EncryptedKey") {
		return nil, malformed(e, "xenc:EncryptedKey expected")
	}
	k := &EncryptedKey{Element: e}
	k.ID, _ = e.Attr("", "Id")
	parts, err := readParts(e)
	if err != nil {
		return nil, err
	}
	k.KeyInfo = parts.keyInfo
	if k.Transport, err = readTransport(parts.method); err != nil {
		return nil, err
	}
	if parts.value == nil {
		return nil, malformed(e, "an encrypted key without CipherValue")
	}
	if k.Value, err = parts.value.Base64(); err != nil {
		return nil, malformed(parts.value, "CipherValue: "+err.Error())
	}
	if parts.references != nil {
		k.References = ReadReferenceList(parts.references)
	}
	return k, nil
}

// ReadEncryptedData reads e, which must be an xenc:EncryptedData. [XMLEnc 1.1 §3.4]
func ReadEncryptedData(e *xmltree.Element) (*EncryptedData, error) {
	if !e.Is(Namespace, "EncryptedData") {
		return nil, malformed(e, "xenc:EncryptedData expected")
	}
	d := &EncryptedData{Element: e}
	d.ID, _ = e.Attr("", "Id")
	d.Type, _ = e.Attr("", "Type")
	d.MimeType, _ = e.Attr("", "MimeType")
	parts, err := readParts(e)
	if err != nil {
		return nil, err
	}
	d.KeyInfo = parts.keyInfo
	algorithm, _ := parts.method.Attr("", "Algorithm")
	d.Content = Content(algorithm)
	if parts.value != nil {
		if d.Value, err = parts.value.Base64(); err != nil {
			return nil, malformed(parts.value, "CipherValue: "+err.Error())
		}
		return d, nil
	}
	d.Reference = &CipherReference{}
	d.Reference.URI, _ = parts.reference.Attr("", "URI")
	for c := range parts.reference.Elements() {
		if !c.Is(Namespace, "Transforms") || d.Reference.Transforms != nil {
			return nil, malformed(c, "unexpected element in CipherReference")
		}
		for t := range c.Elements() {
			if !t.Is(namespaceSignature, "Transform") {
				return nil, malformed(t, "unexpected element in Transforms")
			}
			algorithm, _ := t.Attr("", "Algorithm")
			d.Reference.Transforms = append(d.Reference.Transforms, algorithm)
		}
	}
	return d, nil
}

// ReadReferenceList returns the URIs of the data references of an xenc:ReferenceList. [XMLEnc 1.1 §3.6]
func ReadReferenceList(e *xmltree.Element) []string {
	var uris []string
	for c := range e.All(Namespace, "DataReference") {
		uri, _ := c.Attr("", "URI")
		uris = append(uris, uri)
	}
	return uris
}

// The parts that both kinds have. Exactly one of value and reference is set.
type parts struct {
	method, keyInfo, value, reference, references *xmltree.Element
}

// readParts takes each child element at most once; the order is not held against a peer. Properties and a
// carried key name are skipped.
func readParts(e *xmltree.Element) (parts, error) {
	var p parts
	var data *xmltree.Element
	for c := range e.Elements() {
		var slot **xmltree.Element
		switch {
		case c.Is(Namespace, "EncryptionMethod"):
			slot = &p.method
		case c.Is(namespaceSignature, "KeyInfo"):
			slot = &p.keyInfo
		case c.Is(Namespace, "CipherData"):
			slot = &data
		case c.Is(Namespace, "ReferenceList") && e.Name.Local == "EncryptedKey":
			slot = &p.references
		case c.Is(Namespace, "EncryptionProperties"), c.Is(Namespace, "CarriedKeyName"):
			continue
		default:
			return p, malformed(c, "unexpected element in "+e.Name.Local)
		}
		if *slot != nil {
			return p, malformed(c, c.Name.Local+" twice in "+e.Name.Local)
		}
		*slot = c
	}
	if p.method == nil || data == nil {
		return p, malformed(e, e.Name.Local+" without EncryptionMethod or CipherData")
	}
	n := 0
	for c := range data.Elements() {
		n++
		switch {
		case c.Is(Namespace, "CipherValue"):
			p.value = c
		case c.Is(Namespace, "CipherReference"):
			p.reference = c
		}
	}
	if n != 1 || p.value == nil && p.reference == nil {
		return p, malformed(data, "CipherData must hold one CipherValue or CipherReference")
	}
	return p, nil
}

// readTransport reads the parameters of RSA-OAEP in any order, each at most once.
func readTransport(e *xmltree.Element) (Transport, error) {
	var t Transport
	t.Algorithm, _ = e.Attr("", "Algorithm")
	var digest, mask, label bool
	for c := range e.Elements() {
		algorithm, _ := c.Attr("", "Algorithm")
		switch {
		case c.Is(namespaceSignature, "DigestMethod") && !digest:
			digest, t.Digest = true, algorithm
		case c.Is(Namespace11, "MGF") && !mask:
			mask, t.MGF = true, algorithm
		case c.Is(Namespace, "OAEPparams") && !label:
			var err error
			if t.Label, err = c.Base64(); err != nil {
				return t, malformed(c, "OAEPparams: "+err.Error())
			}
			label = true
		case c.Is(Namespace, "KeySize"):
		default:
			return t, malformed(c, "unexpected element in EncryptionMethod")
		}
	}
	if digest && t.Digest == "" || mask && t.MGF == "" {
		return t, malformed(e, "a parameter without Algorithm in EncryptionMethod")
	}
	return t, nil
}

// A MalformedError says where an element breaks its schema.
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
