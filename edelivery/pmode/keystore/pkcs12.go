package keystore

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"

	"software.sslmate.com/src/go-pkcs12"
)

// parsePKCS12 reads a store with a key or a trust store. Where the library can name the bags, the aliases are kept;
// a trust store of Java has an attribute that it cannot, so common names stand for them.
func parsePKCS12(b []byte, password string) (*Store, error) {
	//lint:ignore SA1019 it alone gives the aliases; withoutColons mends the labels for which it is deprecated
	if blocks, err := pkcs12.ToPEM(b, password); err == nil {
		var text []byte
		for _, block := range blocks {
			text = append(text, pem.EncodeToMemory(withoutColons(block))...)
		}
		return parsePEM(text)
	} else if errors.Is(err, pkcs12.ErrIncorrectPassword) {
		return nil, ErrPassword
	}
	if certs, err := pkcs12.DecodeTrustStore(b, password); err == nil {
		s := &Store{}
		for _, c := range certs {
			s.Entries = append(s.Entries, entry("", c))
		}
		return s, nil
	}
	key, c, issuers, err := pkcs12.DecodeChain(b, password)
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword):
		return nil, ErrPassword
	case err != nil:
		return nil, errors.New("the PKCS#12 store holds what is not known: keep keys and trusted certificates in two stores")
	}
	signer, _ := key.(crypto.Signer)
	s := &Store{}
	for _, c := range append([]*x509.Certificate{c}, issuers...) {
		s.Entries = append(s.Entries, entry("", c))
	}
	if signer == nil {
		return s, nil
	}
	return s, s.match([]crypto.Signer{signer})
}

// withoutColons keeps only the header that parsePEM reads; PEM cannot write others that bags may have.
func withoutColons(b *pem.Block) *pem.Block {
	kept := map[string]string{}
	if name := b.Headers["friendlyName"]; name != "" {
		kept["friendlyName"] = name
	}
	kind := b.Type
	if kind == "PRIVATE KEY" { // the library writes the bare form of the algorithm under this name
		if _, err := x509.ParsePKCS1PrivateKey(b.Bytes); err == nil {
			kind = "RSA PRIVATE KEY"
		} else {
			kind = "EC PRIVATE KEY"
		}
	}
	return &pem.Block{Type: kind, Headers: kept, Bytes: b.Bytes}
}
