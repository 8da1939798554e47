package as4

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/edelivery/wssec"
)

// trust decides whether the signer speaks for peer: its certificate is pinned for that party, or it is
// issued below the roots for exactly that party. A certificate of another party is of no use, however
// trusted its issuer. Everything else is EBMS:0101. [AS4 1.15 §3.2]
func trust(v *wssec.Verified, peer pmode.Party, now time.Time, roots *x509.CertPool) error {
	c := v.Signer
	if c == nil || !pmode.ValidAt(c, now) {
		return distrust(c, peer, "the signing certificate is not valid at this time")
	}
	if err := pmode.CheckSigning(c); err != nil {
		return distrust(c, peer, "the signing certificate is not fit for signing")
	}
	for _, pinned := range peer.Signing {
		if pinned.Equal(c) {
			return nil
		}
	}
	if roots == nil || peer.CommonName == "" || c.Subject.CommonName != peer.CommonName {
		return distrust(c, peer, "the signing certificate is not that of the sending party")
	}
	between := x509.NewCertPool()
	for _, x := range v.Chain {
		if !x.Equal(c) {
			between.AddCert(x)
		}
	}
	_, err := c.Verify(x509.VerifyOptions{
		Roots: roots, Intermediates: between, CurrentTime: now,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageAny}, // those of TLS say nothing about messages
	})
	if err != nil {
		return distrust(c, peer, "the signing certificate has no path to a trusted root")
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
