package oidc

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// gateway is a small provider: it has one user, who always agrees unless the test says otherwise.
type gateway struct {
	t      *testing.T
	server *httptest.Server
	key    *ecdsa.PrivateKey

	claims map[string]any // of the ID token, beside the usual ones
	info   map[string]any // of the user info
	deny   bool
	spoil  func(claims map[string]any, key **ecdsa.PrivateKey) // of the ID token, before it is signed
	iss    string                                              // in the answer; "" is the right one

	mu     sync.Mutex
	asked  url.Values            // the last request
	codes  map[string]url.Values // requests by their code, each for one use
	client url.Values            // the last token request
	basic  bool                  // it authenticated by a secret
}

func newGateway(t *testing.T) *gateway {
	t.Helper()
	g := &gateway{t: t, key: newKey(t), codes: map[string]url.Values{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", g.discover)
	mux.HandleFunc("GET /authorize", g.authorize)
	mux.HandleFunc("POST /token", g.token)
	mux.HandleFunc("GET /userinfo", func(w http.ResponseWriter, _ *http.Request) { g.reply(w, g.info) })
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		point, err := g.key.PublicKey.Bytes()
		if err != nil {
			t.Error(err)
		}
		encode := base64.RawURLEncoding.EncodeToString
		g.reply(w, map[string]any{"keys": []any{map[string]any{"kty": "EC", "crv": "P-256", "kid": "k", "use": "sig", "alg": "ES256", "x": encode(point[1:33]), "y": encode(point[33:])}}})
	})
	g.server = httptest.NewTLSServer(mux)
	t.Cleanup(g.server.Close)
	return g
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func (g *gateway) reply(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		g.t.Error(err)
	}
}

func (g *gateway) discover(w http.ResponseWriter, _ *http.Request) {
	base := g.server.URL
	g.reply(w, map[string]any{
		"issuer": base, "authorization_endpoint": base + "/authorize", "token_endpoint": base + "/token", "userinfo_endpoint": base + "/userinfo",
		"jwks_uri": base + "/keys", "id_token_signing_alg_values_supported": []string{"ES256"}, "authorization_response_iss_parameter_supported": true,
	})
}

func (g *gateway) authorize(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked = r.URL.Query()
	code := "code" + strings.Repeat("x", len(g.codes))
	g.codes[code] = g.asked
	iss := g.iss
	if iss == "" {
		iss = g.server.URL
	}
	q := url.Values{"state": {g.asked.Get("state")}, "iss": {iss}}
	if g.deny {
		q.Set("error", "access_denied")
	} else {
		q.Set("code", code)
	}
	http.Redirect(w, r, g.asked.Get("redirect_uri")+"?"+q.Encode(), http.StatusFound)
}

// token gives one token for a code, to who has the verifier.
func (g *gateway) token(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if err := r.ParseForm(); err != nil {
		g.t.Error(err)
	}
	g.client = r.PostForm
	user, secret, basic := r.BasicAuth()
	g.basic = basic && user == "client" && secret == "secret"
	asked, ok := g.codes[r.PostForm.Get("code")]
	delete(g.codes, r.PostForm.Get("code"))
	sum := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
	if !ok || asked.Get("code_challenge_method") != "S256" || asked.Get("code_challenge") != base64.RawURLEncoding.EncodeToString(sum[:]) {
		w.WriteHeader(http.StatusBadRequest)
		g.reply(w, map[string]any{"error": "invalid_grant"})
		return
	}
	now := time.Now()
	claims := map[string]any{"iss": g.server.URL, "aud": "client", "sub": "user", "nonce": asked.Get("nonce"), "iat": now.Unix(), "exp": now.Add(time.Minute).Unix()}
	for k, v := range g.claims {
		claims[k] = v
	}
	key := g.key
	if g.spoil != nil {
		g.spoil(claims, &key)
	}
	id, err := sign(key, "k", claims)
	if err != nil {
		g.t.Error(err)
	}
	g.reply(w, map[string]any{"access_token": "access", "token_type": "Bearer", "id_token": id})
}
