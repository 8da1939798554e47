package xmlenc

import (
	"crypto"
	"crypto/hkdf"
	"encoding/binary"
	"hash"
)

// URIs of key derivation.
const (
	HKDF      = "http://www.w3.org/2021/04/xmldsig-more#hkdf"
	ConcatKDF = "http://www.w3.org/2009/xmlenc11#ConcatKDF"
)

// URIs of the pseudo-random functions of HKDF.
const (
	HMACSHA256 = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"
	HMACSHA384 = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha384"
	HMACSHA512 = "http://www.w3.org/2001/04/xmldsig-more#hmac-sha512"
)

// maxDerived bounds a derived key: nothing here needs more than two keys of 32 octets.
const maxDerived = 64

// A Derivation is one xenc11:KeyDerivationMethod: how a shared secret becomes a key. The field that Algorithm
// names is set, the other is nil. [XMLEnc 1.1 §5.4]
type Derivation struct {
	Algorithm string        // HKDF or ConcatKDF; a document may hold any other
	HKDF      *HKDFParams   // of HKDF
	Concat    *ConcatParams // of ConcatKDF
}

// HKDFParams are the parameters of HKDF. [RFC 5869] [AS4 2.0 §4]
type HKDFParams struct {
	PRF       string // "" means HMAC with SHA-256
	Salt      []byte // nil means zeros of the length of the hash
	Info      []byte
	KeyLength int // octets; 0 when the document names none
}

// ConcatParams are the parameters of ConcatKDF: fields of whole octets that are hashed in this order behind the
// secret. [XMLEnc 1.1 §5.4.1]
type ConcatParams struct {
	Digest                                                         string // SHA256, SHA384 or SHA512
	AlgorithmID, PartyUInfo, PartyVInfo, SuppPubInfo, SuppPrivInfo []byte
}

// Key derives a key of n octets from the secret z.
func (d *Derivation) Key(z []byte, n int) ([]byte, error) {
	if n <= 0 || n > maxDerived {
		return nil, ErrKey
	}
	switch {
	case d.Algorithm == HKDF && d.HKDF != nil:
		return d.HKDF.key(z, n)
	case d.Algorithm == ConcatKDF && d.Concat != nil:
		return d.Concat.key(z, n)
	}
	return nil, ErrAlgorithm
}

func (p *HKDFParams) key(z []byte, n int) ([]byte, error) {
	var h crypto.Hash
	switch p.PRF {
	case "", HMACSHA256:
		h = crypto.SHA256
	case HMACSHA384:
		h = crypto.SHA384
	case HMACSHA512:
		h = crypto.SHA512
	default:
		return nil, ErrAlgorithm
	}
	if p.KeyLength != 0 && p.KeyLength != n {
		return nil, ErrKey
	}
	return hkdf.Key(func() hash.Hash { return h.New() }, z, p.Salt, string(p.Info), n)
}

// key is the single-step derivation with a hash: H(counter ‖ Z ‖ OtherInfo). [NIST SP 800-56A §5.8.1]
func (p *ConcatParams) key(z []byte, n int) ([]byte, error) {
	var h crypto.Hash
	switch p.Digest {
	case SHA256:
		h = crypto.SHA256
	case SHA384:
		h = crypto.SHA384
	case SHA512:
		h = crypto.SHA512
	default:
		return nil, ErrAlgorithm
	}
	out := make([]byte, 0, n+h.Size())
	for counter := uint32(1); len(out) < n; counter++ {
		sum := h.New()
		sum.Write(binary.BigEndian.AppendUint32(nil, counter))
		for _, part := range [][]byte{z, p.AlgorithmID, p.PartyUInfo, p.PartyVInfo, p.SuppPubInfo, p.SuppPrivInfo} {
			sum.Write(part)
		}
		out = sum.Sum(out)
	}
	return out[:n:n], nil
}
