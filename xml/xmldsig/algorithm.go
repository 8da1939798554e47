// Package xmldsig is XML Signature 1.1 in pure functions: which algorithms exist, signing and verifying octets
// with them, reading ds:Signature into values and writing it. [XMLDSig 1.1] [RFC 9231]
//
// It resolves no references, knows no transforms and trusts no keys: a verifier of a protocol, such as
// edelivery/wssec, says which elements must be covered and by which certificate. HMAC and SHA-1 do not exist here.
package xmldsig

import (
	"crypto"
	_ "crypto/sha256" // the hashes that the tables below name
	_ "crypto/sha512"
)

// Namespaces of the elements read and written.
const (
	Namespace          = "http://www.w3.org/2000/09/xmldsig#"
	NamespaceExclusive = "http://www.w3.org/2001/10/xml-exc-c14n#" // of InclusiveNamespaces
)

// A Digest is the URI of a digest method.
type Digest string

// The digest methods.
const (
	SHA256 Digest = "http://www.w3.org/2001/04/xmlenc#sha256"
	SHA384 Digest = "http://www.w3.org/2001/04/xmldsig-more#sha384"
	SHA512 Digest = "http://www.w3.org/2001/04/xmlenc#sha512"
)

// Hash returns the hash function of d, or 0 when d is none of the constants.
func (d Digest) Hash() crypto.Hash {
	switch d {
	case SHA256:
		return crypto.SHA256
	case SHA384:
		return crypto.SHA384
	case SHA512:
		return crypto.SHA512
	}
	return 0
}

// A Method is the URI of a signature method.
type Method string

// The signature methods: RSA with PKCS#1 v1.5 padding, RSA-PSS with MGF1 of the same hash and a salt as long as
// it, ECDSA with the value r‖s, and Ed25519. [XMLDSig 1.1 §6.4] [RFC 9231 §2.3]
const (
	RSASHA256   Method = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
	RSASHA384   Method = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384"
	RSASHA512   Method = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"
	PSSSHA256   Method = "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"
	PSSSHA384   Method = "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1"
	PSSSHA512   Method = "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1"
	ECDSASHA256 Method = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
	ECDSASHA384 Method = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"
	ECDSASHA512 Method = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512"
	Ed25519     Method = "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519"
)

type family int

const (
	unknown family = iota
	pkcs1
	pss
	ecdsaRS
	eddsa
)

// parts returns the key family and the hash of m.
func (m Method) parts() (family, crypto.Hash) {
	switch m {
	case RSASHA256:
		return pkcs1, crypto.SHA256
	case RSASHA384:
		return pkcs1, crypto.SHA384
	case RSASHA512:
		return pkcs1, crypto.SHA512
	case PSSSHA256:
		return pss, crypto.SHA256
	case PSSSHA384:
		return pss, crypto.SHA384
	case PSSSHA512:
		return pss, crypto.SHA512
	case ECDSASHA256:
		return ecdsaRS, crypto.SHA256
	case ECDSASHA384:
		return ecdsaRS, crypto.SHA384
	case ECDSASHA512:
		return ecdsaRS, crypto.SHA512
	case Ed25519:
		return eddsa, 0
	}
	return unknown, 0
}

// Known reports whether m is one of the constants.
func (m Method) Known() bool {
	f, _ := m.parts()
	return f != unknown
}
