package jades

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// An Identity is a signing key with its certificates: that of the key first, then those above it. The root
// may be there or not.
type Identity struct {
	Key   crypto.Signer // P-256 or Ed25519
	Chain []*x509.Certificate
}

// A Source is where an Identity is kept. It is asked again at each rotation. A key that never leaves its
// hardware is a Source too: a crypto.Signer is all that is asked of it, so PKCS#11 needs an implementation of
// this interface in a file behind a build tag, and nothing else.
type Source interface {
	Identity() (Identity, error)
}

// PEMFiles is a Source of PEM: a private key as PKCS#8 or SEC 1, unencrypted, and certificates in any order, in
// one file or several. The file of the key may be among them.
type PEMFiles struct {
	Key          string
	Certificates []string
}

// Identity reads the files.
func (p PEMFiles) Identity() (Identity, error) {
	b, err := os.ReadFile(p.Key)
	if err != nil {
		return Identity{}, err
	}
	key, err := pemKey(b)
	if err != nil {
		return Identity{}, fmt.Errorf("%s: %w", filepath.Base(p.Key), err)
	}
	var certs []*x509.Certificate
	for _, name := range p.Certificates {
		if b, err = os.ReadFile(name); err != nil {
			return Identity{}, err
		}
		more, err := Certificates(b)
		if err != nil {
			return Identity{}, fmt.Errorf("%s: %w", filepath.Base(name), err)
		}
		certs = append(certs, more...)
	}
	chain, err := chainOf(key, certs)
	if err != nil {
		return Identity{}, fmt.Errorf("%s: %w", filepath.Base(p.Key), err)
	}
	return Identity{Key: key, Chain: chain}, nil
}

// PKCS12File is a Source of one PKCS#12 container, whose password stands in a file of its own.
type PKCS12File struct {
	File         string
	PasswordFile string // its first line; "" for an empty password
}

// Identity reads the files.
func (p PKCS12File) Identity() (Identity, error) {
	data, err := os.ReadFile(p.File)
	if err != nil {
		return Identity{}, err
	}
	password := ""
	if p.PasswordFile != "" {
		b, err := os.ReadFile(p.PasswordFile)
		if err != nil {
			return Identity{}, err
		}
		password, _, _ = strings.Cut(string(b), "\n")
		password = strings.TrimSuffix(password, "\r")
	}
	key, certs, err := decodePKCS12(data, password)
	if err != nil {
		return Identity{}, fmt.Errorf("%s: %w", filepath.Base(p.File), err)
	}
	chain, err := chainOf(key, certs)
	if err != nil {
		return Identity{}, fmt.Errorf("%s: %w", filepath.Base(p.File), err)
	}
	return Identity{Key: key, Chain: chain}, nil
}

// pemKey reads the first private key.
func pemKey(b []byte) (crypto.Signer, error) {
	for block, rest := pem.Decode(b); block != nil; block, rest = pem.Decode(rest) {
		var key any
		var err error
		switch block.Type {
		case "PRIVATE KEY":
			key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
		case "EC PRIVATE KEY":
			if block.Headers["DEK-Info"] != "" {
				return nil, errors.New("the private key is encrypted")
			}
			key, err = x509.ParseECPrivateKey(block.Bytes)
		case "ENCRYPTED PRIVATE KEY":
			return nil, errors.New("the private key is encrypted")
		default:
			continue
		}
		if err != nil { // its text could quote the key
			return nil, errors.New("the private key cannot be read")
		}
		signer, ok := key.(crypto.Signer)
		if !ok {
			return nil, errors.New("the private key cannot sign")
		}
		return signer, nil
	}
	return nil, errors.New("no private key")
}

// Certificates reads all certificates of a PEM file in their order; other blocks are passed over.
func Certificates(b []byte) ([]*x509.Certificate, error) {
	var certs []*x509.Certificate
	for block, rest := pem.Decode(b); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		certs = append(certs, c)
	}
	if len(certs) == 0 {
		return nil, errors.New("no certificate")
	}
	return certs, nil
}

// chainOf brings certificates into the order of x5c: that of the key, then each issuer. What does not belong
// is left out.
func chainOf(key crypto.Signer, certs []*x509.Certificate) ([]*x509.Certificate, error) {
	var chain []*x509.Certificate
	for _, c := range certs {
		if samePublicKey(c.PublicKey, key.Public()) {
			chain = append(chain, c)
			break
		}
	}
	if len(chain) == 0 {
		return nil, errors.New("no certificate belongs to the signing key")
	}
	for len(chain) < maxChain {
		last := chain[len(chain)-1]
		if last.CheckSignatureFrom(last) == nil { // a root
			break
		}
		var issuer *x509.Certificate
		for _, c := range certs {
			if !c.Equal(last) && last.CheckSignatureFrom(c) == nil {
				issuer = c
				break
			}
		}
		if issuer == nil {
			break
		}
		chain = append(chain, issuer)
	}
	return chain, nil
}

// check says why answers signed with the identity would be refused at the time now.
func (i Identity) check(now time.Time) error {
	if len(i.Chain) == 0 {
		return errors.New("no certificate")
	}
	for _, c := range i.Chain {
		if now.Before(c.NotBefore) || now.After(c.NotAfter) {
			return fmt.Errorf("the certificate of %q is valid from %s to %s only", c.Subject.CommonName, c.NotBefore.Format(time.DateTime), c.NotAfter.Format(time.DateTime))
		}
	}
	if u := i.Chain[0].KeyUsage; u&(x509.KeyUsageDigitalSignature|x509.KeyUsageContentCommitment) == 0 {
		return errors.New("the certificate is not for signing")
	}
	return nil
}
