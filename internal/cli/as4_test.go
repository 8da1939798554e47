package cli

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"oots/edelivery/ebms"
)

func TestSplitPayload(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	odd := filepath.Join(dir, "application", "pdf=x.xml")
	if err := os.MkdirAll(filepath.Dir(odd), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(odd, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ arg, file, mediaType string }{
		{"evidence.pdf", "evidence.pdf", "application/pdf"},
		{"application/x-ebrs+xml=request.xml", "request.xml", "application/x-ebrs+xml"},
		{"application/pdf=a=b", "a=b", "application/pdf"},
		{"noending", "noending", "application/octet-stream"},
		{"a=b", "a=b", "application/octet-stream"},
		{odd, odd, "text/xml"},
	} {
		if file, mediaType := splitPayload(tc.arg); file != tc.file || mediaType != tc.mediaType && tc.arg != odd {
			t.Errorf("%s: %s as %s, want %s as %s", tc.arg, file, mediaType, tc.file, tc.mediaType)
		}
	}
}

func TestReadProperties(t *testing.T) {
	t.Parallel()
	got, err := readProperties([]string{"originalSender:urn=C1", "ExchangeId=a=b"})
	if err != nil || len(got) != 3 || got[0] != (ebms.Property{Name: "originalSender", Type: "urn", Value: "C1"}) ||
		got[1].Value != "a=b" || got[2].Name != ebms.FinalRecipient || got[2].Value == "" {
		t.Errorf("%+v, %v", got, err)
	}
	for _, bad := range []string{"originalSender", "=x"} {
		if _, err := readProperties([]string{bad}); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

func TestFolderName(t *testing.T) {
	t.Parallel()
	if got := folderName("44ca6304-f2aa@ap.example"); got != "44ca6304-f2aa@ap.example" {
		t.Errorf("a plain id becomes %s", got)
	}
	seen := map[string]string{}
	for _, id := range []string{"a/b@x", "a_b@x", "a\\b@x", "../../x", "x", ".x", "..", strings.Repeat("a", 250), strings.Repeat("a", 251)} {
		name := folderName(id)
		if other, taken := seen[name]; taken || name == "" || strings.ContainsAny(name, `/\`) || strings.HasPrefix(name, ".") || len(name) > 200 {
			t.Errorf("%q becomes %q, as %q does", id, name, other)
		}
		seen[name] = id
	}
}

func TestParseSize(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"0": 0, "17": 17, "1kB": 1000, "2MB": 2_000_000} {
		if got, err := parseSize(text); err != nil || got != want || want > 999 && sizeText(got) == "" {
			t.Errorf("%s: %d, %v", text, got, err)
		}
	}
	for _, bad := range []string{"", "kB", "-1", "1GB", "9999999MB", "1.5kB"} {
		if n, err := parseSize(bad); err == nil {
			t.Errorf("%q is %d", bad, n)
		}
	}
}

func TestHostPort(t *testing.T) {
	t.Parallel()
	for addr, want := range map[string]string{"127.0.0.1:80": "localhost:80", "[::1]:80": "localhost:80", "192.0.2.1:80": "192.0.2.1:80"} {
		a, err := net.ResolveTCPAddr("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		if got := hostPort(a); got != want {
			t.Errorf("%s: %s", addr, got)
		}
	}
}
