package front

import (
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"oots/edm"
	"oots/internal/clock"
	"oots/internal/login"
	"oots/internal/login/demo"
	"oots/internal/web"
	"oots/internal/web/webtest"
)

func TestTexts(t *testing.T) { webtest.Texts(t, "portal/front") }

func page(t *testing.T, wire fs.FS) http.Handler {
	t.Helper()
	at := time.Date(2026, 3, 25, 9, 42, 0, 0, time.UTC)
	p, err := New(Config{
		States: []State{
			{Country: "AT", Portal: "https://localhost:8441", AccessPoint: "https://localhost:8441/as4", PartyID: "AP_AT_01"},
			{Country: "EL", Portal: "https://localhost:8442/", AccessPoint: "https://localhost:8442/as4", PartyID: "AP_EL_01"},
		},
		Directories: []Directory{{Name: "Evidence Broker", URL: "https://localhost:8440/eb/rest/search"}, {Name: "Semantic Repository", URL: "https://localhost:8440/sr/", Page: true}},
		Persons: []demo.Person{
			{Key: "eleni", Outcome: demo.Success, Identity: login.Identity{Country: "EL", OriginalGivenName: "Ελένη", OriginalFamilyName: "Παπαδοπούλου", Person: edm.Person{GivenName: "Eleni", FamilyName: "Papadopoulou", DateOfBirth: "1998-03-25"}}},
			{Key: "hans", Outcome: demo.Later, Identity: login.Identity{Country: "AT", Person: edm.Person{GivenName: "Hans", FamilyName: "Meier", DateOfBirth: "1995-04-18"}}},
		},
		Catalogue: "https://localhost:8440/catalogue/", Coordinator: "https://localhost:8440/coordinator/", Validator: "https://localhost:8440/validator/", RootFile: "oots-data/keys/root.pem", Wire: wire,
		Clock: clock.Clock{Now: func() time.Time { return at }, NewUUID: clock.UUID}, Log: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func recorded() fs.FS {
	file := func(s string) *fstest.MapFile {
		return &fstest.MapFile{Data: []byte(s), ModTime: time.Date(2026, 3, 25, 9, 42, 0, 0, time.UTC)}
	}
	return fstest.MapFS{
		"c0ffee/edm/01-AT-ExecuteQueryRequest.xml":         file("<script>alert(1)</script>"),
		"c0ffee/as4/01-AT-ExecuteQueryRequest.headers":     file("content-type: x\n"),
		"c0ffee/as4/01-AT-ExecuteQueryRequest.body":        file("\x00\x01"),
		"c0ffee/as4/01-AT-ExecuteQueryRequest.receipt.xml": file("<r/>"),
		"directories/01-requirements.xml":                  file("<q/>"),
		"directories/01-requirements.url":                  file("https://localhost:8440/eb/"),
	}
}

func TestEveryPageRenders(t *testing.T) {
	t.Parallel()
	screens, err := web.Parse(Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range []string{"en", "de", "el"} {
		b := webtest.NewBrowser(t, webtest.Serve(t, page(t, recorded())), lang)
		seen := map[string]bool{}
		for path, status := range map[string]int{"/": 200, "/wire/": 200, "/wire/c0ffee": 200, "/wire/directories": 200, "/nowhere": 404, "/wire/none": 404} {
			p := b.Get(path)
			if p.Status != status || p.Tags("html")[0].Attr["lang"] != lang {
				t.Errorf("%s: status %d", path, p.Status)
			}
			seen[p.Tags("body")[0].Attr["data-screen"]] = true
		}
		for _, name := range screens.Names() {
			if !seen[name] {
				t.Errorf("screen %s was not shown", name)
			}
		}
	}
}

func TestPersonsGoAbroad(t *testing.T) {
	t.Parallel()
	p := webtest.NewBrowser(t, webtest.Serve(t, page(t, nil)), "en").Get("/")
	for person, portal := range map[string]string{"eleni": "https://localhost:8441/", "hans": "https://localhost:8442/"} {
		if got := p.With("data-person", person).Tags("a")[0].Attr["href"]; got != portal {
			t.Errorf("%s logs in at %s", person, got)
		}
	}
}

func TestWire(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, page(t, recorded())), "en")
	message := b.Get("/wire/c0ffee/edm/01-AT-ExecuteQueryRequest.xml")
	if message.Body != "<script>alert(1)</script>" || message.Header.Get("Content-Type") != "text/plain; charset=utf-8" {
		t.Errorf("message %q %v", message.Body, message.Header)
	}
	body := b.Get("/wire/c0ffee/as4/01-AT-ExecuteQueryRequest.body")
	if body.Body != "\x00\x01" || !strings.HasPrefix(body.Header.Get("Content-Disposition"), "attachment;") {
		t.Errorf("body %q %v", body.Body, body.Header)
	}
	for _, path := range []string{"/wire/c0ffee/as4", "/wire/c0ffee/none", "/wire/..%2F..%2Fetc/passwd", "/wire/c0ffee/..%2F..%2Fetc%2Fpasswd", "/wire/..%2Fc0ffee"} {
		b.Get(path).On(t, 404, "problem")
	}
	none := webtest.NewBrowser(t, webtest.Serve(t, page(t, nil)), "en")
	none.Get("/wire/").On(t, 200, "wire").See(t, "Nothing has been sent yet.")
	none.Get("/wire/c0ffee").On(t, 404, "problem")
	none.Get("/wire/c0ffee/x").On(t, 404, "problem")
}
