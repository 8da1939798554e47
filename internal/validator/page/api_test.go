package page

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"oots/internal/validator"
	"oots/internal/validator/report"
	"oots/internal/web/webtest"
)

func atoi(t *testing.T, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// call posts a body to the interface.
func call(t *testing.T, b *webtest.Browser, kind, path, body string) *webtest.Page {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, b.Base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	return b.Do(r)
}

type answer struct {
	Verdict   string
	Documents []report.Document
	Pairs     []report.Pair
}

// TestAPI holds verdicts, and that what is wrong with a call is a problem that repeats nothing of the body.
func TestAPI(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, open(t, nil, nil)), "en")
	for _, tc := range []struct {
		name, kind, path, body string
		status                 int
		verdict, rule          string
	}{
		{"valid", "application/xml", "/api/validate", specimen(t), 200, "valid", ""},
		{"with a charset", "text/xml; charset=utf-8", "/api/validate?kind=request&version=2.0", specimen(t), 200, "valid", ""},
		{"invalid", "application/xml", "/api/validate", broken(t), 200, "invalid", "R-EDM-REQ-C003"},
		{"another kind", "application/xml", "/api/validate?kind=response", specimen(t), 200, "invalid", "OOTS-XSD-root-unexpected"},
		{"no XML", "application/xml", "/api/validate", "{}", 200, "invalid", "OOTS-DOC-unreadable"},
		{"nothing", "application/xml", "/api/validate", "", 400, "", ""},
		{"too large for one message", "application/xml", "/api/validate", strings.Repeat("x", validator.MaxBytes+1), 200, "invalid", "OOTS-DOC-unreadable"},
		{"too large for a request", "application/xml", "/api/validate", strings.Repeat("x", upTo+1), 413, "", ""},
		{"JSON", "application/json", "/api/validate", specimen(t), 415, "", ""},
		{"no type", "", "/api/validate", specimen(t), 415, "", ""},
		{"unknown kind", "application/xml", "/api/validate?kind=poem", specimen(t), 422, "", ""},
		{"unknown line", "application/xml", "/api/validate?version=7", specimen(t), 422, "", ""},
		{"no parts", "multipart/form-data; boundary=x", "/api/validate", specimen(t), 400, "", ""},
		{"no boundary", "multipart/form-data", "/api/validate", specimen(t), 400, "", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := call(t, b, tc.kind, tc.path, tc.body)
			if p.Status != tc.status {
				t.Fatalf("status %d: %.500s", p.Status, p.Body)
			}
			if tc.status != http.StatusOK {
				if got := p.Header.Get("Content-Type"); got != "application/problem+json" || strings.Contains(p.Body, "Papadopoulou") {
					t.Errorf("%s: %s", got, p.Body)
				}
				return
			}
			var a answer
			if err := json.Unmarshal([]byte(p.Body), &a); err != nil || a.Verdict != tc.verdict || len(a.Documents) != 1 {
				t.Fatalf("%v: %s", err, p.Body)
			}
			if fs := a.Documents[0].Findings; tc.rule == "" && len(fs) > 0 || tc.rule != "" && (len(fs) == 0 || fs[0].Rule != tc.rule) {
				t.Errorf("%s", p.Body)
			}
		})
	}
}

// TestAPISeveral holds that every part is judged, in order, and that the worst verdict is the sum.
func TestAPISeveral(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, open(t, nil, nil)), "en")
	send := func(n int, query string, texts ...string) *webtest.Page {
		var body bytes.Buffer
		w := multipart.NewWriter(&body)
		for i := range n {
			f, _ := w.CreateFormFile("document", "doc"+strconv.Itoa(i)+".xml")
			f.Write([]byte(texts[i%len(texts)]))
		}
		w.Close()
		return call(t, b, w.FormDataContentType(), "/api/validate"+query, body.String())
	}
	var a answer
	if p := send(3, "", specimen(t), broken(t)); json.Unmarshal([]byte(p.Body), &a) != nil || a.Verdict != "invalid" || len(a.Documents) != 3 ||
		a.Documents[0].Verdict != "valid" || a.Documents[1].Verdict != "invalid" || a.Documents[2].File != "doc2.xml" {
		t.Errorf("%s", p.Body)
	}
	if p := send(apiDocuments+1, "", "<a/>"); p.Status != http.StatusBadRequest {
		t.Errorf("%d", p.Status)
	}
	if p := send(2, "?compare=true", answerTo(t), specimen(t)); json.Unmarshal([]byte(p.Body), &a) != nil || len(a.Pairs) != 1 ||
		a.Pairs[0] != (report.Pair{Name: "REQ_RESP", Title: a.Pairs[0].Title, First: "doc1.xml", Second: "doc0.xml", Findings: 1}) ||
		a.Documents[0].Findings[0].Rule != "OOTS-X-REQ_RESP-14" {
		t.Errorf("%s", p.Body)
	}
}

// TestAPIDescription holds that the description names what is there, and that rules are explained.
func TestAPIDescription(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, open(t, nil, func(c *Config) { c.Version = "1.2.3" })), "en")
	var d struct {
		OpenAPI string
		Info    struct{ Version string }
		Paths   map[string]map[string]struct {
			OperationID string
			RequestBody struct{ Content map[string]any }
			Responses   map[string]any
		}
	}
	p := b.Get("/openapi.json")
	if err := json.Unmarshal([]byte(p.Body), &d); err != nil || !strings.HasPrefix(d.OpenAPI, "3.1") || d.Info.Version != "1.2.3" {
		t.Fatalf("%v: %.200s", err, p.Body)
	}
	validate := d.Paths["/api/validate"]["post"]
	for _, kind := range []string{"application/xml", "text/xml", "multipart/form-data"} {
		if validate.RequestBody.Content[kind] == nil {
			t.Errorf("%s is not described", kind)
		}
	}
	for _, status := range []string{"200", "400", "413", "415", "422", "429", "503"} {
		if validate.Responses[status] == nil {
			t.Errorf("status %s is not described", status)
		}
	}
	if d.Paths["/api/rules/{id}"]["get"].OperationID != "explain-rule" {
		t.Error("rules are not described")
	}
	var forms []report.RuleForm
	if p := b.Get("/api/rules/R-EDM-REQ-C003"); json.Unmarshal([]byte(p.Body), &forms) != nil || len(forms) < 2 {
		t.Errorf("%s", p.Body)
	}
	if p := b.Get("/api/rules/R-EDM-REQ-C999"); p.Status != http.StatusNotFound || p.Header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("%d %s", p.Status, p.Body)
	}
}
