package eidasnode

import (
	"bytes"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"oots/eid/saml"
	"oots/internal/clock"
	"oots/internal/login/eidas"
	"oots/internal/web/webtest"
)

// pages walks through every page of the node, and of the login that leads to it.
func (s *site) pages(t *testing.T, b *webtest.Browser) (node, portal []*webtest.Page) {
	t.Helper()
	leave, seen := s.walk(t, b, "/a", "EL", "person", "eleni", "High", "refuse")
	node = append(node, seen[1:]...)
	ended := s.deliver(t, b, leave).On(t, 200, "ended")
	portal = append(portal, seen[0], ended, b.Get("/login/eidas/return").On(t, 403, "ended"), b.Get("/login/eidas/nowhere").On(t, 404, "problem"))
	portal = append(portal, b.Submit(seen[0], "/login/eidas/", nil).On(t, 422, "choose"))
	begun := b.Submit(seen[0], "/login/eidas/", url.Values{"country": {"FR"}})
	country := b.Get(s.to(t, b.Get(s.to(t, begun)))).On(t, 200, "country")
	node = append(node, country, b.Get("/eidas/").On(t, 200, "about"), b.Get("/eidas/nowhere").On(t, 404, "problem"))
	to, values := country.Form(t, "/country")
	values.Set("country", "AT")
	wrong := b.Get(s.to(t, b.Get(s.to(t, b.Get(to+"?"+values.Encode())))))
	node = append(node, wrong, b.Submit(wrong, "/person", url.Values{"person": {"nobody"}}).On(t, 422, "person"))
	return node, portal
}

func TestEveryPageRenders(t *testing.T) {
	t.Parallel()
	webtest.Official(t)
	webtest.EveryScreen(t, Files, func(t *testing.T, lang string) []*webtest.Page {
		s := newSite(t) // the limit of one does not stop the walks in the other languages
		node, portal := s.pages(t, webtest.NewBrowser(t, s.server, lang))
		return append(node, portal...)
	})
}

// TestAxe lets an independent judge look at the pages. See webtest.Axe for what it needs.
func TestAxe(t *testing.T) {
	s := newSite(t)
	for _, lang := range webtest.Languages() {
		node, portal := s.pages(t, webtest.NewBrowser(t, s.server, lang))
		webtest.Axe(t, s.handler, append(node, portal...))
	}
}

func TestStartsForDemonstrationsOnly(t *testing.T) {
	t.Parallel()
	n, err := New(Config{Base: "https://node.example", Persons: persons(), Clock: clock.System()})
	if n != nil || !errors.Is(err, ErrNoDemonstration) {
		t.Error(err)
	}
}

// TestHostileBrowser plays what a browser, or somebody with the user's answer, may try.
func TestHostileBrowser(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		play func(t *testing.T, s *site, b *webtest.Browser, values url.Values) *webtest.Page
		see  string
	}{
		{"in another browser", func(t *testing.T, s *site, b *webtest.Browser, values url.Values) *webtest.Page {
			other := webtest.NewBrowser(t, s.server, "en")
			return other.Get(s.to(t, s.post(t, other, values)))
		}, "This login has ended"},
		{"in another browser with a login of its own", func(t *testing.T, s *site, b *webtest.Browser, values url.Values) *webtest.Page {
			other := webtest.NewBrowser(t, s.server, "en")
			s.walk(t, other, "/a", "EL", "person", "eleni", "High", "agree")
			return other.Get(s.to(t, s.post(t, other, values)))
		}, "This login has ended"},
		{"another state", func(t *testing.T, s *site, b *webtest.Browser, values url.Values) *webtest.Page {
			values.Set("RelayState", strings.Repeat("0", 32))
			return b.Get(s.to(t, s.post(t, b, values)))
		}, "This login has ended"},
		{"no state", func(t *testing.T, s *site, b *webtest.Browser, values url.Values) *webtest.Page {
			values.Del("RelayState")
			return b.Get(s.to(t, s.post(t, b, values)))
		}, "This login has ended"},
		{"nothing", func(t *testing.T, s *site, b *webtest.Browser, _ url.Values) *webtest.Page {
			return b.Get(s.to(t, s.post(t, b, nil)))
		}, "This login has ended"},
		{"a changed answer", func(t *testing.T, s *site, b *webtest.Browser, values url.Values) *webtest.Page {
			forge(t, values)
			return b.Get(s.to(t, s.post(t, b, values)))
		}, "The login did not succeed"},
		{"twice", func(t *testing.T, s *site, b *webtest.Browser, values url.Values) *webtest.Page {
			if s.to(t, b.Get(s.to(t, s.post(t, b, values)))) != "/a" || len(s.got) != 1 {
				t.Fatal("the first was refused")
			}
			s.got = nil
			return b.Get(s.to(t, s.post(t, b, values)))
		}, "This login has ended"},
		{"taken up twice", func(t *testing.T, s *site, b *webtest.Browser, values url.Values) *webtest.Page {
			at := s.to(t, s.post(t, b, values))
			b.Get(at)
			s.got = nil
			return b.Get(at)
		}, "This login has ended"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			b := webtest.NewBrowser(t, s.server, "en")
			leave, _ := s.walk(t, b, "/a", "EL", "person", "eleni", "High", "agree")
			_, values := leave.Form(t, "/login/eidas/response")
			tc.play(t, s, b, values).See(t, tc.see)
			if len(s.got) != 0 {
				t.Error("somebody is logged in")
			}
		})
	}
}

// forge changes one letter of the encrypted assertion.
func forge(t *testing.T, values url.Values) {
	t.Helper()
	doc, err := base64.StdEncoding.DecodeString(values.Get("SAMLResponse"))
	if err != nil {
		t.Fatal(err)
	}
	at := bytes.LastIndex(doc, []byte("CipherValue>")) - 40
	if doc[at]++; !bytes.ContainsRune([]byte("BCDEFGHIJKLMNOPQRSTUVWXYZbcdefghijklmnopqrstuvwxyz123456789"), rune(doc[at])) {
		doc[at] = 'A'
	}
	values.Set("SAMLResponse", base64.StdEncoding.EncodeToString(doc))
}

// A forged answer does not end the login of the user: the genuine one still counts.
func TestForgeryDoesNotEndALogin(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	b := webtest.NewBrowser(t, s.server, "en")
	leave, _ := s.walk(t, b, "/a", "EL", "person", "eleni", "High", "agree")
	_, values := leave.Form(t, "/login/eidas/response")
	forge(t, values)
	b.Get(s.to(t, s.post(t, b, values)))
	if end := s.deliver(t, b, leave); s.to(t, end) != "/a" || len(s.got) != 1 {
		t.Error("the genuine answer is refused")
	}
}

func TestLoginScreens(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, lang := range webtest.Languages() {
		_, portal := s.pages(t, webtest.NewBrowser(t, s.server, lang))
		for _, p := range portal {
			if got := p.Tags("html")[0].Attr["lang"]; got != lang {
				t.Errorf("%s is in %q", p.Path, got)
			}
		}
	}
	// A choice that no service stands behind, and a peer that cannot be used, say so.
	b := webtest.NewBrowser(t, s.server, "en")
	choose := b.Get(s.portal.Start("https://evil.example/", "")).On(t, 200, "choose")
	if _, values := choose.Form(t, "/login/eidas/"); values.Get("next") != "/" {
		t.Errorf("next is %q", values.Get("next"))
	}
	s.portal.Services[0].Peer = &eidas.Remote{URL: s.base + "/eidas/XX/metadata", Client: s.server.Client(), Clock: clock.System()}
	if p := b.Submit(choose, "/login/eidas/", url.Values{"country": {s.portal.Services[0].Country}}); p.Status != http.StatusServiceUnavailable {
		t.Errorf("status %d", p.Status)
	}
}

// A peer that takes requests by POST only gets them by a form of ours.
func TestRequestByPOST(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	meta, err := s.portal.Services[0].Peer.Metadata(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	posting := *meta
	role := *meta.IDP
	role.Services = []saml.Endpoint{{Binding: saml.BindingPOST, Location: role.Service(saml.BindingPOST)}}
	posting.IDP = &role
	s.portal.Services[0].Peer = eidas.Fixed{M: &posting}
	b := webtest.NewBrowser(t, s.server, "en")
	send := b.Submit(b.Get(s.portal.Start("/a", "")), "/login/eidas/", url.Values{"country": {"EL"}}).On(t, 200, "send")
	_, values := send.Form(t, "/eidas/connector/request")
	next := b.Get(s.to(t, b.Post("/eidas/connector/request", values)))
	b.Get(s.to(t, next)).On(t, 200, "person")
	if policy := send.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' https:") {
		t.Errorf("the browser would not send it: %s", policy)
	}
}
