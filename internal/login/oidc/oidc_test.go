package oidc

import (
	"crypto/ecdsa"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"oots/edm"
	"oots/internal/clock"
	"oots/internal/login"
	"oots/internal/web"
	"oots/internal/web/webtest"
)

func TestTexts(t *testing.T) {
	webtest.Texts(t, "login/oidc")
	webtest.Official(t)
}

// mapping is that of an invented gateway.
func mapping() Mapping {
	return Mapping{
		Claims: map[string]string{
			"FamilyName": "family_name", "GivenName": "given_name", "DateOfBirth": "birthdate", "BirthName": "given_name birth_family_name",
			"TownOfBirth": "place_of_birth.locality", "Gender": "gender", "Nationality": "nationalities", "PersonIdentifier": "https://id.example/claim/eidas",
		},
		Values:  map[string]map[string]string{"Gender": {"female": "Female"}, "Nationality": {"GR": "EL"}},
		Levels:  map[string]edm.LoA{"eidas1": edm.Low, "eidas2": edm.Substantial, "eidas3": edm.High},
		Methods: []string{"eidas"},
	}
}

func eleni() map[string]any {
	return map[string]any{
		"acr": "eidas3", "amr": []string{"pwd", "eidas"}, "family_name": "Papadopoulou", "given_name": "Eleni", "birthdate": "1998-03-25", "birth_family_name": "Georgiou",
		"place_of_birth": map[string]any{"locality": "Athina"}, "gender": "female", "nationalities": []string{"GR", "AT"}, "https://id.example/claim/eidas": "EL/AT/DEMO1001",
	}
}

// site is a portal with the method and its gateway.
type site struct {
	gateway *gateway
	server  *httptest.Server
	method  *Method
	level   edm.LoA // that a login is begun with
	got     []login.Identity
	logs    *strings.Builder
}

func newSite(t *testing.T, edit func(*Config)) *site {
	t.Helper()
	s := &site{gateway: newGateway(t), logs: &strings.Builder{}}
	s.gateway.claims = eleni()
	var handler http.Handler
	s.server = webtest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	c := Config{
		Method: "gateway", Names: edm.Texts{{Lang: "DE", Value: "Behörde"}}, Country: "AT", Cookie: "oots_at", Base: s.server.URL, Issuer: s.gateway.server.URL,
		ClientID: "client", Secret: "secret", Scopes: []string{"profile"}, Params: map[string]string{"idp_hint": "eidas-bridge"},
		ACR: map[edm.LoA]string{edm.Substantial: "eidas2 eidas3", edm.High: "eidas3"}, Mapping: mapping(), Client: s.gateway.server.Client(),
		Sessions: &web.Memory{Now: clock.System().Now}, Clock: clock.System(), Log: slog.New(slog.NewTextHandler(s.logs, nil)),
	}
	if edit != nil {
		edit(&c)
	}
	var err error
	if s.method, err = New(c); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	login.Mount(mux, []login.Method{s.method}, login.Place{Prefix: "/", Done: func(w http.ResponseWriter, r *http.Request, id login.Identity, next string) {
		s.got = append(s.got, id)
		http.Redirect(w, r, next, http.StatusSeeOther)
	}})
	handler = mux
	return s
}

// callback goes to the gateway and returns the path by which it sends the browser back.
func (s *site) callback(t *testing.T, b *webtest.Browser) string {
	t.Helper()
	begun := b.Get(s.method.Start("/a", s.level))
	client := *s.gateway.server.Client()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if begun.Status != http.StatusSeeOther {
		t.Fatalf("status %d\n%s", begun.Status, s.logs)
	}
	resp, err := client.Get(begun.Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return strings.TrimPrefix(resp.Header.Get("Location"), s.server.URL)
}

func TestLogin(t *testing.T) {
	t.Parallel()
	want := edm.Person{
		LoA: edm.High, Identifier: "EL/AT/DEMO1001", FamilyName: "Papadopoulou", GivenName: "Eleni", DateOfBirth: "1998-03-25", BirthName: "Eleni Georgiou",
		TownOfBirth: "Athina", Gender: "Female", Nationalities: []string{"EL", "AT"},
	}
	for _, userInfo := range []bool{false, true} {
		s := newSite(t, func(c *Config) { c.UserInfo = userInfo })
		if userInfo {
			s.gateway.info = eleni()
			s.gateway.info["sub"], s.gateway.info["acr"] = "user", "eidas9"
			s.gateway.claims = map[string]any{"acr": "eidas3", "amr": []string{"eidas"}, "auth_time": 1_700_000_000}
		}
		b := webtest.NewBrowser(t, s.server, "en")
		end := b.Get(s.callback(t, b))
		if end.Header.Get("Location") != "/a" || len(s.got) != 1 {
			t.Fatalf("status %d\n%s", end.Status, s.logs)
		}
		got := s.got[0]
		if !reflect.DeepEqual(got.Person, want) || got.Country != "EL" || got.Method != "gateway" || got.At.IsZero() || userInfo != (got.At.Unix() == 1_700_000_000) {
			t.Errorf("%+v", got)
		}
		asked := s.gateway.asked
		for name, value := range map[string]string{"acr_values": "eidas2 eidas3", "idp_hint": "eidas-bridge", "response_type": "code", "scope": "openid profile", "code_challenge_method": "S256", "client_id": "client"} {
			if asked.Get(name) != value {
				t.Errorf("%s is %q, want %q", name, asked.Get(name), value)
			}
		}
		if !s.gateway.basic || strings.Contains(s.logs.String(), "Eleni") {
			t.Errorf("basic %v\n%s", s.gateway.basic, s.logs)
		}
	}
}

// TestStrongerLogin asks the gateway for the level that a page wants, holds it to that, and offers to try again with it.
func TestStrongerLogin(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		level     edm.LoA
		acr, came string
		ok        bool
	}{
		{edm.High, "eidas3", "eidas3", true},
		{edm.High, "eidas3", "eidas2", false},
		{edm.Low, "eidas2 eidas3", "eidas2", true}, // the site asks for more by itself
		{edm.Low, "eidas2 eidas3", "eidas1", false},
		{"Extreme", "eidas2 eidas3", "eidas2", true},
	} {
		s := newSite(t, nil)
		s.level = tc.level
		s.gateway.claims["acr"] = tc.came
		b := webtest.NewBrowser(t, s.server, "en")
		end := b.Get(s.callback(t, b))
		if got := s.gateway.asked.Get("acr_values"); got != tc.acr {
			t.Errorf("%s: acr_values is %q", tc.level, got)
		}
		if ok := len(s.got) == 1; ok != tc.ok {
			t.Errorf("%s with %s: logged in %v", tc.level, tc.came, ok)
		}
		if !tc.ok && end.On(t, 403, "ended").With("href", s.method.Start("/a", login.Wanted(edm.Substantial, string(tc.level)))) == nil {
			t.Errorf("%s: trying again asks for another level", tc.level)
		}
	}
}

// TestPrivateKey authenticates the client by a signed assertion.
func TestPrivateKey(t *testing.T) {
	t.Parallel()
	key := newKey(t)
	s := newSite(t, func(c *Config) { c.Secret, c.Key, c.KeyID = "", key, "ours" })
	b := webtest.NewBrowser(t, s.server, "en")
	b.Get(s.callback(t, b))
	parts := strings.Split(s.gateway.client.Get("client_assertion"), ".")
	if len(s.got) != 1 || len(parts) != 3 || s.gateway.client.Get("client_assertion_type") != assertionType || s.gateway.basic {
		t.Fatalf("%v\n%s", s.gateway.client, s.logs)
	}
	body, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims struct{ Iss, Sub, Aud, Jti string }
	if err := json.Unmarshal(body, &claims); err != nil || claims.Iss != "client" || claims.Sub != "client" || claims.Aud != s.gateway.server.URL+"/token" || claims.Jti == "" {
		t.Errorf("%+v, %v", claims, err)
	}
}

// TestRefused changes one thing at the gateway or in the browser.
func TestRefused(t *testing.T) {
	t.Parallel()
	claim := func(name string, value any) func(*site) {
		return func(s *site) {
			s.gateway.spoil = func(c map[string]any, _ **ecdsa.PrivateKey) {
				if c[name] = value; value == nil {
					delete(c, name)
				}
			}
		}
	}
	const refused, over, weak = "The login did not succeed", "This login has ended", "A stronger login is needed"
	for _, tc := range []struct {
		name string
		make func(*site)
		edit func(url.Values)
		see  string
		log  error
	}{
		{name: "cancelled", make: func(s *site) { s.gateway.deny = true }, see: "You are not logged in"},
		{name: "another issuer answers", make: func(s *site) { s.gateway.iss = "https://evil.example" }, see: refused, log: errIssuer},
		{name: "no issuer, although promised", edit: func(q url.Values) { q.Del("iss") }, see: refused, log: errIssuer},
		{name: "another state", edit: func(q url.Values) { q.Set("state", strings.Repeat("0", 32)) }, see: over},
		{name: "no state", edit: func(q url.Values) { q.Del("state") }, see: over},
		{name: "a code of somebody else", edit: func(q url.Values) { q.Set("code", "other") }, see: refused},
		{name: "no code", edit: func(q url.Values) { q.Del("code") }, see: refused},
		{name: "another nonce", make: claim("nonce", "other"), see: refused, log: errNonce},
		{name: "no nonce", make: claim("nonce", nil), see: refused, log: errNonce},
		{name: "another audience", make: claim("aud", "other"), see: refused, log: errToken},
		{name: "token of another issuer", make: claim("iss", "https://evil.example"), see: refused, log: errToken},
		{name: "token over", make: claim("exp", 1), see: refused, log: errToken},
		{name: "signed by a stranger", make: func(s *site) {
			s.gateway.spoil = func(_ map[string]any, k **ecdsa.PrivateKey) { *k = newKey(s.gateway.t) }
		}, see: refused, log: errToken},
		{name: "access token of another login", make: claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), see: refused, log: errToken},
		{name: "too weak", make: claim("acr", "eidas1"), see: weak},
		{name: "no level", make: claim("acr", nil), see: weak},
		{name: "unknown level", make: claim("acr", "eidas4"), see: weak},
		{name: "another method", make: claim("amr", []string{"pwd"}), see: refused, log: errMethod},
		{name: "no name", make: claim("family_name", nil), see: refused, log: errClaims},
		{name: "half a date", make: claim("birthdate", "1998"), see: refused, log: errClaims},
		{name: "an identifier that is none", make: claim("https://id.example/claim/eidas", "12345"), see: refused, log: errClaims},
		{name: "user info of another user", make: func(s *site) {
			s.method.UserInfo, s.gateway.info = true, eleni()
			s.gateway.info["sub"] = "other"
		}, see: refused, log: errSub},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, nil)
			if tc.make != nil {
				tc.make(s)
			}
			b := webtest.NewBrowser(t, s.server, "en")
			at := s.callback(t, b)
			if tc.edit != nil {
				path, query, _ := strings.Cut(at, "?")
				q, err := url.ParseQuery(query)
				if err != nil {
					t.Fatal(err)
				}
				tc.edit(q)
				at = path + "?" + q.Encode()
			}
			b.Get(at).On(t, 403, "ended").See(t, tc.see)
			if len(s.got) != 0 {
				t.Error("somebody is logged in")
			}
			if tc.log != nil && !strings.Contains(s.logs.String(), tc.log.Error()) {
				t.Errorf("refused for another reason than %v:\n%s", tc.log, s.logs)
			}
			if strings.Contains(s.logs.String(), "Eleni") {
				t.Error("a name is in the log")
			}
		})
	}
}

func TestEveryPageRenders(t *testing.T) {
	t.Parallel()
	webtest.EveryScreen(t, Files, func(t *testing.T, lang string) []*webtest.Page {
		s := newSite(t, nil)
		b := webtest.NewBrowser(t, s.server, lang)
		s.gateway.claims["acr"] = "eidas1"
		s.level = edm.High
		return []*webtest.Page{
			b.Get(s.callback(t, b)).On(t, 403, "ended"), b.Get("/login/gateway/callback").On(t, 403, "ended"), b.Get("/login/gateway/nowhere").On(t, 404, "problem"),
		}
	})
}

// An answer counts once, and only in the browser that began the login.
func TestBrowser(t *testing.T) {
	t.Parallel()
	s := newSite(t, nil)
	b, other := webtest.NewBrowser(t, s.server, "en"), webtest.NewBrowser(t, s.server, "de")
	at := s.callback(t, b)
	s.callback(t, other)
	other.Get(at).On(t, 403, "ended").See(t, "Diese Anmeldung ist beendet")
	at = s.callback(t, b)
	if b.Get(at); len(s.got) != 1 {
		t.Fatalf("not logged in\n%s", s.logs)
	}
	b.Get(at).On(t, 403, "ended")
	if len(s.got) != 1 {
		t.Error("an answer counts twice")
	}
	b.Get("/login/gateway/nowhere").On(t, 404, "problem")
}

func TestConfig(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(*Mapping){
		"no name":           func(m *Mapping) { delete(m.Claims, "FamilyName") },
		"no levels":         func(m *Mapping) { m.Levels = nil },
		"unknown attribute": func(m *Mapping) { m.Claims["Planet"] = "planet" },
	} {
		m := mapping()
		if edit(&m); m.Check() == nil {
			t.Error(name)
		}
	}
	if m, err := New(Config{Method: "../evil"}); m != nil || err == nil {
		t.Error("a name that is a path")
	}
}
