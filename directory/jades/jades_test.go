package jades

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"oots/internal/corpus"
)

var now = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

// captures are the answers of the acceptance environment in the corpus.
var captures = []string{
	"eb_requirements_catalogue", "eb_requirements_fr", "eb_requirements_vides",
	"eb_evidence_types_fi", "eb_evidence_types_fr", "dsd_data_services_fi", "dsd_aucun_service_fr",
}

func capture(t testing.TB, name string) (http.Header, []byte) {
	t.Helper()
	dir := "common-services/oots-france/responses/"
	h := http.Header{}
	for line := range strings.Lines(string(corpus.Read(t, dir+name+".headers"))) {
		if k, v, ok := strings.Cut(line, ":"); ok {
			h.Add(k, strings.TrimSpace(v))
		}
	}
	return h, corpus.Read(t, dir+name+".xml")
}

func anchor(t testing.TB, name string) *x509.CertPool {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(corpus.Read(t, "common-services/oots-france/trust-anchors/"+name)) {
		t.Fatal("no certificate in", name)
	}
	return pool
}

func TestCapturedAnswers(t *testing.T) {
	acceptance := Policy{Roots: anchor(t, "services_communs_acc.pem"), Subject: Commission()}
	production := Policy{Roots: anchor(t, "services_communs_prod.pem"), Subject: Commission()}
	highS := 0
	for _, name := range captures {
		t.Run(name, func(t *testing.T) {
			h, body := capture(t, name)
			s, err := Verify(h, body, acceptance, now)
			if err != nil {
				t.Fatal(err)
			}
			if kid, err := keyID(s.Certificate); err != nil || kid != s.KeyID {
				t.Errorf("kid is %q, the IssuerSerial of the leaf is %q (%v)", s.KeyID, kid, err)
			}
			if len(s.Chain) != 3 {
				t.Errorf("chain of %d certificates, want 3", len(s.Chain))
			}
			_, sig, _ := strings.Cut(h.Get(HeaderSignature), "..")
			b, _ := base64.RawURLEncoding.DecodeString(sig)
			if half := new(big.Int).Rsh(elliptic.P256().Params().N, 1); new(big.Int).SetBytes(b[32:]).Cmp(half) > 0 {
				highS++
			}
			wantStep(t, StepChain)(Verify(h, body, production, now))
			wantStep(t, StepChain)(Verify(h, body, Policy{}, now))
			wantStep(t, StepChain)(Verify(h, body, acceptance, now.AddDate(2, 0, 0)))
			body[len(body)/2] ^= 1
			wantStep(t, StepDigest)(Verify(h, body, acceptance, now))
		})
	}
	if highS != 3 {
		t.Errorf("%d captures with a high S, want 3", highS)
	}
}

func wantStep(t *testing.T, want Step) func(*Signature, error) {
	t.Helper()
	return func(s *Signature, err error) {
		t.Helper()
		var e *Error
		if !errors.As(err, &e) {
			t.Fatalf("got %v, want a failure at step %d", err, want)
		}
		if e.Step != want {
			t.Errorf("failed at step %d (%v), want step %d: %s", e.Step, e, want, want)
		}
		if s != nil {
			t.Error("a result beside an error")
		}
	}
}

// An identity is a leaf below a root of its own.
type identity struct {
	key   crypto.Signer
	chain []*x509.Certificate // leaf, root
	roots *x509.CertPool
}

func (i identity) policy() Policy { return Policy{Roots: i.roots, Subject: Commission()} }

func p256(t testing.TB) crypto.Signer {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func newIdentity(t testing.TB, key crypto.Signer, edit func(*x509.Certificate)) identity {
	t.Helper()
	rootKey := p256(t)
	root := issue(t, &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test Root"}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(10, 0, 0),
	}, nil, rootKey.Public(), rootKey)
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(254974), Subject: pkix.Name{CommonName: "EC-OOTS-CS-TEST", OrganizationalUnit: []string{"OOTS"}, Organization: []string{"European Commission"}},
		KeyUsage: x509.KeyUsageDigitalSignature, NotBefore: now.AddDate(0, -1, 0), NotAfter: now.AddDate(1, 0, 0),
	}
	if edit != nil {
		edit(tmpl)
	}
	leaf := issue(t, tmpl, root, key.Public(), rootKey)
	pool := x509.NewCertPool()
	pool.AddCert(root)
	return identity{key, []*x509.Certificate{leaf, root}, pool}
}

func issue(t testing.TB, tmpl, parent *x509.Certificate, pub crypto.PublicKey, signer crypto.Signer) *x509.Certificate {
	t.Helper()
	if parent == nil {
		parent = tmpl
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, parent, pub, signer)
	if err != nil {
		t.Fatal(err)
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var body = []byte("<answer/>")

// sign returns the headers of body. edit changes the members of the protected header before they are signed.
func (i identity) sign(t testing.TB, edit func(map[string]any)) http.Header {
	t.Helper()
	s, err := NewSigner(i.key, i.chain, now.Add(-time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if edit != nil {
		b, _ := base64.RawURLEncoding.DecodeString(s.protected)
		var m map[string]any
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatal(err)
		}
		m["iat"] = now.Add(-time.Hour).Unix()
		edit(m)
		b, _ = json.Marshal(m)
		s.protected = base64.RawURLEncoding.EncodeToString(b)
	}
	return i.headers(t, s)
}

func (i identity) headers(t testing.TB, s *Signer) http.Header {
	t.Helper()
	digest, sig, err := s.Sign(body)
	if err != nil {
		t.Fatal(err)
	}
	return http.Header{"Digest": {digest}, "Oots-Response-Sig": {sig}}
}

func TestOwnSignature(t *testing.T) {
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, key := range map[string]crypto.Signer{ES256: p256(t), EdDSA: ed} {
		t.Run(name, func(t *testing.T) {
			id := newIdentity(t, key, nil)
			h := id.sign(t, nil)
			s, err := Verify(h, body, id.policy(), now)
			if err != nil {
				t.Fatal(err)
			}
			if s.Algorithm != name || !s.Certificate.Equal(id.chain[0]) || !s.IssuedAt.Equal(now.Add(-time.Hour)) {
				t.Errorf("got %s by %v at %v", s.Algorithm, s.Certificate.Subject, s.IssuedAt)
			}
			p := id.policy()
			p.Algorithms = []string{"PS256"}
			wantStep(t, StepAlgorithm)(Verify(h, body, p, now))
			if _, err := Verify(h, body, Policy{Roots: id.roots}, now); err != nil {
				t.Errorf("without a subject policy: %v", err)
			}
		})
	}
}

// TestHighS turns S over: both forms verify.
func TestHighS(t *testing.T) {
	id := newIdentity(t, p256(t), nil)
	h := id.sign(t, nil)
	protected, sig, _ := strings.Cut(h.Get(HeaderSignature), "..")
	b, _ := base64.RawURLEncoding.DecodeString(sig)
	n := elliptic.P256().Params().N
	new(big.Int).Sub(n, new(big.Int).SetBytes(b[32:])).FillBytes(b[32:])
	h.Set(HeaderSignature, protected+".."+base64.RawURLEncoding.EncodeToString(b))
	if _, err := Verify(h, body, id.policy(), now); err != nil {
		t.Error(err)
	}
}

func TestRefused(t *testing.T) {
	id := newIdentity(t, p256(t), nil)
	other := newIdentity(t, p256(t), nil)
	set := func(name string, value any) func(map[string]any) {
		return func(m map[string]any) { m[name] = value }
	}
	part := func(edit func(parts []string)) func(http.Header) {
		return func(h http.Header) {
			parts := strings.Split(h.Get(HeaderSignature), ".")
			edit(parts)
			h.Set(HeaderSignature, strings.Join(parts, "."))
		}
	}
	x5cOf := func(certs ...*x509.Certificate) []string {
		var all []string
		for _, c := range certs {
			all = append(all, base64.StdEncoding.EncodeToString(c.Raw))
		}
		return all
	}
	for _, tc := range []struct {
		name   string
		want   Step
		header func(map[string]any) // before signing
		wire   func(http.Header)    // after signing
	}{
		{"no digest", StepDigest, nil, func(h http.Header) { h.Del(HeaderDigest) }},
		{"digest twice", StepDigest, nil, func(h http.Header) { h.Add(HeaderDigest, h.Get(HeaderDigest)) }},
		{"digest in lower case", StepDigest, nil, func(h http.Header) {
			h.Set(HeaderDigest, strings.Replace(h.Get(HeaderDigest), "SHA-256", "sha-256", 1))
		}},
		{"several digests", StepDigest, nil, func(h http.Header) { h.Set(HeaderDigest, h.Get(HeaderDigest)+", MD5=AAAA") }},
		{"digest without padding", StepDigest, nil, func(h http.Header) { h.Set(HeaderDigest, strings.TrimRight(h.Get(HeaderDigest), "=")) }},
		{"digest of another body", StepDigest, nil, func(h http.Header) { h.Set(HeaderDigest, Digest([]byte("<other/>"))) }},
		{"no signature", StepForm, nil, func(h http.Header) { h.Del(HeaderSignature) }},
		{"signature twice", StepForm, nil, func(h http.Header) { h.Add(HeaderSignature, h.Get(HeaderSignature)) }},
		{"signature twice in two spellings", StepForm, nil, func(h http.Header) { h["oots-response-sig"] = h["Oots-Response-Sig"] }},
		{"no JWS", StepForm, nil, func(h http.Header) { h.Set(HeaderSignature, "signed, trust me") }},
		{"four parts", StepForm, nil, func(h http.Header) { h.Set(HeaderSignature, h.Get(HeaderSignature)+".AA") }},
		{"payload in the middle", StepForm, nil, part(func(p []string) { p[1] = "AAAA" })},
		{"signature with padding", StepForm, nil, part(func(p []string) { p[2] += "==" })},
		{"garbage for a signature", StepForm, nil, part(func(p []string) { p[2] = "!" })},
		{"empty signature", StepForm, nil, part(func(p []string) { p[2] = "" })},
		{"header over the limit", StepForm, nil, part(func(p []string) { p[0] = strings.Repeat("A", maxHeader) })},
		{"header no JSON", StepHeader, nil, part(func(p []string) { p[0] = base64.RawURLEncoding.EncodeToString([]byte("{")) })},
		{"header no object", StepHeader, nil, part(func(p []string) { p[0] = base64.RawURLEncoding.EncodeToString([]byte("[1]")) })},
		{"member twice", StepHeader, nil, part(func(p []string) {
			b, _ := base64.RawURLEncoding.DecodeString(p[0])
			p[0] = base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none",` + string(b[1:])))
		})},
		{"inner member twice", StepHeader, nil, part(func(p []string) {
			p[0] = base64.RawURLEncoding.EncodeToString([]byte(`{"sigD":{"mId":"a","mId":"b"}}`))
		})},
		{"alg in capitals is another member", StepAlgorithm, func(m map[string]any) { m["ALG"] = m["alg"]; delete(m, "alg") }, nil},
		{"alg none", StepAlgorithm, set("alg", "none"), nil},
		{"alg HS256", StepAlgorithm, set("alg", "HS256"), nil},
		{"alg RS256", StepAlgorithm, set("alg", "RS256"), nil},
		{"b64 true", StepMechanism, set("b64", true), nil},
		{"b64 a string", StepMechanism, set("b64", "false"), nil},
		{"b64 absent", StepMechanism, func(m map[string]any) { delete(m, "b64") }, nil},
		{"other mId", StepMechanism, set("sigD", map[string]any{"mId": "http://uri.etsi.org/19182/ObjectIdByURI", "pars": []string{"digest"}}), nil},
		{"second header signed", StepMechanism, set("sigD", map[string]any{"mId": mechanism, "pars": []string{"digest", "date"}}), nil},
		{"pars in capitals", StepMechanism, set("sigD", map[string]any{"mId": mechanism, "pars": []string{"Digest"}}), nil},
		{"extra crit", StepMechanism, set("crit", []string{"b64", "sigD", "sigPId"}), nil},
		{"crit twice", StepMechanism, set("crit", []string{"b64", "sigD", "b64"}), nil},
		{"crit without b64", StepMechanism, set("crit", []string{"sigD"}), nil},
		{"no x5c", StepChainRead, func(m map[string]any) { delete(m, "x5c") }, nil},
		{"empty x5c", StepChainRead, set("x5c", []string{}), nil},
		{"x5c no certificate", StepChainRead, set("x5c", []string{"AAAA"}), nil},
		{"x5c no base64", StepChainRead, set("x5c", []string{"-"}), nil},
		{"unknown root", StepChain, set("x5c", x5cOf(other.chain...)), nil},
		{"iat in the future", StepChain, set("iat", now.Add(time.Hour).Unix()), nil},
		{"iat before the certificate", StepChain, set("iat", now.AddDate(-1, 0, 0).Unix()), nil},
		{"iat no number", StepChain, set("iat", "now"), nil},
		{"reference to another certificate", StepReference, set("x5t#o", map[string]any{"digAlg": "S256", "digVal": "AAAA"}), nil},
		{"reference with an unknown digest", StepReference, set("x5t#o", map[string]any{"digAlg": "S1", "digVal": "AAAA"}), nil},
		{"signature flipped", StepSignature, nil, part(func(p []string) {
			b, _ := base64.RawURLEncoding.DecodeString(p[2])
			b[3] ^= 1
			p[2] = base64.RawURLEncoding.EncodeToString(b)
		})},
		{"signature too short", StepSignature, nil, part(func(p []string) { p[2] = p[2][:80] })},
		{"signature of zeros", StepSignature, nil, part(func(p []string) { p[2] = base64.RawURLEncoding.EncodeToString(make([]byte, 64)) })},
		{"key does not fit", StepSignature, set("alg", EdDSA), nil},
		{"header not the one signed", StepSignature, nil, part(func(p []string) {
			b, _ := base64.RawURLEncoding.DecodeString(p[0])
			p[0] = base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(b), `"typ":"jose"`, `"typ":"JOSE"`, 1)))
		})},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := id.sign(t, tc.header)
			if tc.wire != nil {
				tc.wire(h)
			}
			wantStep(t, tc.want)(Verify(h, body, id.policy(), now))
		})
	}
}

// TestSubstitutedBody gives a body with a digest that fits it: coherent, but not signed.
func TestSubstitutedBody(t *testing.T) {
	id := newIdentity(t, p256(t), nil)
	h := id.sign(t, nil)
	h.Set(HeaderDigest, Digest([]byte("<other/>")))
	wantStep(t, StepSignature)(Verify(h, []byte("<other/>"), id.policy(), now))
}

func TestRefusedCertificate(t *testing.T) {
	for _, tc := range []struct {
		name string
		want Step
		edit func(*x509.Certificate)
	}{
		{"expired", StepChain, func(c *x509.Certificate) { c.NotAfter = now.Add(-time.Minute) }},
		{"not yet valid", StepChain, func(c *x509.Certificate) { c.NotBefore = now.Add(time.Minute) }},
		{"not for signing", StepChain, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyAgreement }},
		{"other organisation", StepSubject, func(c *x509.Certificate) { c.Subject.Organization = []string{"Somebody"} }},
		{"other unit", StepSubject, func(c *x509.Certificate) { c.Subject.OrganizationalUnit = nil }},
		{"other name", StepSubject, func(c *x509.Certificate) { c.Subject.CommonName = "x EC-OOTS-CS-TEST" }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			id := newIdentity(t, p256(t), tc.edit)
			wantStep(t, tc.want)(Verify(id.sign(t, nil), body, id.policy(), now))
		})
	}
	t.Run("leaf replaced by another one of the same root", func(t *testing.T) {
		id := newIdentity(t, p256(t), nil)
		rootKey := p256(t)
		root := issue(t, &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "R"}, IsCA: true, BasicConstraintsValid: true,
			NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(1, 0, 0)}, nil, rootKey.Public(), rootKey)
		second := issue(t, id.chain[0], root, p256(t).Public(), rootKey)
		id.roots.AddCert(root)
		replace := func(m map[string]any) {
			m["x5c"] = []string{base64.StdEncoding.EncodeToString(second.Raw)}
		}
		wantStep(t, StepReference)(Verify(id.sign(t, replace), body, id.policy(), now))
		without := func(m map[string]any) { replace(m); delete(m, "x5t#o") }
		wantStep(t, StepSignature)(Verify(id.sign(t, without), body, id.policy(), now))
	})
}

func TestNewSignerRefuses(t *testing.T) {
	id, other := newIdentity(t, p256(t), nil), newIdentity(t, p256(t), nil)
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewSigner(p384, newIdentity(t, p384, nil).chain, now); err == nil {
		t.Error("a P-384 key has no algorithm of this profile")
	}
	if _, err := NewSigner(id.key, other.chain, now); err == nil {
		t.Error("the certificate of another key")
	}
	if _, err := NewSigner(id.key, nil, now); err == nil {
		t.Error("no certificate")
	}
}

// FuzzVerify changes headers and body of a good answer. Whatever passes has the signed header and body;
// the signature itself may differ, because ECDSA has two forms of each.
func FuzzVerify(f *testing.F) {
	id := newIdentity(f, p256(f), nil)
	h := id.sign(f, nil)
	protected, _, _ := strings.Cut(h.Get(HeaderSignature), "..")
	f.Add(h.Get(HeaderDigest), h.Get(HeaderSignature), body)
	f.Add("SHA-256=", "e30..AA", []byte(nil))
	f.Add(h.Get(HeaderDigest), base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"ES256","b64":false,"crit":["b64"],"sigD":{"pars":["digest"]}}`))+"..AA", body)
	f.Fuzz(func(t *testing.T, digest, sig string, b []byte) {
		s, err := Verify(http.Header{"Digest": {digest}, "Oots-Response-Sig": {sig}}, b, id.policy(), now)
		if err != nil {
			if s != nil {
				t.Fatal("a result beside an error")
			}
			return
		}
		if got, _, _ := strings.Cut(strings.Trim(sig, " \t"), ".."); got != protected || string(b) != string(body) {
			t.Fatal("accepted what was not signed")
		}
	})
}

func BenchmarkSign(b *testing.B) {
	id := newIdentity(b, p256(b), nil)
	s, err := NewSigner(id.key, id.chain, now)
	if err != nil {
		b.Fatal(err)
	}
	big := make([]byte, 619<<10)
	b.SetBytes(int64(len(big)))
	for b.Loop() {
		if _, _, err := s.Sign(big); err != nil {
			b.Fatal(err)
		}
	}
}
