package eidasnode

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"oots/edm"
	"oots/internal/clock"
	"oots/internal/login"
	"oots/internal/login/demo"
	"oots/internal/login/eidas"
	"oots/internal/web"
	"oots/internal/web/webtest"
)

// site is a portal of AT and the node, on one host.
type site struct {
	handler http.Handler
	portal  *eidas.Method
	node    *Node
	base    string
	server  *httptest.Server
	level   edm.LoA // that a login is begun with
	got     []login.Identity
	logs    *strings.Builder
}

// persons are Eleni herself, for her company and for her father, a company alone, and Hans.
func persons() []demo.Person {
	eleni := edm.Person{Identifier: "EL/AT/DEMO1001", GivenName: "Eleni", FamilyName: "Papadopoulou", DateOfBirth: "1998-03-25", Gender: "Female", Nationalities: []string{"EL"}}
	original := login.Identity{Country: "EL", OriginalGivenName: "Ελένη", OriginalFamilyName: "Παπαδοπούλου"}
	herself, boss, daughter, alone := original, original, original, login.Identity{Country: "EL"}
	herself.Person = eleni
	boss.Legal, boss.Representative = &edm.LegalPerson{EIDASIdentifier: "EL/AT/099999999", LegalName: "Aegean Olives", LegalNameOriginal: "Ελιές Αιγαίου"}, &eleni
	daughter.Person, daughter.Representative = edm.Person{Identifier: "EL/AT/DEMO1009", GivenName: "Petros", FamilyName: "Papadopoulos", DateOfBirth: "1950-01-01"}, &eleni
	daughter.OriginalFamilyName, daughter.OriginalGivenName = "", ""
	alone.Legal = boss.Legal
	return []demo.Person{
		{Key: "eleni", Identity: herself, Outcome: demo.Success}, {Key: "boss", Identity: boss}, {Key: "daughter", Identity: daughter}, {Key: "alone", Identity: alone},
		{Key: "hans", Identity: login.Identity{Country: "AT", Person: edm.Person{Identifier: "AT/EL/DEMO2001", GivenName: "Hans", FamilyName: "Meier", DateOfBirth: "1995-04-18"}}},
	}
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{logs: &strings.Builder{}}
	server := webtest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }))
	s.base, s.server = server.URL, server
	log := slog.New(slog.NewTextHandler(s.logs, nil))
	var err error
	s.node, err = New(Config{
		Demonstration: true, Names: edm.Texts{{Lang: "DE", Value: "Knoten"}}, Country: "AT", Cookie: "oots_node", Base: s.base, Persons: persons(),
		Clock: clock.System(), Log: log,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.portal, err = s.node.Login(eidas.Config{
		Names: edm.Texts{{Lang: "DE", Value: "Behörde"}}, Country: "AT", Cookie: "oots_at", Base: s.base,
		Level: func(next string) edm.LoA {
			if strings.HasPrefix(next, "/high") {
				return edm.High
			}
			return edm.Substantial
		},
		Sessions: &web.Memory{Now: clock.System().Now}, Clock: clock.System(), Log: log,
	}, server.Client())
	if err != nil {
		t.Fatal(err)
	}
	s.portal.Services = append(s.portal.Services, eidas.Service{Country: "FR", Peer: s.portal.Services[0].Peer}) // the node has to ask
	mux := http.NewServeMux()
	s.node.Mount(mux)
	login.Mount(mux, []login.Method{s.portal}, login.Place{Prefix: "/", Done: func(w http.ResponseWriter, r *http.Request, id login.Identity, next string) {
		s.got = append(s.got, id)
		http.Redirect(w, r, next, http.StatusSeeOther)
	}})
	s.handler = mux
	return s
}

// to is the path and query of where a page redirects to, which must be on this host.
func (s *site) to(t *testing.T, p *webtest.Page) string {
	t.Helper()
	at := p.Header.Get("Location")
	if p.Status != http.StatusSeeOther || at == "" {
		t.Fatalf("%s: status %d to %q\n%s", p.Path, p.Status, at, s.logs)
	}
	return strings.TrimPrefix(at, s.base)
}

// walk goes from the choice of the country to the page that leaves the node.
func (s *site) walk(t *testing.T, b *webtest.Browser, next, country, who, person, loa, answer string) (leave *webtest.Page, seen []*webtest.Page) {
	t.Helper()
	choose := b.Get(s.portal.Start(next, s.level)).On(t, 200, "choose")
	begun := b.Submit(choose, "/login/eidas/", url.Values{"country": {country}, "who": {who}})
	connector := b.Get(s.to(t, begun))
	page := b.Get(s.to(t, b.Get(s.to(t, connector)))).On(t, 200, "person")
	consent := b.Submit(page, "/person", url.Values{"person": {person}, "loa": {loa}}).On(t, 200, "consent")
	leave = b.Submit(consent, "/consent", url.Values{"answer": {answer}}).On(t, 200, "leave")
	return leave, []*webtest.Page{choose, page, consent, leave}
}

// deliver posts the answer as the browser does from another site, and follows to what came of it.
func (s *site) deliver(t *testing.T, b *webtest.Browser, leave *webtest.Page) *webtest.Page {
	t.Helper()
	_, values := leave.Form(t, "/login/eidas/response")
	return b.Get(s.to(t, s.post(t, b, values)))
}

func (s *site) post(t *testing.T, b *webtest.Browser, values url.Values) *webtest.Page {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, s.base+"/login/eidas/response", strings.NewReader(values.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	return b.Do(r)
}

func TestLogin(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name                                    string
		next, country, who, person, loa, answer string
		want                                    string // Name of the identity; "" when there is none
		see                                     string // on the page that says why not
		level, asked                            edm.LoA
	}{
		{name: "herself", next: "/a", country: "EL", person: "eleni", loa: "High", answer: "agree", want: "Eleni Papadopoulou", level: edm.High},
		{name: "substantial", next: "/a", country: "EL", person: "eleni", loa: "Substantial", answer: "agree", want: "Eleni Papadopoulou", level: edm.Substantial},
		{name: "another country", next: "/a", country: "AT", person: "hans", loa: "High", answer: "agree", want: "Hans Meier", level: edm.High},
		{name: "for her father", next: "/a", country: "EL", person: "daughter", loa: "High", answer: "agree", want: "Eleni Papadopoulou (Petros Papadopoulos)", level: edm.High},
		{name: "for a company", next: "/a", country: "EL", who: "company", person: "boss", loa: "High", answer: "agree", want: "Eleni Papadopoulou (Aegean Olives)", level: edm.High},
		{name: "a company", next: "/a", country: "EL", who: "company", person: "alone", loa: "High", answer: "agree", want: "Aegean Olives", level: edm.High},
		{name: "refused by the user", next: "/a", country: "EL", person: "eleni", loa: "High", answer: "refuse", see: "You are not logged in"},
		{name: "too weak", next: "/a", country: "EL", person: "eleni", loa: "Low", answer: "agree", see: "A stronger login is needed"},
		{name: "asked for high", next: "/a", asked: edm.High, country: "EL", person: "eleni", loa: "High", answer: "agree", want: "Eleni Papadopoulou", level: edm.High},
		{name: "too weak for what was asked", next: "/a", asked: edm.High, country: "EL", person: "eleni", loa: "Substantial", answer: "agree", see: "A stronger login is needed"},
		{name: "nobody asks for less than the site", next: "/a", asked: edm.Low, country: "EL", person: "eleni", loa: "Low", answer: "agree", see: "A stronger login is needed"},
		{name: "too weak for high", next: "/high", country: "EL", person: "eleni", loa: "Substantial", answer: "agree", see: "A stronger login is needed"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.level = tc.asked
			b := webtest.NewBrowser(t, s.server, "en")
			if tc.who == "" {
				tc.who = "person"
			}
			leave, _ := s.walk(t, b, tc.next, tc.country, tc.who, tc.person, tc.loa, tc.answer)
			end := s.deliver(t, b, leave)
			if tc.want == "" {
				end.See(t, tc.see, "Try again")
				if usual := s.portal.Level(tc.next); end.With("href", s.portal.Start(tc.next, login.Wanted(usual, string(tc.asked)))) == nil {
					t.Error("trying again asks for another level")
				}
				if len(s.got) != 0 {
					t.Error("somebody is logged in")
				}
				return
			}
			if s.to(t, end) != tc.next || len(s.got) != 1 {
				t.Fatalf("%d logins\n%s", len(s.got), s.logs)
			}
			got := s.got[0]
			if got.Name() != tc.want || got.LoA() != tc.level || got.Country != tc.country || got.Method != "eidas" || got.At.IsZero() {
				t.Errorf("%q at %q of %q", got.Name(), got.LoA(), got.Country)
			}
			if tc.person == "eleni" && (got.OriginalFamilyName != "Παπαδοπούλου" || got.Person.Identifier != "EL/AT/DEMO1001" || got.Person.Gender != "") {
				t.Errorf("%+v", got)
			}
			for _, secret := range []string{"Eleni", "Papadop", "DEMO1001", "1998", "Olives"} {
				if strings.Contains(s.logs.String(), secret) {
					t.Errorf("%q is in the log", secret)
				}
			}
		})
	}
}
