package webtest

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"strings"
	"testing"
)

// A Browser visits one site over TLS, keeps its cookies, and does not follow redirects by itself. Every
// page it is shown is checked.
type Browser struct {
	T    testing.TB
	Lang string         // Accept-Language
	Base string         // https://127.0.0.1:port
	Jar  http.CookieJar // its cookies

	client *http.Client
}

// A Page is an answer.
type Page struct {
	*Node      // nil when the answer is no page
	Status int // of HTTP
	Header http.Header
	Body   string
	Path   string // that was asked for, with the query
}

// Serve starts the site for the length of the test.
func Serve(t testing.TB, h http.Handler) *httptest.Server {
	t.Helper()
	s := httptest.NewTLSServer(h)
	t.Cleanup(s.Close)
	return s
}

// NewBrowser opens a browser without cookies on a server of Serve.
func NewBrowser(t testing.TB, s *httptest.Server, lang string) *Browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := s.Client()
	client := &http.Client{Transport: c.Transport, Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &Browser{T: t, Lang: lang, Base: s.URL, Jar: jar, client: client}
}

// Get fetches a path.
func (b *Browser) Get(path string) *Page {
	b.T.Helper()
	r, err := http.NewRequest(http.MethodGet, b.Base+path, nil)
	if err != nil {
		b.T.Fatal(err)
	}
	return b.Do(r)
}

// Follow fetches the path and every redirect on this site after it.
func (b *Browser) Follow(path string) *Page {
	b.T.Helper()
	return b.Land(b.Get(path))
}

// Land follows redirects on this site from an answer.
func (b *Browser) Land(p *Page) *Page {
	b.T.Helper()
	for range 10 {
		to := p.Header.Get("Location")
		if p.Status != http.StatusSeeOther || !strings.HasPrefix(to, "/") {
			return p
		}
		p = b.Get(to)
	}
	b.T.Fatalf("too many redirects at %s", p.Path)
	return nil
}

// Post sends a form as a page of this site would.
func (b *Browser) Post(path string, form url.Values) *Page {
	b.T.Helper()
	r, err := http.NewRequest(http.MethodPost, b.Base+path, strings.NewReader(form.Encode()))
	if err != nil {
		b.T.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.Do(r)
}

// Do sends a request and reads the answer; a page is checked.
func (b *Browser) Do(r *http.Request) *Page {
	b.T.Helper()
	if b.Lang != "" {
		r.Header.Set("Accept-Language", b.Lang)
	}
	resp, err := b.client.Do(r)
	if err != nil {
		b.T.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		b.T.Fatal(err)
	}
	p := &Page{Status: resp.StatusCode, Header: resp.Header, Body: string(body), Path: r.URL.RequestURI()}
	if r.Method == http.MethodHead || !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") || resp.StatusCode/100 == 3 || resp.Header.Get("Content-Disposition") != "" {
		return p
	}
	for _, fault := range Check(p.Body, resp.Header.Get("Content-Language")) {
		b.T.Errorf("%s (%s): %s", p.Path, resp.Header.Get("Content-Language"), fault)
	}
	if p.Node, err = Parse(p.Body); err != nil {
		b.T.Fatalf("%s: %v", p.Path, err)
	}
	return p
}

// Form returns the values that the form whose action ends in suffix would send untouched: hidden fields,
// texts, what is checked or selected, and the action itself.
func (p *Page) Form(t testing.TB, suffix string) (action string, values url.Values) {
	t.Helper()
	if p.Node == nil {
		t.Fatalf("%s is no page but status %d to %q", p.Path, p.Status, p.Header.Get("Location"))
	}
	for _, f := range p.Tags("form") {
		path, _, _ := strings.Cut(f.Attr["action"], "?")
		if !strings.HasSuffix(path, suffix) {
			continue
		}
		values = url.Values{}
		for _, n := range f.Tags("input", "select") {
			_, checked := n.Attr["checked"]
			switch kind := n.Attr["type"]; {
			case n.Tag == "select":
				for _, o := range n.Tags("option") {
					if _, ok := o.Attr["selected"]; ok {
						values.Set(n.Attr["name"], o.Attr["value"])
					}
				}
			case kind == "file" || (kind == "radio" || kind == "checkbox") && !checked:
			default:
				values.Add(n.Attr["name"], n.Attr["value"])
			}
		}
		return f.Attr["action"], values
	}
	t.Fatalf("%s has no form to …%s:\n%s", p.Path, suffix, p.Text())
	return "", nil
}

// Submit sends the form of the page whose action ends in suffix, with the fields changed by edit.
func (b *Browser) Submit(p *Page, suffix string, edit url.Values) *Page {
	b.T.Helper()
	action, values := p.Form(b.T, suffix)
	for k, v := range edit {
		values[k] = v
	}
	for _, f := range p.Tags("form") {
		if f.Attr["action"] == action && f.Attr["method"] == "get" {
			path, _, _ := strings.Cut(action, "?")
			return b.Get(path + "?" + values.Encode())
		}
	}
	return b.Post(action, values)
}

// Upload sends the form of the page whose action ends in suffix with one file.
func (b *Browser) Upload(p *Page, suffix, field, name, mediaType string, content []byte) *Page {
	b.T.Helper()
	action, values := p.Form(b.T, suffix)
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, vs := range values {
		for _, v := range vs {
			w.WriteField(k, v)
		}
	}
	part, err := w.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="` + field + `"; filename="` + name + `"`},
		"Content-Type":        {mediaType},
	})
	if err != nil {
		b.T.Fatal(err)
	}
	part.Write(content)
	w.Close()
	r, err := http.NewRequest(http.MethodPost, b.Base+action, &body)
	if err != nil {
		b.T.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return b.Do(r)
}

// See fails the test unless the page shows every text.
func (p *Page) See(t testing.TB, texts ...string) {
	t.Helper()
	if p.Node == nil {
		t.Fatalf("%s is no page but status %d to %q", p.Path, p.Status, p.Header.Get("Location"))
	}
	all := p.Text()
	for _, text := range texts {
		if !strings.Contains(all, text) {
			t.Errorf("%s does not say %q:\n%s", p.Path, text, all)
		}
	}
}

// On fails the test unless the page is the named screen with that status.
func (p *Page) On(t testing.TB, status int, screen string) *Page {
	t.Helper()
	if p.Node == nil || p.Status != status || p.With("data-screen", screen) == nil {
		t.Fatalf("%s: status %d to %q, want %d on %s:\n%s", p.Path, p.Status, p.Header.Get("Location"), status, screen, p.said())
	}
	return p
}

// To fails the test unless the answer sends the browser to the address.
func (p *Page) To(t testing.TB, address string) {
	t.Helper()
	if p.Status != http.StatusSeeOther || p.Header.Get("Location") != address {
		t.Fatalf("%s: status %d to %q, want 303 to %q", p.Path, p.Status, p.Header.Get("Location"), address)
	}
}

// said is the text of a page, "" for another answer.
func (p *Page) said() string {
	if p.Node == nil {
		return ""
	}
	return p.Text()
}
