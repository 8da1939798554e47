package eidas

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"time"

	"oots/eid/saml"
	"oots/internal/clock"
	"oots/internal/login"
)

// patience is how long a user may take at her eID.
const patience = 20 * time.Minute

// taking is how long a verified answer waits for the browser to come with it.
const taking = 2 * time.Minute

// begun is a request that waits for its answer.
type begun struct {
	Request saml.AuthnRequest
	Country string
	Next    string // local path
	Relay   string // state that the answer brings back
	Browser string // digest of the cookie of the browser that began it
}

// ended is what an answer came to, until the browser that began the login takes it up.
type ended struct {
	Identity *login.Identity // nil when the login failed
	Failure  failure
	Next     string
	Browser  string
}

// A failure says why a login ended without an identity, as far as the user needs to know.
type failure string

const (
	cancelled failure = "cancelled" // the user, or her eID, said no
	tooWeak   failure = "tooWeak"   // the eID does not reach the level
	refused   failure = "refused"   // the answer was not accepted
	over      failure = "over"      // nothing is known of this login, or not by this browser
)

func key(kind, id string) string {
	sum := sha256.Sum256([]byte("eidas " + kind + " " + id))
	return hex.EncodeToString(sum[:])
}

func put[T any](ctx context.Context, m *Method, kind, id string, value T, lasts time.Duration) error {
	b, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return m.Sessions.Put(ctx, key(kind, id), b, m.Clock.Now().Add(lasts))
}

// get returns what was put, ok is false when it is not there or over.
func get[T any](ctx context.Context, m *Method, kind, id string) (value T, ok bool) {
	b, err := m.Sessions.Get(ctx, key(kind, id))
	if err != nil || json.Unmarshal(b, &value) != nil {
		return value, false
	}
	return value, true
}

func forget(ctx context.Context, m *Method, kind, id string) {
	if err := m.Sessions.Delete(ctx, key(kind, id)); err != nil {
		m.Log.Warn("login state not forgotten", "kind", kind)
	}
}

// bindingBytes is the length of the cookie that binds logins to a browser.
const bindingBytes = 32

func (m *Method) bindingCookie() string {
	name := m.Cookie + "_eidas"
	if m.Insecure {
		return name
	}
	return "__Host-" + name
}

// bind gives the browser a cookie, or keeps the one it has, and returns its digest.
func (m *Method) bind(w http.ResponseWriter, r *http.Request) string {
	if d := m.browser(r); d != "" {
		return d
	}
	value := clock.Token(bindingBytes)
	http.SetCookie(w, &http.Cookie{
		Name: m.bindingCookie(), Value: value, Path: "/", MaxAge: int(patience.Seconds()) * 3,
		Secure: !m.Insecure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	return digest(value)
}

// browser is the digest of the cookie that r brings, "" without one.
func (m *Method) browser(r *http.Request) string {
	c, err := r.Cookie(m.bindingCookie())
	if err != nil || len(c.Value) != 2*bindingBytes {
		return ""
	}
	return digest(c.Value)
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}
