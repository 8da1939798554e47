// Package xmlenc is XML Encryption 1.1 in pure functions: AES-GCM for content; for its key RSA-OAEP with digest
// and mask generation chosen apart, or AES key wrap under a key agreed by ECDH-ES or X25519 and derived by HKDF or
// ConcatKDF; reading the elements that carry them into values and writing them. [XMLEnc 1.1] [RFC 9231]
//
// PKCS#1 v1.5 key transport and CBC modes do not exist here: both have been broken in practice. What may be
// accepted of the rest is for the caller to say.
package xmlenc

import (
	"crypto"
	_ "crypto/sha1" // the default of RSA-OAEP in documents that name no digest
	_ "crypto/sha256"
	_ "crypto/sha512"
)

// Namespaces of the elements read and written.
const (
	Namespace   = "http://www.w3.org/2001/04/xmlenc#"
	Namespace11 = "http://www.w3.org/2009/xmlenc11#"

	namespaceSignature = "http://www.w3.org/2000/09/xmldsig#"
)

// A Content is the URI of a content encryption.
type Content string

// The content encryptions. The octets are a nonce of 12, the ciphertext and a tag of 16. [XMLEnc 1.1 §5.2.4]
const (
	AES128GCM Content = "http://www.w3.org/2009/xmlenc11#aes128-gcm"
	AES192GCM Content = "http://www.w3.org/2009/xmlenc11#aes192-gcm"
	AES256GCM Content = "http://www.w3.org/2009/xmlenc11#aes256-gcm"
)

// KeySize returns the length of the key in octets, or 0 when c is none of the constants.
func (c Content) KeySize() int {
	switch c {
	case AES128GCM:
		return 16
	case AES192GCM:
		return 24
	case AES256GCM:
		return 32
	}
	return 0
}

// URIs of key transport. RSAOAEPMGF1P fixes the mask to SHA-1. [XMLEnc 1.1 §5.5.2]
const (
	RSAOAEP      = "http://www.w3.org/2009/xmlenc11#rsa-oaep"
	RSAOAEPMGF1P = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p"
)

// URIs of digests and masks of RSA-OAEP. SHA-1 is here because it is what a document without a digest means.
const (
	SHA1       = "http://www.w3.org/2000/09/xmldsig#sha1"
	SHA256     = "http://www.w3.org/2001/04/xmlenc#sha256"
	SHA384     = "http://www.w3.org/2001/04/xmldsig-more#sha384"
	SHA512     = "http://www.w3.org/2001/04/xmlenc#sha512"
	MGF1SHA1   = "http://www.w3.org/2009/xmlenc11#mgf1sha1"
	MGF1SHA256 = "http://www.w3.org/2009/xmlenc11#mgf1sha256"
	MGF1SHA384 = "http://www.w3.org/2009/xmlenc11#mgf1sha384"
	MGF1SHA512 = "http://www.w3.org/2009/xmlenc11#mgf1sha512"
)

// A Transport is a key transport with its parameters as a document states them.
// Under a key agreement Algorithm is the URI of a KeyWrap and the rest is empty.
type Transport struct {
	Algorithm string // RSAOAEP or RSAOAEPMGF1P; a document may hold any other
	Digest    string // "" means SHA-1
	MGF       string // "" means MGF1 with SHA-1
	Label     []byte // OAEPparams; usually empty
}

// hashes returns the two hash functions of t; ok is false when one of its URIs is unknown.
func (t Transport) hashes() (digest, mask crypto.Hash, ok bool) {
	switch t.Digest {
	case "", SHA1:
		digest = crypto.SHA1
	case SHA256:
		digest = crypto.SHA256
	case SHA384:
		digest = crypto.SHA384
	case SHA512:
		digest = crypto.SHA512
	}
	switch t.MGF {
	case "", MGF1SHA1:
		mask = crypto.SHA1
	case MGF1SHA256:
		mask = crypto.SHA256
	case MGF1SHA384:
		mask = crypto.SHA384
	case MGF1SHA512:
		mask = crypto.SHA512
	}
	switch t.Algorithm {
	case RSAOAEP:
	case RSAOAEPMGF1P:
		if mask != crypto.SHA1 {
			return 0, 0, false
		}
	default:
		return 0, 0, false
	}
	return digest, mask, digest != 0 && mask != 0
}
