package keystore

import (
	"crypto/x509"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"oots/edelivery/pmode"
)

// Parties give the parties of a P-Mode file their certificates from a store.
type Parties struct {
	Store *Store
	Now   time.Time
	// Subjects names, by party in lower case, the common name or the whole distinguished name of certificates that
	// belong to it under another alias; nil for none.
	Subjects map[string]string
}

// Party returns what a party signs with, every certificate that is not yet at its end, and what it is encrypted for:
// of those that are valid now, the one that began last. Several are there during a rollover, so messages signed
// with either pass. The error is fs.ErrNotExist when the store has none, or none for one of the two.
func (p Parties) Party(name string) (signing []*x509.Certificate, encryption *x509.Certificate, err error) {
	var encrypting []*x509.Certificate
	ended := 0
	for _, e := range p.of(name) {
		c := e.Certificate
		if p.Now.After(c.NotAfter) {
			ended++
			continue
		}
		use := e.use(name)
		if use != "_rsa_encrypt" && use != "_rsa_decrypt" && pmode.CheckSigning(c) == nil && !contains(signing, c) {
			signing = append(signing, c)
		}
		if use != "_rsa_sign" && pmode.CheckEncryption(c) == nil {
			encrypting = append(encrypting, c)
		}
	}
	slices.SortStableFunc(encrypting, func(a, b *x509.Certificate) int { return b.NotBefore.Compare(a.NotBefore) })
	for _, c := range encrypting {
		if encryption == nil && pmode.ValidAt(c, p.Now) {
			encryption = c
		}
	}
	if encryption == nil && len(encrypting) > 0 {
		encryption = encrypting[len(encrypting)-1] // the first to become valid
	}
	switch {
	case len(signing) > 0 && encryption != nil:
		return signing, encryption, nil
	case ended > 0:
		return nil, nil, fmt.Errorf("the certificate of %s has expired: %w", name, fs.ErrNotExist)
	default:
		return nil, nil, fmt.Errorf("no certificate that signs and none that is encrypted for has the alias or the common name %s: %w", name, fs.ErrNotExist)
	}
}

func contains(list []*x509.Certificate, c *x509.Certificate) bool {
	return slices.ContainsFunc(list, c.Equal)
}

func (p Parties) of(name string) []Entry {
	subject := p.Subjects[strings.ToLower(name)]
	if subject == "" {
		return p.Store.of(name)
	}
	var out []Entry
	for _, e := range p.Store.Entries {
		s := e.Certificate.Subject
		if strings.EqualFold(s.CommonName, subject) || strings.EqualFold(s.String(), subject) {
			out = append(out, e)
		}
	}
	return out
}
