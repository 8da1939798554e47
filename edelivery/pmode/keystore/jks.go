package keystore

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/pavlo-v-chernykh/keystore-go/v4"
)

// parseJKS reads a store of Java. Keys have the password of the store, as Domibus wants it.
func parseJKS(b []byte, password string) (*Store, error) {
	if password == "" {
		return nil, fmt.Errorf("%w: a JKS store has one", ErrPassword)
	}
	if err := walkJKS(b); err != nil {
		return nil, err
	}
	ks := keystore.New(keystore.WithCaseExactAliases(), keystore.WithOrderedAliases())
	if err := ks.Load(bytes.NewReader(b), []byte(password)); err != nil {
		return nil, ErrPassword
	}
	s := &Store{}
	for _, alias := range ks.Aliases() {
		if ks.IsTrustedCertificateEntry(alias) {
			t, err := ks.GetTrustedCertificateEntry(alias)
			if err != nil {
				return nil, fmt.Errorf("%.80q: %w", alias, err)
			}
			c, err := x509.ParseCertificate(t.Certificate.Content)
			if err != nil {
				return nil, fmt.Errorf("%.80q: %w", alias, err)
			}
			s.Entries = append(s.Entries, entry(alias, c))
			continue
		}
		e, err := jksKey(ks, alias, password)
		if err != nil {
			return nil, fmt.Errorf("%.80q: %w", alias, err)
		}
		s.Entries = append(s.Entries, e)
	}
	return s, nil
}

func jksKey(ks keystore.KeyStore, alias, password string) (Entry, error) {
	k, err := ks.GetPrivateKeyEntry(alias, []byte(password))
	if err != nil {
		return Entry{}, errors.New("the key does not open with the password of the store")
	}
	var chain []*x509.Certificate
	for _, c := range k.CertificateChain {
		parsed, err := x509.ParseCertificate(c.Content)
		if err != nil {
			return Entry{}, err
		}
		chain = append(chain, parsed)
	}
	if len(chain) == 0 {
		return Entry{}, errors.New("the key has no certificate")
	}
	key, err := parseKey("PRIVATE KEY", k.PrivateKey)
	if err != nil {
		return Entry{}, err
	}
	one := &Store{Entries: []Entry{entry(alias, chain[0])}}
	if err := one.match([]crypto.Signer{key}); err != nil {
		return Entry{}, err
	}
	one.Entries[0].Chain = chain[1:]
	return one.Entries[0], nil
}
