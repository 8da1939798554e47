package oidc

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"oots/edm"
	"oots/internal/clock"
	"oots/internal/web"
)

// patience is how long a user may take at the gateway.
const patience = 20 * time.Minute

// begun is a login under way, kept under its state.
type begun struct {
	Nonce, Verifier string
	Next            string // local path
	Level           edm.LoA
	Browser         string // digest of the cookie of the browser that began it
}

// begin sends the browser to the gateway.
func (m *Method) begin(v *visit) error {
	next := web.SafeNext(v.R.URL.Query().Get("next"), "/")
	p, err := m.gateway(v.R.Context())
	if err != nil {
		m.Log.Error("gateway unusable", "method", m.Method, "cause", err)
		return &web.Problem{Status: http.StatusServiceUnavailable, Kind: web.Unreachable, Cause: err, Back: next}
	}
	b := begun{Nonce: clock.Token(16), Verifier: oauth2.GenerateVerifier(), Next: next, Level: m.Level(next), Browser: m.bind(v)}
	state := clock.Token(16)
	body, err := json.Marshal(b)
	if err != nil {
		return err
	}
	if err := m.Sessions.Put(v.R.Context(), m.key(state), body, v.Now().Add(patience)); err != nil {
		return err
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(b.Nonce), oauth2.S256ChallengeOption(b.Verifier)}
	if acr := m.ACR[b.Level]; acr != "" {
		options = append(options, oauth2.SetAuthURLParam("acr_values", acr))
	}
	for name, value := range m.Params {
		options = append(options, oauth2.SetAuthURLParam(name, value))
	}
	http.Redirect(v.W, v.R, m.oauth(p).AuthCodeURL(state, options...), http.StatusSeeOther)
	return nil
}

// take returns the login with the state and forgets it; ok is false when there is none.
func (m *Method) take(ctx context.Context, state string) (b begun, ok bool) {
	body, err := m.Sessions.Get(ctx, m.key(state))
	if err != nil || json.Unmarshal(body, &b) != nil {
		return b, false
	}
	return b, m.Sessions.Delete(ctx, m.key(state)) == nil
}

func (m *Method) key(state string) string { return digest("oidc " + m.Method + " " + state) }

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// bindingBytes is the length of the cookie that binds logins to a browser.
const bindingBytes = 32

func (m *Method) bindingCookie() string {
	name := m.Cookie + "_" + m.Method
	if m.Insecure {
		return name
	}
	return "__Host-" + name
}

// bind gives the browser a cookie, or keeps the one it has, and returns its digest.
func (m *Method) bind(v *visit) string {
	if d := m.browser(v.R); d != "" {
		return d
	}
	value := clock.Token(bindingBytes)
	http.SetCookie(v.W, &http.Cookie{
		Name: m.bindingCookie(), Value: value, Path: "/", MaxAge: 3 * int(patience.Seconds()),
		Secure: !m.Insecure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
	return digest(value)
}

func (m *Method) browser(r *http.Request) string {
	c, err := r.Cookie(m.bindingCookie())
	if err != nil || len(c.Value) != 2*bindingBytes {
		return ""
	}
	return digest(c.Value)
}
