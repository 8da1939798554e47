package saml

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"slices"
	"time"

	"oots/xml/xmldsig"
	"oots/xml/xmlenc"
)

// A Policy says which algorithms and keys are good enough, and how far clocks may differ. SHA-1, PKCS#1 v1.5 key
// transport and CBC are in none: they do not exist below.
type Policy struct {
	Signatures []xmldsig.Method
	Digests    []xmldsig.Digest
	Contents   []xmlenc.Content
	Transports []string         // URIs of RSA-OAEP
	Masks      []string         // digests and masks of RSA-OAEP; "" and SHA-1 mean what a document without them means
	Wraps      []xmlenc.KeyWrap // under a key agreed by ECDH-ES; none forbids agreement
	MinRSA     int              // bits of a modulus
	Skew       time.Duration    // between two clocks
	Lifetime   time.Duration    // of a message, from its issue
}

// Strict is the policy of the cryptographic requirements: RSA-PSS and ECDSA, RSA-OAEP with SHA-2, 3072 bits.
// Brainpool curves are not in the standard library and are refused. [eIDAS Cryptographic Requirements 1.4 §3]
func Strict() Policy {
	return Policy{
		Signatures: []xmldsig.Method{
			xmldsig.PSSSHA256, xmldsig.PSSSHA384, xmldsig.PSSSHA512, xmldsig.ECDSASHA256, xmldsig.ECDSASHA384, xmldsig.ECDSASHA512,
		},
		Digests:    []xmldsig.Digest{xmldsig.SHA256, xmldsig.SHA384, xmldsig.SHA512},
		Contents:   []xmlenc.Content{xmlenc.AES256GCM, xmlenc.AES128GCM, xmlenc.AES192GCM},
		Transports: []string{xmlenc.RSAOAEP},
		Masks:      []string{xmlenc.SHA256, xmlenc.SHA384, xmlenc.SHA512, xmlenc.MGF1SHA256, xmlenc.MGF1SHA384, xmlenc.MGF1SHA512},
		Wraps:      []xmlenc.KeyWrap{xmlenc.KWAES128, xmlenc.KWAES256},
		MinRSA:     3072,
		Skew:       time.Minute,
		Lifetime:   5 * time.Minute,
	}
}

// Lenient is Strict for peers that lag behind: it also takes RSA with PKCS#1 v1.5 signatures over SHA-2, RSA-OAEP
// with the mask of SHA-1, and 2048 bits.
func Lenient() Policy {
	p := Strict()
	p.Signatures = append(p.Signatures, xmldsig.RSASHA256, xmldsig.RSASHA384, xmldsig.RSASHA512)
	p.Transports = append(p.Transports, xmlenc.RSAOAEPMGF1P)
	p.Masks = append(p.Masks, "", xmlenc.SHA1, xmlenc.MGF1SHA1)
	p.MinRSA = 2048
	return p
}

// signature checks the algorithms of a signature.
func (p *Policy) signature(m xmldsig.Method) error {
	if !slices.Contains(p.Signatures, m) {
		return refuse(badAlgorithm, "signature method %q", short(string(m)))
	}
	return nil
}

func (p *Policy) digest(d xmldsig.Digest) error {
	if !slices.Contains(p.Digests, d) {
		return refuse(badAlgorithm, "digest method %q", short(string(d)))
	}
	return nil
}

// key checks the strength of a public key.
func (p *Policy) key(pub crypto.PublicKey) error {
	switch k := pub.(type) {
	case *rsa.PublicKey:
		if k.N.BitLen() < p.MinRSA {
			return refuse(badKey, "RSA key of %d bits", k.N.BitLen())
		}
		return nil
	case *ecdsa.PublicKey:
		if k.Curve.Params().BitSize < 256 {
			return refuse(badKey, "curve of %d bits", k.Curve.Params().BitSize)
		}
		return nil
	}
	return refuse(badKey, "a key of another kind")
}

// methodOf is the signature method that a key of ours signs with under p: the first that fits.
func (p *Policy) methodOf(pub crypto.PublicKey) (xmldsig.Method, error) {
	for _, m := range p.Signatures {
		_, isRSA := pub.(*rsa.PublicKey)
		ec, isEC := pub.(*ecdsa.PublicKey)
		switch m {
		case xmldsig.ECDSASHA256, xmldsig.ECDSASHA384, xmldsig.ECDSASHA512:
			if isEC && curveFits(ec.Curve.Params().BitSize, m) {
				return m, nil
			}
		case xmldsig.Ed25519:
		default:
			if isRSA {
				return m, nil
			}
		}
	}
	return "", refuse(badKey, "no signature method of the policy fits the key")
}

func curveFits(bits int, m xmldsig.Method) bool {
	switch m {
	case xmldsig.ECDSASHA256:
		return bits == 256
	case xmldsig.ECDSASHA384:
		return bits == 384
	}
	return bits > 384
}

// usable are the certificates that are within their validity and strong enough.
func (p *Policy) usable(certs []*x509.Certificate, now time.Time) []*x509.Certificate {
	var out []*x509.Certificate
	for _, c := range certs {
		if now.After(c.NotAfter) || now.Before(c.NotBefore.Add(-p.Skew)) || p.key(c.PublicKey) != nil {
			continue
		}
		out = append(out, c)
	}
	return out
}

// short bounds what a peer wrote before it goes into a log line.
func short(s string) string {
	if len(s) > 100 {
		return s[:100] + "…"
	}
	return s
}
