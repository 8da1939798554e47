package wssec

import (
	"crypto/rsa"
	"crypto/subtle"
	"crypto/x509"
	"strconv"

	"oots/xml/c14n"
	"oots/xml/xmldsig"
	"oots/xml/xmlenc"
	"oots/xml/xmltree"
)

// maxReferences bounds the work that one signature may ask for. [AS4 1.15 §9]
const maxReferences = 1000

// Bounds of an RSA key that may sign: shorter ones are weak [AS4 1.15 §14], and a longer one from a stranger is
// an attempt to keep the processor busy.
const (
	minRSABits = 2048
	maxRSABits = 8192
)

// Verified is what one security header covers. The attachments are still to be opened: the message counts only
// after what Open gives was read to its end for each of them and Complete returned nil. A Verified is for one goroutine.
type Verified struct {
	Messaging  *xmltree.Element    // the signed header, of the parsed document
	Body       *xmltree.Element    // the signed body, of the parsed document
	Signer     *x509.Certificate   // its trust is for the caller to decide
	Chain      []*x509.Certificate // Signer first, and the others of a certificate path that the message carries
	References []Reference         // all of the signature in order, for the receipt
	SignedInfo []byte              // canonical octets that the signature value covers: the fingerprint of the message

	policy      Policy
	attachments []*signedPart
	encrypted   []*encryptedPart
}

// Verify checks the security header of one envelope: its places, ids, algorithms and coverage, the signature
// value, and the digests of eb:Messaging and Body. Errors are *Error. [AS4 1.15 §9]
//
// doc must not be changed between parsing and Verify, and the caller must use v.Messaging and v.Body only.
func Verify(doc *xmltree.Document, p Policy) (*Verified, error) {
	env, err := locate(doc)
	if err != nil {
		return nil, err
	}
	ids, err := indexIDs(doc.Root)
	if err != nil {
		return nil, err
	}
	header, err := readHeader(env.security)
	if err != nil {
		return nil, err
	}
	sig, err := readSignature(header.signature, &p)
	if err != nil {
		return nil, err
	}
	key, err := readKeyReference(sig.KeyInfo, env.security, ids)
	if err != nil {
		return nil, err
	}
	v := &Verified{Messaging: env.messaging, Body: env.body, policy: p}
	checks, err := v.coverage(sig, env, key, ids)
	if err != nil {
		return nil, err
	}
	if v.encrypted, err = readEncryption(header, env.security, ids, &p); err != nil {
		return nil, err
	}
	if v.Chain, err = key.signer(p.Candidates); err != nil {
		return nil, err
	}
	v.Signer = v.Chain[0]
	if err := v.checkValue(sig); err != nil {
		return nil, err
	}
	if err := checkDigests(checks); err != nil {
		return nil, err
	}
	if v.References, err = received(sig); err != nil {
		return nil, err
	}
	return v, nil
}

// A securityHeader is wsse:Security taken apart.
type securityHeader struct {
	signature     *xmltree.Element
	encryptedKeys []*xmltree.Element
	encryptedData []*xmltree.Element
	references    []string // of a ReferenceList that stands alone
}

// readHeader sorts the children of the security header. Tokens are found by reference, never by position.
func readHeader(e *xmltree.Element) (securityHeader, error) {
	var h securityHeader
	if e == nil {
		return h, noncompliant("no security header")
	}
	if role, ok := e.Attr(nsSOAP, "role"); ok && role != roleUltimateReceiver {
		return h, noncompliant("the security header is for another role")
	}
	for c := range e.Elements() {
		switch {
		case c.Is(nsDS, "Signature"):
			if h.signature != nil {
				return h, noncompliant("two signatures")
			}
			h.signature = c
		case c.Is(nsXENC, "EncryptedKey"):
			h.encryptedKeys = append(h.encryptedKeys, c)
		case c.Is(nsXENC, "EncryptedData"):
			h.encryptedData = append(h.encryptedData, c)
		case c.Is(nsXENC, "ReferenceList"):
			h.references = append(h.references, xmlenc.ReadReferenceList(c)...)
		case c.Is(nsWSSE, "BinarySecurityToken"), c.Is(nsWSSE, "SecurityTokenReference"),
			c.Is(nsWSU, "Timestamp"), c.Is(nsWSSE11, "SignatureConfirmation"):
		default:
			return h, noncompliant("the security header holds " + strconv.Quote(c.Name.Local))
		}
	}
	if h.signature == nil {
		return h, noncompliant("no signature")
	}
	return h, nil
}

// readSignature reads the signature and holds its algorithms against the policy.
func readSignature(e *xmltree.Element, p *Policy) (*xmldsig.Signature, error) {
	sig, err := xmldsig.Read(e)
	if err != nil {
		return nil, &Error{Code: PolicyNoncompliance, Detail: "the signature is malformed", Err: err}
	}
	canonical := sig.SignedInfo.Canonicalization
	switch {
	case len(sig.Objects) > 0:
		return nil, noncompliant("the signature holds an Object")
	case sig.KeyInfo == nil:
		return nil, noncompliant("the signature has no KeyInfo")
	case canonical.Algorithm != string(c14n.Exclusive) || canonical.Params != nil:
		return nil, noncompliant("the canonicalisation of SignedInfo is not exclusive without comments")
	case !p.allowsMethod(sig.SignedInfo.Method):
		return nil, noncompliant("the signature method is not allowed")
	case len(sig.SignedInfo.References) > maxReferences:
		return nil, noncompliant("too many references")
	}
	return sig, nil
}

// A check is an element whose digest is to be compared.
type check struct {
	element *xmltree.Element
	ref     *xmldsig.Reference
}

// coverage holds that the references are Body, Messaging, attachments, and perhaps a timestamp or the signing
// token of this header, each once and with its one transform. Elements are compared by identity: the one that is
// hashed is the one that is processed. [AS4 1.15 §9.9]
func (v *Verified) coverage(sig *xmldsig.Signature, env envelope, key keyReference, ids index) ([]check, error) {
	checks := make([]check, 0, 4)
	names := make(map[string]bool, len(sig.SignedInfo.References))
	for i := range sig.SignedInfo.References {
		ref := &sig.SignedInfo.References[i]
		if !v.policy.allowsDigest(ref.Digest) {
			return nil, noncompliant("a digest method that is not allowed")
		}
		if len(ref.Transforms) == 1 && ref.Transforms[0].Algorithm == transformSTR {
			return nil, noncompliant("a token is signed through STR-Transform; it must be signed by its own id")
		}
		if len(ref.Transforms) != 1 || ref.Transforms[0].Params != nil {
			return nil, noncompliant("a reference must have one transform")
		}
		transform := ref.Transforms[0].Algorithm
		if written, decoded, ok := cid(ref.URI); ok {
			if transform != transformSignature {
				return nil, noncompliant("the transform of an attachment is not that of its content")
			}
			if names[decoded] {
				return nil, noncompliant("two references to one attachment")
			}
			names[decoded] = true
			v.attachments = append(v.attachments, &signedPart{id: written, decoded: decoded, ref: ref})
			continue
		}
		if transform != string(c14n.Exclusive) {
			return nil, noncompliant("the transform of an element is not exclusive canonicalisation")
		}
		e := ids.local(ref.URI)
		switch {
		case e == nil:
			return nil, noncompliant("a reference that is neither the id of an element nor a Content-ID")
		case e == env.body, e == env.messaging, e == key.token, e.Is(nsWSU, "Timestamp") && e.Parent == env.security:
		default:
			return nil, noncompliant("the signature covers an element that is not to be signed: " + e.Name.Local)
		}
		for _, c := range checks {
			if c.element == e {
				return nil, noncompliant("two references to one element")
			}
		}
		checks = append(checks, check{e, ref})
	}
	for _, must := range []*xmltree.Element{env.messaging, env.body} {
		covered := false
		for _, c := range checks {
			covered = covered || c.element == must
		}
		if !covered {
			return nil, noncompliant(must.Name.Local + " is not signed")
		}
	}
	return checks, nil
}

// checkValue verifies the signature value before anything large is hashed. [AS4 1.15 §9.10]
func (v *Verified) checkValue(sig *xmldsig.Signature) error {
	if pub, ok := v.Signer.PublicKey.(*rsa.PublicKey); ok && (pub.N.BitLen() < minRSABits || pub.N.BitLen() > maxRSABits) {
		return unauthenticated("the signing key is too short or too long", nil)
	}
	info := &sig.SignedInfo
	canonical, err := c14n.Append(make([]byte, 0, 2048), info.Element, c14n.Exclusive, info.Canonicalization.PrefixList)
	if err != nil {
		return noncompliant("the canonicalisation is unknown")
	}
	if err := xmldsig.Verify(v.Signer.PublicKey, info.Method, canonical, sig.Value); err != nil {
		return unauthenticated("the signature value is wrong", err)
	}
	v.SignedInfo = canonical
	return nil
}

func checkDigests(checks []check) error {
	for _, c := range checks {
		sum, err := digestElement(c.ref.Digest, c.element, c.ref.Transforms[0].PrefixList)
		if err != nil {
			return noncompliant("the canonicalisation is unknown")
		}
		if subtle.ConstantTimeCompare(sum, c.ref.Value) != 1 {
			return unauthenticated("digest mismatch of "+c.element.Name.Local, nil)
		}
	}
	return nil
}

// received turns the references of a verified signature into those that callers keep. Raw is the exclusive
// canonical form: it carries its namespaces and every value as written. [AS4 1.15 §10]
func received(sig *xmldsig.Signature) ([]Reference, error) {
	refs := make([]Reference, len(sig.SignedInfo.References))
	for i := range sig.SignedInfo.References {
		r := &sig.SignedInfo.References[i]
		raw, err := c14n.Append(nil, r.Element, c14n.Exclusive, nil)
		if err != nil {
			return nil, noncompliant("the canonicalisation is unknown")
		}
		refs[i] = reference(r, string(raw))
	}
	return refs, nil
}

func reference(r *xmldsig.Reference, raw string) Reference {
	out := Reference{URI: r.URI, Raw: raw, DigestMethod: string(r.Digest), DigestValue: r.Text, Transforms: make([]string, len(r.Transforms))}
	for i := range r.Transforms {
		out.Transforms[i] = r.Transforms[i].Algorithm
	}
	return out
}
