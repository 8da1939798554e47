package proof_test

import (
	"context"
	"crypto/x509"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"oots/internal/audit"
	"oots/internal/proof"
	"oots/internal/store"
)

func certificate(name string) *x509.Certificate { return makeKeys().pairs[name].Certificate }

// only trusts the certificates of these sides, and no other below their authority.
func only(names ...string) (out proof.Trust) {
	for _, name := range names {
		out.Any = append(out.Any, certificate(name))
	}
	return out
}

func named(pairs ...string) proof.Trust {
	out := proof.Trust{Parties: map[string][]*x509.Certificate{}}
	for i := 0; i < len(pairs); i += 2 {
		out.Parties[pairs[i]] = append(out.Parties[pairs[i]], certificate(pairs[i+1]))
	}
	return out
}

// TestTrust judges who signed for whom: an authority has issued certificates to many, and none of them is another's.
func TestTrust(t *testing.T) {
	t.Parallel()
	root := []*x509.Certificate{makeKeys().root}
	honest := newWorld(t)
	good := honest.export(honest.a, honest.exchange().exchange, proof.Options{})
	// D has two certificates of the same authority, and plays an exchange of A and B with them.
	w := newWorldAs(t, map[string]string{"A": "D", "B": "E"})
	played := w.export(w.a, w.exchange().exchange, proof.Options{})
	w = newWorldAs(t, map[string]string{"B": "E"})
	half := w.export(w.a, w.exchange().exchange, proof.Options{})
	for _, tc := range []struct {
		name    string
		dir     string
		trust   proof.Trust
		trusted bool
		bound   string // of the signer for B
	}{
		{"authority", good, trust(), true, proof.Subject},
		{"each named", good, named("AP_A", "A", "AP_B", "B"), true, proof.Named},
		{"one named", good, proof.Trust{Parties: named("AP_B", "B").Parties, Any: root}, true, proof.Named},
		{"authority named", good, proof.Trust{Parties: map[string][]*x509.Certificate{"AP_A": root, "AP_B": root}}, true, proof.Named},
		{"a name is missing", good, named("AP_A", "A"), false, ""},
		{"names exchanged", good, named("AP_A", "B", "AP_B", "A"), false, ""},
		{"another named, below the authority", good, proof.Trust{Parties: named("AP_B", "E").Parties, Any: root}, false, ""},
		{"played", played, trust(), false, ""},
		{"played, both known", played, only("D", "E"), false, ""},
		{"played, authority named", played, proof.Trust{Parties: map[string][]*x509.Certificate{"AP_A": root, "AP_B": root}}, true, proof.Named},
		{"half played", half, trust(), false, ""},
		{"half played, A named", half, proof.Trust{Parties: named("AP_A", "A").Parties, Any: root}, false, ""},
	} {
		r := proof.Verify(os.DirFS(tc.dir), tc.trust)
		if r.Valid != tc.trusted || r.Trusted != tc.trusted {
			t.Errorf("%s: valid %v, trusted %v, %v", tc.name, r.Valid, r.Trusted, r.Fault)
		}
		for _, s := range r.Signers {
			if tc.trusted && (s.Party == "AP_B" && s.Bound != tc.bound || s.Bound == "") {
				t.Errorf("%s: %+v", tc.name, s)
			}
		}
	}
	if r := proof.Verify(os.DirFS(played), proof.Trust{}); !r.Valid || r.Trusted {
		t.Errorf("anybody can make it, and it says %+v", r)
	}
}

// TestEnded exports and judges an exchange when all certificates of it have ended: each counts for what it signed in its
// time, and the export is made by the key that is valid now, whatever name it has.
func TestEnded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	x := w.exchange()
	sign := func(tx *store.Tx) error {
		_, err := w.a.journal.Checkpoint(tx, audit.Interval, signer("A"))
		return err
	}
	w.now = certificate("A").NotAfter.AddDate(0, 0, 1)
	if !w.now.Before(later) {
		t.Fatal("the certificates have not ended")
	}
	// The log goes on under a key that has ended, which is not taken for an export.
	if err := w.a.store.DB.Update(context.Background(), sign); err != nil {
		t.Fatal(err)
	}
	w.now = later.Add(time.Hour)
	p := w.prover(w.a)
	if _, err := p.Export(t.Context(), x.exchange, t.TempDir(), proof.Options{}); !errors.Is(err, proof.ErrNoSigner) {
		t.Errorf("it is signed with a key that has ended: %v", err)
	}
	p.Signer = proof.Among([]audit.Signer{signer("A"), signer("A, renamed")})
	dir := t.TempDir()
	m, err := p.Export(t.Context(), x.exchange, dir, proof.Options{})
	if err != nil || m.Log == nil || len(m.Findings) != 0 {
		t.Fatalf("%+v, %v", m, err)
	}
	ca := proof.Trust{Any: []*x509.Certificate{makeKeys().root, makeKeys().laterRoot}}
	r := proof.Verify(os.DirFS(dir), ca)
	if !r.Valid || !r.Trusted || len(r.Signers) != 3 {
		t.Fatalf("%v, %+v", r.Fault, r.Signers)
	}
	for _, s := range r.Signers {
		if s.Made != (s.Party == "") || s.Made != (s.Bound == proof.Maker) {
			t.Errorf("%+v", s)
		}
	}
	if r = proof.Verify(os.DirFS(dir), trust()); r.Valid || !strings.Contains(r.Fault.Detail, "Access Point of AT") {
		t.Errorf("who made it is not trusted: %v", r.Fault)
	}
	// A key that has ended makes no export.
	resign(t, dir, "A", nil)
	if r = proof.Verify(os.DirFS(dir), ca); r.Valid || r.Fault.File != proof.SignatureFile {
		t.Errorf("it was made after the end of the certificate: %v", r.Fault)
	}
}

// TestUnproven exports what Verify would refuse as what it is: not verified.
func TestUnproven(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	x := w.exchange()
	p := w.prover(w.a)
	p.Now = func() time.Time { return start.Add(-time.Hour) } // our clock goes wrong
	dir := t.TempDir()
	m, err := p.Export(t.Context(), x.exchange, dir, proof.Options{})
	if err != nil || len(m.Messages) != 0 || m.Log != nil {
		t.Fatalf("%+v, %v", m, err)
	}
	codes := map[proof.FindingCode]int{}
	for _, f := range m.Findings {
		codes[f.Code]++
	}
	r := verify(t, dir)
	if codes[proof.Unproven] != 2 || codes[proof.LogBroken] != 1 || !r.Valid || len(r.Unverified) != 5 {
		t.Errorf("%v, %v, %v", m.Findings, r.Fault, r.Unverified)
	}
}
