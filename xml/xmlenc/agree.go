package xmlenc

import (
	"crypto/ecdh"
	"crypto/rand"

	"oots/xml/xmltree"
)

// URIs of key agreement: both are Diffie-Hellman of an ephemeral key with the recipient's static one.
// [XMLEnc 1.1 §5.6.1] [AS4 2.0 §2]
const (
	ECDHES = "http://www.w3.org/2009/xmlenc11#ECDH-ES"       // P-256, P-384 and P-521
	X25519 = "http://www.w3.org/2021/04/xmldsig-more#x25519" // the one curve
)

// An Agreement is one xenc:AgreementMethod.
type Agreement struct {
	Algorithm  string // ECDHES or X25519; a document may hold any other
	Derivation Derivation
	Originator *ecdh.PublicKey  // the ephemeral key
	Recipient  *xmltree.Element // xenc:RecipientKeyInfo, nil if absent: whose key is meant is for the caller to find
	Element    *xmltree.Element
}

// An Agreer is the private half of a static key. *ecdh.PrivateKey is one; another may live in hardware.
type Agreer interface {
	PublicKey() *ecdh.PublicKey
	ECDH(remote *ecdh.PublicKey) ([]byte, error)
}

// Agree makes an ephemeral key for one message to recipient and derives a key of n octets. The ephemeral private
// key is forgotten.
func Agree(recipient *ecdh.PublicKey, d Derivation, n int) (*Agreement, []byte, error) {
	ephemeral, err := recipient.Curve().GenerateKey(rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	a := &Agreement{Algorithm: algorithmOf(recipient), Derivation: d, Originator: ephemeral.PublicKey()}
	key, err := a.derive(ephemeral, recipient, n)
	if err != nil {
		return nil, nil, err
	}
	return a, key, nil
}

// Key derives the key of n octets that the sender derived. The error is ErrAlgorithm for what is unknown, ErrKey
// for a key of another curve, and ErrOpen for an ephemeral key that gives no secret.
func (a *Agreement) Key(own Agreer, n int) ([]byte, error) {
	switch {
	case a.Algorithm != X25519 && a.Algorithm != ECDHES:
		return nil, ErrAlgorithm
	case a.Originator == nil || a.Algorithm != algorithmOf(a.Originator) || a.Originator.Curve() != own.PublicKey().Curve():
		return nil, ErrKey
	}
	return a.derive(own, a.Originator, n)
}

// derive computes the shared secret; the all-zero one is an error of crypto/ecdh. [RFC 7748 §6.1]
func (a *Agreement) derive(own Agreer, peer *ecdh.PublicKey, n int) ([]byte, error) {
	z, err := own.ECDH(peer)
	if err != nil {
		return nil, ErrOpen
	}
	return a.Derivation.Key(z, n)
}

func algorithmOf(k *ecdh.PublicKey) string {
	if k.Curve() == ecdh.X25519() {
		return X25519
	}
	return ECDHES
}
