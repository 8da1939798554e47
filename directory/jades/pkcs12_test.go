package jades

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"oots/internal/corpus"
)

// openssl writes a container of key and chain, and returns its file and that of its password.
func openssl(t testing.TB, key crypto.Signer, id identity, password string, options ...string) PKCS12File {
	t.Helper()
	tool := corpus.Tool(t, "openssl")
	dir := t.TempDir()
	p := PKCS12File{filepath.Join(dir, "signer.p12"), filepath.Join(dir, "password")}
	write(t, filepath.Join(dir, "key.pem"), keyPEM(t, key))
	write(t, filepath.Join(dir, "leaf.pem"), pemOf(id.chain[0]))
	write(t, filepath.Join(dir, "root.pem"), pemOf(id.chain[1]))
	write(t, p.PasswordFile, []byte(password+"\nsecond line"))
	args := []string{"pkcs12", "-export", "-inkey", filepath.Join(dir, "key.pem"), "-in", filepath.Join(dir, "leaf.pem"), "-certfile", filepath.Join(dir, "root.pem"),
		"-name", "signer", "-out", p.File, "-passout", "file:" + p.PasswordFile}
	if out, err := exec.Command(tool, append(args, options...)...).CombinedOutput(); err != nil {
		t.Fatalf("openssl: %v\n%s", err, out)
	}
	return p
}

func TestPKCS12File(t *testing.T) {
	ec := newIdentity(t, p256(t), nil)
	_, edKey, _ := ed25519.GenerateKey(rand.Reader)
	ed := newIdentity(t, edKey, nil)
	for _, tc := range []struct {
		name     string
		id       identity
		password string
		options  []string
		err      string
	}{
		{"as openssl writes today", ec, "open sesame", nil, ""},
		{"Ed25519", ed, "open sesame", nil, ""},
		{"empty password", ec, "", nil, ""},
		{"a password beyond ASCII", ec, "pässwörd €", nil, ""},
		{"AES-128", ec, "x", []string{"-keypbe", "AES-128-CBC", "-certpbe", "AES-128-CBC"}, ""},
		{"AES-192", ec, "x", []string{"-keypbe", "AES-192-CBC", "-certpbe", "AES-192-CBC"}, ""},
		{"certificates in clear", ec, "x", []string{"-certpbe", "NONE"}, ""},
		{"key in clear", ec, "x", []string{"-keypbe", "NONE"}, ""},
		{"authenticated with SHA-512", ec, "x", []string{"-macalg", "sha512"}, ""},
		{"authenticated with SHA-1", ec, "x", []string{"-macalg", "sha1"}, ""},
		{"many iterations", ec, "x", []string{"-iter", "100000"}, ""},
		{"triple DES", ec, "x", []string{"-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES"}, ""},
		{"not authenticated", ec, "x", []string{"-nomac"}, "no MAC"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := openssl(t, tc.id.key, tc.id, tc.password, tc.options...).Identity()
			if tc.err != "" {
				if err == nil || !strings.Contains(err.Error(), tc.err) {
					t.Errorf("got %v, want %q", err, tc.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Chain) != 2 || !got.Chain[0].Equal(tc.id.chain[0]) || !samePublicKey(got.Key.Public(), tc.id.key.Public()) {
				t.Errorf("chain of %d", len(got.Chain))
			}
			if k, err := OpenKeyring(fixed(got), now); err != nil || !k.Certificate().Equal(tc.id.chain[0]) {
				t.Errorf("%v", err)
			}
		})
	}
}

// fixed is a Source that always has the same.
type fixed Identity

func (f fixed) Identity() (Identity, error) { return Identity(f), nil }

func TestPKCS12Refused(t *testing.T) {
	id := newIdentity(t, p256(t), nil)
	p := openssl(t, id.key, id, "right")
	good, err := os.ReadFile(p.File)
	if err != nil {
		t.Fatal(err)
	}
	write(t, p.PasswordFile, []byte("wrong"))
	if _, err := p.Identity(); err == nil || !strings.Contains(err.Error(), "wrong password") {
		t.Errorf("another password: %v", err)
	}
	for i := range good {
		bad := append([]byte{}, good...)
		bad[i] ^= 0x41
		if key, certs, err := decodePKCS12(bad, "right"); err == nil && (key == nil || len(certs) != 2) {
			t.Fatalf("byte %d: half a container", i)
		}
	}
	for _, n := range []int{0, 1, 10, len(good) / 2, len(good) - 1} {
		if _, _, err := decodePKCS12(good[:n], "right"); err == nil {
			t.Errorf("cut at %d", n)
		}
	}
	if _, _, err := decodePKCS12(append(good, 0), "right"); err == nil {
		t.Error("something behind it")
	}
	if _, _, err := decodePKCS12(make([]byte, maxContainer+1), ""); err == nil {
		t.Error("too large")
	}
	// An RSA key is read, and has no algorithm of this profile.
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	got, err := openssl(t, rsaKey, newIdentity(t, rsaKey, nil), "x").Identity()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := OpenKeyring(fixed(got), now); err == nil {
		t.Error("an RSA key signs")
	}
}
