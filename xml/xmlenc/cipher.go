package xmlenc

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"errors"
)

// Errors of the functions here. ErrOpen is the same for every way in which opening can fail.
var (
	ErrAlgorithm = errors.New("xmlenc: unknown algorithm")
	ErrKey       = errors.New("xmlenc: the key does not fit the algorithm")
	ErrOpen      = errors.New("xmlenc: decryption failed")
)

// Overhead is how much longer a sealed content is than the plain one.
const Overhead = 12 + 16

// NewKey returns a random key for c.
func NewKey(c Content) ([]byte, error) {
	n := c.KeySize()
	if n == 0 {
		return nil, ErrAlgorithm
	}
	key := make([]byte, n)
	rand.Read(key) // never fails [crypto/rand]
	return key, nil
}

// Seal encrypts plain under a fresh random nonce.
func Seal(c Content, key, plain []byte) ([]byte, error) {
	aead, err := newGCM(c, key)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize(), len(plain)+Overhead)
	rand.Read(nonce)
	return aead.Seal(nonce, nonce, plain, nil), nil
}

// Open decrypts what Seal made.
func Open(c Content, key, sealed []byte) ([]byte, error) {
	aead, err := newGCM(c, key)
	if err != nil {
		return nil, err
	}
	n := aead.NonceSize()
	if len(sealed) < Overhead {
		return nil, ErrOpen
	}
	plain, err := aead.Open(nil, sealed[:n], sealed[n:], nil)
	if err != nil {
		return nil, ErrOpen
	}
	return plain, nil
}

func newGCM(c Content, key []byte) (cipher.AEAD, error) {
	if c.KeySize() == 0 {
		return nil, ErrAlgorithm
	}
	if len(key) != c.KeySize() {
		return nil, ErrKey
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// WrapKey encrypts a content key for the owner of pub.
func WrapKey(pub *rsa.PublicKey, t Transport, key []byte) ([]byte, error) {
	digest, mask, ok := t.hashes()
	if !ok {
		return nil, ErrAlgorithm
	}
	return rsa.EncryptOAEPWithOptions(rand.Reader, pub, key, &rsa.OAEPOptions{Hash: digest, MGFHash: mask, Label: t.Label})
}

// UnwrapKey opens what WrapKey made. The private key may live in hardware.
func UnwrapKey(key crypto.Decrypter, t Transport, wrapped []byte) ([]byte, error) {
	digest, mask, ok := t.hashes()
	if !ok {
		return nil, ErrAlgorithm
	}
	if _, ok := key.Public().(*rsa.PublicKey); !ok {
		return nil, ErrKey
	}
	plain, err := key.Decrypt(rand.Reader, wrapped, &rsa.OAEPOptions{Hash: digest, MGFHash: mask, Label: t.Label})
	if err != nil {
		return nil, ErrOpen
	}
	return plain, nil
}
