package web_test

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"oots/edm"
	"oots/internal/clock"
	"oots/internal/web"
	"oots/internal/web/webtest"
)

func TestTexts(t *testing.T) {
	webtest.Texts(t, "web", "{day} {time}")
	webtest.Official(t)
}

type visit = web.Visit[counter]

// counter is the session of the test site.
type counter struct{ Posts int }

type formPage struct {
	web.Frame
	Posts int
}

var formFiles = fstest.MapFS{"templates/form.html": {Data: []byte(`{{define "main"}}<h1>{{.Title}}</h1><p>posts {{.Posts}}</p>
<form method="post" action="/form">{{template "csrf" .}}<button type="submit">go</button></form>{{end}}`)}}

// site is a site with a form that counts its posts, and pages that fail in several ways.
func site(t *testing.T, edit func(*web.Site[counter])) http.Handler {
	t.Helper()
	catalog, err := web.Load(web.Files)
	if err != nil {
		t.Fatal(err)
	}
	screens, err := web.Parse(formFiles)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	c := clock.Clock{Now: func() time.Time { return now }, NewUUID: clock.UUID}
	s := &web.Site[counter]{
		Names: edm.Texts{{Lang: "EN", Value: "Test"}}, Country: "AT", Home: "/", Help: "/help", Demo: true,
		Catalog: catalog, Screens: screens, Sessions: &web.Memory{Now: c.Now}, Cookie: "oots_at",
		Clock: c, Log: slog.New(slog.DiscardHandler),
	}
	if edit != nil {
		edit(s)
	}
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	s.Mount(mux)
	mux.Handle("GET /form", s.Handle(func(v *visit) error {
		if err := v.Save(); err != nil {
			return err
		}
		return v.Show(http.StatusOK, "form", &formPage{Frame: v.Frame("Form"), Posts: v.Session.Value.Posts})
	}))
	mux.Handle("POST /form", s.Handle(func(v *visit) error {
		v.Session.Value.Posts++
		if err := v.Renew(); err != nil {
			return err
		}
		return v.Redirect("/form")
	}))
	for _, k := range []web.Kind{web.NoPage, web.ForeignForm, web.SessionOver, web.TooOften, web.Busy, web.TooLarge, web.BadForm, web.Unreachable, web.Broken} {
		mux.Handle("GET /problem/"+string(k), s.Handle(func(*visit) error {
			return &web.Problem{Status: 400, Kind: k, Cause: errors.New("secret cause")}
		}))
	}
	mux.Handle("/", s.Missing())
	return mux
}

func TestEveryPageRenders(t *testing.T) {
	t.Parallel()
	server := webtest.Serve(t, site(t, nil))
	for _, lang := range []string{"en", "de", "el"} {
		b := webtest.NewBrowser(t, server, lang)
		for _, k := range []string{"noPage", "foreignForm", "sessionOver", "tooOften", "busy", "tooLarge", "badForm", "unreachable", "broken"} {
			p := b.Get("/problem/"+k).On(t, 400, "problem")
			if strings.Contains(p.Body, "secret") {
				t.Errorf("%s shows its cause", k)
			}
			if p.Tags("html")[0].Attr["lang"] != lang {
				t.Errorf("%s is not in %s", k, lang)
			}
		}
		b.Get("/nowhere").On(t, 404, "problem")
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, site(t, func(s *web.Site[counter]) { s.HSTS = true })), "en")
	h := b.Get("/form").Header
	for key, want := range map[string]string{
		"Content-Security-Policy":   "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
		"X-Content-Type-Options":    "nosniff",
		"Referrer-Policy":           "same-origin",
		"Cache-Control":             "no-store",
		"Strict-Transport-Security": "max-age=31536000",
	} {
		if got := h.Get(key); got != want {
			t.Errorf("%s: %q, want %q", key, got, want)
		}
	}
	cookie := h.Get("Set-Cookie")
	for _, want := range []string{"__Host-oots_at=", "HttpOnly", "Secure", "SameSite=Lax", "Path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("cookie %q has no %s", cookie, want)
		}
	}
}

func TestPosts(t *testing.T) {
	t.Parallel()
	server := webtest.Serve(t, site(t, nil))
	post := func(b *webtest.Browser, token, fetchSite, contentType string) *webtest.Page {
		r, _ := http.NewRequest("POST", b.Base+"/form", strings.NewReader(url.Values{"csrf": {token}}.Encode()))
		r.Header.Set("Content-Type", contentType)
		r.Header.Set("Sec-Fetch-Site", fetchSite)
		return b.Do(r)
	}
	const form = "application/x-www-form-urlencoded"
	for _, tc := range []struct {
		name                 string
		fetchSite, kind      string
		ownToken, ownSession bool
		want                 int
	}{
		{"ok", "same-origin", form, true, true, 303},
		{"from another site", "cross-site", form, true, true, 403},
		{"from a sister site", "same-site", form, true, true, 403},
		{"without the token", "same-origin", form, false, true, 403},
		{"without a session", "same-origin", form, true, false, 403},
		{"not a form", "same-origin", "text//plain", true, true, 400},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := webtest.NewBrowser(t, server, "en")
			_, values := b.Get("/form").Form(t, "/form")
			token := values.Get("csrf")
			if len(token) != 32 {
				t.Fatalf("token %q", token)
			}
			if !tc.ownToken {
				token = strings.Repeat("0", 32)
			}
			if !tc.ownSession {
				b = webtest.NewBrowser(t, server, "en")
			}
			p := post(b, token, tc.fetchSite, tc.kind)
			if p.Status != tc.want {
				t.Errorf("status %d, want %d", p.Status, tc.want)
			}
		})
	}
}

func TestRenewedSession(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, site(t, nil)), "en")
	u, _ := url.Parse(b.Base)
	first := b.Get("/form")
	before := b.Jar.Cookies(u)
	after := b.Land(b.Submit(first, "/form", nil))
	after.See(t, "posts 1")
	if b.Jar.Cookies(u)[0].Value == before[0].Value {
		t.Error("the id is the same after Renew")
	}
	b.Jar.SetCookies(u, before) // the old id is worth nothing
	b.Get("/form").See(t, "posts 0")
}

func TestTooOften(t *testing.T) {
	t.Parallel()
	h := site(t, func(s *web.Site[counter]) { s.Limit = &web.Limiter{Burst: 3, Every: time.Minute} })
	b := webtest.NewBrowser(t, webtest.Serve(t, h), "en")
	for i, want := range []int{303, 303, 429} { // the session took one of the three
		if p := b.Submit(b.Get("/form"), "/form", nil); p.Status != want {
			t.Errorf("post %d: status %d, want %d", i, p.Status, want)
		}
	}
	other := webtest.NewBrowser(t, webtest.Serve(t, h), "en")
	other.Get("/form").On(t, http.StatusTooManyRequests, "problem")
	r, _ := http.NewRequest(http.MethodHead, other.Base+"/form", nil)
	if p := other.Do(r); p.Status != http.StatusTooManyRequests {
		t.Errorf("HEAD: status %d", p.Status)
	}
	b.Get("/form").On(t, http.StatusOK, "form") // who has a session goes on reading
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, site(t, nil)), "en")
	p := b.Submit(b.Get("/form"), "/form", url.Values{"more": {strings.Repeat("x", web.FormLimit)}})
	p.On(t, http.StatusRequestEntityTooLarge, "problem")
}

func TestLanguage(t *testing.T) {
	t.Parallel()
	server := webtest.Serve(t, site(t, nil))
	for _, tc := range []struct{ name, header, want string }{
		{"none of ours: the country's", "is, nb;q=0.5", "de"},
		{"nothing: the country's", "", "de"},
		{"heaviest", "en;q=0.3, el-GR;q=0.8, is", "el"},
		{"primary subtag", "en-IE", "en"},
		{"weight of zero", "en;q=0", "de"},
		{"weight that is none", "en;q=x, el;q=0.1", "el"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := webtest.NewBrowser(t, server, tc.header)
			if got := b.Get("/form").Header.Get("Content-Language"); got != tc.want {
				t.Errorf("language %q, want %q", got, tc.want)
			}
		})
	}
	b := webtest.NewBrowser(t, server, "en")
	b.Get("/form?a=1&lang=el").To(t, "/form?a=1")
	if got := b.Get("/form").Header.Get("Content-Language"); got != "el" {
		t.Errorf("the choice is forgotten: %q", got)
	}
	if p := b.Get("//evil.example/form?lang=de"); strings.HasPrefix(p.Header.Get("Location"), "//") {
		t.Errorf("language switch leads to %q", p.Header.Get("Location"))
	}
}

// TestPersonal: only pages whose visitors decide about exchanges tell them so.
func TestPersonal(t *testing.T) {
	t.Parallel()
	for _, personal := range []bool{true, false} {
		b := webtest.NewBrowser(t, webtest.Serve(t, site(t, func(s *web.Site[counter]) { s.Personal = personal })), "en")
		p := b.Get("/form").On(t, 200, "form")
		p.See(t, "Part of the Once-Only Technical System of the European Union")
		if strings.Contains(p.Body, "you decide which documents") != personal {
			t.Errorf("personal %v: the footer says otherwise", personal)
		}
	}
}
