// Package wssec is OASIS WS-Security 1.1.1 as the eDelivery AS4 1.15 profile narrows it: it signs eb:Messaging,
// the SOAP body and every attachment with one X.509 token, encrypts the attachments for one recipient, and
// undoes and checks both. [AS4 1.15 §3.2.6] [WSS 1.1.1] [SwA Profile 1.1.1]
//
// Verify returns what was signed as the very elements of the parsed envelope, so that nobody can process one
// element and verify another. Whether the signer may speak for a party is not decided here: the caller compares
// the certificate with its P-Mode. The package knows neither MIME nor the content of eb:Messaging.
package wssec

import (
	"crypto"
	"crypto/x509"
)

// Codes of the errors of this package. [ebMS3 §6.7.2]
const (
	FailedAuthentication = "EBMS:0101" // the signature or a digest is wrong
	FailedDecryption     = "EBMS:0102" // the key or an attachment cannot be opened
	PolicyNoncompliance  = "EBMS:0103" // something is not signed, not encrypted, or not as agreed
)

// An Error is one refusal. Detail is for the peer and holds no secrets; for a decryption it is always the same.
type Error struct {
	Code   string // one of the constants
	Detail string // one sentence
	Err    error  // the cause, for our log only; may be nil
}

func (e *Error) Error() string {
	if e.Err != nil {
		return e.Code + ": " + e.Detail + ": " + e.Err.Error()
	}
	return e.Code + ": " + e.Detail
}

func (e *Error) Unwrap() error { return e.Err }

// A Reference is one ds:Reference of a signature.
type Reference struct {
	URI          string   // "#id" or "cid:…" as written
	Raw          string   // the ds:Reference element in canonical form with its namespaces, to be copied into a receipt
	Transforms   []string // algorithms in order
	DigestMethod string
	DigestValue  string // the base64 text exactly as written
}

// An Attachment is one MIME part behind the root part, as it is signed.
type Attachment struct {
	ContentID string // without angle brackets
	MediaType string // of the MIME level before encryption; parameters are allowed and ignored
	Digest    []byte // SHA-256 of the content in the form that MediaType asks for: see NewDigest
}

// An Identity is a certificate of ours with its private key. Key signs, Decrypter opens; for RSA both are
// usually one object. Either may be nil when the identity is not used for that purpose.
type Identity struct {
	Key         crypto.Signer
	Decrypter   crypto.Decrypter
	Certificate *x509.Certificate
	Path        []*x509.Certificate // the issuers of Certificate, nearest first; only for Options.PKIPath
}
