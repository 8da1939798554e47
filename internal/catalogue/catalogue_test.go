package catalogue

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"oots/directory"
	"oots/edm"
	"oots/internal/clock"
	"oots/internal/web/webtest"
)

const sr = "https://sr.oots.tech.ec.europa.eu/"

// fixed is a source whose catalogue a test may replace.
type fixed struct{ c *directory.Catalogue }

func (f *fixed) Catalogue() *directory.Catalogue { return f.c }

func open(t testing.TB, source Source) *Page {
	t.Helper()
	at := time.Date(2026, 9, 14, 8, 30, 0, 0, time.UTC)
	p, err := New(Config{
		Source: source, Clock: clock.Clock{Now: func() time.Time { return at }, NewUUID: clock.UUID}, Log: slog.New(slog.DiscardHandler),
		Asset: func(id string) string {
			path, ours := strings.CutPrefix(id, sr)
			if !ours {
				return ""
			}
			return "/repository/" + path
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func id(n int) string { return fmt.Sprintf("0a000000-0000-4000-8000-%012d", n) }

func texts(pairs ...string) edm.Texts {
	var out edm.Texts
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, edm.Text{Lang: pairs[i], Value: pairs[i+1]})
	}
	return out
}

// small is a catalogue with everything in it once: Austria proves birth in two ways, Greece says that it has nothing,
// Finland asks and is silent.
func small() *directory.Catalogue {
	framework := func(n int, country, title string) directory.ReferenceFramework {
		return directory.ReferenceFramework{ID: id(n), Titles: texts("EN", title), Procedures: []string{"R1"}, Jurisdiction: directory.Jurisdiction{Country: country}}
	}
	kind := func(n int, pairs ...string) directory.EvidenceType {
		return directory.EvidenceType{Classification: sr + "evidencetypeclassifications/AT/" + id(n), Titles: texts(pairs...), Descriptions: texts("EN", "A paper.")}
	}
	certificate, extract, oath := kind(11, "DE", "Geburtsurkunde"), kind(12, "EN", "Extract of the register"), kind(13, "EN", "Declaration")
	at := directory.Jurisdiction{Country: "AT"}
	birth := directory.Requirement{
		ID: sr + "requirements/" + id(1), Names: texts("EN", "Birth", "EL", "Γέννηση"), Descriptions: texts("EN", "Where and when somebody was born"),
		Frameworks: []directory.ReferenceFramework{framework(21, "FI", "Syntymätodistus"), framework(22, "AT", "Name of a child")},
		Lists: []directory.EvidenceTypeList{
			{ID: id(31), Names: texts("EN", "By certificate"), Jurisdiction: at, Types: []directory.EvidenceType{certificate}},
			{ID: id(32), Names: texts("EN", "By register and oath"), Jurisdiction: at, Types: []directory.EvidenceType{extract, oath}},
			{ID: id(33), Names: texts("EN", "None"), Jurisdiction: directory.Jurisdiction{Country: "EL"}, MatchType: directory.NoMatch, MatchDescriptions: texts("EN", "Births are not registered centrally.")},
		},
	}
	home := directory.Requirement{ID: sr + "requirements/" + id(2), Names: texts("EN", "Domicile"), Frameworks: []directory.ReferenceFramework{framework(22, "AT", "Name of a child")}}
	scheme := "urn:cef.eu:names:identifier:EAS:9915"
	service := directory.DataService{
		ID: id(41), Classification: certificate.Classification, Titles: certificate.Titles, Distributions: []edm.Distribution{{Format: "application/pdf"}},
		AccessPoint: edm.Identifier{Scheme: scheme, Value: "AP_AT"}, ConformsTo: []edm.Version{edm.V12, edm.V20}, LoA: edm.Substantial,
		Publisher: directory.Publisher{ID: edm.Identifier{Scheme: scheme, Value: "graz"}, Names: texts("DE", "Standesamt Größwang"), Jurisdiction: at,
			Address: edm.Address{Country: "AT", PostCityName: "Größwang"}},
		Classifications: []directory.Concept{{ID: id(51), Type: directory.ConceptString, Descriptions: texts("EN", "In which town?"), SupportedValues: []string{"Größwang"}}},
	}
	return &directory.Catalogue{Requirements: []directory.Requirement{birth, home}, Services: []directory.DataService{service}}
}

func TestTexts(t *testing.T) { webtest.Texts(t, "catalogue") }

// addresses are one of every page.
func addresses() []string {
	return []string{
		"/", "/search", "/search?q=geburt", "/search?q=nothingofthekind", "/matrix", "/procedures/R1", "/procedures/R1?country=AT",
		"/requirements/" + id(1), "/requirements/" + id(2), "/evidence-types/at-" + id(11), "/evidence-types/at-" + id(12),
		"/providers/" + providerKey(edm.Identifier{Scheme: "urn:cef.eu:names:identifier:EAS:9915", Value: "graz"}),
		"/countries/AT", "/countries/EL", "/countries/XX",
	}
}

func TestEveryScreen(t *testing.T) {
	t.Parallel()
	server := webtest.Serve(t, open(t, &fixed{small()}))
	webtest.EveryScreen(t, Files, func(t *testing.T, lang string) []*webtest.Page {
		var out []*webtest.Page
		b := webtest.NewBrowser(t, server, lang)
		for _, a := range addresses() {
			out = append(out, b.Get(a))
		}
		return out
	})
}

// TestThreeAnswers tells apart who has lists, who says that there is nothing, and who is silent.
func TestThreeAnswers(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, open(t, &fixed{small()})), "en")
	p := b.Get("/matrix").On(t, 200, "matrix")
	want := map[string]string{"AT": "yes", "EL": "no", "FI": "silent"}
	row := p.Tags("tbody")[0].Tags("tr")[0]
	for i, country := range []string{"AT", "EL", "FI"} {
		if got := row.Tags("td")[i].Attr["class"]; got != want[country] {
			t.Errorf("%s is %s, want %s", country, got, want[country])
		}
	}
	p = b.Get("/requirements/"+id(1)).On(t, 200, "requirement")
	p.See(t, "By register and oath", "all of them together", "Births are not registered centrally.", "no provider yet", "providers: 1")
	if at := p.With("id", "AT"); !strings.Contains(at.Text(), " or ") || len(p.With("id", "EL").Tags("ul")) != 0 {
		t.Errorf("Austria: %s", at.Text())
	}
}

// TestSearch finds in every language, without accents, in capitals.
func TestSearch(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, open(t, &fixed{small()})), "en")
	for q, want := range map[string]string{
		"gennisi": "", "ΓΕΝΝΗΣΗ": "/requirements/" + id(1), "γεννηση": "/requirements/" + id(1), "grosswang": "/providers/", "GRÖßWANG standesamt": "/providers/",
		"urkunde": "/evidence-types/at-" + id(11), "r1": "/procedures/R1", "syntymatodistus": "/procedures/R1", id(12): "/evidence-types/at-" + id(12),
	} {
		p := b.Get("/search?q="+strings.ReplaceAll(q, " ", "+")).On(t, 200, "search")
		var links []string
		for _, li := range p.Tags("main")[0].Tags("ul") {
			if li.Attr["class"] == "lines" {
				for _, a := range li.Tags("a") {
					links = append(links, a.Attr["href"])
				}
			}
		}
		found := strings.Join(links, " ")
		if want == "" && found != "" || !strings.Contains(found, want) {
			t.Errorf("%q finds %q, want %q", q, found, want)
		}
	}
}

// TestLanguages shows the words of the user's language, and says so when there are none.
func TestLanguages(t *testing.T) {
	t.Parallel()
	server := webtest.Serve(t, open(t, &fixed{small()}))
	webtest.NewBrowser(t, server, "el").Get("/requirements/"+id(1)).See(t, "Γέννηση")
	p := webtest.NewBrowser(t, server, "en").Get("/evidence-types/at-" + id(11))
	if h := p.Tags("h1")[0]; h.Tags("bdi")[0].Attr["lang"] != "de" || !strings.Contains(h.Text(), "German") {
		t.Errorf("heading %s", h.Text())
	}
}

// TestDownload gives the record in the release line asked for, and nothing in another.
func TestDownload(t *testing.T) {
	t.Parallel()
	b := webtest.NewBrowser(t, webtest.Serve(t, open(t, &fixed{small()})), "en")
	for path, want := range map[string]string{
		"/requirements/" + id(1) + "/xml?version=2.0": "<sdg:MatchType>NoMatch</sdg:MatchType>", "/requirements/" + id(1) + "/xml?version=1.2": "oots-cs:v1.2",
		"/evidence-types/at-" + id(11) + "/xml?version=1.2": "<sdg:ConformsTo>oots-edm:v2.0</sdg:ConformsTo>",
	} {
		p := b.Get(path)
		if p.Status != 200 || !strings.Contains(p.Body, want) || !strings.HasPrefix(p.Header.Get("Content-Disposition"), "attachment") {
			t.Errorf("%s: %d, no %s in\n%.600s", path, p.Status, want, p.Body)
		}
	}
	b.Get("/requirements/"+id(1)+"/xml?version=3.0").On(t, 404, "problem")
	b.Get("/requirements/"+id(9)).On(t, 404, "problem")
}

// TestNewCatalogue shows what is in force now, and links identifiers to their assets.
func TestNewCatalogue(t *testing.T) {
	t.Parallel()
	source := &fixed{&directory.Catalogue{}}
	b := webtest.NewBrowser(t, webtest.Serve(t, open(t, source)), "en")
	b.Get("/").See(t, "Nobody has said anything yet.")
	source.c = small()
	b.Get("/").See(t, "Birth certificate")
	p := b.Get("/requirements/" + id(1))
	if p.With("href", "/repository/requirements/"+id(1)) == nil {
		t.Error("the identifier leads nowhere")
	}
}
