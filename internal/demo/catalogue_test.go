package demo

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"oots/codelist"
	"oots/directory"
	"oots/directory/query"
	"oots/edm"
	"oots/internal/corpus"
)

const captured = "common-services/oots-france/responses/"

func catalogue(t *testing.T) directory.Catalogue {
	t.Helper()
	c, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestCatalogueIsSound(t *testing.T) {
	c := catalogue(t)
	if fs := c.Check(); len(fs) > 0 {
		t.Errorf("breaks %d rules, first %v", len(fs), fs[0])
	}
	want := directory.Counts{Requirements: 4, Frameworks: 11, Countries: 2, Lists: 8, Services: 9}
	if n := c.Counts(); n != want {
		t.Errorf("got %+v, want %+v", n, want)
	}
	if len(c.CodeLists) != 1 || !c.CodeLists[0].Has("THE") {
		t.Errorf("code lists %+v", c.CodeLists)
	}
}

// TestEmbeddedAnswersAreCanonical: each embedded file is what the writer of answers makes of it, but for
// the ids of registry objects.
func TestEmbeddedAnswersAreCanonical(t *testing.T) {
	names, err := fs.Glob(answers, "catalogue/*.xml")
	if err != nil || len(names) != 13 {
		t.Fatalf("%d files, %v", len(names), err)
	}
	for _, name := range names {
		b, err := answers.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		a, err := query.Read(b)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		line := directory.Line{Version: a.Version}
		again := query.AppendRequirements(nil, line, a.Requirements)
		if len(a.DataServices) > 0 {
			again = query.AppendDataServices(nil, line, a.DataServices, "")
		}
		if !bytes.Equal(withoutIDs(b), withoutIDs(again)) {
			t.Errorf("%s is written as\n%s", name, again)
		}
	}
}

func withoutIDs(b []byte) []byte {
	var out []byte
	for line := range bytes.Lines(b) {
		if !bytes.Contains(line, []byte("<rim:RegistryObject id=")) {
			out = append(out, line...)
		}
	}
	return out
}

// TestPartiesAgree: the directory names the access points and providers that the States run.
func TestPartiesAgree(t *testing.T) {
	c := catalogue(t)
	for _, s := range States() {
		provided := map[edm.Identifier]bool{}
		for _, d := range c.Services {
			if d.Country() != s.Country {
				continue
			}
			provided[d.Publisher.ID] = true
			if d.AccessPoint != s.AccessPoint {
				t.Errorf("%s stands behind %v, not %v", d.Publisher.ID.Value, d.AccessPoint, s.AccessPoint)
			}
			for _, p := range s.Providers {
				if p.ID == d.Publisher.ID && p.Names.In(s.Lang) != d.Publisher.Names.In(s.Lang) {
					t.Errorf("%s is called %v and %v", p.ID.Value, p.Names, d.Publisher.Names)
				}
			}
		}
		for _, p := range s.Providers {
			if !provided[p.ID] {
				t.Errorf("%s provides nothing", p.ID.Value)
			}
		}
		if len(provided) != len(s.Providers) {
			t.Errorf("%s: %d publishers, %d providers", s.Country, len(provided), len(s.Providers))
		}
	}
}

// journey follows the queries of a procedure from a country to the providers of another.
func journey(t *testing.T, c directory.Catalogue, procedure, from, to string) []directory.DataService {
	t.Helper()
	x, line := directory.NewIndex(&c), directory.Line{Version: directory.V20}
	rs, err := x.Requirements(directory.RequirementQuery{Procedure: procedure, Country: from})
	if err != nil {
		t.Fatal(err)
	}
	var all []directory.DataService
	for _, r := range rs {
		found, err := x.EvidenceTypes(line, directory.EvidenceTypeQuery{Requirement: r.ID, Country: to})
		var none *directory.Refusal
		if errors.As(err, &none) && none.Empty() {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range found.Lists {
			for _, et := range l.Types {
				q := directory.DataServiceQuery{Classification: et.Classification, Country: to, Specification: edm.V20}
				ds, err := x.DataServices(line, q)
				var ask *directory.Question
				if errors.As(err, &ask) {
					q.Answers = map[string]string{ask.Concepts[0].ID: "THE"}
					ds, err = x.DataServices(line, q)
				}
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, ds...)
			}
		}
	}
	return all
}

func TestJourneys(t *testing.T) {
	c := catalogue(t)
	for _, tc := range []struct{ procedure, from, to, want string }{
		{"T3", "AT", "EL", "Diploma@DEMO-EL-THE"},
		{"T2", "AT", "EL", "Diploma@DEMO-EL-THE Birth certificate@DEMO-EL-ATH"},
		{"V1", "AT", "EL", "Residence certificate@DEMO-EL-ATH"},
		{"T3", "EL", "AT", "Diploma@DEMO-AT-REG"},
		{"R1", "EL", "AT", "Birth certificate@DEMO-AT-REG"},
		{"S1", "EL", "AT", "Residence certificate@DEMO-AT-REG"},
		{"X1", "AT", "EL", "Extract from the company register@DEMO-EL-ATH"},
		{"X1", "EL", "AT", "Extract from the company register@DEMO-AT-REG"},
	} {
		var got []string
		for _, d := range journey(t, c, tc.procedure, tc.from, tc.to) {
			got = append(got, d.Titles.In("EN").Value+"@"+d.Publisher.ID.Value)
		}
		if s := strings.Join(got, " "); s != tc.want {
			t.Errorf("%s %s→%s: got %q, want %q", tc.procedure, tc.from, tc.to, s, tc.want)
		}
	}
}

// TestProceduresHaveRequirements: whatever a portal offers leads somewhere.
func TestProceduresHaveRequirements(t *testing.T) {
	c := catalogue(t)
	x := directory.NewIndex(&c)
	for _, s := range States() {
		for _, p := range Procedures(s.Country) {
			if p.Named {
				continue
			}
			if _, err := x.Requirements(directory.RequirementQuery{Procedure: p.Code, Country: s.Country}); err != nil {
				t.Errorf("%s in %s: %v", p.Code, s.Country, err)
			}
		}
	}
}

// TestAllOfAnnexII: the navigation of a portal has every procedure of the code list but the system check, each once and
// under a life event. [SDGR Annex II]
func TestAllOfAnnexII(t *testing.T) {
	for _, s := range States() {
		var got []string
		for _, p := range Procedures(s.Country) {
			got = append(got, p.Code)
			if p.LifeEvent == "" || len(p.Titles) != 3 || len(p.Descriptions) != 3 {
				t.Errorf("%s: %+v", p.Code, p)
			}
		}
		var want []string
		for _, r := range codelist.Procedures.Rows() {
			if r.Code != edm.ProcedureSystemCheck && r.Label != "" { // of two codes nobody says what they are
				want = append(want, r.Code)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s has %v, want %v", s.Country, got, want)
		}
	}
}

// TestOverlay runs AT→EL over the catalogue of the acceptance environment.
func TestOverlay(t *testing.T) {
	base, err := Import([]string{corpus.Path(t, captured+"eb_requirements_catalogue.xml")})
	if err != nil {
		t.Fatal(err)
	}
	imported := directory.Counts{Requirements: 53, Frameworks: 687, Countries: 27}
	if n := base.Counts(); n != imported {
		t.Errorf("imported %+v, want %+v", n, imported)
	}
	c, err := Overlay(base)
	if err != nil {
		t.Fatal(err)
	}
	if n, want := c.Counts(), (directory.Counts{Requirements: 53, Frameworks: 698, Countries: 27, Lists: 8, Services: 9}); n != want {
		t.Errorf("overlaid %+v, want %+v", n, want)
	}
	if n := base.Counts(); n != imported {
		t.Errorf("the overlay changed the imported catalogue: %+v", n)
	}
	if fs := c.Check(); len(fs) > 0 {
		t.Errorf("breaks %v", fs[0])
	}
	const acc = "https://sr.acc.oots.tech.ec.europa.eu/"
	tertiary := c.Requirement(acc + "requirements/5247bb6b-6bec-43fd-9b2e-f99be2dbae39")
	if tertiary == nil || len(tertiary.Lists) != 2 || !strings.HasPrefix(tertiary.Lists[0].Types[0].Classification, acc) || tertiary.Names.In("EN").Value != "Proof of tertiary education qualification" {
		t.Fatalf("got %+v", tertiary)
	}
	ds := journey(t, c, "T3", "AT", "EL")
	if len(ds) != 1 || ds[0].Publisher.ID.Value != "DEMO-EL-THE" {
		t.Fatalf("got %+v", ds)
	}
	url := ds[0].Classifications[0].ValueExpression
	if url != acc+"codelists/EL/DemoRegistries" || CodeLists(c)[url] == nil {
		t.Errorf("the code list is at %s", url)
	}
}

// TestOverlayOfLittle adds requirements that the import does not hold, in the environment of the others.
func TestOverlayOfLittle(t *testing.T) {
	for _, tc := range []struct{ base, want string }{
		{"https://sr.dev.oots.tech.ec.europa.eu/requirements/00000000-0000-0000-0000-000000000000", "https://sr.dev.oots.tech.ec.europa.eu/"},
		{"", "https://sr.oots.tech.ec.europa.eu/"},
	} {
		var base directory.Catalogue
		if tc.base != "" {
			base.Requirements = []directory.Requirement{{ID: tc.base}}
		}
		c, err := Overlay(base)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Counts().Lists; got != 8 || c.Requirement(tc.want+"requirements/5247bb6b-6bec-43fd-9b2e-f99be2dbae39") == nil {
			t.Errorf("over %q: %d lists", tc.base, got)
		}
	}
}

func TestImportMix(t *testing.T) {
	var paths []string
	for _, name := range []string{"dsd_data_services_fi", "eb_evidence_types_fr", "eb_requirements_catalogue", "eb_evidence_types_fi"} {
		paths = append(paths, corpus.Path(t, captured+name+".xml"))
	}
	c, err := Import(paths)
	if err != nil {
		t.Fatal(err)
	}
	if n, want := c.Counts(), (directory.Counts{Requirements: 53, Frameworks: 687, Countries: 27, Lists: 2, Services: 1}); n != want {
		t.Errorf("got %+v, want %+v", n, want)
	}
}

func TestImportRefuses(t *testing.T) {
	good, err := answers.ReadFile("catalogue/eb-requirements.xml")
	if err != nil {
		t.Fatal(err)
	}
	refused, _ := query.AppendFailure(nil, directory.Line{Version: directory.V20}, &directory.Refusal{Code: "EB:ERR:0001"})
	asked, _ := query.AppendFailure(nil, directory.Line{Version: directory.V20}, &directory.Question{EvidenceType: directory.EvidenceType{Classification: "c"}, Concepts: []directory.Concept{{ID: "k"}}})
	for _, tc := range []struct {
		name    string
		content []byte
		line    int
		reason  string
	}{
		{"cut off", good[:len(good)/2], strings.Count(string(good[:len(good)/2]), "\n") + 1, ""},
		{"a page of a proxy", []byte("<html>\n</html>"), 1, "the root is not query:QueryResponse"},
		{"tags that do not match", bytes.Replace(good, []byte("<sdg:Identifier>https"), []byte("<sdg:Other>https"), 1), 0, ""},
		{"a refusal", refused, 0, "a refusal (EB:ERR:0001) holds nothing to import"},
		{"a question", asked, 0, "a question of a directory (DSD:ERR:0005) holds nothing to import"},
		{"an empty file", nil, 1, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "answer.xml")
			if err := os.WriteFile(path, tc.content, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := Import([]string{path})
			var e *ImportError
			if !errors.As(err, &e) || e.File != path || e.Reason == "" {
				t.Fatalf("got %v", err)
			}
			if tc.line > 0 && e.Line != tc.line || tc.reason != "" && e.Reason != tc.reason {
				t.Errorf("got line %d, %q; want line %d, %q", e.Line, e.Reason, tc.line, tc.reason)
			}
		})
	}
	if _, err := Import([]string{filepath.Join(t.TempDir(), "none.xml")}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}
