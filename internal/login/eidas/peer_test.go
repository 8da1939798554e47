package eidas

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"oots/eid/saml"
	"oots/internal/clock"
)

// TestRemote fetches metadata once an hour, and lives with what it has until that is over.
func TestRemote(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "node"}, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	m := &saml.Metadata{EntityID: "https://node.example", ID: "_m", ValidUntil: now.Add(5 * time.Hour), IDP: &saml.IDPRole{
		Role: saml.Role{Signing: []*x509.Certificate{cert}}, Services: []saml.Endpoint{{Binding: saml.BindingPOST, Location: "https://node.example/request"}},
	}}
	doc, err := m.Write(saml.Signer{Key: key, Certificate: cert}, saml.Strict())
	if err != nil {
		t.Fatal(err)
	}
	asked, broken := 0, false
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if asked++; broken {
			http.Error(w, "no", http.StatusInternalServerError)
			return
		}
		w.Write(doc)
	}))
	t.Cleanup(server.Close)
	at := now
	r := &Remote{
		URL: server.URL, Client: server.Client(), Trust: saml.Trust{Anchors: []*x509.Certificate{cert}}, Policy: saml.Strict(),
		Clock: clock.Clock{Now: func() time.Time { return at }},
	}
	for _, step := range []struct {
		after  time.Duration
		broken bool
		asked  int
		ok     bool
	}{
		{0, false, 1, true}, {time.Minute, false, 1, true}, {2 * time.Hour, false, 2, true}, {4 * time.Hour, true, 3, true}, {6 * time.Hour, true, 4, false},
	} {
		at, broken = now.Add(step.after), step.broken
		got, err := r.Metadata(t.Context())
		if asked != step.asked || (err == nil) != step.ok || (got != nil) != step.ok {
			t.Errorf("after %v: asked %d times, %v", step.after, asked, err)
		}
	}
}
