package jades

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func pemOf(certs ...*x509.Certificate) []byte {
	var b []byte
	for _, c := range certs {
		b = append(b, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})...)
	}
	return b
}

func keyPEM(t testing.TB, key crypto.Signer) []byte {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
}

func write(t testing.TB, file string, b []byte) {
	t.Helper()
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestPEMFiles(t *testing.T) {
	dir := t.TempDir()
	id, other := newIdentity(t, p256(t), nil), newIdentity(t, p256(t), nil)
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	edID := newIdentity(t, ed, nil)
	sec1, err := x509.MarshalECPrivateKey(id.key.(*ecdsa.PrivateKey))
	if err != nil {
		t.Fatal(err)
	}
	reversed := slices.Clone(id.chain)
	slices.Reverse(reversed)
	for _, tc := range []struct {
		name       string
		key, certs []byte
		err        string
	}{
		{"PKCS#8", keyPEM(t, id.key), pemOf(id.chain...), ""},
		{"SEC 1", pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: sec1}), pemOf(id.chain...), ""},
		{"Ed25519", keyPEM(t, ed), pemOf(edID.chain...), ""},
		{"certificates in any order", keyPEM(t, id.key), pemOf(append(reversed, other.chain...)...), ""},
		{"one file", append(keyPEM(t, id.key), pemOf(id.chain...)...), nil, ""},
		{"key behind the certificates", append(pemOf(id.chain...), keyPEM(t, id.key)...), nil, ""},
		{"no key", []byte("x"), pemOf(id.chain...), "no private key"},
		{"encrypted", pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY"}), pemOf(id.chain...), "encrypted"},
		{"garbage", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("secret")}), pemOf(id.chain...), "cannot be read"},
		{"no certificate", keyPEM(t, id.key), []byte("x"), "no certificate"},
		{"certificate of another key", keyPEM(t, id.key), pemOf(other.chain...), "belongs"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			files := PEMFiles{filepath.Join(dir, "key.pem"), []string{filepath.Join(dir, "certs.pem")}}
			write(t, files.Key, tc.key)
			write(t, files.Certificates[0], tc.certs)
			if tc.certs == nil {
				files.Certificates = []string{files.Key}
			}
			got, err := files.Identity()
			if tc.err != "" {
				if err == nil || !strings.Contains(err.Error(), tc.err) || strings.Contains(err.Error(), "secret") {
					t.Errorf("got %v, want %q", err, tc.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Chain) != 2 || !samePublicKey(got.Chain[0].PublicKey, got.Key.Public()) {
				t.Errorf("chain of %d", len(got.Chain))
			}
		})
	}
	if _, err := (PEMFiles{filepath.Join(dir, "absent"), nil}).Identity(); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// stored is a Source whose Identity can be changed.
type stored struct {
	mu  sync.Mutex
	id  Identity
	err error
}

func (s *stored) Identity() (Identity, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.id, s.err
}

func (s *stored) set(id Identity, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.id, s.err = id, err
}

// broken is a key in hardware that has gone away.
type broken struct{ crypto.Signer }

func (broken) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, errors.New("token removed")
}

func TestRotation(t *testing.T) {
	a, b := newIdentity(t, p256(t), nil), newIdentity(t, p256(t), nil)
	src := &stored{id: Identity{a.key, a.chain}}
	k, err := OpenKeyring(src, now)
	if err != nil {
		t.Fatal(err)
	}
	both := x509.NewCertPool()
	both.AddCert(a.chain[1])
	both.AddCert(b.chain[1])
	policy := Policy{Roots: both, Subject: Commission()}
	signed := func() http.Header {
		digest, sig, err := k.Sign(body)
		if err != nil {
			t.Error(err)
		}
		return http.Header{"Digest": {digest}, "Oots-Response-Sig": {sig}}
	}
	signer := func(h http.Header) *x509.Certificate {
		s, err := Verify(h, body, policy, now)
		if err != nil {
			t.Error(err)
			return nil
		}
		return s.Certificate
	}
	old := signed()
	if changed, err := k.Reload(now); changed || err != nil {
		t.Errorf("the same key: %v %v", changed, err)
	}
	expired := newIdentity(t, p256(t), func(c *x509.Certificate) { c.NotAfter = now.Add(-time.Hour) })
	unfit := newIdentity(t, p256(t), func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyAgreement })
	for name, bad := range map[string]Identity{
		"expired": {expired.key, expired.chain}, "not for signing": {unfit.key, unfit.chain}, "no certificate": {b.key, nil},
		"another's certificate": {b.key, a.chain}, "token removed": {broken{b.key}, b.chain},
	} {
		src.set(bad, nil)
		if changed, err := k.Reload(now); changed || err == nil && name != "another's certificate" {
			t.Errorf("%s: %v %v", name, changed, err)
		}
		if !signer(signed()).Equal(a.chain[0]) {
			t.Errorf("%s: the old key does not sign on", name)
		}
	}
	src.set(Identity{}, errors.New("file is gone"))
	if _, err := k.Reload(now); err == nil {
		t.Error("a source that fails")
	}

	var stop, working sync.WaitGroup
	done := make(chan struct{})
	for range 4 {
		stop.Add(1)
		working.Go(func() {
			stop.Done()
			for {
				signer(signed())
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	stop.Wait()
	src.set(Identity{b.key, b.chain}, nil)
	if changed, err := k.Reload(now); !changed || err != nil {
		t.Errorf("another key: %v %v", changed, err)
	}
	close(done)
	working.Wait()
	if !signer(signed()).Equal(b.chain[0]) || !k.Certificate().Equal(b.chain[0]) {
		t.Error("the old key still signs")
	}
	if !signer(old).Equal(a.chain[0]) {
		t.Error("an answer signed before the rotation")
	}
	if id, err := keyID(b.chain[0]); err != nil || k.KeyID() != id {
		t.Errorf("key id %q", k.KeyID())
	}
}

func TestWatch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(now))
		a, b := newIdentity(t, p256(t), nil), newIdentity(t, p256(t), nil)
		src := &stored{id: Identity{a.key, a.chain}}
		k, err := OpenKeyring(src, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		signal := make(chan os.Signal)
		var told atomic.Int32
		go k.Watch(ctx, time.Minute, signal, time.Now, func(changed bool, err error) {
			if changed == (err != nil) {
				t.Error("told of neither or both")
			}
			told.Add(1)
		})
		at := func(what string, want *x509.Certificate, reports int32) {
			t.Helper()
			synctest.Wait()
			if !k.Certificate().Equal(want) || told.Load() != reports {
				t.Errorf("%s: signs with %v, told %d times", what, k.Certificate().SerialNumber, told.Load())
			}
		}
		time.Sleep(5 * time.Minute)
		at("nothing changed", a.chain[0], 0)
		src.set(Identity{b.key, b.chain}, nil)
		at("not looked yet", a.chain[0], 0)
		time.Sleep(time.Minute)
		at("another key", b.chain[0], 1)
		src.set(Identity{}, errors.New("gone"))
		time.Sleep(time.Minute)
		at("a failure", b.chain[0], 2)
		src.set(Identity{a.key, a.chain}, nil)
		signal <- os.Interrupt
		at("a signal", a.chain[0], 3)
		stop()
	})
}

func TestHeaders(t *testing.T) {
	id := newIdentity(t, p256(t), nil)
	h := id.sign(t, nil)
	h.Set("Content-Type", "application/x-ebrs+xml")
	h.Set("Date", "today")
	text := AppendHeaders(nil, h)
	if bytes.Contains(text, []byte("today")) || bytes.Count(text, []byte("\n")) != 3 {
		t.Errorf("%s", text)
	}
	back, err := ReadHeaders(append([]byte("HTTP/1.1 200 OK\r\n"), bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))...))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Verify(back, body, id.policy(), now); err != nil {
		t.Error(err)
	}
	twice, err := ReadHeaders(append(text, text...))
	if err != nil {
		t.Fatal(err)
	}
	wantStep(t, StepDigest)(Verify(twice, body, id.policy(), now))
	for _, bad := range []string{"no header", ": value", "two words: x", strings.Repeat("a: b\n", maxHeader)} {
		if _, err := ReadHeaders([]byte(bad)); err == nil {
			t.Errorf("%.20q was accepted", bad)
		}
	}
}
