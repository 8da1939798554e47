package jades

import (
	"bytes"
	"compress/gzip"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestTamperedCapture changes an answer that the acceptance environment really gave. Nobody here can sign it
// anew, so each variant is what an attacker between origin and client can do.
func TestTamperedCapture(t *testing.T) {
	policy := Policy{Roots: anchor(t, "services_communs_acc.pem"), Subject: Commission()}
	otherHeaders, otherBody := capture(t, "eb_evidence_types_fi")
	member := func(edit func(map[string]any)) func(http.Header) {
		return func(h http.Header) {
			protected, sig, _ := strings.Cut(h.Get(HeaderSignature), "..")
			b, _ := base64.RawURLEncoding.DecodeString(protected)
			var m map[string]any
			if err := json.Unmarshal(b, &m); err != nil {
				t.Fatal(err)
			}
			edit(m)
			b, _ = json.Marshal(m)
			h.Set(HeaderSignature, base64.RawURLEncoding.EncodeToString(b)+".."+sig)
		}
	}
	set := func(name string, v any) func(http.Header) { return member(func(m map[string]any) { m[name] = v }) }
	mechanismOf := func(id string, pars ...string) func(http.Header) {
		return set("sigD", map[string]any{"mId": id, "pars": pars})
	}
	for _, tc := range []struct {
		name string
		want Step
		body func([]byte) []byte
		wire func(http.Header)
	}{
		{"one byte of the body", StepDigest, func(b []byte) []byte { b[100] ^= 1; return b }, nil},
		{"body cut short", StepDigest, func(b []byte) []byte { return b[:len(b)-1] }, nil},
		{"line feed behind the body", StepDigest, func(b []byte) []byte { return append(b, '\n') }, nil},
		{"byte order mark before the body", StepDigest, func(b []byte) []byte { return append([]byte("\uFEFF"), b...) }, nil},
		{"attributes in apostrophes", StepDigest, func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(`"`), []byte(`'`)) }, nil},
		{"without the XML declaration", StepDigest, func(b []byte) []byte { _, b, _ = bytes.Cut(b, []byte("?>")); return b }, nil},
		{"compressed on the way", StepDigest, func(b []byte) []byte {
			var z bytes.Buffer
			w := gzip.NewWriter(&z)
			w.Write(b)
			w.Close()
			return z.Bytes()
		}, nil},
		{"empty body", StepDigest, func([]byte) []byte { return nil }, nil},
		{"another country", StepDigest, func(b []byte) []byte { return bytes.ReplaceAll(b, []byte(">FR<"), []byte(">FI<")) }, nil},
		{"body of another answer", StepDigest, func([]byte) []byte { return otherBody }, nil},
		{"body and digest of another answer", StepSignature, func([]byte) []byte { return otherBody }, func(h http.Header) { h.Set(HeaderDigest, otherHeaders.Get(HeaderDigest)) }},
		{"own body and digest, signature of another answer", StepSignature, nil, func(h http.Header) { h.Set(HeaderSignature, otherHeaders.Get(HeaderSignature)) }},
		{"digest made anew for a changed body", StepSignature, func([]byte) []byte { return body }, func(h http.Header) { h.Set(HeaderDigest, Digest(body)) }},
		{"digest by another algorithm", StepDigest, nil, func(h http.Header) { h.Set(HeaderDigest, "SHA-512="+strings.Repeat("A", 86)+"==") }},
		{"digest in the form of RFC 9530", StepDigest, nil, func(h http.Header) {
			h.Set(HeaderDigest, "sha-256=:"+strings.TrimPrefix(h.Get(HeaderDigest), digestPrefix)+":")
		}},
		{"second digest before the true one", StepDigest, nil, func(h http.Header) {
			h[http.CanonicalHeaderKey(HeaderDigest)] = []string{Digest(body), h.Get(HeaderDigest)}
		}},
		{"digests joined by a proxy", StepDigest, nil, func(h http.Header) { h.Set(HeaderDigest, h.Get(HeaderDigest)+","+h.Get(HeaderDigest)) }},
		{"signature removed", StepForm, nil, func(h http.Header) { h.Del(HeaderSignature) }},
		{"signature emptied", StepForm, nil, func(h http.Header) { h.Set(HeaderSignature, "") }},
		{"payload attached", StepForm, nil, func(h http.Header) {
			h.Set(HeaderSignature, strings.Replace(h.Get(HeaderSignature), "..", "."+base64.RawURLEncoding.EncodeToString([]byte("digest: "+h.Get(HeaderDigest)))+".", 1))
		}},
		{"header cut by a proxy", StepForm, nil, func(h http.Header) { h.Set(HeaderSignature, h.Get(HeaderSignature)[:4096]) }},
		{"standard base64 instead of base64url", StepForm, nil, func(h http.Header) {
			h.Set(HeaderSignature, strings.NewReplacer("-", "+", "_", "/").Replace(h.Get(HeaderSignature)))
		}},
		{"alg none", StepAlgorithm, nil, set("alg", "none")},
		{"alg None", StepAlgorithm, nil, set("alg", "None")},
		{"alg HS256, keyed with the certificate", StepAlgorithm, nil, set("alg", "HS256")},
		{"alg ES384", StepAlgorithm, nil, set("alg", "ES384")},
		{"alg EdDSA over a P-256 key", StepSignature, nil, set("alg", EdDSA)},
		{"b64 true", StepMechanism, nil, set("b64", true)},
		{"mechanism by reference", StepMechanism, nil, mechanismOf("http://uri.etsi.org/19182/ObjectIdByURIHash", "digest")},
		{"another header signed", StepMechanism, nil, mechanismOf(mechanism, "content-type")},
		{"no header signed", StepMechanism, nil, mechanismOf(mechanism)},
		{"crit with an unknown member", StepMechanism, nil, set("crit", []string{"b64", "sigD", "exp"})},
		{"crit removed", StepMechanism, nil, member(func(m map[string]any) { delete(m, "crit") })},
		{"certificates removed", StepChainRead, nil, member(func(m map[string]any) { delete(m, "x5c") })},
		{"eleven certificates", StepChainRead, nil, member(func(m map[string]any) {
			leaf := m["x5c"].([]any)[0]
			m["x5c"] = []any{leaf, leaf, leaf, leaf, leaf, leaf, leaf, leaf, leaf, leaf, leaf}
		})},
		{"intermediate removed", StepChain, nil, member(func(m map[string]any) { m["x5c"] = m["x5c"].([]any)[:1] })},
		{"signer replaced by its issuer", StepChain, nil, member(func(m map[string]any) { m["x5c"] = m["x5c"].([]any)[1:] })},
		{"claimed time moved", StepSignature, nil, member(func(m map[string]any) { m["iat"] = m["iat"].(float64) + 1 })},
		{"claimed time before the certificate", StepChain, nil, set("iat", 0)},
		{"key id of somebody else", StepSignature, nil, set("kid", "AAAA")},
		{"reference removed", StepSignature, nil, member(func(m map[string]any) { delete(m, "x5t#o") })},
		{"reference to another certificate", StepReference, nil, set("x5t#o", map[string]any{"digAlg": "S512", "digVal": strings.Repeat("A", 86)})},
		{"white space in the signed header", StepSignature, nil, member(func(m map[string]any) { m["typ"] = " jose" })},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h, b := capture(t, "eb_requirements_fr")
			if tc.body != nil {
				b = tc.body(b)
			}
			if tc.wire != nil {
				tc.wire(h)
			}
			wantStep(t, tc.want)(Verify(h, b, policy, now))
		})
	}
}

// TestChainOfThree signs below an intermediate that is changed in one way.
func TestChainOfThree(t *testing.T) {
	for _, tc := range []struct {
		name string
		want Step // 0 is accepted
		edit func(intermediate, leaf *x509.Certificate)
	}{
		{"good", 0, func(_, _ *x509.Certificate) {}},
		{"no authority", StepChain, func(i, _ *x509.Certificate) { i.IsCA = false }},
		{"not for certificates", StepChain, func(i, _ *x509.Certificate) { i.KeyUsage = x509.KeyUsageDigitalSignature }},
		{"expired", StepChain, func(i, _ *x509.Certificate) { i.NotAfter = now.Add(-time.Second) }},
		{"extended key usage of something else", 0, func(_, l *x509.Certificate) { l.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }},
		{"unknown critical extension", StepChain, func(_, l *x509.Certificate) {
			l.ExtraExtensions = []pkix.Extension{{Id: []int{1, 2, 3, 4}, Critical: true, Value: []byte{5, 0}}}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rootKey, midKey, leafKey := p256(t), p256(t), p256(t)
			ca := func(serial int64, name string) *x509.Certificate {
				return &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
					KeyUsage: x509.KeyUsageCertSign, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(1, 0, 0)}
			}
			mid := ca(2, "Intermediate")
			leaf := &x509.Certificate{SerialNumber: big.NewInt(3), Subject: pkix.Name{CommonName: "EC-OOTS-CS-X", OrganizationalUnit: []string{"OOTS"}, Organization: []string{"European Commission"}},
				KeyUsage: x509.KeyUsageDigitalSignature, NotBefore: now.AddDate(0, -1, 0), NotAfter: now.AddDate(1, 0, 0)}
			tc.edit(mid, leaf)
			root := issue(t, ca(1, "Root"), nil, rootKey.Public(), rootKey)
			middle := issue(t, mid, root, midKey.Public(), rootKey)
			end := issue(t, leaf, middle, leafKey.Public(), midKey)
			roots := x509.NewCertPool()
			roots.AddCert(root)
			id := identity{leafKey, []*x509.Certificate{end, middle, root}, roots}
			s, err := Verify(id.sign(t, nil), body, id.policy(), now)
			if tc.want == 0 {
				if err != nil || len(s.Chain) != 3 {
					t.Fatalf("%v", err)
				}
				return
			}
			wantStep(t, tc.want)(s, err)
		})
	}
}
