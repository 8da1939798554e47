// Package jades signs and verifies the answers of the Common Services: a detached JWS in the JAdES
// baseline profile, mechanism HttpHeaders. What is signed is the HTTP header digest, and the digest covers
// the body. [TDD 3.6.2] [ETSI TS 119 182-1]
//
//	digest: SHA-256=<base64 of SHA-256(body)>
//	oots-response-sig: <base64url(protected header)>..<base64url(signature)>
//
// The signature proves the origin whatever proxies stand between. Verify comes before any parsing of the
// body. The package does not fetch anything: no revocation lists, no intermediate certificates; and a root
// that travels with an answer is never trusted.
package jades

import (
	"crypto/sha256"
	"encoding/base64"
)

// The names of the two headers. HTTP compares them without case; the signing input has the first in lower
// case.
const (
	HeaderDigest    = "digest"
	HeaderSignature = "oots-response-sig"
)

// The algorithms of this profile. EdDSA is Ed25519. [TDD 3.6.2]
const (
	ES256 = "ES256"
	EdDSA = "EdDSA"
)

// mechanism is the sigD of a signature over HTTP headers.
const mechanism = "http://uri.etsi.org/19182/HttpHeaders"

// digestPrefix is the only algorithm of the digest header, upper case. [RFC 3230 §4.1.1]
const digestPrefix = "SHA-256="

// Digest returns the value of the digest header for body.
func Digest(body []byte) string {
	sum := sha256.Sum256(body)
	return digestPrefix + base64.StdEncoding.EncodeToString(sum[:])
}

// signingInput is what the signature covers: the protected header as sent, a dot, and the digest line
// without a line feed.
func signingInput(protected, digest string) []byte {
	in := make([]byte, 0, len(protected)+len(digest)+10)
	in = append(in, protected...)
	in = append(in, '.')
	in = append(in, HeaderDigest...)
	in = append(in, ": "...)
	return append(in, digest...)
}
