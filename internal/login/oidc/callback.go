package oidc

import (
	"context"
	"crypto/subtle"
	"errors"
	"maps"
	"net/http"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"oots/internal/login"
	"oots/internal/web"
)

// endedPage says why a login ended and what to do next.
type endedPage struct {
	web.Frame
	Meaning, Advice string
	Again, Back     string // paths
}

// Errors of an answer; they hold nothing of a person.
var (
	errIssuer = errors.New("login/oidc: the answer is by another issuer")
	errNonce  = errors.New("login/oidc: the token is for another login")
	errToken  = errors.New("login/oidc: no ID token, or one that may not be")
	errSub    = errors.New("login/oidc: the claims are of another user than the token")
)

// callback takes the answer of the gateway, in the browser that began the login.
func (m *Method) callback(v *visit, done func(http.ResponseWriter, *http.Request, login.Identity, string)) error {
	q := v.R.URL.Query()
	b, ok := m.take(v.R.Context(), q.Get("state"))
	own := m.binding().Browser(v.R)
	if !ok || own == "" || subtle.ConstantTimeCompare([]byte(own), []byte(b.Browser)) != 1 {
		return m.fail(v, v.T("login/oidc/callback.over.title"), v.T("login/oidc/callback.over.meaning"), v.T("login/oidc/callback.over.next"), begun{})
	}
	if q.Get("error") == "access_denied" && m.fromIssuer(q.Get("iss"), false) {
		return m.fail(v, v.T("login/oidc/callback.cancelled.title"), v.T("login/oidc/callback.cancelled.meaning"), v.T("login/oidc/callback.cancelled.next"), b)
	}
	id, err := m.identify(v.R.Context(), b, q.Get("code"), q.Get("iss"))
	switch {
	case errors.Is(err, errLevel):
		return m.fail(v, v.T("login/oidc/callback.tooWeak.title"), v.T("login/oidc/callback.tooWeak.meaning"), v.T("login/oidc/callback.tooWeak.next"), b)
	case err != nil:
		var answer *oauth2.RetrieveError
		if errors.As(err, &answer) {
			err = errors.New("login/oidc: token refused: " + answer.ErrorCode) // the rest of the answer is not for logs
		}
		m.Log.Warn("login failed", "method", m.Method, "cause", err)
		return m.fail(v, v.T("login/oidc/callback.refused.title"), v.T("login/oidc/callback.refused.meaning"), v.T("login/oidc/callback.refused.next"), b)
	}
	done(v.W, v.R, id, b.Next)
	return nil
}

// fromIssuer checks the issuer that an answer names against mix-up; it must name one when the gateway says that it
// does. [RFC 9207 §2.4]
func (m *Method) fromIssuer(iss string, promised bool) bool {
	return iss == m.Issuer || iss == "" && !promised
}

// identify turns a code into who the user is.
func (m *Method) identify(ctx context.Context, b begun, code, iss string) (login.Identity, error) {
	var none login.Identity
	p, err := m.gateway(ctx)
	if err != nil {
		return none, err
	}
	var discovery struct {
		Promised bool `json:"authorization_response_iss_parameter_supported"`
	}
	if err := p.Claims(&discovery); err != nil {
		return none, err
	}
	if !m.fromIssuer(iss, discovery.Promised) {
		return none, errIssuer
	}
	ctx = oidc.ClientContext(ctx, m.Client)
	options := []oauth2.AuthCodeOption{oauth2.VerifierOption(b.Verifier)}
	if m.Key != nil {
		assertion, err := m.assertion(p.Endpoint().TokenURL)
		if err != nil {
			return none, err
		}
		options = append(options, oauth2.SetAuthURLParam("client_assertion_type", assertionType), oauth2.SetAuthURLParam("client_assertion", assertion))
	}
	token, err := m.oauth(p).Exchange(ctx, code, options...)
	if err != nil {
		return none, err
	}
	claims, err := m.verify(ctx, p, token, b)
	if err != nil {
		return none, err
	}
	id, err := m.Mapping.identity(claims, b.Level)
	if err != nil {
		return none, err
	}
	id.Method, id.At, id.Country = m.Method, m.Clock.Now(), m.EID
	if at, ok := claims["auth_time"].(float64); ok && at < float64(id.At.Unix()) {
		id.At = time.Unix(int64(at), 0).UTC()
	}
	if id.Country == "" && id.Person.Identifier != "" {
		id.Country = id.Person.Identifier[:2]
	}
	if id.Country == "" {
		return none, errClaims
	}
	return id, nil
}

// verify returns the claims of the ID token, and those of the user info beside them. The token wins.
func (m *Method) verify(ctx context.Context, p *oidc.Provider, token *oauth2.Token, b begun) (map[string]any, error) {
	raw, _ := token.Extra("id_token").(string)
	if m.Decrypt != nil && raw != "" {
		var err error
		if raw, err = m.Decrypt(raw); err != nil {
			return nil, errToken
		}
	}
	verifier := p.VerifierContext(ctx, &oidc.Config{
		ClientID: m.ClientID, Now: m.Clock.Now, SupportedSigningAlgs: []string{oidc.ES256, oidc.ES384, oidc.ES512, oidc.PS256, oidc.RS256},
	})
	idToken, err := verifier.Verify(ctx, raw)
	if err != nil {
		return nil, errToken // its cause may hold claims
	}
	if subtle.ConstantTimeCompare([]byte(idToken.Nonce), []byte(b.Nonce)) != 1 {
		return nil, errNonce
	}
	if idToken.AccessTokenHash != "" && idToken.VerifyAccessToken(token.AccessToken) != nil {
		return nil, errToken
	}
	own := map[string]any{}
	if err := idToken.Claims(&own); err != nil {
		return nil, errToken
	}
	if !m.UserInfo {
		return own, nil
	}
	info, err := p.UserInfo(ctx, oauth2.StaticTokenSource(token))
	if err != nil {
		return nil, errClaims
	}
	if info.Subject != idToken.Subject { // [OpenID Connect Core 1.0 §5.3.2]
		return nil, errSub
	}
	all := map[string]any{}
	if err := info.Claims(&all); err != nil {
		return nil, errClaims
	}
	for _, vouched := range [3]string{"acr", "amr", "auth_time"} {
		delete(all, vouched) // how she was authenticated is only in the token
	}
	maps.Copy(all, own)
	return all, nil
}

// fail shows why there is no identity, and how to begin b again when it is known.
func (m *Method) fail(v *visit, title, meaning, advice string, b begun) error {
	p := endedPage{Frame: v.Frame(title), Meaning: meaning, Advice: advice, Back: "/"}
	if b.Next != "" {
		p.Back, p.Again = b.Next, m.Start(b.Next, b.Level)
	}
	return v.Show(http.StatusForbidden, "ended", &p)
}
