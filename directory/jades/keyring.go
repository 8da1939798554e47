package jades

import (
	"context"
	"crypto/x509"
	"fmt"
	"os"
	"sync/atomic"
	"time"
)

// A Keyring signs with the key that its Source holds, and takes up another without a pause: Reload may be
// called while answers are signed, on a signal or by a timer. Answers that were signed before stay what they
// are, since each carries the certificates of its own signer; the old certificate must only live as long as
// caches keep them.
type Keyring struct {
	source Source
	signer atomic.Pointer[held]
}

// held is a signer with its certificate.
type held struct {
	*Signer
	certificate *x509.Certificate
}

// OpenKeyring loads the key of source. It fails where answers would not verify: an expired certificate, one
// that is not for signing, or a key that does not sign.
func OpenKeyring(source Source, now time.Time) (*Keyring, error) {
	k := &Keyring{source: source}
	_, err := k.Reload(now)
	if err != nil {
		return nil, err
	}
	return k, nil
}

// Reload loads the key again and reports whether it is another one. When it fails, the key that was there
// signs on.
func (k *Keyring) Reload(now time.Time) (changed bool, err error) {
	id, err := k.source.Identity()
	if err != nil {
		return false, err
	}
	if err := id.check(now); err != nil {
		return false, err
	}
	old := k.signer.Load()
	if old != nil && old.certificate.Equal(id.Chain[0]) {
		return false, nil
	}
	s, err := NewSigner(id.Key, id.Chain, now)
	if err != nil {
		return false, err
	}
	if err := s.try(id.Chain[0]); err != nil {
		return false, err
	}
	k.signer.Store(&held{s, id.Chain[0]})
	return true, nil
}

// Watch calls Reload every so often until ctx ends, and at once when something comes from signal, such as a signal
// that an operator sends; nil never does. report, if not nil, is told of each change and each failure.
func (k *Keyring) Watch(ctx context.Context, every time.Duration, signal <-chan os.Signal, clock func() time.Time, report func(changed bool, err error)) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-signal:
		case <-t.C:
		}
		changed, err := k.Reload(clock())
		if report != nil && (changed || err != nil) {
			report(changed, err)
		}
	}
}

// try signs once and verifies: a key in hardware may be there and refuse.
func (s *Signer) try(leaf *x509.Certificate) error {
	digest, signature, err := s.Sign(nil)
	if err != nil {
		return err
	}
	sig, err := decodeBase64URL(signature[len(s.protected)+2:])
	if err != nil {
		return err
	}
	if err := checkSignature(s.alg, leaf, signingInput(s.protected, digest), sig); err != nil {
		return fmt.Errorf("the key does not sign for its certificate: %w", err)
	}
	return nil
}

// Sign returns the values of the headers digest and oots-response-sig for body.
func (k *Keyring) Sign(body []byte) (digest, signature string, err error) {
	return k.signer.Load().Sign(body)
}

// KeyID returns the kid of the key in use. What caches signed answers by content must keep it in the key of
// the cache.
func (k *Keyring) KeyID() string { return k.signer.Load().KeyID() }

// Certificate returns the certificate in use, for instance to tell when it expires.
func (k *Keyring) Certificate() *x509.Certificate { return k.signer.Load().certificate }
