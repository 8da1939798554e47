package pki_test

import (
	"crypto/x509"
	"os"
	"path/filepath"
	"testing"
	"time"

	"oots/internal/pki"
)

func TestAuthority(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	a, err := pki.Open(dir, now)
	if err != nil {
		t.Fatal(err)
	}
	server, err := a.Server("server", "localhost", "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := server.Certificate.Verify(x509.VerifyOptions{Roots: a.Pool(), CurrentTime: now, DNSName: "localhost"}); err != nil {
		t.Error("server certificate:", err)
	}
	if d := server.Certificate.NotAfter.Sub(server.Certificate.NotBefore); d > 398*24*time.Hour {
		t.Errorf("TDD 3.7 §3.5: server certificate lives %v", d)
	}
	for _, u := range server.Certificate.ExtKeyUsage {
		if u == x509.ExtKeyUsageClientAuth {
			t.Error("TDD 3.7 §3.5: clientAuth is forbidden")
		}
	}
	ap, err := a.AccessPoint("AP_AT_01", "AT")
	if err != nil {
		t.Fatal(err)
	}
	again, err := pki.Open(dir, now.AddDate(0, 6, 0))
	if err != nil {
		t.Fatal(err)
	}
	same, err := again.AccessPoint("AP_AT_01", "AT")
	if err != nil || !same.Certificate.Equal(ap.Certificate) {
		t.Errorf("a second opening gave another certificate (err %v)", err)
	}
	later, err := pki.Open(dir, now.AddDate(3, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	renewed, err := later.AccessPoint("AP_AT_01", "AT")
	if err != nil || renewed.Certificate.Equal(ap.Certificate) {
		t.Errorf("an expired certificate was kept (err %v)", err)
	}
	info, err := os.Stat(filepath.Join(dir, "AP_AT_01.key.pem"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("private key: mode %v, err %v", info.Mode(), err)
	}
}

func TestSealingKey(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := pki.SealingKey(dir)
	if err != nil || len(first) != 32 {
		t.Fatalf("%d bytes, %v", len(first), err)
	}
	second, err := pki.SealingKey(dir)
	if err != nil || string(second) != string(first) {
		t.Error("the key changed between two openings")
	}
	if err := os.WriteFile(filepath.Join(dir, "sealing.key"), []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := pki.SealingKey(dir); err == nil {
		t.Error("a short key was accepted")
	}
}
