package page

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"oots/directory"
	"oots/directory/genericode"
	"oots/edm"
	"oots/internal/clock"
	"oots/internal/corpus"
	"oots/internal/demo"
	"oots/internal/repository"
	"oots/internal/web/webtest"
	"oots/xml/xmltree"
)

func TestTexts(t *testing.T) {
	webtest.Texts(t, "repository/page", "{n} added", "OpenAPI", "Status", "Version", "Version {version}")
}

const diploma = "requirements/5247bb6b-6bec-43fd-9b2e-f99be2dbae39"

// fixed is a catalogue that does not change, after an earlier one with other code lists.
type fixed struct{ c *directory.Catalogue }

func (f fixed) Catalogue() *directory.Catalogue { return f.c }

func (fixed) Partitions() []directory.Revision {
	return []directory.Revision{{Number: 3, Country: "EU", Service: directory.EvidenceBroker, At: testClock().Now(), Actor: "operator"}}
}

func (fixed) History(context.Context, string, directory.Service) ([]directory.Revision, error) {
	return []directory.Revision{{Number: 2, Country: "EL", Service: directory.SemanticRepository, At: testClock().Now(), Actor: "upload EL"}}, nil
}

func (fixed) Revision(context.Context, int64) (directory.Partition, error) {
	code := func(c, name string) directory.Code {
		return directory.Code{Code: c, Names: edm.Texts{{Lang: "EN", Value: name}}}
	}
	return directory.Partition{Country: "EL", Service: directory.SemanticRepository, Catalogue: directory.Catalogue{CodeLists: []directory.CodeList{
		{URL: "https://sr.oots.tech.ec.europa.eu/codelists/EL/DemoRegistries", Version: "0.9", Codes: []directory.Code{code("ATH", "Athens"), code("PAT", "Patras")}},
		{URL: "https://sr.oots.tech.ec.europa.eu/codelists/EL/Former", Version: "1", Codes: []directory.Code{code("A", "A")}},
	}}}, nil
}

func demoCatalogue(t testing.TB) directory.Catalogue {
	t.Helper()
	c, err := demo.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// captured is the catalogue of the acceptance environment.
func captured(t testing.TB) directory.Catalogue {
	t.Helper()
	var files []string
	for _, name := range []string{"eb_requirements_catalogue", "eb_evidence_types_fi", "eb_evidence_types_fr", "dsd_data_services_fi"} {
		files = append(files, corpus.Path(t, "common-services/oots-france/responses/"+name+".xml"))
	}
	c, err := demo.Import(files)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func testClock() clock.Clock {
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	return clock.Clock{Now: func() time.Time { return at }, NewUUID: clock.UUID}
}

// serve opens the pages of a repository with a catalogue.
func serve(t testing.TB, c directory.Catalogue, edit func(*Config)) *Page {
	t.Helper()
	log := slog.New(slog.DiscardHandler)
	s, err := repository.Open(t.Context(), repository.Deps{Base: "https://cs.example/sr", Source: fixed{&c}, Clock: testClock(), Log: log})
	if err != nil {
		t.Fatal(err)
	}
	config := Config{Service: s, Path: "/sr", Home: "/sr/", Clock: testClock(), Log: log, HTTP: true}
	if edit != nil {
		edit(&config)
	}
	p, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// ask fetches a path with an Accept header; "" sends none.
func ask(t testing.TB, b *webtest.Browser, path, accept string, headers ...string) *webtest.Page {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, b.Base+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	return b.Do(r)
}

const browserAccept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

func TestEveryScreen(t *testing.T) {
	t.Parallel()
	server := webtest.Serve(t, serve(t, demoCatalogue(t), nil))
	webtest.EveryScreen(t, Files, func(t *testing.T, lang string) []*webtest.Page { return walk(t, webtest.NewBrowser(t, server, lang)) })
}

// walk shows every page in every form.
func walk(t testing.TB, b *webtest.Browser) []*webtest.Page {
	var out []*webtest.Page
	for _, path := range []string{
		"/sr/", "/sr/assets", "/sr/assets?type=data-model", "/sr/assets?q=xyzzy", "/sr/assets?type=code-list&country=EL", "/sr/about", "/sr/" + diploma,
		"/sr/codelists/Procedures", "/sr/codelists/Procedures?find=ea", "/sr/codelists/Procedures?find=xyzzy", "/sr/codelists/NUTS?from=200",
		"/sr/codelists/EAS?compare=2023-04", "/sr/codelists/EAS/2023-04", "/sr/codelists/EL/DemoRegistries", "/sr/codelists/EL/DemoRegistries?compare=0.9", "/sr/codelists/EL/Former", "/sr/datamodels/oots-demo-birth", "/sr/nowhere",
	} {
		out = append(out, ask(t, b, path, browserAccept))
	}
	return out
}

// TestEveryIdentifierResolves walks through both catalogues: what a directory serves, the repository explains, in
// every form.
func TestEveryIdentifierResolves(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]directory.Catalogue{"demonstration": demoCatalogue(t), "captured": captured(t)} {
		t.Run(name, func(t *testing.T) {
			b := webtest.NewBrowser(t, webtest.Serve(t, serve(t, c, nil)), "en")
			ids := identifiers(&c)
			if len(ids) < 10 {
				t.Fatalf("only %d identifiers", len(ids))
			}
			for id := range ids {
				path := "/sr/" + strings.SplitN(strings.TrimPrefix(id, "https://"), "/", 2)[1]
				if p := ask(t, b, path, browserAccept); p.Status != http.StatusOK || p.With("data-screen", "asset") == nil {
					t.Errorf("%s: %d", path, p.Status)
				}
				for accept, want := range map[string]string{repository.MetadataType: "<sr:identifier>" + id, "text/turtle": "<" + id + "> a dcat:Dataset", "application/ld+json": `"@id": "` + id + `"`} {
					p := ask(t, b, path, accept)
					if p.Status != http.StatusOK || !strings.Contains(p.Body, want) || p.Header.Get("Content-Type")[:len(accept)] != accept {
						t.Errorf("%s as %s: %d %s\n%s", path, accept, p.Status, p.Header.Get("Content-Type"), p.Body)
					}
				}
			}
			t.Logf("%d identifiers", len(ids))
		})
	}
}

// identifiers are all addresses of the Semantic Repository that the directories serve from c.
func identifiers(c *directory.Catalogue) map[string]bool {
	out := map[string]bool{}
	add := func(id string) {
		if strings.HasPrefix(id, "https://sr.") {
			out[id] = true
		}
	}
	place := func(j *directory.Jurisdiction) {
		for _, a := range j.Additional {
			add(a.List)
		}
	}
	for i := range c.Requirements {
		r := &c.Requirements[i]
		add(r.ID)
		for j := range r.Frameworks {
			place(&r.Frameworks[j].Jurisdiction)
		}
		for j := range r.Lists {
			place(&r.Lists[j].Jurisdiction)
			for _, e := range r.Lists[j].Types {
				add(e.Classification)
			}
		}
	}
	for i := range c.Services {
		s := &c.Services[i]
		add(s.Classification)
		place(&s.Publisher.Jurisdiction)
		for _, d := range s.Distributions {
			add(d.ConformsTo)
			add(d.Transformation)
		}
		for _, k := range s.Classifications {
			add(k.CodeList)
			add(k.ValueExpression)
		}
	}
	for _, l := range c.CodeLists {
		add(l.URL)
	}
	return out
}

// TestNegotiation holds what an address answers to whom. [RFC 9110 §12]
func TestNegotiation(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, serve(t, demoCatalogue(t), nil)), "en")
	for _, tc := range []struct {
		path, accept string
		status       int
		want         string // beginning of the media type
		say          string
	}{
		{"/sr/codelists/Procedures", "", 200, "application/xml", "<gc:CodeList"},
		{"/sr/codelists/Procedures", "*/*", 200, "application/xml", "<gc:CodeList"},
		{"/sr/codelists/procedures", "*/*", 200, "application/xml", "<gc:CodeList"},
		{"/sr/codelists/Procedures", "application/xml, text/xml", 200, "application/xml", "<gc:CodeList"},
		{"/sr/codelists/Procedures", browserAccept, 200, "text/html", "Search within the list"},
		{"/sr/codelists/Procedures", "text/csv", 200, "text/csv", "code,name-EN\n00,System check\n"},
		{"/sr/codelists/Procedures", "application/json", 200, "application/json", `"shortName": "Procedures"`},
		{"/sr/codelists/Procedures", repository.MetadataType, 200, repository.MetadataType, "<sr:type>code-list</sr:type>"},
		{"/sr/codelists/Procedures", "text/*;q=0.5, application/json;q=0.4", 200, "text/", ""},
		{"/sr/codelists/Procedures", "text/html;q=0, */*", 200, "application/xml", "<gc:CodeList"},
		{"/sr/codelists/Procedures", "image/png", 406, "text/plain", "application/ld+json"},
		{"/sr/codelists/Procedures?format=csv", "text/html", 200, "text/csv", "code,name-EN"},
		{"/sr/codelists/Procedures?format=xsd", "text/html", 406, "text/plain", "?format=csv"},
		{"/sr/codelists/Procedures/2.0.1", "text/csv", 200, "text/csv", "AM1"},
		{"/sr/codelists/Procedures/2022-12", "text/csv", 200, "text/csv", "X6"},
		{"/sr/codelists/Procedures/1999", "text/csv", 404, "text/plain", "no asset"},
		{"/sr/" + diploma, "", 200, "text/html", "tertiary"},
		{"/sr/" + diploma, "application/xml", 200, "application/xml", ""},
		{"/sr/" + diploma, "text/html;q=0, */*", 200, "application/xml", "<sr:"},
		{"/sr/" + diploma, "application/xhtml+xml", 406, "text/plain", "text/html"},
		{"/sr/" + strings.ToUpper(diploma), "*/*", 404, "text/plain", ""},
		{"/sr/datamodels/oots-demo-birth", "application/schema+json", 200, "application/schema+json", "2020-12"},
		{"/sr/distributions/oots-demo-birth", "application/schema+json", 200, "application/schema+json", "2020-12"},
		{"/sr/datamodels/oots-demo-birth/1.0.0", "text/turtle", 200, "text/turtle", "dct:references"},
		{"/sr/codelists/EL/Former", "*/*", 410, "text/plain", "withdrawn"},
		{"/sr/codelists/EL/Former/1", browserAccept, 410, "text/html", "Withdrawn"},
		{"/sr/codelists/EL/DemoRegistries/0.9", "text/csv", 200, "text/csv", "PAT,Patras"},
		{"/sr/requirements/", "text/html", 404, "text/html", ""},
		{"/sr/codelists/%2e%2e/x", "*/*", 404, "text/plain", ""},
	} {
		p := ask(t, b, tc.path, tc.accept)
		if p.Status != tc.status || !strings.HasPrefix(p.Header.Get("Content-Type"), tc.want) || !strings.Contains(p.Body, tc.say) {
			t.Errorf("%s as %q: %d %s\n%.300s", tc.path, tc.accept, p.Status, p.Header.Get("Content-Type"), p.Body)
		}
		if p.Status == 200 && !strings.Contains(strings.Join(p.Header.Values("Vary"), ","), "Accept") {
			t.Errorf("%s: Vary %q", tc.path, p.Header.Values("Vary"))
		}
	}
}

// TestUnchanged holds that a client that has a form is not sent it again, and that a version may be kept for good.
func TestUnchanged(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, serve(t, demoCatalogue(t), nil)), "en")
	p := ask(t, b, "/sr/codelists/Procedures", "text/csv")
	tag := p.Header.Get("ETag")
	if tag == "" || p.Header.Get("Cache-Control") != "no-cache" {
		t.Fatalf("%v", p.Header)
	}
	if again := ask(t, b, "/sr/codelists/Procedures", "text/csv", "If-None-Match", tag); again.Status != http.StatusNotModified || again.Body != "" {
		t.Errorf("%d", again.Status)
	}
	if other := ask(t, b, "/sr/codelists/Procedures", "application/json", "If-None-Match", tag); other.Status != http.StatusOK {
		t.Errorf("%d", other.Status)
	}
	if v := ask(t, b, "/sr/codelists/Procedures/2.0.1", "text/csv"); !strings.Contains(v.Header.Get("Cache-Control"), "immutable") || v.Header.Get("ETag") != tag {
		t.Errorf("%v", v.Header)
	}
	r, _ := http.NewRequest(http.MethodHead, b.Base+"/sr/codelists/Procedures", nil)
	if head := b.Do(r); head.Status != http.StatusOK || head.Body != "" || head.Header.Get("Content-Length") == "" {
		t.Errorf("%d %v", head.Status, head.Header)
	}
	if !strings.Contains(strings.Join(p.Header.Values("Link"), ","), `<https://sr.oots.tech.ec.europa.eu/codelists/Procedures>; rel="canonical"`) {
		t.Errorf("Link %q", p.Header.Values("Link"))
	}
}

// TestForms holds that what is served is what it says: Genericode that our reader reads, XML and JSON that parse.
func TestForms(t *testing.T) {
	t.Parallel()
	p := serve(t, demoCatalogue(t), nil)
	b := webtest.NewBrowser(t, webtest.Serve(t, p), "en")
	all, err := p.config.Service.Search(t.Context(), repository.Query{})
	if err != nil || len(all) < 40 {
		t.Fatalf("%d assets, %v", len(all), err)
	}
	for _, a := range all {
		for _, f := range append([]repository.Form{repository.Metadata, repository.JSONLD}, forms(a)...) {
			path := p.local(a, "") + "?format=" + string(f)
			got := ask(t, b, path, "")
			if got.Status != http.StatusOK {
				t.Errorf("%s: %d", path, got.Status)
				continue
			}
			body := []byte(got.Body)
			switch f {
			case repository.Genericode:
				if _, err := genericode.Parse(body); err != nil {
					t.Errorf("%s: %v", path, err)
				}
			case repository.CSV:
				if _, err := genericode.ParseCSV(body); err != nil {
					t.Errorf("%s: %v", path, err)
				}
			case repository.Metadata:
				doc, err := xmltree.Parse(body, xmltree.Default)
				if err != nil || !doc.Root.Is(repository.Namespace, "Asset") {
					t.Errorf("%s: %v", path, err)
				}
			default:
				if !json.Valid(body) {
					t.Errorf("%s: no JSON", path)
				}
			}
		}
	}
}

func forms(a *repository.Asset) []repository.Form {
	var out []repository.Form
	for _, d := range a.Distributions {
		if d.Form != "" {
			out = append(out, d.Form)
		}
	}
	return out
}

// TestLinks holds that every link of every page leads somewhere.
func TestLinks(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, serve(t, demoCatalogue(t), nil)), "en")
	seen := map[string]bool{}
	for _, p := range walk(t, b) {
		for _, a := range append(p.Tags("a"), p.Tags("link")...) {
			href, _, _ := strings.Cut(a.Attr["href"], "#")
			if href == "" || seen[href] || strings.HasPrefix(href, "https://sr.") {
				continue
			}
			seen[href] = true
			if !strings.HasPrefix(href, "/sr/") {
				t.Errorf("%s leads to %s", p.Path, href)
			} else if got := ask(t, b, href, browserAccept); got.Status != http.StatusOK && got.Status != http.StatusSeeOther {
				t.Errorf("%s leads to %s: %d", p.Path, href, got.Status)
			}
		}
	}
}

// TestSearch finds assets by words without accents, by country, and by identifier.
func TestSearch(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, serve(t, demoCatalogue(t), nil)), "en")
	for query, want := range map[string]string{
		"q=" + url.QueryEscape("γεννησησ"): "Greece", "q=TERTIARY+education": "tertiary", "type=code-list&country=EL": "DemoRegistries", "country=AT&type=evidence-type-classification": "Austria",
	} {
		ask(t, b, "/sr/assets?"+query, browserAccept).On(t, http.StatusOK, "list").See(t, want)
	}
	ask(t, b, "/sr/assets?q="+url.QueryEscape("https://sr.acc.oots.tech.ec.europa.eu/"+diploma), browserAccept).To(t, "/sr/"+diploma)
	ask(t, b, "/sr/assets?q="+strings.Repeat("x", 301), browserAccept).On(t, http.StatusBadRequest, "problem")
	ask(t, b, "/sr/assets?type=poem&from=-7", browserAccept).On(t, http.StatusOK, "list")
}

// TestRelations holds that relations lead there and back.
func TestRelations(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, serve(t, demoCatalogue(t), nil)), "en")
	p := ask(t, b, "/sr/"+diploma, browserAccept)
	p.See(t, "Is proved by", "T3", "In all languages")
	for _, a := range p.Tags("a") {
		if strings.HasPrefix(a.Attr["href"], "/sr/evidencetypeclassifications/") {
			back := ask(t, b, a.Attr["href"], browserAccept)
			back.See(t, "Is used by")
			if !strings.Contains(back.Body, `href="/sr/`+diploma+`"`) {
				t.Errorf("%s does not lead back", back.Path)
			}
			return
		}
	}
	t.Error("no evidence type")
}

func TestAPI(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, serve(t, demoCatalogue(t), nil)), "en")
	var found struct {
		Total  int
		Assets []apiAssetForm
	}
	p := ask(t, b, "/sr/api/assets?type=code-list&text=registries&country=EL", "application/json")
	if err := json.Unmarshal([]byte(p.Body), &found); err != nil || found.Total != 1 || !strings.HasSuffix(found.Assets[0].ID, "codelists/EL/DemoRegistries") {
		t.Errorf("%d %v: %s", p.Status, err, p.Body)
	}
	var one apiAssetForm
	p = ask(t, b, "/sr/api/asset?uri="+url.QueryEscape("https://sr.oots.tech.ec.europa.eu/codelists/EAS"), "")
	if err := json.Unmarshal([]byte(p.Body), &one); err != nil || len(one.Versions) != 2 || one.Type != repository.CodeList || len(one.Distributions) != 3 {
		t.Errorf("%d %v: %s", p.Status, err, p.Body)
	}
	for path, status := range map[string]int{
		"/sr/api/asset?uri=https://sr.oots.tech.ec.europa.eu/codelists/None": 404, "/sr/api/asset": 422, "/sr/api/assets?type=poem": 422, "/sr/api/assets?limit=5000": 422,
		"/sr/api/assets?offset=900000": 200, "/sr/openapi.json": 200,
	} {
		if p := ask(t, b, path, "application/json"); p.Status != status {
			t.Errorf("%s: %d, want %d", path, p.Status, status)
		}
	}
	var api struct {
		OpenAPI string `json:"openapi"`
		Paths   map[string]any
	}
	if err := json.Unmarshal([]byte(ask(t, b, "/sr/openapi.json", "").Body), &api); err != nil || !strings.HasPrefix(api.OpenAPI, "3.1") || api.Paths["/sr/api/assets"] == nil || api.Paths["/sr/api/versions"] != nil {
		t.Errorf("%v %v", err, api)
	}
}

// TestNothingIsKept holds that no address of a client and no word of a search is logged.
func TestNothingIsKept(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	p := serve(t, demoCatalogue(t), func(c *Config) { c.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	b := webtest.NewBrowser(t, webtest.Serve(t, p), "en")
	for _, path := range []string{"/sr/assets?q=Papadopoulou", "/sr/api/assets?text=Papadopoulou", "/sr/codelists/Procedures?format=csv"} {
		ask(t, b, path, "")
	}
	if strings.Count(log.String(), "msg=request") != 3 || strings.Contains(log.String(), "Papadopoulou") || strings.Contains(log.String(), "127.0.0.1") {
		t.Errorf("log: %s", &log)
	}
}
