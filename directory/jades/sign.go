package jades

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"time"
)

// A Signer signs answers with one key. Its protected header depends on certificate and start time only, so
// it is made once. A Signer may be used by many at once if its key may.
type Signer struct {
	key       crypto.Signer
	alg       string
	protected string // base64url
	keyID     string
}

// header is the protected header in the order in which it is written.
type header struct {
	Alg  string   `json:"alg"`
	Kid  string   `json:"kid"`
	X5tO x5tO     `json:"x5t#o"`
	X5c  []string `json:"x5c"`
	Typ  string   `json:"typ"`
	B64  bool     `json:"b64"`
	Iat  int64    `json:"iat"`
	SigD sigD     `json:"sigD"`
	Crit []string `json:"crit"`
}

type x5tO struct {
	DigAlg string `json:"digAlg"`
	DigVal string `json:"digVal"`
}

type sigD struct {
	MID  string   `json:"mId"`
	Pars []string `json:"pars"`
}

// NewSigner returns a Signer for key, whose certificate is chain[0]; the rest of chain are the
// certificates above it, root last or left out. at becomes the claimed signing time. The key is ECDSA on
// P-256 (ES256) or Ed25519 (EdDSA).
func NewSigner(key crypto.Signer, chain []*x509.Certificate, at time.Time) (*Signer, error) {
	if len(chain) == 0 {
		return nil, errors.New("signing needs a certificate")
	}
	alg, err := algorithmOf(key.Public())
	if err != nil {
		return nil, err
	}
	if !samePublicKey(chain[0].PublicKey, key.Public()) {
		return nil, errors.New("the first certificate is not that of the signing key")
	}
	kid, err := keyID(chain[0])
	if err != nil {
		return nil, fmt.Errorf("key id: %w", err)
	}
	sum := sha512.Sum512(chain[0].Raw)
	h := header{
		Alg:  alg,
		Kid:  kid,
		X5tO: x5tO{DigAlg: "S512", DigVal: base64.RawURLEncoding.EncodeToString(sum[:])},
		Typ:  "jose",
		Iat:  at.Unix(),
		SigD: sigD{MID: mechanism, Pars: []string{HeaderDigest}},
		Crit: []string{"b64", "sigD"},
	}
	for _, c := range chain {
		h.X5c = append(h.X5c, base64.StdEncoding.EncodeToString(c.Raw))
	}
	b, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	return &Signer{key: key, alg: alg, protected: base64.RawURLEncoding.EncodeToString(b), keyID: kid}, nil
}

// KeyID returns the kid of the signatures: base64 of the DER IssuerSerial of the certificate.
func (s *Signer) KeyID() string { return s.keyID }

// Sign returns the values of the headers digest and oots-response-sig for body.
func (s *Signer) Sign(body []byte) (digest, signature string, err error) {
	digest = Digest(body)
	input := signingInput(s.protected, digest)
	var sig []byte
	switch s.alg {
	case EdDSA:
		sig, err = s.key.Sign(rand.Reader, input, crypto.Hash(0))
	default:
		sig, err = s.signES256(input)
	}
	if err != nil {
		return "", "", fmt.Errorf("sign answer: %w", err)
	}
	return digest, s.protected + ".." + base64.RawURLEncoding.EncodeToString(sig), nil
}

// signES256 returns R and S, 32 bytes each. [RFC 7518 §3.4]
func (s *Signer) signES256(input []byte) ([]byte, error) {
	sum := sha256.Sum256(input)
	der, err := s.key.Sign(rand.Reader, sum[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	var rs struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(der, &rs); err != nil || len(rest) > 0 || rs.R.BitLen() > 256 || rs.S.BitLen() > 256 {
		return nil, errors.New("the key gave no ECDSA signature")
	}
	sig := make([]byte, 64)
	rs.R.FillBytes(sig[:32])
	rs.S.FillBytes(sig[32:])
	return sig, nil
}

// algorithmOf returns the algorithm that fits a public key.
func algorithmOf(pub crypto.PublicKey) (string, error) {
	switch k := pub.(type) {
	case ed25519.PublicKey:
		return EdDSA, nil
	case *ecdsa.PublicKey:
		if k.Curve == elliptic.P256() {
			return ES256, nil
		}
	}
	return "", fmt.Errorf("no signature algorithm of this profile fits a key of type %T", pub)
}

func samePublicKey(a, b crypto.PublicKey) bool {
	k, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && k.Equal(b)
}

// keyID is the DER IssuerSerial of a certificate in base64: SEQUENCE { GeneralNames { [4] issuer },
// INTEGER serial }. [RFC 5035 §5]
func keyID(c *x509.Certificate) (string, error) {
	der, err := asn1.Marshal(struct {
		Issuer []asn1.RawValue
		Serial *big.Int
	}{
		Issuer: []asn1.RawValue{{Class: asn1.ClassContextSpecific, Tag: 4, IsCompound: true, Bytes: c.RawIssuer}},
		Serial: c.SerialNumber,
	})
	if err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(der), nil
}
