package as4

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"fmt"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
)

// A Revocation knows which certificates were withdrawn: lists that somebody fetches, or a service. The package
// has none and opens no connection; an implementation answers from what it holds, and quickly, since a message
// waits for it. It must be safe for concurrent use.
type Revocation interface {
	// Revoked reports whether c is withdrawn at this time. issuer is nil for a pinned certificate whose issuer the
	// message does not carry. An error says that nothing is known, for example because the list is too old.
	Revoked(c, issuer *x509.Certificate, at time.Time) (bool, error)
}

// Trust decides whose signature counts, beside the certificates that a P-Mode pins. The zero value trusts
// pinned certificates only and does not ask for revocation. [AS4 1.15 §3.2.6]
type Trust struct {
	// Roots are for parties with a CommonName: a certificate below one of them speaks for the party of that name
	// and for no other. nil means that only pinned certificates count. They are never the system's roots.
	Roots *x509.CertPool
	// Revocation is asked for every certificate of the path but a root and one that is its own issuer; nil asks nobody.
	Revocation Revocation
	// Strict refuses a signer when Revocation knows nothing; otherwise the message is accepted, and that is in
	// Received.Tolerated.
	Strict bool
}

// check decides whether the signer speaks for peer: its certificate is pinned for that party, or it is
// issued below the roots for exactly that party. A certificate of another party is of no use, however
// trusted its issuer. Everything else is EBMS:0101. unknown says that revocation could not be told. [AS4 1.15 §3.2]
func (t *Trust) check(v *wssec.Verified, peer pmode.Party, now time.Time) (unknown bool, err error) {
	c := v.Signer
	if c == nil || !pmode.ValidAt(c, now) {
		return false, distrust(c, peer, "the signing certificate is not valid at this time")
	}
	if err := pmode.CheckSigning(c); err != nil {
		return false, distrust(c, peer, "the signing certificate is not fit for signing")
	}
	for _, pinned := range peer.Signing {
		if pinned.Equal(c) {
			return t.unrevoked([]*x509.Certificate{c, issuerIn(v.Chain, c)}, peer, now)
		}
	}
	if t.Roots == nil || peer.CommonName == "" || commonName(c) != peer.CommonName {
		return false, distrust(c, peer, "the signing certificate is not that of the sending party")
	}
	between := x509.NewCertPool()
	for _, x := range v.Chain {
		if !x.Equal(c) {
			between.AddCert(x)
		}
	}
	chains, err := c.Verify(x509.VerifyOptions{
		Roots: t.Roots, Intermediates: between, CurrentTime: now,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}, // those of TLS say nothing about messages
	})
	if err != nil {
		return false, distrust(c, peer, "the signing certificate has no path to a trusted root")
	}
	return t.unrevoked(chains[0], peer, now)
}

// commonName returns the one common name of a subject; a certificate with several could be anybody's.
func commonName(c *x509.Certificate) string {
	n := 0
	for _, a := range c.Subject.Names {
		if a.Type.Equal(oidCommonName) {
			n++
		}
	}
	if n != 1 {
		return ""
	}
	return c.Subject.CommonName
}

var oidCommonName = asn1.ObjectIdentifier{2, 5, 4, 3}

// unrevoked asks for each certificate of a path, leaf first; the last one is the anchor.
func (t *Trust) unrevoked(path []*x509.Certificate, peer pmode.Party, now time.Time) (unknown bool, err error) {
	if t.Revocation == nil {
		return false, nil
	}
	for i, c := range path[:len(path)-1] {
		if bytes.Equal(c.RawIssuer, c.RawSubject) {
			continue
		}
		revoked, err := t.Revocation.Revoked(c, path[i+1], now)
		switch {
		case err == nil && revoked:
			return false, distrust(c, peer, "the signing certificate or one above it is revoked")
		case err != nil && t.Strict:
			r := distrust(c, peer, "the revocation of the signing certificate cannot be told")
			r.Cause = fmt.Errorf("%w: %w", r.Cause, err)
			return false, r
		}
		unknown = unknown || err != nil
	}
	return unknown, nil
}

// issuerIn finds the issuer of c among the certificates of a message; nil if it is not there. What it is used for
// does not depend on it: a pinned certificate needs no issuer.
func issuerIn(chain []*x509.Certificate, c *x509.Certificate) *x509.Certificate {
	for _, x := range chain {
		if !x.Equal(c) && c.CheckSignatureFrom(x) == nil {
			return x
		}
	}
	return nil
}

// distrust tells the peer the reason, and our log the fingerprint of the certificate: during a rollover it
// is the one thing that an operator needs.
func distrust(c *x509.Certificate, peer pmode.Party, reason string) *Refusal {
	r := Refuse(ebms.FailedAuthentication, "", reason)
	if c != nil {
		sum := sha256.Sum256(c.Raw)
		r.Cause = fmt.Errorf("certificate %s of party %s", hex.EncodeToString(sum[:]), peer.ID.Value)
	}
	return r
}
