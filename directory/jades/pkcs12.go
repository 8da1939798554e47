package jades

import (
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"

	"software.sslmate.com/src/go-pkcs12"
)

// maxContainer bounds a container in bytes; a key with a chain takes 5 kB.
const maxContainer = 1 << 20

// decodePKCS12 opens a container of the operator. It returns its private key and its certificates, that of the
// key first. [RFC 7292]
func decodePKCS12(data []byte, password string) (crypto.Signer, []*x509.Certificate, error) {
	if len(data) > maxContainer {
		return nil, nil, errors.New("the container is larger than 1 MB")
	}
	key, leaf, others, err := pkcs12.DecodeChain(data, password)
	var unknown pkcs12.NotImplementedError
	switch {
	case errors.Is(err, pkcs12.ErrIncorrectPassword):
		return nil, nil, errors.New("wrong password, or a damaged container")
	case errors.As(err, &unknown):
		return nil, nil, fmt.Errorf("the container is written in a way that is not read here: export it again with today's openssl: %w", err)
	case err != nil:
		return nil, nil, fmt.Errorf("no PKCS#12 container that can be read: %w", err)
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, nil, errors.New("the private key of the container cannot sign")
	}
	return signer, append([]*x509.Certificate{leaf}, others...), nil
}
