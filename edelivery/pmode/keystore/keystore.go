// Package keystore reads the key stores and trust stores of access points, from PEM, PKCS#12 and JKS, tells which
// certificates belong to which party of a P-Mode file, and watches over them: validity, key, use, and the overlap
// when one follows another. [TDD 4.7] [AS4 1.15 §3.2.6]
//
// Domibus has one password for a store and its keys, and an alias for each party: its name, or up to three from
// 5.1 on, NAME_rsa_sign, NAME_rsa_decrypt and NAME_rsa_encrypt. Where a store has lost its aliases, as PKCS#12 trust
// stores do on the way through, the common name of the subject stands for it. The package opens no file, trusts
// nobody, and never writes a key.
package keystore

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"

	"oots/edelivery/wssec"
)

// MaxBytes is the size up to which a store is read.
const MaxBytes = 4 << 20

// maxEntries ends a store that no network fills.
const maxEntries = 5000

// An Entry is one certificate of a store, with its key if the store has it.
type Entry struct {
	Alias       string // as the store says, or the common name of the subject
	Named       bool   // the store has said so
	Certificate *x509.Certificate
	Chain       []*x509.Certificate // the issuers that came with it, next first
	Key         crypto.Signer       // nil without key
}

// A Store is the entries of one or several stores.
type Store struct{ Entries []Entry }

// ErrPassword says that a store does not open.
var ErrPassword = errors.New("the password is wrong, or the store is damaged")

// Parse reads a store in any of the forms, which it tells by the first bytes. The password is ignored for PEM.
func Parse(b []byte, password string) (*Store, error) {
	if len(b) > MaxBytes {
		return nil, fmt.Errorf("%d bytes, at most %d are read", len(b), MaxBytes)
	}
	var s *Store
	var err error
	switch {
	case bytes.HasPrefix(b, []byte{0xfe, 0xed, 0xfe, 0xed}):
		s, err = parseJKS(b, password)
	case bytes.HasPrefix(b, []byte{0xce, 0xce, 0xce, 0xce}):
		return nil, errors.New("a JCEKS store; convert it with keytool -importkeystore -deststoretype PKCS12")
	case bytes.Contains(b, []byte("-----BEGIN ")):
		s, err = parsePEM(b)
	case len(b) > 0 && b[0] == 0x30:
		s, err = parsePKCS12(b, password)
	default:
		return nil, errors.New("neither PEM, PKCS#12 nor JKS")
	}
	if err != nil {
		return nil, err
	}
	if len(s.Entries) == 0 {
		return nil, errors.New("there is no certificate in it")
	}
	if len(s.Entries) > maxEntries {
		return nil, fmt.Errorf("more than %d certificates", maxEntries)
	}
	return s, nil
}

// Join adds the entries of others; what is there already is not added again, but for a key that was missing.
func (s *Store) Join(others ...*Store) {
	for _, o := range others {
		for _, e := range o.Entries {
			i := slices.IndexFunc(s.Entries, func(x Entry) bool {
				return x.Certificate.Equal(e.Certificate) && strings.EqualFold(x.Alias, e.Alias)
			})
			switch {
			case i < 0:
				s.Entries = append(s.Entries, e)
			case s.Entries[i].Key == nil:
				s.Entries[i].Key = e.Key
			}
		}
	}
}

// Identities are the keys of a party with their certificates: what it signs with, and what it decrypts with.
func (s *Store) Identities(party string) (out []wssec.Identity) {
	for _, e := range s.of(party) {
		if e.Key == nil {
			continue
		}
		d, _ := e.Key.(crypto.Decrypter)
		out = append(out, wssec.Identity{Key: e.Key, Decrypter: d, Certificate: e.Certificate})
	}
	return out
}

// uses are the endings of aliases by which Domibus tells what a certificate is for.
var uses = [...]string{"_rsa_sign", "_rsa_decrypt", "_rsa_encrypt"}

// of are the entries of a party: by alias, by alias with the ending of a use or of a number, by common name.
func (s *Store) of(party string) (out []Entry) {
	for _, e := range s.Entries {
		rest, ok := cutPrefixFold(e.Alias, party)
		cn := e.Certificate.Subject.CommonName
		if ok && (rest == "" || slices.Contains(uses[:], strings.ToLower(rest)) || successor(rest)) || strings.EqualFold(cn, party) {
			out = append(out, e)
		}
	}
	return out
}

func cutPrefixFold(s, prefix string) (rest string, ok bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return "", false
	}
	return s[len(prefix):], true
}

// successor reports whether rest is how a second certificate of a party is filed during a rollover, since a store has
// each alias once: ".2", "#2027" or "_next", and with the ending of a use before it.
func successor(rest string) bool {
	rest = strings.ToLower(rest)
	for _, u := range uses {
		rest = strings.TrimPrefix(rest, u)
	}
	if rest == "_next" {
		return true
	}
	if len(rest) < 2 || rest[0] != '.' && rest[0] != '#' {
		return false
	}
	return strings.Trim(rest[1:], "0123456789") == ""
}

// use is the ending of the alias of an entry, "" for all purposes.
func (e Entry) use(party string) string {
	rest, _ := cutPrefixFold(e.Alias, party)
	for _, u := range uses {
		if _, ok := cutPrefixFold(rest, u); ok {
			return u
		}
	}
	return ""
}
