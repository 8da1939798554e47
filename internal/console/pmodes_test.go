package console_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/url"
	"os"
	"sync"
	"testing"
	"time"

	"oots/edelivery/pmode/configuration"
	"oots/edelivery/pmode/keystore"
	"oots/internal/console"
	"oots/internal/pmodes"
	"oots/internal/web/webtest"
)

// trust is a store with certificates of all parties of the file of the tests.
var trust = sync.OnceValues(func() (*keystore.Store, error) {
	var text []byte
	for i, name := range []string{"AP_AA_01", "AP_BB_01", "AP_CC_01"} {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return nil, err
		}
		c := &x509.Certificate{SerialNumber: big.NewInt(int64(i) + 1), Subject: pkix.Name{CommonName: name}, NotBefore: start.AddDate(0, -1, 0), NotAfter: start.AddDate(0, i+1, 0)}
		der, err := x509.CreateCertificate(rand.Reader, c, c, key.Public(), key)
		if err != nil {
			return nil, err
		}
		text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	return keystore.Parse(text, "")
})

func network(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("../../edelivery/pmode/configuration/testdata/network.xml")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// withPModes puts P-Modes in force on a node and gives its console their pages.
func withPModes(t testing.TB, n *node) *pmodes.Archive {
	t.Helper()
	store, err := trust()
	if err != nil {
		t.Fatal(err)
	}
	a, err := pmodes.Open(t.Context(), pmodes.Deps{DB: n.store.DB, Store: n.store.PModes(), Clock: n.clock(),
		Certificates: func(_ context.Context, at time.Time) (configuration.Certificates, error) {
			return keystore.Parties{Store: store, Now: at}, nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	p, err := a.Propose(t.Context(), network(t))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Activate(t.Context(), p, pmodes.Act{Actor: "operator", Note: "the first file", Partial: true}); err != nil {
		t.Fatal(err)
	}
	n.config.PModes = a
	n.open()
	return a
}

var slower = []byte("30;9;CONSTANT")

// walkPModes proposes, refuses, activates and goes back.
func walkPModes(t testing.TB, b *webtest.Browser, p *webtest.Page) (out []*webtest.Page) {
	t.Helper()
	see := func(p *webtest.Page) *webtest.Page { out = append(out, p); return p }
	see(b.Submit(p, "/propose", nil).On(t, 422, "pmodes"))
	see(b.Upload(p, "/propose", "file", "pmode.xml", "application/xml", []byte("<x")).On(t, 422, "proposal"))
	next := see(b.Upload(p, "/propose", "file", "pmode.xml", "application/xml", bytes.Replace(network(t), []byte("12;4;CONSTANT"), slower, 1)).On(t, 200, "proposal"))
	see(b.Submit(next, "/activate", nil).On(t, 422, "proposal"))
	see(b.Submit(next, "/activate", url.Values{"note": {"more patience"}}).On(t, 409, "proposal"))
	see(b.Land(b.Submit(next, "/activate", url.Values{"note": {"more patience"}, "partial": {"yes"}})).On(t, 200, "pmodes"))
	old := see(b.Get("/console/pmodes/1").On(t, 200, "version"))
	see(b.Submit(old, "/rollback", nil).On(t, 422, "version"))
	see(b.Submit(old, "/rollback", url.Values{"note": {"too slow"}}).On(t, 409, "version"))
	see(b.Land(b.Submit(old, "/rollback", url.Values{"note": {"too slow"}, "partial": {"yes"}})).On(t, 200, "pmodes"))
	see(b.Get("/console/pmodes/2").On(t, 200, "version"))
	return out
}

var _ console.PModes = (*pmodes.Archive)(nil)
