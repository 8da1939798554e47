package xmlenc

import (
	"crypto/aes"
	"crypto/subtle"
	"encoding/binary"
)

// A KeyWrap is the URI of a symmetric key wrap.
type KeyWrap string

// The key wraps, each with a key of its size. [XMLEnc 1.1 §5.6.2] [RFC 3394]
const (
	KWAES128 KeyWrap = "http://www.w3.org/2001/04/xmlenc#kw-aes128"
	KWAES192 KeyWrap = "http://www.w3.org/2001/04/xmlenc#kw-aes192"
	KWAES256 KeyWrap = "http://www.w3.org/2001/04/xmlenc#kw-aes256"
)

// KeySize returns the length of the wrapping key in octets, or 0 when w is none of the constants.
func (w KeyWrap) KeySize() int {
	switch w {
	case KWAES128:
		return 16
	case KWAES192:
		return 24
	case KWAES256:
		return 32
	}
	return 0
}

// Bounds of what may be wrapped, in octets: whole halves of a block, at least two. [RFC 3394 §2]
const (
	minWrapped = 16
	maxWrapped = 4096
)

// initialValue is what unwrapping must bring back. [RFC 3394 §2.2.3.1]
const initialValue = 0xA6A6A6A6A6A6A6A6

// WrapAES encrypts key under the wrapping key kek; the result is eight octets longer. [RFC 3394 §2.2.1]
func WrapAES(w KeyWrap, kek, key []byte) ([]byte, error) {
	if err := w.check(kek); err != nil {
		return nil, err
	}
	if len(key)%8 != 0 || len(key) < minWrapped || len(key) > maxWrapped {
		return nil, ErrKey
	}
	block, err := aes.NewCipher(kek)
	if err != nil {
		return nil, err
	}
	out := make([]byte, 8+len(key))
	copy(out[8:], key)
	var b [aes.BlockSize]byte
	binary.BigEndian.PutUint64(b[:8], initialValue)
	n := len(key) / 8
	for j := range 6 {
		for i := 1; i <= n; i++ {
			copy(b[8:], out[8*i:])
			block.Encrypt(b[:], b[:])
			copy(out[8*i:8*i+8], b[8:])
			a := binary.BigEndian.Uint64(b[:8]) ^ uint64(n*j+i)
			binary.BigEndian.PutUint64(b[:8], a)
		}
	}
	copy(out, b[:8])
	return out, nil
}

// UnwrapAES opens what WrapAES made. The error is ErrOpen when wrapped was not made with kek. [RFC 3394 §2.2.2]
func UnwrapAES(w KeyWrap, kek, wrapped []byte) ([]byte, error) {
	if err := w.check(kek); err != nil {
		return nil, err
	}
	if len(wrapped)%8 != 0 || len(wrapped) < 8+minWrapped || len(wrapped) > 8+maxWrapped {
		return nil, ErrOpen
	}
	block, err := aes.NewCipher(kek)
	if err != nil {
		return nil, err
	}
	key := make([]byte, len(wrapped)-8)
	copy(key, wrapped[8:])
	var b, want [aes.BlockSize]byte
	copy(b[:8], wrapped)
	n := len(key) / 8
	for j := 5; j >= 0; j-- {
		for i := n; i >= 1; i-- {
			a := binary.BigEndian.Uint64(b[:8]) ^ uint64(n*j+i)
			binary.BigEndian.PutUint64(b[:8], a)
			copy(b[8:], key[8*i-8:])
			block.Decrypt(b[:], b[:])
			copy(key[8*i-8:8*i], b[8:])
		}
	}
	binary.BigEndian.PutUint64(want[:8], initialValue)
	if subtle.ConstantTimeCompare(b[:8], want[:8]) != 1 {
		return nil, ErrOpen
	}
	return key, nil
}

func (w KeyWrap) check(kek []byte) error {
	switch n := w.KeySize(); {
	case n == 0:
		return ErrAlgorithm
	case n != len(kek):
		return ErrKey
	}
	return nil
}
