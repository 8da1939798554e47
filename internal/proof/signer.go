package proof

import (
	"bytes"
	"crypto/x509"
	"errors"

	"oots/internal/audit"
)

// ErrNoSigner says that none of the keys may sign an export.
var ErrNoSigner = errors.New("the key that signed our side of the exchange is not there, nor one that followed it")

// Among returns a Signer for a Prover that has these keys: that of a certificate that signed in the exchange, else of one
// with the same subject, which follows it, else the first when nothing of ours was signed.
func Among(keys []audit.Signer) func(ours []*x509.Certificate) (audit.Signer, error) {
	return func(ours []*x509.Certificate) (audit.Signer, error) {
		for _, fits := range []func(a, b *x509.Certificate) bool{(*x509.Certificate).Equal, sameSubject} {
			for _, c := range ours {
				for _, k := range keys {
					if fits(k.Certificate, c) {
						return k, nil
					}
				}
			}
		}
		if len(ours) > 0 || len(keys) == 0 {
			return audit.Signer{}, ErrNoSigner
		}
		return keys[0], nil
	}
}

func sameSubject(a, b *x509.Certificate) bool { return bytes.Equal(a.RawSubject, b.RawSubject) }
