package xmldsig

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/asn1"
	"errors"
	"math/big"
)

// Errors of Sign and Verify.
var (
	ErrMethod = errors.New("xmldsig: unknown signature method")
	ErrKey    = errors.New("xmldsig: the key does not fit the signature method")
	ErrValue  = errors.New("xmldsig: the signature value is wrong")
)

// Sign signs message, which is usually the canonical form of ds:SignedInfo. The key may live in hardware.
func Sign(key crypto.Signer, m Method, message []byte) ([]byte, error) {
	family, hash := m.parts()
	switch pub := key.Public().(type) {
	case *rsa.PublicKey:
		switch family {
		case pkcs1:
			return key.Sign(rand.Reader, digest(hash, message), hash)
		case pss:
			return key.Sign(rand.Reader, digest(hash, message), &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: hash})
		}
	case *ecdsa.PublicKey:
		if family == ecdsaRS {
			der, err := key.Sign(rand.Reader, digest(hash, message), hash)
			if err != nil {
				return nil, err
			}
			return fixedRS(der, fieldSize(pub))
		}
	case ed25519.PublicKey:
		if family == eddsa {
			return key.Sign(rand.Reader, message, crypto.Hash(0))
		}
	}
	if family == unknown {
		return nil, ErrMethod
	}
	return nil, ErrKey
}

// Verify checks a signature value over message. The error is ErrMethod, ErrKey or ErrValue.
func Verify(pub crypto.PublicKey, m Method, message, value []byte) error {
	family, hash := m.parts()
	if family == unknown {
		return ErrMethod
	}
	ok := false
	switch pub := pub.(type) {
	case *rsa.PublicKey:
		switch family {
		case pkcs1:
			ok = rsa.VerifyPKCS1v15(pub, hash, digest(hash, message), value) == nil
		case pss:
			ok = rsa.VerifyPSS(pub, hash, digest(hash, message), value, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash}) == nil
		default:
			return ErrKey
		}
	case *ecdsa.PublicKey:
		if family != ecdsaRS {
			return ErrKey
		}
		ok = verifyRS(pub, digest(hash, message), value)
	case ed25519.PublicKey:
		if family != eddsa {
			return ErrKey
		}
		ok = len(pub) == ed25519.PublicKeySize && ed25519.Verify(pub, message, value)
	default:
		return ErrKey
	}
	if !ok {
		return ErrValue
	}
	return nil
}

func digest(hash crypto.Hash, message []byte) []byte {
	h := hash.New()
	h.Write(message)
	return h.Sum(nil)
}

// fieldSize is the length of r and of s in octets: that of the curve's order.
func fieldSize(pub *ecdsa.PublicKey) int { return (pub.Curve.Params().N.BitLen() + 7) / 8 }

// fixedRS turns the DER form that signers return into r‖s. [XMLDSig 1.1 §6.4.3]
func fixedRS(der []byte, size int) ([]byte, error) {
	var rs struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(der, &rs); err != nil || len(rest) > 0 || rs.R.Sign() <= 0 || rs.S.Sign() <= 0 ||
		rs.R.BitLen() > 8*size || rs.S.BitLen() > 8*size {
		return nil, ErrValue
	}
	out := make([]byte, 2*size)
	rs.R.FillBytes(out[:size])
	rs.S.FillBytes(out[size:])
	return out, nil
}

func verifyRS(pub *ecdsa.PublicKey, sum, value []byte) bool {
	size := fieldSize(pub)
	if len(value) != 2*size {
		return false
	}
	r, s := new(big.Int).SetBytes(value[:size]), new(big.Int).SetBytes(value[size:])
	return ecdsa.Verify(pub, sum, r, s)
}
