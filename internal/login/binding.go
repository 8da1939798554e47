package login

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"oots/internal/clock"
)

// bindingBytes is the length of the token that binds logins to a browser.
const bindingBytes = 32

// A Binding is the cookie by which a login knows the browser that began it, so that nobody can log it in as
// somebody else. What is kept of it is a digest.
type Binding struct {
	Name     string        // of the cookie, without __Host-
	Insecure bool          // without Secure, for tests over plain HTTP
	Age      time.Duration // how long the browser keeps it
}

func (b Binding) cookie() string {
	if b.Insecure {
		return b.Name
	}
	return "__Host-" + b.Name
}

// Bind gives the browser the cookie, or lets it keep the one it has, and returns its digest.
func (b Binding) Bind(w http.ResponseWriter, r *http.Request) string {
	if d := b.Browser(r); d != "" {
		return d
	}
	value := clock.Token(bindingBytes)
	http.SetCookie(w, &http.Cookie{
		Name: b.cookie(), Value: value, Path: "/", MaxAge: int(b.Age.Seconds()),
		Secure: !b.Insecure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	return bindingDigest(value)
}

// Browser is the digest of the cookie that r brings, "" without one.
func (b Binding) Browser(r *http.Request) string {
	c, err := r.Cookie(b.cookie())
	if err != nil || len(c.Value) != 2*bindingBytes {
		return ""
	}
	return bindingDigest(c.Value)
}

func bindingDigest(value string) string {
	sum := sha256.Sum256([]byte(value))
	return hex.EncodeToString(sum[:])
}
