package console

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// The parameters of the second factor: those that every authenticator knows. [RFC 6238 §4] [RFC 4226 §4]
const (
	codeStep   = 30 * time.Second
	codeDigits = 6
	secretLen  = 20
	codeDrift  = 1 // steps that the clock of the authenticator may be off, either way
)

// code is the one-time password of a secret at a step. [RFC 4226 §5.3]
func code(secret []byte, step int64, digits int) string {
	m := hmac.New(sha1.New, secret)
	binary.Write(m, binary.BigEndian, step)
	sum := m.Sum(nil)
	at := sum[len(sum)-1] & 15
	n := binary.BigEndian.Uint32(sum[at:at+4]) & 0x7fffffff
	mod := uint32(1)
	for range digits {
		mod *= 10
	}
	return fmt.Sprintf("%0*d", digits, n%mod)
}

// stepOf is the step of the code that fits a secret around now; ok is false when none does.
func stepOf(secret []byte, given string, now time.Time) (step int64, ok bool) {
	at := now.Unix() / int64(codeStep/time.Second)
	for d := int64(-codeDrift); d <= codeDrift; d++ {
		if subtle.ConstantTimeCompare([]byte(code(secret, at+d, codeDigits)), []byte(given)) == 1 {
			step, ok = at+d, true
		}
	}
	return step, ok && len(secret) > 0
}

func newSecret() []byte {
	b := make([]byte, secretLen)
	rand.Read(b)
	return b
}

var base32Plain = base32.StdEncoding.WithPadding(base32.NoPadding)

// grouped writes a text in groups of four.
func grouped(s string) string {
	var out []string
	for len(s) > 4 {
		out, s = append(out, s[:4]), s[4:]
	}
	return strings.Join(append(out, s), " ")
}

// secretLink is what authenticators read.
func secretLink(node, account string, secret []byte) string {
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + node + ":" + account,
		RawQuery: url.Values{"secret": {base32Plain.EncodeToString(secret)}, "issuer": {node}}.Encode()}
	return strings.ReplaceAll(u.String(), "+", "%20")
}

// The recovery codes: ten, of 80 random bits each.
const (
	recoveryCodes = 10
	recoveryBytes = 10
)

func newRecovery() (codes, digests []string) {
	for range recoveryCodes {
		b := make([]byte, recoveryBytes)
		rand.Read(b)
		c := base32Plain.EncodeToString(b)
		codes, digests = append(codes, grouped(c)), append(digests, digest(c))
	}
	return codes, digests
}

// plainCode takes spaces and hyphens out of what somebody has typed.
func plainCode(s string) string {
	return strings.ToUpper(strings.NewReplacer(" ", "", "-", "", "\t", "").Replace(s))
}
