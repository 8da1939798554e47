package wssec

import (
	"crypto/x509"
	"slices"

	"oots/xml/xmldsig"
	"oots/xml/xmlenc"
)

// A Policy is what the P-Mode allows a message to be. The zero value is the common profile: rsa-sha256,
// SHA-256, aes128-gcm, RSA-OAEP with SHA-256 twice, every attachment encrypted. [AS4 1.15 §3.2.6]
type Policy struct {
	Methods    []xmldsig.Method   // signature methods; nil means those of the profile, as for the next three
	Digests    []xmldsig.Digest   // digest methods of the references
	Contents   []xmlenc.Content   // content encryptions
	Transports []xmlenc.Transport // key transports; labels must be empty whatever is listed here

	// PlainAttachments allows attachments that are signed but not encrypted.
	PlainAttachments bool

	// Candidates are the certificates that a signature may mean when it names its certificate by issuer, key
	// identifier or thumbprint instead of carrying it. Usually those of the P-Mode's party.
	Candidates []*x509.Certificate
}

// LegacyTransports are the transports of the profile and those that libraries before XML Encryption 1.1 write for
// it: the mask is that of SHA-1, as written or because nothing is, and with the older algorithm also the digest.
func LegacyTransports() []xmlenc.Transport {
	return []xmlenc.Transport{
		profileTransport,
		{Algorithm: xmlenc.RSAOAEP, Digest: xmlenc.SHA256},
		{Algorithm: xmlenc.RSAOAEPMGF1P, Digest: xmlenc.SHA256},
		{Algorithm: xmlenc.RSAOAEPMGF1P},
	}
}

// profileTransport is the key transport of the profile.
var profileTransport = xmlenc.Transport{Algorithm: xmlenc.RSAOAEP, Digest: xmlenc.SHA256, MGF: xmlenc.MGF1SHA256}

func (p *Policy) allowsMethod(m xmldsig.Method) bool {
	if p.Methods == nil {
		return m == xmldsig.RSASHA256
	}
	return m.Known() && slices.Contains(p.Methods, m)
}

func (p *Policy) allowsDigest(d xmldsig.Digest) bool {
	if p.Digests == nil {
		return d == xmldsig.SHA256
	}
	return d.Hash() != 0 && slices.Contains(p.Digests, d)
}

func (p *Policy) allowsContent(c xmlenc.Content) bool {
	if p.Contents == nil {
		return c == xmlenc.AES128GCM
	}
	return c.KeySize() != 0 && slices.Contains(p.Contents, c)
}

// allowsTransport compares with the defaults of the standard filled in: a document that names no mask means SHA-1.
func (p *Policy) allowsTransport(t xmlenc.Transport) bool {
	if len(t.Label) > 0 {
		return false
	}
	t = explicit(t)
	same := func(a xmlenc.Transport) bool {
		a = explicit(a)
		return a.Algorithm == t.Algorithm && a.Digest == t.Digest && a.MGF == t.MGF
	}
	if p.Transports == nil {
		return same(profileTransport)
	}
	return slices.ContainsFunc(p.Transports, same)
}

func explicit(t xmlenc.Transport) xmlenc.Transport {
	if t.Digest == "" {
		t.Digest = xmlenc.SHA1
	}
	if t.MGF == "" {
		t.MGF = xmlenc.MGF1SHA1
	}
	return t
}
