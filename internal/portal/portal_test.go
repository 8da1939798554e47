package portal

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/requester"
	"oots/internal/web/webtest"
)

func TestTexts(t *testing.T) {
	webtest.Texts(t, "portal", "Code", "Support", "Name")
	webtest.Official(t)
}

// user walks through the portal.
type user struct {
	*webtest.Browser
	app string // path of the application
}

// newUser logs in as one of persons and opens an application.
func newUser(t *testing.T, h http.Handler, lang, person string) *user {
	t.Helper()
	return logIn(t, webtest.NewBrowser(t, webtest.Serve(t, h), lang), person)
}

func logIn(t testing.TB, b *webtest.Browser, person string) *user {
	t.Helper()
	b.Get("/procedures/T3").On(t, 200, "landing")
	p := b.Follow("/procedures/T3/begin").On(t, 200, "login")
	p = b.Get(p.With("data-login", "demo").Attr["href"]).On(t, 200, "choose")
	p = b.Land(b.Submit(p, "/login/demo/", url.Values{"person": {person}})).On(t, 200, "identity")
	p = b.Land(b.Submit(p, "/begin", nil)).On(t, 200, "explanation")
	return &user{b, strings.TrimSuffix(p.Path, "/explanation")}
}

func (u *user) id() string { return strings.TrimPrefix(u.app, "/applications/") }

func (u *user) requirement(id string) string { return u.app + "/requirements/" + slug(id) }

// reach goes to the explicit request for a requirement.
func (u *user) reach(t *testing.T, requirement string) *webtest.Page {
	t.Helper()
	p := u.Get(u.requirement(requirement)+"/country").On(t, 200, "country")
	p = u.Land(u.Submit(p, "/evidence", url.Values{"country": {"EL"}}))
	if p.With("data-screen", "question") != nil {
		p = u.Land(u.Submit(p, "/question", url.Values{answerField + concept: {"ATH"}}))
	}
	return p.On(t, 200, "request")
}

// asks sends the explicit request and returns the page of the exchange.
func (u *user) asks(t *testing.T, requirement string) *webtest.Page {
	t.Helper()
	return u.Land(u.Submit(u.reach(t, requirement), "/request", url.Values{"confirm": {"yes"}})).On(t, 200, "waiting")
}

func TestJourney(t *testing.T) {
	t.Parallel()
	f := &fake{}
	u := newUser(t, host(t, f), "en", "eleni")
	p := u.asks(t, tertiary)
	p.See(t, "Demo Registry of Athens was asked at 10:42 CET")
	if got := p.With("http-equiv", "refresh"); got == nil || got.Attr["content"] != "1; url="+p.Path+"?since=sent" {
		t.Errorf("the page does not look for the answer: %v", got)
	}
	u.Get(p.Path+"?since=new").To(t, p.Path) // something has happened meanwhile
	if u.Get(p.Path+"?reload=off").With("http-equiv", "refresh") != nil {
		t.Error("the reloading cannot be stopped")
	}
	exchangePath := p.Path

	ask := f.asks[0]
	if ask.Country != "EL" || ask.RequirementID != tertiary || ask.Service.Publisher.ID.Value != "DEMO-EL-ATH" || ask.Distribution != 1 || ask.Lang != "EN" {
		t.Errorf("asked %+v", ask)
	}
	if len(ask.Answers) != 1 || !slices.Equal(ask.Answers[0].Values, []string{"ATH"}) || ask.Answers[0].ID != concept || ask.Answers[0].Type != "codelist" || len(ask.Answers[0].Descriptions) == 0 {
		t.Errorf("answers %+v", ask.Answers)
	}
	for _, want := range []string{"University diploma", "Demo Registry of Athens", "Demo University Danube", "Recognition of a diploma"} {
		if !strings.Contains(ask.Text, want) {
			t.Errorf("the confirmed text has no %q: %s", want, ask.Text)
		}
	}

	f.move(u.id(), tertiary, requester.Ready, func(x *requester.Exchange) {
		x.State, x.Preview = exchange.PreviewRequired, &edm.Preview{Location: there, Descriptions: texts("Please look.", "Bitte ansehen.", "Δείτε το.")}
	})
	p = u.Get(exchangePath).On(t, 200, "ready")
	p.See(t, "localhost:8442", "Possible until 10:48 CET", "Please look.")
	if csp := p.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "form-action 'self' https:;") {
		t.Errorf("the policy keeps the browser from the preview: %s", csp)
	}
	u.Submit(p, "/preview", nil).To(t, there)
	p = u.Get(exchangePath).On(t, 200, "waiting")
	if csp := p.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "form-action 'self' https:;") {
		t.Errorf("the policy keeps the browser from going to the preview again: %s", csp)
	}
	u.Submit(p, "/preview", nil).To(t, there)
	if f.previews != 1 {
		t.Errorf("%d second requests", f.previews)
	}

	f.move(u.id(), tertiary, requester.Received, func(x *requester.Exchange) {
		x.State, x.Evidence = exchange.Answered, []requester.EvidenceDoc{document()}
	})
	p = u.Follow("/return/good").On(t, 200, "result")
	p.See(t, "Your document has arrived", "48 kB", "9 July 2021")
	p = u.Get(exchangePath+"/evidence/0").On(t, 200, "evidence")
	file := u.Get(p.Tags("iframe")[0].Attr["src"])
	if file.Header.Get("Content-Type") != "application/pdf" || file.Body != string(pdf()) || !strings.HasPrefix(file.Header.Get("Content-Disposition"), "inline;") {
		t.Errorf("file: %v", file.Header)
	}

	p = u.Get(u.app).On(t, 200, "checklist")
	p.See(t, "received", "View: Πτυχίο")
	p = u.Get(u.app+"/summary").On(t, 200, "summary")
	p = u.Land(u.Submit(p, "/summary", nil)).On(t, 200, "done")
	p.See(t, u.id(), "25 March 2026 at 11:42 CET", "help@demo.example")
	u.Get(u.app).To(t, u.app+"/done")
	u.Post(u.requirement(birth)+"/reset", url.Values{"csrf": {csrf(p)}}).To(t, u.app+"/done") // nothing of a submitted application changes
}

// csrf is the token on a page with a form.
func csrf(p *webtest.Page) string {
	if n := p.With("name", "csrf"); n != nil {
		return n.Attr["value"]
	}
	return ""
}

func TestExplicitRequestUnticked(t *testing.T) {
	t.Parallel()
	f := &fake{}
	u := newUser(t, host(t, f), "en", "eleni")
	p := u.reach(t, tertiary)
	if _, ticked := p.With("name", "confirm").Attr["checked"]; ticked {
		t.Error("the box is ticked in advance")
	}
	p.See(t, "Eleni", "Papadopoulou", "25 March 1998", "EL/AT/DEMO1001", "Ask Demo Registry of Athens for: University diploma", "Which registry keeps your diploma? Athens")
	p = u.Submit(p, "/request", nil).On(t, http.StatusUnprocessableEntity, "request")
	p.See(t, "Tick the box if you want the document to be asked for.")
	if !strings.HasPrefix(p.Tags("title")[0].Text(), "Error: ") || len(f.asks) != 0 {
		t.Errorf("title %q, %d asked", p.Tags("title")[0].Text(), len(f.asks))
	}
	u.Land(u.Submit(p, "/request", url.Values{"confirm": {"yes"}})).On(t, 200, "waiting")
}

// TestFormats asks for what the procedure can process, and for what the user prefers, at once and from the basket.
func TestFormats(t *testing.T) {
	t.Parallel()
	f := &fake{formats: map[string][]string{tertiary: {"application/xml"}}}
	u := newUser(t, host(t, f), "en", "eleni")
	p := u.reach(t, birth)
	if p.With("data-format", "XML") == nil || p.With("data-format", "PDF") != nil {
		t.Error("a procedure that processes nothing does not ask for PDF")
	}
	p = u.reach(t, tertiary)
	u.Land(u.Submit(p, "/request", url.Values{"confirm": {"yes"}})).On(t, 200, "waiting")
	if got := f.asks[0].Service.Distributions[f.asks[0].Distribution].Format; got != "application/xml" {
		t.Errorf("asked for %s", got)
	}
	p = u.Get(p.With("data-format", "PDF").Attr["href"]).On(t, 200, "request")
	u.Land(u.Submit(p, "/request", url.Values{"confirm": {"yes"}})).On(t, 200, "waiting")
	if got := f.asks[1].Service.Distributions[f.asks[1].Distribution].Format; got != "application/pdf" {
		t.Errorf("the user wanted PDF and got %s", got)
	}
	p = u.Land(u.Submit(p, "/collect", nil)).On(t, 200, "basket")
	p.See(t, "PDF")
	if got := f.apps[u.id()].Basket[0].Format; got != "application/pdf" {
		t.Errorf("the basket keeps %q", got)
	}
	for _, evil := range []string{"text/html;x=y", "a", "application/x<script>"} {
		if got := mediaType(evil); got != "" {
			t.Errorf("%q is taken", got)
		}
	}
}

// TestWithoutPreview promises no preview in a procedure that needs none. [Regulation (EU) 2018/1724 art. 14(5)]
func TestWithoutPreview(t *testing.T) {
	t.Parallel()
	for _, exempt := range []bool{false, true} {
		u := newUser(t, host(t, &fake{exempt: exempt}), "en", "eleni")
		pages := []*webtest.Page{u.Get(u.app + "/explanation"), u.reach(t, tertiary)}
		pages = append(pages, u.Land(u.Submit(pages[1], "/collect", nil)))
		if told := strings.Contains(pages[1].Tags("main")[0].Text(), "the law lets the authority send us the document directly"); told != exempt {
			t.Errorf("exempt %v, the request says so: %v", exempt, told)
		}
		for _, p := range pages {
			text := p.Tags("main")[0].Text()
			if promised := strings.Contains(text, "before it is sent") || strings.Contains(text, "You look and decide"); promised == exempt {
				t.Errorf("%s, exempt %v: %s", p.Path, exempt, text)
			}
		}
	}
}

// The directory decides, not the form.
func TestExplicitRequestForged(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]url.Values{
		"another provider": {"service": {"0000000000000000"}},
		"another answer":   {answerField + concept: {"BAD"}},
		"another type":     {"type": {"ffffffff-0000-4000-8000-000000000000"}},
		"own country":      {"country": {"AT"}},
		"no country":       {"country": {"XX"}},
	} {
		t.Run(name, func(t *testing.T) {
			f := &fake{}
			u := newUser(t, host(t, f), "en", "eleni")
			edit["confirm"] = []string{"yes"}
			p := u.Submit(u.reach(t, tertiary), "/request", edit)
			if p.Status != http.StatusSeeOther || len(f.asks) != 0 {
				t.Errorf("status %d, %d asked", p.Status, len(f.asks))
			}
		})
	}
}

func TestForeignSession(t *testing.T) {
	t.Parallel()
	f := &fake{}
	server := webtest.Serve(t, host(t, f))
	eleni := logIn(t, webtest.NewBrowser(t, server, "en"), "eleni")
	exchangePath := eleni.asks(t, tertiary).Path
	hans := logIn(t, webtest.NewBrowser(t, server, "en"), "hans")
	nobody := webtest.NewBrowser(t, server, "en")
	for _, path := range []string{"", "/summary", strings.TrimPrefix(eleni.requirement(birth), eleni.app) + "/upload", strings.TrimPrefix(exchangePath, eleni.app)} {
		hans.Get(eleni.app+path).On(t, http.StatusNotFound, "problem")
		nobody.Get(eleni.app+path).On(t, http.StatusForbidden, "problem").See(t, "Your session has ended")
		nobody.Get("/applications/none"+path).On(t, http.StatusForbidden, "problem").See(t, "Your session has ended") // one that never was looks the same
	}
	hans.Get(exchangePath+"/evidence/0/file").On(t, http.StatusNotFound, "problem")
	// The exchange of another application does not exist in the own one.
	hans.Get(hans.app+strings.TrimPrefix(exchangePath, eleni.app)).On(t, http.StatusNotFound, "problem")
	hans.Get("/return/good").On(t, http.StatusForbidden, "problem")
	hans.Get("/return/bad").On(t, http.StatusNotFound, "problem")
	eleni.Get("/return/good").To(t, exchangePath)

	token := csrf(hans.Get(hans.requirement(birth) + "/upload"))
	hans.Post(eleni.requirement(birth)+"/reset", url.Values{"csrf": {token}}).On(t, http.StatusNotFound, "problem")
}

func TestAnotherPersonOnTheSameBrowser(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, host(t, &fake{})), "en")
	eleni := logIn(t, b, "eleni")
	p := b.Get("/procedures/T3/login").On(t, 200, "login")
	p = b.Get(p.With("data-login", "demo").Attr["href"])
	b.Land(b.Submit(p, "/login/demo/", url.Values{"person": {"hans"}})).On(t, 200, "identity").See(t, "Hans", "Meier")
	b.Get(eleni.app).On(t, http.StatusNotFound, "problem")
}

// A login that this browser did not begin does not count.
func TestLoginOutOfNowhere(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, host(t, &fake{})), "en")
	for _, next := range []string{"/procedures/T3/begin", "/"} {
		p := b.Get("/login/demo/?next="+url.QueryEscape(next)).On(t, 200, "choose")
		b.Submit(p, "/login/demo/", url.Values{"person": {"eleni"}}).On(t, http.StatusForbidden, "problem")
	}
	b.Get("/procedures/T3/login")
	p := b.Get("/login/demo/?next=" + url.QueryEscape("https://evil.example/"))
	b.Submit(p, "/login/demo/", url.Values{"person": {"eleni"}}).On(t, http.StatusForbidden, "problem")
}

// Pressing twice, or coming back from the start page, goes on with the application that is there.
func TestBeginTwice(t *testing.T) {
	t.Parallel()
	f := &fake{}
	u := newUser(t, host(t, f), "en", "eleni")
	begin := func() *webtest.Page { return u.Submit(u.Get("/procedures/T3/begin"), "/begin", nil) }
	begin().To(t, u.app+"/explanation")
	u.Upload(u.Get(u.requirement(birth)+"/upload"), "/upload", "file", "birth.pdf", "application/pdf", pdf())
	begin().To(t, u.app)
	if p := u.Submit(u.Get("/procedures/T1/begin"), "/begin", nil); strings.HasPrefix(p.Header.Get("Location"), u.app) {
		t.Error("another procedure goes on with it too")
	}
	u.Submit(u.Get(u.app+"/summary"), "/summary", nil)
	if p := begin(); p.Status != http.StatusSeeOther || strings.HasPrefix(p.Header.Get("Location"), u.app) {
		t.Errorf("a submitted one goes on at %s", p.Header.Get("Location"))
	}
}

// Two tabs begin two procedures; both logins count.
func TestLoginInTwoTabs(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, host(t, &fake{})), "en")
	var forms []*webtest.Page
	for _, code := range []string{"T3", "T1"} {
		forms = append(forms, b.Get(b.Get("/procedures/"+code+"/login").With("data-login", "demo").Attr["href"]).On(t, 200, "choose"))
	}
	for i, code := range []string{"T3", "T1"} {
		b.Submit(forms[i], "/login/demo/", url.Values{"person": {"eleni"}}).To(t, "/procedures/"+code+"/begin")
	}
	b.Submit(forms[0], "/login/demo/", url.Values{"person": {"hans"}}).On(t, http.StatusForbidden, "problem") // once
}

func TestFormsOfOthers(t *testing.T) {
	t.Parallel()
	f := &fake{}
	u := newUser(t, host(t, f), "en", "eleni")
	p := u.reach(t, tertiary)
	action, values := p.Form(t, "/request")
	values.Set("confirm", "yes")
	for name, edit := range map[string]func(*http.Request, url.Values){
		"cross-site": func(r *http.Request, _ url.Values) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
		"origin":     func(r *http.Request, _ url.Values) { r.Header.Set("Origin", "https://evil.example") },
		"token":      func(_ *http.Request, v url.Values) { v.Set("csrf", strings.Repeat("a", 32)) },
		"no token":   func(_ *http.Request, v url.Values) { v.Del("csrf") },
	} {
		v := url.Values{}
		for k := range values {
			v.Set(k, values.Get(k))
		}
		r, _ := http.NewRequest("POST", u.Base+action, nil)
		edit(r, v)
		r2, _ := http.NewRequest("POST", u.Base+action, strings.NewReader(v.Encode()))
		r2.Header = r.Header
		r2.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		u.Do(r2).On(t, http.StatusForbidden, "problem")
		if len(f.asks) != 0 {
			t.Errorf("%s: asked", name)
		}
	}
}

func TestPreviewElsewhereOnly(t *testing.T) {
	t.Parallel()
	for _, location := range []string{"http://localhost:8442/preview/x", "javascript:alert(1)", "//evil.example/", "/local", "https://a:b@evil.example/"} {
		f := &fake{}
		u := newUser(t, host(t, f), "en", "eleni")
		p := u.asks(t, tertiary)
		f.move(u.id(), tertiary, requester.Ready, func(x *requester.Exchange) {
			x.State, x.Preview = exchange.PreviewRequired, &edm.Preview{Location: location}
		})
		p = u.Get(p.Path).On(t, 200, "ready")
		for _, form := range p.Tags("form") {
			if strings.HasSuffix(form.Attr["action"], "/preview") {
				t.Errorf("%s can be gone to", location)
			}
		}
		u.Post(p.Path+"/preview", url.Values{"csrf": {csrf(p)}}).To(t, p.Path)
	}
}

func TestQuestion(t *testing.T) {
	t.Parallel()
	f := &fake{}
	u := newUser(t, host(t, f), "en", "eleni")
	p := u.Follow(u.requirement(tertiary)+"/evidence?country=EL").On(t, 200, "question")
	p.See(t, "Which registry keeps your diploma?", "Athens")
	u.Land(u.Submit(p, "/question", nil)).On(t, 422, "question").See(t, "Please answer this question.")
	u.Land(u.Submit(p, "/question", url.Values{answerField + concept: {"BAD"}})).On(t, 422, "question")
	u.Land(u.Submit(p, "/question", url.Values{answerField + concept: {"NOWHERE"}})).On(t, 200, "absent").See(t, "No authority of this country")
	u.Land(u.Submit(p, "/question", url.Values{"unsure": {"1"}})).On(t, 200, "unsure").See(t, "No problem.")
	u.Land(u.Submit(p, "/question", url.Values{answerField + concept: {"THE"}})).On(t, 200, "request").See(t, "Επιδεικτικό Μητρώο Θεσσαλονίκης")
	f.list = true
	p = u.Follow(u.requirement(tertiary)+"/evidence?country=EL").On(t, 200, "question")
	if p.With("type", "text") == nil || len(p.Tags("select")) != 1 || p.With("value", "true") == nil {
		t.Error("not a list, a yes or no, and a text")
	}
}

func TestWays(t *testing.T) {
	t.Parallel()
	f := &fake{several: true, loa: edm.High}
	u := newUser(t, host(t, f), "en", "eleni")
	p := u.Get(u.requirement(domicile)+"/evidence?country=EL").On(t, 200, "alternatives")
	p.See(t, "One of them is enough.", "All of these documents are needed together", "Ληξιαρχική πράξη γέννησης (in Greek)")
	u.Get(u.requirement(domicile)+"/evidence?country=BE").On(t, 200, "absent").See(t, "Aucun document ne correspond. (in French)")
	u.Get(u.requirement(domicile)+"/evidence?country=FI").On(t, 200, "absent").See(t, "Not available from this country: Finland")
	u.Get(u.requirement(domicile)+"/evidence?country=AT").To(t, u.requirement(domicile)+"/country")
	p = u.Follow(u.requirement(birth)+"/evidence?country=EL").On(t, 200, "provider")
	key := p.With("name", "service").Attr["value"]
	u.Land(u.Submit(p, "/request", url.Values{"service": {key}})).On(t, 200, "request")

	f.down = true
	u.Get(u.requirement(birth)+"/evidence?country=EL").On(t, http.StatusServiceUnavailable, "problem").See(t, "Temporary problem")
	if b := u.Get("/procedures/T3").On(t, http.StatusServiceUnavailable, "problem"); strings.Contains(b.Body, "secret") {
		t.Error("the cause is shown")
	}
}

func TestLoginTooWeak(t *testing.T) {
	t.Parallel()
	f := &fake{loa: edm.High}
	b := webtest.NewBrowser(t, webtest.Serve(t, host(t, f)), "en")
	p := b.Get(b.Follow("/procedures/T3/begin").With("data-login", "demo").Attr["href"])
	p = b.Land(b.Submit(p, "/login/demo/", url.Values{"person": {"eleni"}, "loa": {"Substantial"}}))
	p = b.Land(b.Submit(p, "/begin", nil))
	u := &user{b, strings.TrimSuffix(p.Path, "/explanation")}
	p = u.Follow(u.requirement(birth)+"/evidence?country=EL").On(t, 200, "provider")
	p.See(t, "A stronger login is needed", "demands a login of level: high")
	key := p.With("name", "service").Attr["value"]
	u.Get(u.requirement(birth)+"/request?country=EL&type="+slug(birthCert)+"&service="+key).On(t, http.StatusConflict, "blocked").See(t, "The authority demands a login of level: high.", "Nothing has been sent.")
	if len(f.asks) != 0 {
		t.Error("asked")
	}
	u.Follow(application{requester.Application{ID: u.id()}}.StrongerPath(u.requirement(birth)+"/provider?country=EL&type="+slug(birthCert), edm.High)).On(t, 200, "stronger")
	again := func(person, loa string) *webtest.Page {
		c := u.Get(u.app + "/stronger?back=" + url.QueryEscape(u.app+"/basket"))
		c = u.Get(c.With("data-login", "demo").Attr["href"])
		return u.Land(u.Submit(c, "/login/demo/", url.Values{"person": {person}, "loa": {loa}}))
	}
	again("eleni", "High").On(t, 200, "basket")
	u.Follow(u.requirement(birth)+"/evidence?country=EL").On(t, 200, "request")
	// Both pages lead to a login that is strong enough, and back to where she was.
	for _, path := range []string{
		u.requirement(birth) + "/request?country=EL&service=" + key + "&type=" + slug(birthCert),
		u.requirement(birth) + "/provider?country=EL&type=" + slug(birthCert),
	} {
		f.apps[u.id()].User.Person.LoA = edm.Substantial
		p = u.Get(path)
		links := p.All(func(n *webtest.Node) bool { return strings.HasPrefix(n.Attr["href"], u.app+"/stronger?") })
		if len(links) != 1 {
			t.Fatalf("%s: %d links to a stronger login", path, len(links))
		}
		p = u.Get(links[0].Attr["href"]).On(t, 200, "stronger")
		p = u.Get(p.With("data-login", "demo").Attr["href"]).On(t, 200, "choose")
		if p.With("value", "Substantial") != nil || p.With("id", "loa-High") == nil {
			t.Error("the login offers a level that is not enough")
		}
		u.Land(u.Submit(p, "/login/demo/", url.Values{"person": {"eleni"}})).On(t, 200, "request")
		if got := f.apps[u.id()].User.LoA(); got != edm.High {
			t.Errorf("the application is at level %q", got)
		}
	}
	again("hans", "High").On(t, 404, "problem")
	u.Get(u.app).On(t, 404, "problem")
}

func TestUpload(t *testing.T) {
	t.Parallel()
	f := &fake{}
	u := newUser(t, host(t, f), "en", "eleni")
	form := func() *webtest.Page { return u.Get(u.requirement(birth)+"/upload").On(t, 200, "upload") }
	for _, tc := range []struct {
		name, file string
		content    []byte
		status     int
	}{
		{"ok", "C:\\Users\\x\\birth.pdf", pdf(), 303},
		{"empty", "birth.pdf", nil, 422},
		{"text", "birth.pdf", []byte("hello"), 422},
		{"html that claims to be a pdf", "birth.pdf", []byte("<html><script>alert(1)</script>"), 422},
		{"larger than allowed", "big.pdf", append(pdf(), make([]byte, UploadLimit)...), 422},
		{"much larger than allowed", "big.pdf", make([]byte, UploadLimit+100<<10), 413},
	} {
		if p := u.Upload(form(), "/upload", "file", tc.file, "application/pdf", tc.content); p.Status != tc.status {
			t.Errorf("%s: status %d, want %d", tc.name, p.Status, tc.status)
		}
	}
	p := u.Get(u.app + "?notice=uploaded")
	p.See(t, "Your file was added to the application.", "uploaded by you", "birth.pdf")
	if f.card(u.id(), birth).Upload.MediaType != "application/pdf" {
		t.Error("media type")
	}
	u.Land(u.Submit(p, "/requirements/"+slug(birth)+"/reset", nil)).See(t, "The document was removed")
}

func TestDocumentsHaveNoRights(t *testing.T) {
	t.Parallel()
	f := &fake{}
	u := newUser(t, host(t, f), "en", "eleni")
	path := u.asks(t, tertiary).Path
	for doc, want := range map[string][]string{
		"/evidence/0/file":            {"inline;", "frame-ancestors 'self'"},
		"/evidence/0/file?download=1": {"attachment;", "sandbox"},
		"/evidence/1/file":            {"attachment;", "sandbox"},
	} {
		h := u.Get(path + doc).Header
		if !strings.HasPrefix(h.Get("Content-Disposition"), want[0]) || !strings.Contains(h.Get("Content-Security-Policy"), want[1]) || strings.Contains(h.Get("Content-Security-Policy"), "script") {
			t.Errorf("%s: %v", doc, h)
		}
	}
	u.Get(path+"/evidence/9/file").On(t, 404, "problem")
}

// Structured evidence is shown as labels and values, nothing of it as markup; what cannot be read is offered as a file.
func TestStructuredEvidence(t *testing.T) {
	t.Parallel()
	f := &fake{}
	u := newUser(t, host(t, f), "en", "eleni")
	path := u.asks(t, tertiary).Path
	f.move(u.id(), tertiary, requester.Received, func(x *requester.Exchange) {
		x.State = exchange.Answered
		x.Evidence = []requester.EvidenceDoc{
			{ID: "2", Title: "data", Format: "application/xml", Kind: edm.MainEvidence}, {ID: "3", Title: "broken", Format: "application/xml", Kind: edm.Annex},
		}
	})
	p := u.Get(path+"/evidence/2").On(t, 200, "evidence")
	p.See(t, "Aegean Olives", "<b>Athens")
	if len(p.Tags("iframe")) != 0 {
		t.Error("data in a frame")
	}
	u.Get(path+"/evidence/3").On(t, 200, "evidence").See(t, "Annex", "cannot be shown")
}

// What nobody, several and nothing on file look like must not differ in a byte.
func TestNobodyIsToldApart(t *testing.T) {
	t.Parallel()
	f := &fake{}
	u := newUser(t, host(t, f), "en", "eleni")
	path := u.asks(t, tertiary).Path
	show := func(s requester.CardState, edit func(*requester.Exchange)) string {
		f.move(u.id(), tertiary, s, edit)
		return u.Get(path).On(t, 200, "result").Tags("main")[0].Text() + u.Get(u.app).Tags("main")[0].Text()
	}
	notFound := show(requester.Nothing, func(x *requester.Exchange) { x.State, x.Error = exchange.Failed, edm.ObjectNotFound })
	empty := show(requester.Nothing, func(x *requester.Exchange) { x.State, x.Error = exchange.Empty, "" })
	if notFound != empty {
		t.Errorf("not the same:\n%s\n%s", notFound, empty)
	}
	if declined := show(requester.Nothing, func(x *requester.Exchange) { x.Declined = true }); declined == empty {
		t.Error("the user's own refusal looks like nothing found")
	}
}
