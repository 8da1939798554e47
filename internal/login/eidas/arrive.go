package eidas

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"net/url"

	"oots/eid/saml"
	"oots/internal/clock"
)

// maxResponse bounds the body of an answer.
const maxResponse = 512 << 10

// arrive takes a posted answer. The browser comes from another site and brings no cookie: whatever the answer is,
// it is sent on to where its cookie says whether it began this login, and nothing is shown before.
func (m *Method) arrive(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
	if !m.arriving.Allow(r, m.Clock.Now()) {
		http.Error(w, http.StatusText(http.StatusTooManyRequests), http.StatusTooManyRequests)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxResponse)
	to := "/login/eidas/return"
	if handle := m.answer(r); handle != "" {
		to += "?" + url.Values{"login": {handle}}.Encode()
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// answer judges an answer, keeps what it came to and returns the name of that, "" when it belongs to no login.
func (m *Method) answer(r *http.Request) string {
	ctx := r.Context()
	var b begun
	found := false
	e, err := func() (ended, error) {
		if err := r.ParseForm(); err != nil {
			return ended{}, err
		}
		message, err := saml.FromForm(r.PostForm, "SAMLResponse")
		if err != nil {
			return ended{}, err
		}
		a, err := saml.ReadResponse(message, saml.ResponseContext{
			EntityID: m.EntityID(), Consumer: m.consumer(), Keys: m.Keys, Policy: m.Policy, Replay: m.Replay, Now: m.Clock.Now(),
			Open: func(id string) (*saml.AuthnRequest, *saml.Metadata, bool) {
				waiting, ok := get[begun](ctx, m, "request", id)
				if !ok || subtle.ConstantTimeCompare([]byte(waiting.Relay), []byte(message.RelayState)) != 1 {
					return nil, nil, false
				}
				b, found = waiting, true
				peer, ok := m.peer(ctx, b.Country)
				return &b.Request, peer, ok
			},
		})
		if err != nil {
			return ended{}, err
		}
		id, err := m.identity(a, b.Country)
		return ended{Identity: id}, err
	}()
	if err != nil {
		e.Identity, e.Failure = nil, failureOf(err)
		m.Log.Warn("eIDAS login failed", "message", b.Request.ID, "failure", e.Failure, "cause", err)
	}
	if !found {
		return ""
	}
	// A forged answer must not end the login of somebody else: only a genuine one does.
	if e.Failure != refused {
		forget(ctx, m, "request", b.Request.ID)
	}
	e.Next, e.Level, e.Browser = b.Next, b.Level, b.Browser
	handle := clock.Token(16)
	if err := put(ctx, m, "answer", handle, e, taking); err != nil {
		m.Log.Error("eIDAS answer not kept", "cause", err)
		return ""
	}
	return handle
}

func (m *Method) peer(ctx context.Context, country string) (*saml.Metadata, bool) {
	s, ok := m.service(country)
	if !ok {
		return nil, false
	}
	peer, err := s.Peer.Metadata(ctx)
	if err != nil {
		m.Log.Error("eIDAS service unusable", "country", country, "cause", err)
		return nil, false
	}
	return peer, true
}

func failureOf(err error) failure {
	var status *saml.StatusError
	if !errors.As(err, &status) {
		return refused
	}
	switch {
	case status.Cancelled():
		return cancelled
	case status.SubCode == saml.StatusNoAuthnContext:
		return tooWeak
	}
	return refused
}
