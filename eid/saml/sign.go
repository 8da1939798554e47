package saml

import (
	"bytes"
	"crypto"
	"crypto/subtle"
	"crypto/x509"
	"encoding/base64"
	"time"

	"oots/xml/c14n"
	"oots/xml/xmldsig"
	"oots/xml/xmltree"
)

// A Signer is a signing key of ours with its certificate. The key may live in hardware.
type Signer struct {
	Key         crypto.Signer
	Certificate *x509.Certificate
	Method      xmldsig.Method // "" is the first of the policy that fits the key
}

const transformEnveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"

// sign signs a document by an enveloped signature that stands at the offset at, just behind the Issuer or, in
// metadata, behind the start tag. [SAML Core 2.0 §5.4]
func (s Signer) sign(p Policy, doc []byte, at int, id string) ([]byte, error) {
	tree, err := xmltree.Parse(doc, xmltree.Limits{})
	if err != nil {
		return nil, err
	}
	method := s.Method
	if method == "" {
		if method, err = p.methodOf(s.Key.Public()); err != nil {
			return nil, err
		}
	}
	hash := crypto.SHA256.New()
	if err := c14n.Write(hash, tree.Root, c14n.Exclusive, nil); err != nil {
		return nil, err
	}
	info := &xmldsig.SignedInfo{
		Canonicalization: xmldsig.Transform{Algorithm: string(c14n.Exclusive)},
		Method:           method,
		References: []xmldsig.Reference{{
			URI: "#" + id, HasURI: true, Digest: xmldsig.SHA256, Value: hash.Sum(nil),
			Transforms: []xmldsig.Transform{{Algorithm: transformEnveloped}, {Algorithm: string(c14n.Exclusive)}},
		}},
	}
	value, err := xmldsig.Sign(s.Key, method, xmldsig.AppendSignedInfo(nil, info, true))
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, len(doc)+4096)
	out = append(out, doc[:at]...)
	out = append(out, `<ds:Signature xmlns:ds="`+nsSignature+`">`...)
	out = xmldsig.AppendSignedInfo(out, info, false)
	out = append(out, "<ds:SignatureValue>"...)
	out = base64.StdEncoding.AppendEncode(out, value)
	out = append(out, "</ds:SignatureValue>"...)
	out = appendKeyInfo(out, s.Certificate)
	out = append(out, "</ds:Signature>"...)
	return append(out, doc[at:]...), nil
}

func appendKeyInfo(dst []byte, c *x509.Certificate) []byte {
	dst = append(dst, `<ds:KeyInfo xmlns:ds="`+nsSignature+`"><ds:X509Data><ds:X509Certificate>`...)
	dst = base64.StdEncoding.AppendEncode(dst, c.Raw)
	return append(dst, "</ds:X509Certificate></ds:X509Data></ds:KeyInfo>"...)
}

// verifyEnveloped checks that signature, a child of root, signs root and nothing else, with the key of one of the
// certificates. The tree was checked by checkTree: no identifier is there twice.
func verifyEnveloped(root, signature *xmltree.Element, certs []*x509.Certificate, p *Policy, now time.Time) (*x509.Certificate, error) {
	sig, err := readSignature(root, signature, p)
	if err != nil {
		return nil, err
	}
	info := &sig.SignedInfo
	if id := attr(root, "ID"); id == "" || info.References[0].URI != "#"+id {
		return nil, refuse(badSignature, "the reference is not to the parent of the signature")
	}
	return verifySignedInfo(sig, root, signature, certs, p, now)
}

// readSignature reads the only signature of a document and checks its form.
func readSignature(root, signature *xmltree.Element, p *Policy) (*xmldsig.Signature, error) {
	if countSignatures(root) != 1 {
		return nil, refuse(badSignature, "not exactly one signature")
	}
	sig, err := xmldsig.Read(signature)
	if err != nil {
		return nil, refuse(badSignature, "%v", err)
	}
	if len(sig.Objects) > 0 {
		return nil, refuse(badSignature, "an Object in the signature")
	}
	info := &sig.SignedInfo
	if info.Canonicalization.Algorithm != string(c14n.Exclusive) || info.Canonicalization.Params != nil {
		return nil, refuse(badAlgorithm, "canonicalisation %q", short(info.Canonicalization.Algorithm))
	}
	if err := p.signature(info.Method); err != nil {
		return nil, err
	}
	if len(info.References) != 1 {
		return nil, refuse(badSignature, "%d references", len(info.References))
	}
	return sig, nil
}

// verifySignedInfo checks the one reference, which the caller has found to be to root, and the signature value.
func verifySignedInfo(sig *xmldsig.Signature, root, signature *xmltree.Element, certs []*x509.Certificate, p *Policy, now time.Time) (*x509.Certificate, error) {
	info := &sig.SignedInfo
	if err := verifyReference(&info.References[0], root, signature, p); err != nil {
		return nil, err
	}
	message, err := c14n.Append(nil, info.Element, c14n.Exclusive, info.Canonicalization.PrefixList)
	if err != nil {
		return nil, refuse(badSignature, "%v", err)
	}
	return verifyValue(certs, info.Method, message, sig.Value, p, now)
}

// verifyReference checks digest and transforms of a reference to root: enveloped and then exclusive.
func verifyReference(ref *xmldsig.Reference, root, signature *xmltree.Element, p *Policy) error {
	if err := p.digest(ref.Digest); err != nil {
		return err
	}
	t := ref.Transforms
	if len(t) != 2 || t[0].Algorithm != transformEnveloped || t[0].Params != nil || t[0].PrefixList != nil ||
		t[1].Algorithm != string(c14n.Exclusive) || t[1].Params != nil {
		return refuse(badAlgorithm, "transforms other than enveloped and exclusive")
	}
	hash := ref.Digest.Hash().New()
	if err := c14n.WriteWithout(hash, root, c14n.Exclusive, t[1].PrefixList, signature); err != nil {
		return refuse(badSignature, "%v", err)
	}
	if subtle.ConstantTimeCompare(hash.Sum(nil), ref.Value) != 1 {
		return refuse(badSignature, "the digest is wrong")
	}
	return nil
}

// verifyValue finds the certificate whose key made a signature value. What KeyInfo says is not asked.
func verifyValue(certs []*x509.Certificate, m xmldsig.Method, message, value []byte, p *Policy, now time.Time) (*x509.Certificate, error) {
	usable := p.usable(certs, now)
	if len(usable) == 0 {
		return nil, refuse(badKey, "the peer has no usable signing certificate")
	}
	for _, c := range usable {
		if xmldsig.Verify(c.PublicKey, m, message, value) == nil {
			return c, nil
		}
	}
	return nil, refuse(badSignature, "no key of the peer made the signature")
}

func countSignatures(e *xmltree.Element) int {
	n := 0
	if e.Is(nsSignature, "Signature") {
		n++
	}
	for c := range e.Elements() {
		n += countSignatures(c)
	}
	return n
}

// behindIssuer is the offset just behind the Issuer of a message that this package wrote.
func behindIssuer(doc []byte) int {
	const end = "</saml:Issuer>"
	return bytes.Index(doc, []byte(end)) + len(end)
}
