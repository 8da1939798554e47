package preview

import (
	"flag"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/provider"
	"oots/internal/web/webtest"
)

func TestTexts(t *testing.T) {
	webtest.Texts(t, "preview")
	webtest.Official(t)
}

const path = "/preview/" + token

// logIn goes from the link to the documents, as the person with the key.
func logIn(t *testing.T, b *webtest.Browser, person string) *webtest.Page {
	t.Helper()
	b.Get(path).On(t, 200, "arrival")
	p := b.Get(path+"/login").On(t, 200, "login")
	p = b.Get(p.With("data-login", "demo").Attr["href"]).On(t, 200, "choose")
	return b.Land(b.Submit(p, "/login/demo/", url.Values{"person": {person}}))
}

func browser(t *testing.T, f *fake, lang string) *webtest.Browser {
	t.Helper()
	return webtest.NewBrowser(t, webtest.Serve(t, host(t, f)), lang)
}

func TestSendPart(t *testing.T) {
	t.Parallel()
	f := newFake()
	b := browser(t, f, "en")
	p := logIn(t, b, "eleni").On(t, 200, "documents")
	p.See(t, "Πτυχίο Πληροφορικής", "9 July 2021", "You can decide until 12:22 EET (in 40 minutes).")
	if p.With("checked", "") != nil {
		t.Error("a document is chosen in advance")
	}
	b.Get(path+"/documents/0").On(t, 200, "document")
	file := b.Get(path + "/documents/0/file")
	if file.Body != "%PDF-1.4 0" || !strings.HasPrefix(file.Header.Get("Content-Disposition"), "inline;") {
		t.Errorf("file %q %v", file.Body, file.Header)
	}
	if h := b.Get(path + "/documents/1/file").Header; !strings.HasPrefix(h.Get("Content-Disposition"), "attachment;") {
		t.Errorf("XML is not a download: %v", h)
	}
	b.Submit(p, "/decision", url.Values{"choice": {"send"}}).On(t, 422, "documents").See(t, "Choose at least one document")
	p = b.Submit(p, "/decision", url.Values{"choice": {"send"}, "document": {"1"}}).On(t, 200, "decision")
	p.See(t, "Will be sent Αναλυτική βαθμολογία", "Will not be sent Πτυχίο Πληροφορικής")
	if len(f.decided) != 0 {
		t.Fatal("decided before the confirmation")
	}
	p = b.Land(b.Submit(p, "/decision", nil)).On(t, 200, "result")
	p.See(t, "Demo University Danube", "localhost:8441")
	if got := p.With("http-equiv", "refresh").Attr["content"]; got != "20; url="+back {
		t.Errorf("refresh %q", got)
	}
	if p.With("id", "return").Attr["href"] != back {
		t.Error("no way back")
	}
	if b.Get(path+"/result?stay=1").With("http-equiv", "refresh") != nil {
		t.Error("the way back cannot be stopped")
	}
	if len(f.decided) != 1 || !slices.Equal(f.decided[0], []string{"1"}) {
		t.Errorf("decided %v", f.decided)
	}
	b.Get(path+"/documents").To(t, path+"/result")
	b.Get(path+"/documents/0/file").To(t, path+"/result")
}

// A language chosen here holds in the login, which is another part of the same host.
func TestLanguageIsKept(t *testing.T) {
	t.Parallel()
	b := browser(t, newFake(), "en")
	b.Get(path+"?lang=el").To(t, path)
	p := b.Get(path + "/login")
	if got := b.Get(p.With("data-login", "demo").Attr["href"]).On(t, 200, "choose").Header.Get("Content-Language"); got != "el" {
		t.Errorf("the login speaks %q", got)
	}
}

// Who comes recognises what she asked for: the procedure by its name, and what the document proves.
func TestArrivalSaysWhatFor(t *testing.T) {
	t.Parallel()
	f := newFake()
	b := browser(t, f, "en")
	b.Get(path).See(t, "For the procedure Academic recognition of a diploma What it proves Proof of a tertiary education qualification")
	f.session.Procedure = "ZZ9" // of a later list
	b.Get(path).See(t, "For the procedure ZZ9")
}

func TestRefuse(t *testing.T) {
	t.Parallel()
	f := newFake()
	b := browser(t, f, "en")
	p := logIn(t, b, "eleni")
	p = b.Submit(p, "/decision", url.Values{"choice": {"refuse"}, "document": {"0"}}).On(t, 200, "decision")
	p.See(t, "Hold the documents back?")
	b.Land(b.Submit(p, "/decision", nil)).On(t, 200, "result").See(t, "Nothing was sent")
	if len(f.decided) != 1 || len(f.decided[0]) != 0 {
		t.Errorf("decided %v", f.decided)
	}
}

// The user may be faster than the second request: she sees and decides, and waits for the way back.
func TestBeforeSecondRequest(t *testing.T) {
	t.Parallel()
	f := newFake()
	f.session.Announced, f.session.ReturnLocation = false, ""
	f.session.Documents = f.session.Documents[:1]
	b := browser(t, f, "en")
	if got := b.Get(path).With("http-equiv", "refresh").Attr["content"]; got != "1; url="+path+"?wait=1" {
		t.Errorf("arrival looks for the way back: %q", got)
	}
	if b.Get(path+"?again=1").With("http-equiv", "refresh") != nil {
		t.Error("arrival looks for the way back more than once")
	}
	p := logIn(t, b, "eleni").On(t, 200, "documents")
	p.See(t, "The way back to Demo University Danube appears here")
	p = b.Submit(p, "/decision", url.Values{"choice": {"send"}}).On(t, 200, "decision")
	p = b.Land(b.Submit(p, "/decision", nil)).On(t, 200, "result")
	if got := p.With("http-equiv", "refresh").Attr["content"]; got != "1; url="+path+"/result?wait=1" {
		t.Errorf("refresh %q", got)
	}
	f.session.Announced, f.session.ReturnLocation = true, back
	b.Get(path+"/result?wait=1").To(t, path+"/result")
	b.Get(path+"/result").See(t, "localhost:8441")
}

// Up to release line 1.2 the link itself carries the way back; it leaves the address bar at once.
func TestLinkWithReturn(t *testing.T) {
	t.Parallel()
	f := newFake()
	f.session.ReturnLocation = ""
	b := browser(t, f, "en")
	b.Get(exchange.WithReturn(path, back)).To(t, path)
	b.Get(path).See(t, "localhost:8441")
	b.Get(path+"?returnurl=https%3A%2F%2Fevil.example%2F").See(t, "localhost:8441")

	f.session.ReturnLocation = ""
	if p := b.Get(path + "?returnurl=javascript%3Aalert(1)"); f.session.ReturnLocation != "" || strings.Contains(p.Body, "javascript:") {
		t.Errorf("way back %q", f.session.ReturnLocation)
	}
}

func TestReturnLocationIsUntrusted(t *testing.T) {
	t.Parallel()
	for _, location := range []string{"javascript:alert(1)", "http://localhost:8441/return/x", "//evil.example/", "https://a:b@evil.example/"} {
		f := newFake()
		f.session.ReturnLocation = location
		b := browser(t, f, "en")
		if p := b.Get(path); strings.Contains(p.Body, location) {
			t.Errorf("%s is on the page", location)
		}
	}
}

func TestOnlyThePersonOfTheRequest(t *testing.T) {
	t.Parallel()
	f := newFake()
	server := webtest.Serve(t, host(t, f))
	nikos := webtest.NewBrowser(t, server, "en")
	logIn(t, nikos, "nikos").On(t, http.StatusForbidden, "other").See(t, "This is another person")
	if f.attempts != 1 {
		t.Errorf("%d attempts", f.attempts)
	}
	logIn(t, webtest.NewBrowser(t, server, "en"), "eleni").On(t, 200, "documents")
	// Identified now, but not in the other browser, nor in one without a session.
	for _, b := range []*webtest.Browser{nikos, webtest.NewBrowser(t, server, "en")} {
		for _, p := range []string{"/documents", "/documents/0", "/documents/0/file", "/decision?choice=send&document=0"} {
			b.Get(path+p).To(t, path+"/login")
		}
		p := b.Get(path + "/login")
		b.Post(path+"/decision", url.Values{"csrf": {csrf(p)}, "choice": {"send"}, "document": {"0"}})
		if len(f.decided) != 0 {
			t.Fatal("a stranger decided")
		}
	}
	logIn(t, nikos, "nikos").On(t, http.StatusForbidden, "other")
}

// A browser that another person uses after her shows her documents no more, nor after she has left.
func TestBrowserIsHandedOn(t *testing.T) {
	t.Parallel()
	b := browser(t, newFake(), "en")
	logIn(t, b, "eleni").On(t, 200, "documents").See(t, "Logged in as Eleni Papadopoulou")
	b.Get(path+"/documents").On(t, 200, "documents")
	p := b.Get(path + "/login")
	p = b.Get(p.With("data-login", "demo").Attr["href"])
	b.Land(b.Submit(p, "/login/demo/", url.Values{"person": {"nikos"}})).On(t, http.StatusForbidden, "other")
	b.Get(path+"/documents").To(t, path+"/login")

	p = logIn(t, b, "eleni").On(t, 200, "documents")
	b.Submit(p, "/logout", nil).To(t, path)
	b.Get(path+"/documents/0/file").To(t, path+"/login")
	if p := b.Get(path).On(t, 200, "arrival"); strings.Contains(p.Body, "Papadopoulou") {
		t.Error("her name stays")
	}
}

func csrf(p *webtest.Page) string {
	if n := p.With("name", "csrf"); n != nil {
		return n.Attr["value"]
	}
	return ""
}

func TestDecisionOfOthers(t *testing.T) {
	t.Parallel()
	f := newFake()
	b := browser(t, f, "en")
	p := b.Submit(logIn(t, b, "eleni"), "/decision", url.Values{"choice": {"refuse"}})
	_, values := p.Form(t, "/decision")
	for name, tc := range map[string]struct{ site, csrf string }{"site": {"cross-site", values.Get("csrf")}, "token": {"same-origin", "0"}} {
		r, _ := http.NewRequest("POST", b.Base+path+"/decision", strings.NewReader(url.Values{"choice": {"send"}, "document": {"0"}, "csrf": {tc.csrf}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", tc.site)
		b.Do(r).On(t, http.StatusForbidden, "problem")
		if len(f.decided) != 0 {
			t.Errorf("%s: decided", name)
		}
	}
	b.Post(path+"/decision", url.Values{"choice": {"send"}, "document": {"7"}, "csrf": {values.Get("csrf")}}).To(t, path+"/documents")
	b.Post(path+"/decision", url.Values{"choice": {"perhaps"}, "csrf": {values.Get("csrf")}}).To(t, path+"/documents")
}

// TestQuestions asks who of several persons the user is, before there is anything to decide about.
func TestQuestions(t *testing.T) {
	t.Parallel()
	ask := func() *fake {
		f := newFake()
		f.session.Questions = []provider.Question{{URI: "u", Name: "n", Labels: texts("What was your name at birth?", "Wie hießen Sie bei der Geburt?", "Ποιο ήταν το όνομά σας κατά τη γέννηση;")}}
		return f
	}
	f := ask()
	b := browser(t, f, "en")
	p := logIn(t, b, "eleni").On(t, 200, "more")
	p.See(t, "What was your name at birth?")
	b.Get(path+"/documents/0/file").To(t, path+"/more")
	b.Get(path+"/decision?choice=send&document=0").To(t, path+"/more")
	b.Submit(p, "/more", nil).On(t, 422, "more").See(t, "Please answer at least one question.")
	b.Submit(p, "/more", url.Values{"answer-0": {"Wrong"}}).On(t, 422, "more").See(t, "no document surely belongs to you")
	b.Land(b.Submit(p, "/more", url.Values{"answer-0": {" Georgiou "}})).On(t, 200, "documents")
	if len(f.supplied) != 2 {
		t.Errorf("supplied %v", f.supplied)
	}
	b.Get(path+"/more").To(t, path+"/documents")

	f = ask()
	b = browser(t, f, "en")
	p = logIn(t, b, "eleni")
	for range 2 {
		b.Submit(p, "/more", url.Values{"answer-0": {"Wrong"}}).On(t, 422, "more")
	}
	b.Land(b.Submit(p, "/more", url.Values{"answer-0": {"Wrong"}})).On(t, 200, "result").See(t, "Nothing was sent")

	f = ask()
	f.session.Identified = true
	stranger := browser(t, f, "en")
	stranger.Get(path+"/more").To(t, path+"/login")
}

// TestOneLoginForSeveralLinks opens a further link without asking again, lists what else waits, and lets another
// person log in when she wants to.
func TestOneLoginForSeveralLinks(t *testing.T) {
	t.Parallel()
	f := newFake()
	b := browser(t, f, "en")
	logIn(t, b, "eleni").On(t, 200, "documents")
	b.Get(strings.Replace(path, token, other, 1)).On(t, 200, "arrival")
	b.Get(strings.Replace(path, token, other, 1)+"/login").To(t, strings.Replace(path, token, other, 1)+"/documents")
	b.Get(path+"/login").On(t, 200, "login")
	p := b.Submit(b.Get(path+"/documents"), "/decision", url.Values{"choice": {"refuse"}})
	p = b.Land(b.Submit(p, "/decision", nil)).On(t, 200, "result")
	p.See(t, "More documents wait for your decision here")
	if p.With("http-equiv", "refresh") != nil {
		t.Error("she is led away from what waits for her")
	}
	nobody := browser(t, f, "en")
	nobody.Get(strings.Replace(path, token, other, 1)+"/login").On(t, 200, "login")
}

func TestLoginOutOfNowhere(t *testing.T) {
	t.Parallel()
	f := newFake()
	b := browser(t, f, "en")
	p := b.Get("/login/demo/?next=" + url.QueryEscape(path+"/identified"))
	b.Submit(p, "/login/demo/", url.Values{"person": {"eleni"}}).On(t, http.StatusForbidden, "problem")
	if f.session.Identified {
		t.Error("identified")
	}
}

func TestEnded(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		err    error
		status int
		says   string
		known  bool
	}{
		{"expired", provider.ErrExpired, http.StatusGone, "The link is no longer valid", true},
		{"decided in another browser", provider.ErrDecided, http.StatusGone, "This preview has ended", true},
		{"unknown", provider.ErrNoSession, http.StatusNotFound, "We do not know this link", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFake()
			f.err = tc.err
			b := browser(t, f, "en")
			for _, page := range []string{"", "/documents", "/result", "/login", "/documents/0/file"} {
				p := b.Get(path+page).On(t, tc.status, "ended")
				p.See(t, tc.says)
				if strings.Contains(p.Body, back) != tc.known {
					t.Errorf("way back: %v", !tc.known)
				}
			}
		})
	}
}

// TestEveryPageRenders walks all screens in all languages. The browser checks each page it is shown.
func TestEveryPageRenders(t *testing.T) {
	t.Parallel()
	webtest.Official(t)
	webtest.EveryScreen(t, Files, walk)
}

// walk shows every screen.
func walk(t *testing.T, lang string) []*webtest.Page {
	t.Helper()
	f := newFake()
	b := browser(t, f, lang)
	pages := []*webtest.Page{b.Get("/preview/"), b.Get("/preview/help"), b.Get("/preview/x/y/z"), b.Get("/preview/unknown"), b.Get(path), b.Get(path + "/login"), b.Get(path + "/other")}
	f.session.ExpiresAt = start.Add(90 * time.Second)
	pages = append(pages, b.Get(path))
	f.session.Questions = []provider.Question{{URI: "u", Labels: texts("What was your name at birth?", "Wie hießen Sie bei der Geburt?", "Ποιο ήταν το όνομά σας κατά τη γέννηση;")}}
	more := logIn(t, b, "eleni").On(t, 200, "more")
	pages = append(pages, more, b.Submit(more, "/more", nil))
	f.session.Questions = nil
	b.Get("/preview/"+other+"/login").To(t, "/preview/"+other+"/documents")
	documents := b.Get(path+"/documents").On(t, 200, "documents")
	pages = append(pages, documents, b.Get(path+"/documents/0"), b.Get(path+"/documents/1"), b.Get(path+"/documents/1.1"))
	for _, choice := range []url.Values{{"choice": {"send"}}, {"choice": {"send"}, "document": {"0"}}, {"choice": {"refuse"}}} {
		pages = append(pages, b.Submit(documents, "/decision", choice))
	}
	return append(pages, b.Land(b.Submit(pages[len(pages)-2], "/decision", nil)), b.Get(path+"/result?stay=1"))
}

var storybook = flag.String("storybook", "", "serve the pages with prepared data at this `address` until interrupted")

// TestStorybook serves the space over a fake for people to look at: go test -run Storybook -storybook localhost:8451.
func TestStorybook(t *testing.T) {
	if *storybook == "" {
		t.Skip("no -storybook address")
	}
	l, err := net.Listen("tcp", *storybook)
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewUnstartedServer(host(t, newFake()))
	s.Listener.Close()
	s.Listener = l
	s.StartTLS()
	t.Log(s.URL + path)
	<-t.Context().Done()
}

// The login asks for the level that the authority wants. [IR 2022/1463 art. 11(3)]
func TestLoginAtTheLevel(t *testing.T) {
	t.Parallel()
	f := newFake()
	f.session.LoA = edm.High
	b := webtest.NewBrowser(t, webtest.Serve(t, host(t, f)), "en")
	p := b.Get("/preview/"+token+"/login").On(t, 200, "login")
	p = b.Get(p.With("data-login", "demo").Attr["href"]).On(t, 200, "choose")
	if p.With("id", "loa-High") == nil || p.With("id", "loa-Substantial") != nil {
		t.Error("the login does not ask for the level high")
	}
}
