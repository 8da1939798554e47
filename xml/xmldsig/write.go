package xmldsig

import (
	"encoding/base64"
	"strings"

	"oots/xml/xmltree"
)

// AppendSignedInfo appends ds:SignedInfo with the prefix ds. With declare it carries the declaration of ds and
// is, as long as no PrefixList is used, its own exclusive canonical form: the octets to sign. Without, it is to
// stand inside an element that declares ds.
func AppendSignedInfo(dst []byte, s *SignedInfo, declare bool) []byte {
	dst = open(dst, "SignedInfo", declare)
	dst = append(dst, '>')
	dst = appendTransform(dst, "CanonicalizationMethod", &s.Canonicalization)
	dst = appendAlgorithm(dst, "SignatureMethod", string(s.Method))
	for i := range s.References {
		dst = AppendReference(dst, &s.References[i], false)
	}
	return append(dst, "</ds:SignedInfo>"...)
}

// AppendReference appends ds:Reference as AppendSignedInfo does. Text is used for the value, or Value if Text
// is empty.
func AppendReference(dst []byte, r *Reference, declare bool) []byte {
	dst = open(dst, "Reference", declare)
	if r.HasURI || r.URI != "" {
		dst = append(dst, ` URI="`...)
		dst = append(xmltree.AppendAttr(dst, r.URI), '"')
	}
	dst = append(dst, '>')
	if len(r.Transforms) > 0 {
		dst = append(dst, "<ds:Transforms>"...)
		for i := range r.Transforms {
			dst = appendTransform(dst, "Transform", &r.Transforms[i])
		}
		dst = append(dst, "</ds:Transforms>"...)
	}
	dst = appendAlgorithm(dst, "DigestMethod", string(r.Digest))
	dst = append(dst, "<ds:DigestValue>"...)
	if r.Text != "" {
		dst = xmltree.AppendText(dst, r.Text)
	} else {
		dst = base64.StdEncoding.AppendEncode(dst, r.Value)
	}
	return append(dst, "</ds:DigestValue></ds:Reference>"...)
}

// open appends a start tag up to its attributes.
func open(dst []byte, local string, declare bool) []byte {
	dst = append(append(dst, "<ds:"...), local...)
	if declare {
		dst = append(dst, ` xmlns:ds="`+Namespace+`"`...)
	}
	return dst
}

func appendAlgorithm(dst []byte, local, uri string) []byte {
	dst = open(dst, local, false)
	dst = append(dst, ` Algorithm="`...)
	dst = append(xmltree.AppendAttr(dst, uri), `"></ds:`...)
	return append(append(dst, local...), '>')
}

func appendTransform(dst []byte, local string, t *Transform) []byte {
	if t.PrefixList == nil {
		return appendAlgorithm(dst, local, t.Algorithm)
	}
	dst = open(dst, local, false)
	dst = append(dst, ` Algorithm="`...)
	dst = xmltree.AppendAttr(dst, t.Algorithm)
	dst = append(dst, `"><ec:InclusiveNamespaces xmlns:ec="`+NamespaceExclusive+`" PrefixList="`...)
	dst = xmltree.AppendAttr(dst, strings.Join(t.PrefixList, " "))
	dst = append(dst, `"></ec:InclusiveNamespaces></ds:`...)
	return append(append(dst, local...), '>')
}
