package jades

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jws"
)

// TestIndependentVerifier has our signatures, and the captured ones, verified by an implementation of JWS that
// knows nothing of ours: detached, not encoded, with critical members. [RFC 7797]
func TestIndependentVerifier(t *testing.T) {
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	verify := func(t *testing.T, alg jwa.SignatureAlgorithm, key crypto.PublicKey, signature, payload string) error {
		t.Helper()
		var used *jws.Signature
		_, err := jws.Verify([]byte(signature), jws.WithKey(alg, key), jws.WithDetachedPayload([]byte(payload)),
			jws.WithCritValidation(true), jws.WithCritExtension("b64", "sigD"), jws.WithVerifiedSignature(&used))
		if err == nil {
			if crit, _ := used.ProtectedHeaders().Critical(); strings.Join(crit, " ") != "b64 sigD" {
				t.Errorf("crit %v", crit)
			}
			if chain, ok := used.ProtectedHeaders().X509CertChain(); !ok || chain.Len() == 0 {
				t.Error("no x5c")
			}
		}
		return err
	}
	check := func(t *testing.T, alg jwa.SignatureAlgorithm, key crypto.PublicKey, signature, digest string) {
		t.Helper()
		if err := verify(t, alg, key, signature, "digest: "+digest); err != nil {
			t.Error(err)
		}
		for _, other := range []string{"digest:" + digest, "Digest: " + digest, digest, "digest: " + digest + "\n"} {
			if verify(t, alg, key, signature, other) == nil {
				t.Errorf("verifies over %q too", other)
			}
		}
	}
	for name, tc := range map[string]struct {
		key crypto.Signer
		alg jwa.SignatureAlgorithm
	}{ES256: {p256(t), jwa.ES256()}, EdDSA: {ed, jwa.EdDSA()}} {
		t.Run(name, func(t *testing.T) {
			id := newIdentity(t, tc.key, nil)
			s, err := NewSigner(id.key, id.chain, now)
			if err != nil {
				t.Fatal(err)
			}
			digest, signature, err := s.Sign(body)
			if err != nil {
				t.Fatal(err)
			}
			check(t, tc.alg, tc.key.Public(), signature, digest)
		})
	}
	for _, name := range captures {
		t.Run(name, func(t *testing.T) {
			h, b := capture(t, name)
			s, err := Verify(h, b, Policy{Roots: anchor(t, "services_communs_acc.pem")}, now)
			if err != nil {
				t.Fatal(err)
			}
			check(t, jwa.ES256(), s.Certificate.PublicKey, h.Get(HeaderSignature), s.Digest)
		})
	}
}

// TestIndependentSigner has jwx make the signature from our header, and us verify it.
func TestIndependentSigner(t *testing.T) {
	id := newIdentity(t, p256(t), nil)
	s, err := NewSigner(id.key, id.chain, now)
	if err != nil {
		t.Fatal(err)
	}
	b, err := base64.RawURLEncoding.DecodeString(s.protected)
	if err != nil {
		t.Fatal(err)
	}
	headers := jws.NewHeaders()
	if err := json.Unmarshal(b, headers); err != nil {
		t.Fatal(err)
	}
	digest := Digest(body)
	signature, err := jws.Sign(nil, jws.WithKey(jwa.ES256(), id.key, jws.WithProtectedHeaders(headers)), jws.WithDetachedPayload([]byte("digest: "+digest)))
	if err != nil {
		t.Fatal(err)
	}
	h := id.headers(t, s)
	h.Set(HeaderSignature, string(signature))
	if _, err := Verify(h, body, id.policy(), now); err != nil {
		t.Error(err)
	}
}
