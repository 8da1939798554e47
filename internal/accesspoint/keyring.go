package accesspoint

import (
	"context"
	"crypto/x509"
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"oots/edelivery/pmode"
	"oots/edelivery/pmode/configuration"
	"oots/edelivery/pmode/keystore"
	"oots/edelivery/wssec"
	"oots/internal/accesspoint/settings"
)

// A keyring is our own keys and the certificates of partners, as their files were when they were last sound.
type keyring struct {
	own      []settings.Own
	partners settings.Partners
	party    string // ours; "" is known by its alias alone
	now      func() time.Time

	mu     sync.Mutex
	store  *keystore.Store // all of it
	keys   []wssec.Identity
	signer *x509.Certificate // of the identity that signs
}

// load reads the files anew; on error nothing has changed.
func (k *keyring) load() error {
	own, keys, err := openOwn(k.own)
	if err != nil {
		return err
	}
	partners, err := openPartners(k.partners)
	if err != nil {
		return err
	}
	own.Join(partners)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.store, k.keys = own, keys
	k.signer = nil
	if i := first(keys, k.now()); i < len(keys) {
		k.signer = keys[i].Certificate
	}
	return nil
}

// first is the first identity that is valid now and may sign; when none is, the first.
func first(keys []wssec.Identity, now time.Time) int {
	i := slices.IndexFunc(keys, func(x wssec.Identity) bool {
		return pmode.ValidAt(x.Certificate, now) && pmode.CheckSigning(x.Certificate) == nil
	})
	return max(i, 0)
}

// identities are our keys, the one that signs now first.
func (k *keyring) identities() []wssec.Identity {
	k.mu.Lock()
	defer k.mu.Unlock()
	out := slices.Clone(k.keys)
	if i := first(out, k.now()); i > 0 {
		signs := out[i]
		out = slices.Insert(slices.Delete(out, i, i+1), 0, signs)
	}
	return out
}

// turned reports whether another key has come to sign.
func (k *keyring) turned(now time.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.keys) > 0 && !k.keys[first(k.keys, now)].Certificate.Equal(k.signer)
}

// certificates implements pmodes.Deps.Certificates. The files are read anew, so that P-Modes and the certificates of a
// new partner come in force together; when one is broken, what was read before counts, and the reloader says so.
func (k *keyring) certificates(_ context.Context, at time.Time) (configuration.Certificates, error) {
	k.load()
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.store == nil {
		return nil, errors.New("the keys have not been read")
	}
	subjects := map[string]string{}
	for party, name := range k.partners.Subjects {
		subjects[strings.ToLower(party)] = name
	}
	c := parties{Parties: keystore.Parties{Store: k.store, Now: at, Subjects: subjects}, self: k.party}
	for _, x := range k.keys {
		c.own = append(c.own, x.Certificate)
	}
	return c, nil
}

// parties are the certificates of parties; ours are those of our own keys, whatever their alias.
type parties struct {
	keystore.Parties
	self string
	own  []*x509.Certificate
}

// Party implements configuration.Certificates.
func (p parties) Party(name string) (signing []*x509.Certificate, encryption *x509.Certificate, err error) {
	if p.self == "" || !strings.EqualFold(name, p.self) {
		return p.Parties.Party(name)
	}
	s := &keystore.Store{}
	for _, c := range p.own {
		s.Entries = append(s.Entries, keystore.Entry{Alias: name, Named: true, Certificate: c})
	}
	return keystore.Parties{Store: s, Now: p.Now}.Party(name)
}

func (k *keyring) files() []settings.Path {
	out := slices.Clone(k.partners.Stores)
	for _, o := range k.own {
		out = append(out, o.File, o.Key, settings.Path(o.Password.File()))
	}
	return append(out, settings.Path(k.partners.Password.File()))
}

// watch looks at the certificates of these parties.
func (k *keyring) watch(names []string, now time.Time) []keystore.Watch {
	k.mu.Lock()
	defer k.mu.Unlock()
	return keystore.Parties{Store: k.store, Now: now}.Watch(names)
}

// entries are all certificates, those of our own with their keys.
func (k *keyring) entries() []keystore.Entry {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.store.Entries)
}
