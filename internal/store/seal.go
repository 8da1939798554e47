package store

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
)

// A Sealer encrypts what must not lie readable on disk (evidence, message bodies, persons) with
// AES-256-GCM under one key of the node.
type Sealer struct {
	aead  cipher.AEAD
	names []byte // key of pseudonyms
}

// NewSealer makes a Sealer; key has 32 bytes.
func NewSealer(key []byte) (*Sealer, error) {
	if len(key) != 32 {
		return nil, errors.New("sealing key: want 32 bytes")
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	names, err := hkdf.Key(sha256.New, key, nil, "pseudonym", sha256.Size)
	if err != nil {
		return nil, err
	}
	return &Sealer{aead: aead, names: names}, nil
}

// Pseudonym is a name for a text that is the same for the same text and place, and that nobody can compute or check
// without the key: rows about a person can be found by it without saying who she is.
func (s *Sealer) Pseudonym(text, place string) string {
	h := hmac.New(sha256.New, s.names)
	h.Write([]byte(place + "\x00" + text))
	return hex.EncodeToString(h.Sum(nil))
}

// Seal encrypts plain and binds it to place, for example "request:" and the row's key, so that sealed
// values cannot be swapped between rows.
func (s *Sealer) Seal(plain []byte, place string) []byte {
	nonce := make([]byte, s.aead.NonceSize(), s.aead.NonceSize()+len(plain)+s.aead.Overhead())
	rand.Read(nonce)
	return s.aead.Seal(nonce, nonce, plain, []byte(place))
}

// Open reverses Seal. It fails when the bytes were changed or belong to another place.
func (s *Sealer) Open(sealed []byte, place string) ([]byte, error) {
	n := s.aead.NonceSize()
	if len(sealed) < n {
		return nil, errors.New("sealed value is too short")
	}
	plain, err := s.aead.Open(nil, sealed[:n], sealed[n:], []byte(place))
	if err != nil {
		return nil, errors.New("sealed value cannot be opened: wrong key, or changed")
	}
	return plain, nil
}
