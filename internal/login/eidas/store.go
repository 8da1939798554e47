package eidas

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"oots/edm"
	"oots/eid/saml"
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
	Level   edm.LoA
	Relay   string // state that the answer brings back
	Browser string // digest of the cookie of the browser that began it
}

// ended is what an answer came to, until the browser that began the login takes it up.
type ended struct {
	Identity *login.Identity // nil when the login failed
	Failure  failure
	Next     string
	Level    edm.LoA
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

// binding ties a login to the browser that began it.
func (m *Method) binding() login.Binding {
	return login.Binding{Name: m.Cookie + "_eidas", Insecure: m.Insecure, Age: 3 * patience}
}
