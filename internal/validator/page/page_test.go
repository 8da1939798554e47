package page

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"oots/internal/clock"
	"oots/internal/validator"
	"oots/internal/validator/report"
	"oots/internal/web"
	"oots/internal/web/webtest"
	"oots/rule"
)

func TestTexts(t *testing.T) { webtest.Texts(t, "validator/page") }

// open makes a page whose log goes to the buffer.
func open(t testing.TB, log *bytes.Buffer, edit func(*Config)) *Page {
	t.Helper()
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	c := Config{Clock: clock.Clock{Now: func() time.Time { return at }, NewUUID: clock.UUID}, Log: slog.New(slog.DiscardHandler), HTTP: true}
	if log != nil {
		c.Log = slog.New(slog.NewTextHandler(log, nil))
	}
	if edit != nil {
		edit(&c)
	}
	p, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// specimen is a valid request; broken breaks two rules of it, on different lines.
func specimen(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile("../../../edm/edmxml/testdata/request-first.xml")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func broken(t testing.TB) string {
	t.Helper()
	s := strings.Replace(specimen(t), "<rim:Value>T3</rim:Value>", "<rim:Value>T99</rim:Value>", 1)
	s = strings.Replace(s, ">Translation</sdg:AssociatedDocumentRequest>", ">Poem</sdg:AssociatedDocumentRequest>", 1)
	if strings.Count(s, "T99")+strings.Count(s, "Poem") != 2 {
		t.Fatal("the specimen has changed")
	}
	return s
}

func post(b *webtest.Browser, text string, more ...string) *webtest.Page {
	form := url.Values{"text": {text}}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return b.Post("/", form)
}

func TestEveryScreen(t *testing.T) {
	t.Parallel()
	server := webtest.Serve(t, open(t, nil, nil))
	webtest.EveryScreen(t, Files, func(t *testing.T, lang string) []*webtest.Page { return walk(t, webtest.NewBrowser(t, server, lang)) })
}

// walk shows every page in every form.
func walk(t *testing.T, b *webtest.Browser) []*webtest.Page {
	found := post(b, broken(t))
	return []*webtest.Page{
		b.Get("/"), post(b, ""), found, post(b, specimen(t)), post(b, "no XML"), post(b, broken(t), "text2", answerTo(t)), b.Get(share(t, found)),
		b.Get("/rules/"), b.Get("/rules/?of=ebMS"), b.Get("/rules/R-EDM-REQ-C003"), b.Get("/about"), b.Get("/nowhere"),
	}
}

// share is the link to the findings of a page.
func share(t *testing.T, p *webtest.Page) string {
	t.Helper()
	for _, a := range p.Tags("a") {
		if strings.HasPrefix(a.Attr["href"], "/shared?") {
			return a.Attr["href"]
		}
	}
	t.Fatal("no link to the findings")
	return ""
}

// TestFindings holds that each finding leads to its line and back, and that the line is lit and is the right one.
func TestFindings(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, open(t, nil, nil)), "en")
	text := broken(t)
	lines := strings.Split(text, "\n")
	p := post(b, text).On(t, http.StatusOK, "findings")
	want := map[string]string{"R-EDM-REQ-C003": "T99", "R-EDM-REQ-C119": "Poem"}
	for _, li := range p.Tags("li") {
		if !strings.HasPrefix(li.Attr["class"], "finding ") {
			continue
		}
		links := li.Tags("a")
		id := links[0].Text()
		value, ok := want[id]
		if !ok {
			continue
		}
		delete(want, id)
		line := p.With("id", strings.TrimPrefix(links[1].Attr["href"], "#"))
		if line.Attr["class"] != "bad" || !strings.Contains(line.Text(), value) || !strings.Contains(line.Text(), id) {
			t.Errorf("%s leads to %q", id, line.Text())
		}
		if n := line.Attr["data-n"]; links[1].Text() != "Line "+n || !strings.Contains(lines[atoi(t, n)-1], value) {
			t.Errorf("%s is not on line %s", id, n)
		}
		if back := line.Tags("a")[0].Attr["href"]; back != "#"+li.Attr["id"] {
			t.Errorf("line leads back to %s", back)
		}
	}
	if len(want) > 0 {
		t.Errorf("not found: %v", want)
	}
	p.See(t, "Invalid")
	if got := p.Tags("textarea")[0].Text(); !strings.Contains(got, "T99") {
		t.Error("the text is not there to be corrected")
	}
}

// TestVerdicts holds what a page says of documents that break nothing, and of those that are none.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, open(t, nil, nil)), "en")
	for _, tc := range []struct {
		name, text string
		more       []string
		say        []string
	}{
		{"valid", specimen(t), nil, []string{"Valid: no rule is broken", "Read as: Evidence request. Release line 2.0.", "published rules on documents of this kind", "Not checked: whether what the document says is true"}},
		{"not XML", "hello", nil, []string{"Invalid", "OOTS-DOC-unreadable", "no rule could be applied"}},
		{"wrong root", "<html/>", nil, []string{"Invalid", "OOTS-XSD-root-unexpected"}},
		{"wrong kind", specimen(t), []string{"kind", "response"}, []string{"Invalid", "OOTS-XSD-root-unexpected"}},
		{"unknown version", strings.Replace(specimen(t), "oots-edm:v2.0", "oots-edm:v9.9", 1), nil, []string{"Invalid", "R-EDM-REQ-C001", "oots-edm:v9.9"}},
		{"billion laughs", `<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><l>&b;</l>`, nil, []string{"Invalid", "OOTS-DOC-unreadable", "DOCTYPE"}},
		{"wrong charset", `<?xml version="1.0" encoding="UTF-16"?><a/>`, nil, []string{"Invalid", "OOTS-DOC-unreadable"}},
		{"script", "<script>alert(1)</script>", nil, []string{"Invalid", "<script>alert(1)</script>"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := post(b, tc.text, tc.more...).On(t, http.StatusOK, "findings")
			for _, text := range tc.say {
				p.See(t, text)
			}
		})
	}
	b.Post("/", url.Values{"text": {"<a/>"}, "kind": {"poem"}}).On(t, http.StatusBadRequest, "problem")
	b.Post("/", url.Values{"text": {"<a/>"}, "version": {"7"}}).On(t, http.StatusBadRequest, "problem")
	b.Post("/", url.Values{}).On(t, http.StatusUnprocessableEntity, "start").See(t, "Paste a document or choose a file.")
}

// answerTo is a response to the specimen; it hands evidence over without the preview that the request offers.
func answerTo(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile("../../../edm/edmxml/testdata/response-one.xml")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestComparison holds that two documents are shown with their findings, whatever their order, and told apart.
func TestComparison(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, open(t, nil, nil)), "en")
	for _, texts := range [][2]string{{specimen(t), answerTo(t)}, {answerTo(t), specimen(t)}} {
		p := post(b, texts[0], "text2", texts[1]).On(t, http.StatusOK, "findings")
		for _, text := range []string{"Comparison", "they contradict each other in one place.", "OOTS-X-REQ_RESP-14", "Second pasted text"} {
			p.See(t, text)
		}
		if len(p.With("id", "L1").Text()) == 0 || len(p.With("id", "M1").Text()) == 0 {
			t.Error("the sources are not both there")
		}
	}
	p := post(b, specimen(t), "text2", specimen(t)).On(t, http.StatusOK, "findings")
	p.See(t, "do not belong together")
	post(b, specimen(t), "text2", "no XML", "kind", "request").On(t, http.StatusOK, "findings").See(t, "OOTS-DOC-unreadable")
}

// TestFiles holds that a file is judged under its name, and one too large is refused.
func TestFiles(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, open(t, nil, nil)), "en")
	start := b.Get("/")
	b.Upload(start, "/", "file", `C:\x\a ü.xml`, "text/xml", []byte(broken(t))).On(t, http.StatusOK, "findings").See(t, "a ü.xml")
	b.Upload(start, "/", "file", "large.xml", "text/xml", make([]byte, validator.MaxBytes+1)).On(t, http.StatusUnprocessableEntity, "start").See(t, "larger than 16 MB")
	b.Upload(start, "/", "file", "huge.xml", "text/xml", make([]byte, upTo+1)).On(t, http.StatusRequestEntityTooLarge, "problem")
}

// TestDownloads holds that the links hold the whole report in each form.
func TestDownloads(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, open(t, nil, nil)), "en")
	p := post(b, broken(t))
	var names []string
	for _, a := range p.Tags("a") {
		name := a.Attr["download"]
		if name == "" {
			continue
		}
		names = append(names, name)
		_, data, _ := strings.Cut(a.Attr["href"], ";base64,")
		content, err := base64.StdEncoding.DecodeString(data)
		if err != nil || !bytes.Contains(content, []byte("R-EDM-REQ-C003")) {
			t.Errorf("%s: %v, %d bytes", name, err, len(content))
		}
		var docs []report.Document
		if strings.HasSuffix(name, ".json") && (json.Unmarshal(content, &docs) != nil || len(docs) != 1) {
			t.Errorf("%s", content)
		}
	}
	if want := []string{"oots-findings.html", "oots-findings.json", "oots-findings.sarif", "oots-findings.csv"}; !slices.Equal(names, want) {
		t.Errorf("downloads %q", names)
	}
}

// TestShare holds that a link carries findings and no value of the document, and that it cannot be bent.
func TestShare(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, open(t, nil, nil)), "en")
	link := share(t, post(b, broken(t)))
	plain, err := url.QueryUnescape(link)
	if err != nil {
		t.Fatal(err)
	}
	for _, value := range []string{"T99", "Poem", "Papadopoulou", "DEMO1001", "Pasted"} {
		if strings.Contains(plain, value) {
			t.Errorf("%s in %s", value, plain)
		}
	}
	p := b.Get(link).On(t, http.StatusOK, "shared")
	for _, text := range []string{"R-EDM-REQ-C003", "R-EDM-REQ-C119", "invalid", "nothing was checked here"} {
		p.See(t, text)
	}
	for _, bent := range []string{
		"/shared", "/shared?verdict=fine&of=0", "/shared?verdict=valid&of=-1", "/shared?verdict=valid&of=0&kind=poem",
		"/shared?verdict=invalid&of=1&f=FATAL+1+R-EDM-REQ-C999", "/shared?verdict=invalid&of=1&f=FATAL+1+R-EDM-REQ-C003+Papadopoulou%3Cb%3E",
		"/shared?verdict=invalid&of=1&f=LOUD+1+R-EDM-REQ-C003", "/shared?verdict=valid&of=0&x=" + strings.Repeat("x", shareBytes),
	} {
		b.Get(bent).On(t, http.StatusNotFound, "problem")
	}
}

// TestShareBounded holds that a link stays short, and that values in paths do not get into it.
func TestShareBounded(t *testing.T) {
	t.Parallel()
	p := open(t, nil, nil)
	r := validator.Report{Verdict: validator.Invalid}
	for range 500 {
		r.Findings = append(r.Findings, rule.Finding{Rule: "R-EDM-REQ-C003", Line: 7, Path: "/query:QueryRequest/rim:Slot[3]/@name"}, rule.Finding{Rule: "R-EDM-REQ-C003", Path: "/a[b='Meier']"})
	}
	link := p.shareLink(r)
	if len(link) > shareBytes || strings.Contains(link, "Meier") || strings.Count(link, "&f=") < 10 {
		t.Errorf("%d bytes: %s", len(link), link)
	}
	webtest.NewBrowser(t, webtest.Serve(t, p), "en").Get(link).On(t, http.StatusOK, "shared").See(t, "more findings did not fit into the link")
}

// TestNothingIsKept holds that nothing of a document is logged, from pages and from the interface.
func TestNothingIsKept(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	b := webtest.NewBrowser(t, webtest.Serve(t, open(t, &log, nil)), "en")
	p := post(b, broken(t))
	b.Get(share(t, p))
	call(t, b, "application/xml", "/api/validate?name=Papadopoulou.xml", broken(t))
	call(t, b, "application/xml", "/api/validate?kind=Papadopoulou", broken(t))
	if strings.Count(log.String(), "msg=request") != 4 {
		t.Errorf("log: %s", &log)
	}
	for _, value := range []string{"Papadopoulou", "T99", "C003", "127.0.0.1"} {
		if strings.Contains(log.String(), value) {
			t.Errorf("%s in the log: %s", value, &log)
		}
	}
}

// TestBelow holds that all links work below a path of another site.
func TestBelow(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, open(t, nil, func(c *Config) { c.Base, c.Home = "/validator", "/" })), "en")
	start := b.Get("/validator/")
	pages := []*webtest.Page{start, b.Submit(start, "/validator/", url.Values{"text": {broken(t)}}), b.Get("/validator/rules/"), b.Get("/validator/about")}
	for _, p := range pages {
		if p.Status != http.StatusOK {
			t.Fatalf("%s: %d", p.Path, p.Status)
		}
		for _, a := range append(p.Tags("a"), p.Tags("link")...) {
			href, _, _ := strings.Cut(a.Attr["href"], "#")
			if href == "" || href == "/" || strings.HasPrefix(href, "data:") {
				continue
			}
			if got := b.Get(href); got.Status != http.StatusOK && got.Status != http.StatusSeeOther {
				t.Errorf("%s leads to %s: %d", p.Path, href, got.Status)
			}
		}
	}
}

// TestBusy holds that a request that gets no turn is told to come again.
func TestBusy(t *testing.T) {
	t.Parallel()
	page := open(t, nil, func(c *Config) { c.Posts = &web.Limiter{Burst: 2, Every: time.Hour} })
	page.patience = 0
	for range waiting {
		page.turns <- struct{}{}
	}
	b := webtest.NewBrowser(t, webtest.Serve(t, page), "en")
	post(b, specimen(t)).On(t, http.StatusServiceUnavailable, "problem")
	if p := call(t, b, "application/xml", "/api/validate", specimen(t)); p.Status != http.StatusServiceUnavailable || p.Header.Get("Retry-After") == "" {
		t.Errorf("%d %v", p.Status, p.Header)
	}
	<-page.turns
	if p := call(t, b, "application/xml", "/api/validate", specimen(t)); p.Status != http.StatusOK {
		t.Errorf("%d: %s", p.Status, p.Body)
	}
	if p := call(t, b, "application/xml", "/api/validate", specimen(t)); p.Status != http.StatusTooManyRequests {
		t.Errorf("%d: %s", p.Status, p.Body)
	}
}

// FuzzReadShare holds that what is read of a link is what we would write, and nothing else.
func FuzzReadShare(f *testing.F) {
	for _, s := range []string{"FATAL 12 R-EDM-REQ-C003 /query:QueryRequest/rim:Slot[3]/@name", "CAUTION 0 R-EDM-REQ-C003", "FATAL 1 R-EDM-REQ-C003 /a[b='c']"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		found, ok := readShare(text)
		if !ok {
			return
		}
		again, ok := readShare(shareText(found))
		if !ok || again.Rule != found.Rule || again.Line != found.Line || again.Severity != found.Severity {
			t.Fatalf("%q is read as %+v, and that as %+v", text, found, again)
		}
	})
}
