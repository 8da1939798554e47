package page

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"oots/internal/repository"
	"oots/internal/sqlstore"
	"oots/internal/web/webtest"
)

// uploads serves a repository that the token "secret" of EL may write.
func uploads(t testing.TB) *Page {
	t.Helper()
	db, err := sqlstore.Open(t.Context(), t.TempDir(), make([]byte, 32))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	log := slog.New(slog.DiscardHandler)
	c := captured(t)
	s, err := repository.Open(t.Context(), repository.Deps{Base: "https://cs.example/sr", Source: fixed{&c}, DB: db.DB, Store: db.Repository(), Clock: testClock(), Log: log})
	if err != nil {
		t.Fatal(err)
	}
	p, err := New(Config{Service: s, Path: "/sr", Clock: testClock(), Log: log, HTTP: true, Who: func(token string) (repository.Actor, bool) {
		return repository.Actor{Name: "upload EL", Country: "EL"}, token == "secret"
	}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// post sends a body to the interface.
func post(t testing.TB, b *webtest.Browser, path, token, body string) *webtest.Page {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, b.Base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	return b.Do(r)
}

// pension publishes a data model; the schema is base64 of <x/>.
const pension = `{"action":"publish","id":"https://cs.example/sr/datamodels/el-pension","version":"1.0.0","titles":[{"lang":"EN","value":"Pension <b>"}],
	"jurisdictions":["EL"],"publisher":{"name":"Greece"},"note":"first","files":[{"form":"xsd","content":"PHgvPg=="}],
	"relations":[{"type":"uses-code-list","target":"https://sr.oots.tech.ec.europa.eu/codelists/Procedures"}]}`

// TestUpload publishes through the interface, and sees it everywhere.
func TestUpload(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, uploads(t)), "en")
	for _, tc := range []struct {
		name, path, token, body string
		status                  int
	}{
		{"no token", "/sr/api/versions", "", pension, 401},
		{"wrong token", "/sr/api/versions", "Secret", pension, 401},
		{"refused", "/sr/api/versions", "secret", strings.Replace(pension, `["EL"]`, `["AT"]`, 1), 422},
		{"unknown member", "/sr/api/versions", "secret", strings.Replace(pension, `"note"`, `"notes"`, 1), 422},
		{"published", "/sr/api/versions", "secret", pension, 201},
		{"again", "/sr/api/versions", "secret", pension, 409},
	} {
		if p := post(t, b, tc.path, tc.token, tc.body); p.Status != tc.status {
			t.Errorf("%s: %d, want %d: %s", tc.name, p.Status, tc.status, p.Body)
		}
	}
	p := ask(t, b, "/sr/datamodels/el-pension", browserAccept).On(t, http.StatusOK, "asset")
	p.See(t, "Pension <b>", "Version 1.0.0", "Uses the code list", "upload EL", "XML Schema")
	if p := ask(t, b, "/sr/datamodels/el-pension/1.0.0?format=xsd", ""); p.Body != "<x/>" || !strings.Contains(p.Header.Get("Cache-Control"), "immutable") || p.Header.Get("Last-Modified") == "" {
		t.Errorf("%q %v", p.Body, p.Header)
	}
	if p := ask(t, b, "/sr/datamodels/el-pension", "text/turtle"); !strings.Contains(p.Body, `"Pension <b>"@en`) || !strings.Contains(p.Body, "spdx:checksumValue") {
		t.Error(p.Body)
	}
	ask(t, b, "/sr/codelists/Procedures", browserAccept).See(t, "Pension <b>")
	if p := post(t, b, "/sr/api/status", "secret", `{"action":"withdraw","id":"https://cs.example/sr/datamodels/el-pension","version":"1.0.0"}`); p.Status != http.StatusNoContent {
		t.Errorf("%d %s", p.Status, p.Body)
	}
	ask(t, b, "/sr/datamodels/el-pension", browserAccept).On(t, http.StatusGone, "gone")
	if p := ask(t, b, "/sr/api/asset?uri=https://cs.example/sr/datamodels/el-pension", ""); p.Status != http.StatusGone {
		t.Errorf("%d", p.Status)
	}
	var api struct{ Paths map[string]any }
	if err := json.Unmarshal([]byte(ask(t, b, "/sr/openapi.json", "").Body), &api); err != nil || api.Paths["/sr/api/versions"] == nil {
		t.Errorf("%v", err)
	}
	if p := post(t, b, "/sr/codelists/Procedures", "secret", "{}"); p.Status != http.StatusMethodNotAllowed {
		t.Errorf("%d", p.Status)
	}
}

// BenchmarkDereference serves the forms of assets of the captured catalogue.
func BenchmarkDereference(b *testing.B) {
	p := uploads(b)
	for name, tc := range map[string]struct{ path, accept string }{
		"page of a requirement": {"/sr/" + diploma, browserAccept}, "turtle of a requirement": {"/sr/" + diploma, "text/turtle"},
		"code list": {"/sr/codelists/Procedures", ""}, "page of a code list": {"/sr/codelists/EAS", browserAccept}, "search": {"/sr/api/assets?text=birth", ""}, "list": {"/sr/assets", browserAccept},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r, _ := http.NewRequest(http.MethodGet, tc.path, nil)
				r.Header.Set("Accept", tc.accept)
				w := &sink{h: http.Header{}}
				p.ServeHTTP(w, r)
				if w.code != 0 && w.code != http.StatusOK {
					b.Fatal(w.code)
				}
			}
		})
	}
}

// sink throws an answer away.
type sink struct {
	h    http.Header
	code int
}

func (s *sink) Header() http.Header         { return s.h }
func (s *sink) WriteHeader(code int)        { s.code = code }
func (s *sink) Write(b []byte) (int, error) { return io.Discard.Write(b) }
