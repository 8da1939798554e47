package keystore

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"regexp"
	"slices"
)

// friendly is how OpenSSL writes the alias above a block.
var friendly = regexp.MustCompile(`(?m)^\s*friendlyName: (.+?)\s*$`)

// parsePEM reads certificates and unencrypted keys in any order; each key belongs to the certificate of its public
// key.
func parsePEM(b []byte) (*Store, error) {
	s := &Store{}
	var keys []crypto.Signer
	for n := 0; ; n++ {
		start := bytes.Index(b, []byte("-----BEGIN "))
		block, rest := pem.Decode(b)
		if block == nil {
			if start >= 0 {
				return nil, fmt.Errorf("block %d is damaged", n+1)
			}
			break
		}
		if n == maxEntries {
			return nil, fmt.Errorf("more than %d blocks", maxEntries)
		}
		alias := ""
		if m := friendly.FindSubmatch(b[:max(start, 0)]); m != nil {
			alias = string(m[1])
		}
		if block.Headers["friendlyName"] != "" {
			alias = block.Headers["friendlyName"]
		}
		switch block.Type {
		case "CERTIFICATE", "TRUSTED CERTIFICATE", "X509 CERTIFICATE":
			c, err := x509.ParseCertificate(block.Bytes)
			if err != nil {
				return nil, fmt.Errorf("block %d: %w", n+1, err)
			}
			s.Entries = append(s.Entries, entry(alias, c))
		case "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY":
			key, err := parseKey(block.Type, block.Bytes)
			if err != nil {
				return nil, fmt.Errorf("block %d: %w", n+1, err)
			}
			keys = append(keys, key)
		case "ENCRYPTED PRIVATE KEY":
			return nil, errors.New("the key is encrypted; put it into a PKCS#12 store, or decrypt it with openssl pkcs8")
		}
		b = rest
	}
	return s, s.match(keys)
}

func entry(alias string, c *x509.Certificate) Entry {
	e := Entry{Alias: alias, Named: alias != "", Certificate: c}
	if !e.Named {
		e.Alias = c.Subject.CommonName
	}
	return e
}

func parseKey(kind string, der []byte) (crypto.Signer, error) {
	var key any
	var err error
	switch kind {
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(der)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(der)
	default:
		key, err = x509.ParsePKCS8PrivateKey(der)
	}
	if err != nil {
		return nil, errors.New("no private key in a form that is known") // the cause may quote the key
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return nil, errors.New("this key cannot sign")
	}
	return signer, nil
}

// match gives each key to the certificates of its public key, and to those the other certificates as issuers.
func (s *Store) match(keys []crypto.Signer) error {
	for _, key := range keys {
		public, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool })
		i := slices.IndexFunc(s.Entries, func(e Entry) bool { return ok && public.Equal(e.Certificate.PublicKey) })
		if i < 0 {
			return errors.New("a private key belongs to none of the certificates")
		}
		for i := range s.Entries {
			if public.Equal(s.Entries[i].Certificate.PublicKey) {
				s.Entries[i].Key = key
			}
		}
	}
	for i := range s.Entries {
		if s.Entries[i].Key != nil {
			s.Entries[i].Chain = s.issuers(s.Entries[i].Certificate)
		}
	}
	return nil
}

// issuers are the certificates of the store above c.
func (s *Store) issuers(c *x509.Certificate) (out []*x509.Certificate) {
	for len(out) < 8 {
		i := slices.IndexFunc(s.Entries, func(e Entry) bool {
			return !e.Certificate.Equal(c) && bytes.Equal(e.Certificate.RawSubject, c.RawIssuer) && c.CheckSignatureFrom(e.Certificate) == nil
		})
		if i < 0 || bytes.Equal(c.RawSubject, c.RawIssuer) {
			return out
		}
		c = s.Entries[i].Certificate
		out = append(out, c)
	}
	return out
}
