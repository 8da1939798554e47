package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"oots/internal/clock"
)

// ErrNoSession says that no session has the key, or that it has expired.
var ErrNoSession = errors.New("no such session")

// A SessionStore keeps sessions, so that they outlive the process. Keys are 64 hexadecimal digits; values
// are a few hundred bytes.
type SessionStore interface {
	// Get returns the value of key, or ErrNoSession.
	Get(ctx context.Context, key string) ([]byte, error)
	// Put writes the value of key; it may be forgotten after expires.
	Put(ctx context.Context, key string, value []byte, expires time.Time) error
	// Delete forgets key; an unknown key is no error.
	Delete(ctx context.Context, key string) error
}

// SessionLifetime is how long a session lasts without a request. It is longer than the time a user may
// spend in a preview space. [TDD 4.4.3]
const SessionLifetime = 2 * time.Hour

// A Session is what a site remembers of one browser.
type Session[S any] struct {
	Value S      // changed in place, then saved
	CSRF  string // what every form of this browser repeats

	id string // of the cookie; "" when the browser has none yet
}

// stored is a session as its store holds it.
type stored[S any] struct {
	Value S         `json:"v"`
	CSRF  string    `json:"c"`
	Seen  time.Time `json:"s"`
}

// sessionKey is what the store knows of a cookie: who reads the store cannot use what it finds there.
func sessionKey(cookie, id string) string {
	sum := sha256.Sum256([]byte(cookie + "=" + id))
	return hex.EncodeToString(sum[:])
}

// load finds the session of the browser, or begins an empty one that exists only once it is saved. A
// session seen long ago is written again, so that it expires only when unused.
func (s *Site[S]) load(r *http.Request) (*Session[S], error) {
	fresh := &Session[S]{}
	c, err := r.Cookie(s.hostOnly(s.Cookie))
	if err != nil || s.Sessions == nil || len(c.Value) != 2*sessionIDBytes {
		return fresh, nil
	}
	key := sessionKey(s.Cookie, c.Value)
	b, err := s.Sessions.Get(r.Context(), key)
	if errors.Is(err, ErrNoSession) {
		return fresh, nil
	}
	if err != nil {
		return nil, err
	}
	var v stored[S]
	if err := json.Unmarshal(b, &v); err != nil {
		return fresh, nil // written by another version: as if it had expired
	}
	now := s.Clock.Now()
	if now.After(v.Seen.Add(SessionLifetime)) {
		return fresh, nil
	}
	found := &Session[S]{Value: v.Value, CSRF: v.CSRF, id: c.Value}
	if now.Sub(v.Seen) > SessionLifetime/8 {
		return found, s.put(r.Context(), found)
	}
	return found, nil
}

// sessionIDBytes is the length of a session id: 256 random bits.
const sessionIDBytes = 32

func (s *Site[S]) put(ctx context.Context, sess *Session[S]) error {
	now := s.Clock.Now()
	b, err := json.Marshal(stored[S]{sess.Value, sess.CSRF, now})
	if err != nil {
		return err
	}
	return s.Sessions.Put(ctx, sessionKey(s.Cookie, sess.id), b, now.Add(SessionLifetime))
}

// Save writes the session; a browser that has none is given its cookie. New sessions count as posts do,
// so that nobody can fill the store; in a post, the guard has counted already.
func (v *Visit[S]) Save() error {
	if v.Session.id == "" {
		if v.R.Method != http.MethodPost && !v.site.Limit.allow(client(v.R), v.Now()) {
			return tooOften(v.W.Header())
		}
		v.Session.id = clock.Token(sessionIDBytes)
		v.Session.CSRF = clock.Token(16)
		v.site.setCookie(v.W, v.Session.id)
	}
	return v.site.put(v.R.Context(), v.Session)
}

// Renew writes the session under a new id and forgets the old one: done whenever the user becomes
// somebody, so that an id known before is worth nothing.
func (v *Visit[S]) Renew() error {
	old := v.Session.id
	v.Session.id = ""
	if err := v.Save(); err != nil {
		return err
	}
	if old == "" {
		return nil
	}
	return v.site.Sessions.Delete(v.R.Context(), sessionKey(v.site.Cookie, old))
}

// End forgets the session and its cookie.
func (v *Visit[S]) End() error {
	old := v.Session.id
	v.Session = &Session[S]{}
	v.site.setCookie(v.W, "")
	if old == "" {
		return nil
	}
	return v.site.Sessions.Delete(v.R.Context(), sessionKey(v.site.Cookie, old))
}

// setCookie writes the session cookie; an empty id removes it. Lax lets the browser bring it along when
// the preview space of another country leads the user back.
func (s *Site[S]) setCookie(w http.ResponseWriter, id string) {
	c := &http.Cookie{Name: s.hostOnly(s.Cookie), Value: id, Path: "/", Secure: !s.Insecure, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	if id == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// hostOnly is the name under which a cookie goes to the browser. The prefix makes the browser take it from
// this very host over TLS only: a neighbour below the same domain cannot plant a session. [RFC 6265bis §4.1.3.2]
func (s *Site[S]) hostOnly(name string) string {
	if s.Insecure {
		return name
	}
	return "__Host-" + name
}
