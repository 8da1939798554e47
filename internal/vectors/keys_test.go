package vectors

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestKeys(t *testing.T) {
	t.Parallel()
	k := testKeys(t)
	id, err := k.Identity("AP_AA_01")
	if err != nil || id.Key == nil || id.Decrypter == nil || id.Certificate.Subject.CommonName != "AP_AA_01" {
		t.Fatalf("%+v, %v", id, err)
	}
	if _, err := k.Certificate("AP_CC_01"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("absent: %v", err)
	}
	for _, name := range []string{"", "../ca", `..\ca`, ".hidden", "a/b"} {
		if _, err := k.Certificate(name); err == nil || !strings.Contains(err.Error(), "no name of a key") {
			t.Errorf("%q: %v", name, err)
		}
	}
	if _, err := OpenKeys(filepath.Join(k.dir, "ca.crt.pem")); err == nil {
		t.Error("a file is taken for a folder")
	}
	if _, err := OpenKeys(filepath.Join(k.dir, "absent")); err == nil {
		t.Error("a folder that is absent is opened")
	}
}

func TestKeysRefused(t *testing.T) {
	t.Parallel()
	from := testKeys(t).dir
	dir := t.TempDir()
	write := func(name, content string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	read := func(name string) string {
		t.Helper()
		b, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	write("mixed.crt.pem", read("AP_AA_01.crt.pem"))
	write("mixed.key.pem", read("AP_BB_01.key.pem"))
	write("text.crt.pem", "no PEM at all")
	write("text.key.pem", "no PEM at all")
	write("swapped.crt.pem", read("AP_AA_01.key.pem"))
	write("large.crt.pem", strings.Repeat("x", maxPEM+1))
	k, err := OpenKeys(dir)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"mixed": "is not the key of", "text": "no CERTIFICATE in it", "swapped": "no CERTIFICATE in it", "large": "at most",
	} {
		if _, err := k.Identity(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
	if roots, err := k.Roots(); roots != nil || err != nil {
		t.Errorf("roots of a folder without: %v, %v", roots, err)
	}
	write("ca.crt.pem", "nothing")
	if _, err := k.Roots(); err == nil {
		t.Error("roots without a certificate")
	}
}
