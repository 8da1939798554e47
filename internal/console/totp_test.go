package console

import (
	"encoding/base32"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestCodes holds the codes to the test vectors for SHA-1. [RFC 6238 Appendix B]
func TestCodes(t *testing.T) {
	t.Parallel()
	secret := []byte("12345678901234567890")
	for at, want := range map[int64]string{59: "94287082", 1111111109: "07081804", 1111111111: "14050471", 1234567890: "89005924", 2000000000: "69279037", 20000000000: "65353130"} {
		if got := code(secret, at/30, 8); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
	for count, want := range []string{"755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"} { // [RFC 4226 Appendix D]
		if got := code(secret, int64(count), codeDigits); got != want {
			t.Errorf("count %d: %s, want %s", count, got, want)
		}
	}
}

// TestDrift takes the codes of one step before and after, and no others.
func TestDrift(t *testing.T) {
	t.Parallel()
	secret, now := newSecret(), time.Unix(1790000010, 0)
	at := now.Unix() / 30
	for d := int64(-3); d <= 3; d++ {
		step, ok := stepOf(secret, code(secret, at+d, codeDigits), now)
		if want := d >= -1 && d <= 1; ok != want || ok && step != at+d {
			t.Errorf("%d steps off: %v, step %d", d, ok, step-at)
		}
	}
	if _, ok := stepOf(nil, code(nil, at, codeDigits), now); ok {
		t.Error("a code of no secret")
	}
}

func TestSecretLink(t *testing.T) {
	t.Parallel()
	secret := newSecret()
	u, err := url.Parse(secretLink("AP of Österreich", "night.shift", secret))
	if err != nil || u.Scheme != "otpauth" || u.Host != "totp" || u.Path != "/AP of Österreich:night.shift" || strings.Contains(u.RawQuery, "+") {
		t.Fatalf("%v %v", u, err)
	}
	back, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(u.Query().Get("secret"))
	if err != nil || string(back) != string(secret) {
		t.Error("the link has another secret")
	}
}

func TestRecoveryCodes(t *testing.T) {
	t.Parallel()
	codes, digests := newRecovery()
	seen := map[string]bool{}
	for i, c := range codes {
		if digest(plainCode(strings.ToLower(c))) != digests[i] || seen[c] || len(plainCode(c)) != 16 {
			t.Errorf("code %d", i)
		}
		seen[c] = true
	}
}
