package demo

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"oots/edm"
	"oots/internal/clock"
	"oots/internal/login"
	"oots/internal/web/webtest"
)

func TestTexts(t *testing.T) {
	webtest.Texts(t, "login/demo")
	webtest.Official(t)
}

// page serves the method and remembers who logged in.
func page(t *testing.T) (server http.Handler, got *login.Identity) {
	t.Helper()
	persons := []Person{
		{"eleni", login.Identity{Person: edm.Person{LoA: edm.High, GivenName: "Eleni", FamilyName: "Papadopoulou", DateOfBirth: "1998-03-25"}, Country: "EL", OriginalGivenName: "Ελένη", OriginalFamilyName: "Παπαδοπούλου"}, Success},
	}
	for _, o := range []Outcome{Letters, Nobody, Several, Nothing, Failure, Silence, Later} {
		persons = append(persons, Person{string(o), login.Identity{Person: edm.Person{GivenName: "Hans", FamilyName: "Meier", DateOfBirth: "1995-04-18"}, Country: "AT"}, o})
	}
	m, err := New(Config{Names: edm.Texts{{Lang: "DE", Value: "Behörde"}}, Country: "AT", Cookie: "oots_at", Persons: persons, Clock: clock.System(), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	got = &login.Identity{}
	mux := http.NewServeMux()
	m.Mount(mux, func(w http.ResponseWriter, r *http.Request, id login.Identity, next string) {
		*got = id
		http.Redirect(w, r, next, http.StatusSeeOther)
	})
	return mux, got
}

func TestEveryPageRenders(t *testing.T) {
	t.Parallel()
	h, _ := page(t)
	server := webtest.Serve(t, h)
	webtest.EveryScreen(t, Files, func(t *testing.T, lang string) []*webtest.Page {
		b := webtest.NewBrowser(t, server, lang)
		p := b.Get((*Method)(nil).Start("/procedures/T3/begin", "")).On(t, 200, "choose")
		p.See(t, "Eleni Papadopoulou · Ελένη Παπαδοπούλου")
		if n := len(p.Tags("fieldset")); n != 3 {
			t.Errorf("%d fieldsets, want two countries and the level", n)
		}
		return []*webtest.Page{p, b.Get("/login/demo/nowhere").On(t, 404, "problem")}
	})
}

// Who gets something done comes first: people from abroad in the portal, people of the country in its
// preview space.
func TestOrder(t *testing.T) {
	t.Parallel()
	h, _ := page(t)
	b := webtest.NewBrowser(t, webtest.Serve(t, h), "en")
	for next, want := range map[string]string{"/procedures/T3/begin": "eleni", "/preview/abc/identified": "letters"} {
		p := b.Get((*Method)(nil).Start(next, "")).On(t, 200, "choose")
		if got := p.With("name", "person").Attr["value"]; got != want {
			t.Errorf("%s: %s is first, want %s", next, got, want)
		}
		if n := strings.Count(p.Body[strings.Index(p.Body, "<main"):], "<details"); n != 1 {
			t.Errorf("%s: %d groups are folded, want one", next, n)
		}
		wrong := b.Submit(p, "/login/demo/", nil).On(t, 422, "choose")
		if wrong.With("href", "#person-"+want) == nil {
			t.Errorf("%s: the mistake does not lead to the first person", next)
		}
	}
}

func TestLogin(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name      string
		next      string
		level     edm.LoA
		edit      url.Values
		status    int
		to        string
		wantLevel edm.LoA
	}{
		{"ok", "/procedures/T3/begin", "", url.Values{"person": {"eleni"}}, 303, "/procedures/T3/begin", edm.High},
		{"level", "/", "", url.Values{"person": {"eleni"}, "loa": {"Low"}}, 303, "/", edm.Low},
		{"unknown level", "/", "", url.Values{"person": {"eleni"}, "loa": {"Extreme"}}, 303, "/", edm.High},
		{"nobody chosen", "/", "", nil, 422, "", ""},
		{"unknown person", "/", "", url.Values{"person": {"zeus"}}, 422, "", ""},
		{"next on another host", "https://evil.example/", "", url.Values{"person": {"eleni"}}, 303, "/", edm.High},
		{"next changed in the form", "/a", "", url.Values{"person": {"eleni"}, "next": {"//evil.example"}}, 303, "/", edm.High},
		{"stronger", "/", edm.High, url.Values{"person": {"eleni"}, "loa": {"High"}}, 303, "/", edm.High},
		{"too weak", "/", edm.High, url.Values{"person": {"eleni"}, "loa": {"Substantial"}}, 422, "", ""},
		{"unknown level wanted", "/", "Extreme", url.Values{"person": {"eleni"}, "loa": {"Low"}}, 303, "/", edm.Low},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h, got := page(t)
			b := webtest.NewBrowser(t, webtest.Serve(t, h), "en")
			p := b.Submit(b.Get((*Method)(nil).Start(tc.next, tc.level)), "/login/demo/", tc.edit)
			if p.Status != tc.status || p.Header.Get("Location") != tc.to {
				t.Errorf("status %d to %q", p.Status, p.Header.Get("Location"))
			}
			if got.Person.LoA != tc.wantLevel {
				t.Errorf("level %q, want %q", got.Person.LoA, tc.wantLevel)
			}
		})
	}
}

func TestLoginFromAnotherSite(t *testing.T) {
	t.Parallel()
	h, got := page(t)
	b := webtest.NewBrowser(t, webtest.Serve(t, h), "en")
	r, _ := http.NewRequest("POST", b.Base+"/login/demo/", nil)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	b.Do(r).On(t, 403, "problem")
	if got.Country != "" {
		t.Error("somebody logged in")
	}
}
