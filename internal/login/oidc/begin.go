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
	"oots/internal/login"
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
	query := v.R.URL.Query()
	next := web.SafeNext(query.Get("next"), "/")
	p, err := m.gateway(v.R.Context())
	if err != nil {
		m.Log.Error("gateway unusable", "method", m.Method, "cause", err)
		return &web.Problem{Status: http.StatusServiceUnavailable, Kind: web.Unreachable, Cause: err, Back: next}
	}
	b := begun{Nonce: clock.Token(16), Verifier: oauth2.GenerateVerifier(), Next: next, Level: login.Wanted(m.Level(next), query.Get("level")), Browser: m.binding().Bind(v.W, v.R)}
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

// binding ties a login to the browser that began it.
func (m *Method) binding() login.Binding {
	return login.Binding{Name: m.Cookie + "_" + m.Method, Insecure: m.Insecure, Age: 3 * patience}
}
