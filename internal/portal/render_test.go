package portal

import (
	"flag"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"
	"time"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/requester"
	"oots/internal/web/webtest"
)

// outcomes are all ends of an exchange.
var outcomes = []struct {
	name string
	card requester.CardState
	edit func(*requester.Exchange)
}{
	{"received", requester.Received, func(x *requester.Exchange) {
		x.State, x.Evidence = exchange.Answered, []requester.EvidenceDoc{document()}
	}},
	{"removed", requester.ToDo, func(x *requester.Exchange) { x.State = exchange.Answered }},
	{"declined", requester.Nothing, func(x *requester.Exchange) { x.State, x.Declined = exchange.Empty, true }},
	{"notfound", requester.Nothing, func(x *requester.Exchange) { x.State = exchange.Empty }},
	{"deferred", requester.Deferred, func(x *requester.Exchange) {
		x.State, x.AvailableAt = exchange.Deferred, start.Add(48*time.Hour)
	}},
	{"expired", requester.Expired, func(x *requester.Exchange) { x.State = exchange.Expired }},
	{"identity", requester.Failed, failed(edm.FailedAuthentication)},
	{"authorization", requester.Failed, failed(edm.MissingAuthorization)},
	{"mismatch", requester.Failed, failed(edm.InvalidRequest)},
	{"notfound", requester.Nothing, failed(edm.ObjectNotFound)},
	{"expired", requester.Expired, failed(edm.TimedOut)},
	{"failed", requester.Failed, failed(edm.UnresolvedReference)},
	{"unsupported", requester.Failed, failed(edm.UnsupportedCapability)},
	{"failed", requester.Failed, failed(edm.QueryFailed)},
	{"undelivered", requester.Failed, silent("EBMS:0301")},
	{"withdrawn", requester.Failed, silent(requester.GivenUp)},
	{"unusable", requester.Failed, silent("R-EDM-RESP-S017")},
}

func silent(reason string) func(*requester.Exchange) {
	return func(x *requester.Exchange) { x.State, x.Error, x.Reason = exchange.Failed, "", reason }
}

func failed(c edm.Code) func(*requester.Exchange) {
	return func(x *requester.Exchange) { x.State, x.Error = exchange.Failed, c }
}

// TestEveryPageRenders walks all screens in all languages. The browser checks each page it is shown.
func TestEveryPageRenders(t *testing.T) {
	t.Parallel()
	webtest.Official(t)
	webtest.EveryScreen(t, Files, walk)
}

// walk shows every screen once, and every outcome.
func walk(t *testing.T, lang string) []*webtest.Page {
	t.Helper()
	f := &fake{several: true, loa: edm.High}
	server := webtest.Serve(t, host(t, f))
	b := webtest.NewBrowser(t, server, lang)
	pages := []*webtest.Page{
		b.Get("/"), b.Get("/procedures/T3"), b.Get("/procedures/T1"), b.Get("/procedures/T3/login"), b.Get("/help"), b.Get("/nowhere"),
	}
	u := logIn(t, b, "eleni")
	for _, path := range []string{
		"/procedures/T3/begin", u.app, u.app + "/explanation", u.requirement(tertiary) + "/country",
		u.requirement(domicile) + "/evidence?country=EL", u.requirement(domicile) + "/evidence?country=BE", u.requirement(domicile) + "/evidence?country=FI",
		u.requirement(tertiary) + "/evidence?country=EL", u.requirement(birth) + "/evidence?country=EL",
		u.requirement(tertiary) + "/unsure?country=EL", u.requirement(birth) + "/upload", u.app + "/summary",
	} {
		pages = append(pages, u.Follow(path))
	}
	pages = append(pages, u.Get("/mine"), u.Get("/mine/exchanged"))
	pages = append(pages, u.Get(u.app+"/basket"), u.together(t), u.Get(u.app+"/progress"), u.Get(u.app+"/stronger?back="+u.app))
	f.blocked = requester.ErrLoA
	pages = append(pages, u.Get(u.app+"/basket"), u.Follow(u.requirement(birth)+"/request?country=EL&type="+slug(birthCert)+"&service="+serviceKey(f.athens())))
	f.blocked = nil
	p := u.reach(t, tertiary)
	pages = append(pages, p, u.Submit(p, "/request", nil))
	p = u.asks(t, tertiary)
	pages = append(pages, p, u.Get(u.app), u.Get(u.app+"/progress"), u.Get(p.Path+"?reload=off"), u.Get(u.app+"/summary"))
	f.move(u.id(), tertiary, requester.Ready, func(x *requester.Exchange) {
		x.State, x.Preview = exchange.PreviewRequired, &edm.Preview{Location: there, Descriptions: edm.Texts{{Lang: "EL", Value: "Δείτε το πτυχίο σας."}}}
	})
	pages = append(pages, u.Get(p.Path), u.Get(u.app))
	f.move(u.id(), tertiary, requester.Asking, func(x *requester.Exchange) { x.State = exchange.SecondSent })
	pages = append(pages, u.Get(p.Path), u.Get(u.app))
	for _, o := range outcomes {
		f.move(u.id(), tertiary, o.card, func(x *requester.Exchange) { x.Evidence, x.Declined, x.Error, x.Reason = nil, false, "", ""; o.edit(x) })
		result := u.Get(p.Path).On(t, 200, "result")
		if result.With("data-outcome", o.name) == nil {
			t.Errorf("outcome is not %s", o.name)
		}
		pages = append(pages, result, u.Get(u.app).On(t, 200, "checklist"))
	}
	f.move(u.id(), tertiary, outcomes[0].card, outcomes[0].edit)
	u.Upload(u.Get(u.requirement(birth)+"/upload"), "/upload", "file", "γέννηση.pdf", "application/pdf", pdf())
	pages = append(pages, u.Get(p.Path+"/evidence/0"), u.Get(u.app+"?notice=uploaded"), u.Get(u.app+"/summary"))
	return append(pages, u.Land(u.Submit(u.Get(u.app+"/summary"), "/summary", nil)).On(t, 200, "done"))
}

// A title is what the browser's tab and a screen reader say first: pages of a journey must differ.
func TestTitlesDiffer(t *testing.T) {
	t.Parallel()
	titles := map[string]string{}
	for _, p := range walk(t, "en") {
		screen, title := p.Tags("body")[0].Attr["data-screen"], p.Tags("title")[0].Text()
		if other, ok := titles[title]; ok && other != screen && !slices.Contains([]string{"checklist", "problem"}, screen) {
			t.Errorf("%s and %s are both titled %q", other, screen, title)
		}
		titles[title] = screen
	}
}

var storybook = flag.String("storybook", "", "serve the pages with prepared data at this `address` until interrupted")

// TestStorybook serves the portal over fakes for people to look at, and moves the exchange of a requirement
// on at /story/<end of its URL>/<outcome>: go test -run Storybook -timeout 1h -storybook localhost:8450.
func TestStorybook(t *testing.T) {
	if *storybook == "" {
		t.Skip("no -storybook address")
	}
	f := &fake{several: true}
	h := host(t, f)
	mux := http.NewServeMux()
	mux.Handle("/", h)
	mux.HandleFunc("/story/{card}/{outcome}", func(w http.ResponseWriter, r *http.Request) {
		for id := range f.apps {
			for _, o := range outcomes {
				if o.name == r.PathValue("outcome") {
					f.move(id, "https://sr.oots.tech.ec.europa.eu/requirements/"+r.PathValue("card"), o.card, o.edit)
				}
			}
			if r.PathValue("outcome") == "ready" {
				f.move(id, "https://sr.oots.tech.ec.europa.eu/requirements/"+r.PathValue("card"), requester.Ready, func(x *requester.Exchange) {
					x.State, x.Preview = exchange.PreviewRequired, &edm.Preview{Location: there, Descriptions: edm.Texts{{Lang: "EL", Value: "Δείτε το πτυχίο σας."}}}
				})
			}
		}
	})
	l, err := net.Listen("tcp", *storybook)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(mux)
	s.Listener.Close()
	s.Listener = l
	s.StartTLS()
	t.Log(s.URL)
	<-t.Context().Done()
}

// BenchmarkChecklist renders the page that users come back to most.
func BenchmarkChecklist(b *testing.B) {
	h := host(b, &fake{})
	u := logIn(b, webtest.NewBrowser(b, webtest.Serve(b, h), "en"), "eleni")
	base, err := url.Parse(u.Base)
	if err != nil {
		b.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, u.app, nil)
	for _, c := range u.Jar.Cookies(base) {
		r.AddCookie(c)
	}
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}
