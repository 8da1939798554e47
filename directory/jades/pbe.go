package jades

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	_ "crypto/sha1" // HMAC of containers
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"unicode/utf16"
)

var (
	oidPBES2  = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13}
	oidPBKDF2 = asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 12}
)

// digests are the hash functions of an HMAC over a container, by their identifiers.
var digests = map[string]crypto.Hash{
	"1.3.14.3.2.26":          crypto.SHA1,
	"2.16.840.1.101.3.4.2.1": crypto.SHA256,
	"2.16.840.1.101.3.4.2.2": crypto.SHA384,
	"2.16.840.1.101.3.4.2.3": crypto.SHA512,
}

// prfs are the functions of PBKDF2. [RFC 8018 §B.1]
var prfs = map[string]crypto.Hash{
	"":                    crypto.SHA1, // the default
	"1.2.840.113549.2.7":  crypto.SHA1,
	"1.2.840.113549.2.9":  crypto.SHA256,
	"1.2.840.113549.2.10": crypto.SHA384,
	"1.2.840.113549.2.11": crypto.SHA512,
}

// ciphers are AES in CBC, by their identifiers, with the length of the key in bytes.
var ciphers = map[string]int{
	"2.16.840.1.101.3.4.1.2":  16,
	"2.16.840.1.101.3.4.1.22": 24,
	"2.16.840.1.101.3.4.1.42": 32,
}

type pbes2 struct {
	Derivation pkix.AlgorithmIdentifier
	Encryption pkix.AlgorithmIdentifier
}

type pbkdf2Params struct {
	Salt       []byte
	Iterations int
	KeyLength  int                      `asn1:"optional"`
	PRF        pkix.AlgorithmIdentifier `asn1:"optional"`
}

// decryptPBES2 decrypts what a password protects. [RFC 8018 §6.2.2]
func decryptPBES2(alg pkix.AlgorithmIdentifier, encrypted []byte, password string) ([]byte, error) {
	if !alg.Algorithm.Equal(oidPBES2) {
		return nil, errors.New("the container is encrypted in an old way: write it anew with openssl pkcs12, or convert it to PEM")
	}
	var p pbes2
	var kdf pbkdf2Params
	if _, err := asn1.Unmarshal(alg.Parameters.FullBytes, &p); err != nil || !p.Derivation.Algorithm.Equal(oidPBKDF2) {
		return nil, errContainer
	}
	if _, err := asn1.Unmarshal(p.Derivation.Parameters.FullBytes, &kdf); err != nil {
		return nil, errContainer
	}
	length, known := ciphers[p.Encryption.Algorithm.String()]
	prf, knownPRF := prfs[kdf.PRF.Algorithm.String()]
	var iv []byte
	_, err := asn1.Unmarshal(p.Encryption.Parameters.FullBytes, &iv)
	switch {
	case !known, !knownPRF:
		return nil, errors.New("the container is encrypted in a way that is not known")
	case kdf.Iterations < 1, kdf.Iterations > maxIterations:
		return nil, errors.New("the container asks for too many iterations")
	case err != nil, len(iv) != aes.BlockSize, len(encrypted) == 0, len(encrypted)%aes.BlockSize != 0, kdf.KeyLength != 0 && kdf.KeyLength != length:
		return nil, errContainer
	}
	key, err := pbkdf2.Key(prf.New, password, kdf.Salt, kdf.Iterations, length)
	if err != nil {
		return nil, errContainer
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, errContainer
	}
	plain := make([]byte, len(encrypted))
	cipher.NewCBCDecrypter(block, iv).CryptBlocks(plain, encrypted)
	pad := int(plain[len(plain)-1])
	if pad < 1 || pad > aes.BlockSize || !bytes.Equal(plain[len(plain)-pad:], bytes.Repeat([]byte{byte(pad)}, pad)) {
		return nil, errPassword
	}
	return plain[:len(plain)-pad], nil
}

// macKey derives the key of the HMAC over a container. Only one round is ever needed, since the key has the
// length of the hash. [RFC 7292 §B.2]
func macKey(hash crypto.Hash, password string, salt []byte, iterations int) []byte {
	h := hash.New()
	v := h.BlockSize()
	var p []byte
	for _, u := range append(utf16.Encode([]rune(password)), 0) {
		p = append(p, byte(u>>8), byte(u))
	}
	const purpose = 3 // a key for integrity
	h.Write(bytes.Repeat([]byte{purpose}, v))
	h.Write(fill(salt, v))
	h.Write(fill(p, v))
	a := h.Sum(nil)
	for range iterations - 1 {
		h.Reset()
		h.Write(a)
		a = h.Sum(a[:0])
	}
	return a
}

// fill repeats b up to a multiple of v bytes.
func fill(b []byte, v int) []byte {
	if len(b) == 0 {
		return nil
	}
	n := (len(b) + v - 1) / v * v
	return bytes.Repeat(b, n/len(b)+1)[:n]
}
