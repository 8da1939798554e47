package proof

import (
	"bytes"
	"crypto/x509"
	"errors"
	"time"

	"oots/internal/audit"
)

// ErrNoSigner says that none of the keys may sign an export.
var ErrNoSigner = errors.New("there is no key with a certificate that is valid now")

// Among returns a Signer for a Prover that has these keys. Of those whose certificate is valid it is that of a certificate
// that signed in the exchange, else of one with the same subject, which follows it, else the first: certificates end
// before logs do, and the next one may have another name.
func Among(keys []audit.Signer) func(ours []*x509.Certificate, at time.Time) (audit.Signer, error) {
	return func(ours []*x509.Certificate, at time.Time) (audit.Signer, error) {
		var valid []audit.Signer
		for _, k := range keys {
			if !at.Before(k.Certificate.NotBefore) && !at.After(k.Certificate.NotAfter) {
				valid = append(valid, k)
			}
		}
		if len(valid) == 0 {
			return audit.Signer{}, ErrNoSigner
		}
		for _, fits := range []func(a, b *x509.Certificate) bool{(*x509.Certificate).Equal, sameSubject} {
			for _, c := range ours {
				for _, k := range valid {
					if fits(k.Certificate, c) {
						return k, nil
					}
				}
			}
		}
		return valid[0], nil
	}
}

func sameSubject(a, b *x509.Certificate) bool { return bytes.Equal(a.RawSubject, b.RawSubject) }
