package coordinator_test

import (
	"net/url"
	"testing"

	"oots/directory"
	"oots/edm"
	"oots/internal/coordinator"
	"oots/internal/web"
	"oots/internal/web/webtest"
)

// filled is an office in which every kind of record is in force, and a draft that the rules refuse is begun.
func filled(t testing.TB, edit func(*coordinator.Config)) *office {
	t.Helper()
	o := newOffice(t, edit)
	list := directory.CodeList{URL: sr + "codelists/LU/Communes", Version: "1.0", Codes: []directory.Code{{Code: "0204", Names: en("Esch")}, {Code: "0304", Names: edm.Texts{{Lang: "EN", Value: "Luxembourg"}, {Lang: "FR", Value: "Luxembourg-Ville"}}}}}
	service := directory.DataService{
		ID: "0a000000-0000-4000-8000-000000000005", Classification: sr + "evidencetypeclassifications/LU/0a000000-0000-4000-8000-000000000003", Titles: en("Birth certificate"),
		Distributions: []edm.Distribution{{Format: "application/pdf", Languages: []string{"FR"}}}, AccessPoint: edm.Identifier{Scheme: scheme, Value: "AP_LU"}, ConformsTo: []edm.Version{edm.V20},
		Publisher: directory.Publisher{ID: edm.Identifier{Scheme: scheme, Value: "LU-ESCH"}, Names: edm.Texts{{Lang: "FR", Value: "Commune d’Esch"}},
			Address: edm.Address{FullAddress: "Place 1, 4000 Esch", Country: "LU"}, Jurisdiction: directory.Jurisdiction{Country: "LU"}},
		Classifications: []directory.Concept{{ID: "0a000000-0000-4000-8000-000000000006", Type: directory.ConceptCodeList, CodeList: list.URL, ValueExpression: list.URL, Descriptions: en("In which commune?"), SupportedValues: []string{"0204"}}},
	}
	o.replace(luxembourg, broker("Change of address"),
		directory.Partition{Country: "LU", Service: directory.DataServiceDirectory, Catalogue: directory.Catalogue{Services: []directory.DataService{service}}},
		directory.Partition{Country: "LU", Service: directory.SemanticRepository, Catalogue: directory.Catalogue{CodeLists: []directory.CodeList{list}}})
	return o
}

// address is the form of a record in force.
func address(kind, id string) string { return "/edit/" + kind + "?" + url.Values{"id": {id}}.Encode() }

// walk shows every screen, with and without mistakes.
func walk(t testing.TB, o *office) []*webtest.Page {
	t.Helper()
	out := []*webtest.Page{webtest.NewBrowser(t, o.server, "en").Get("/login")}
	b := o.as("lu-editor")
	see := func(p *webtest.Page) *webtest.Page { out = append(out, p); return p }
	see(b.Get("/"))
	see(b.Get("/check"))
	for _, kind := range []string{"procedure", "list", "type", "provider", "access", "service", "scheme"} {
		see(b.Get("/list/" + kind))
	}
	for _, kind := range []string{"procedure", "list", "service", "scheme"} {
		see(b.Submit(see(b.Get("/edit/"+kind)), "/edit/"+kind, nil))
	}
	see(b.Get(address("type", sr+"evidencetypeclassifications/LU/0a000000-0000-4000-8000-000000000003")))
	see(b.Get(address("provider", scheme+" LU-ESCH")))
	see(b.Get(address("access", scheme+" AP_LU")))
	see(b.Get(address("service", "0a000000-0000-4000-8000-000000000005 at LU-ESCH by AP_LU")))
	p := b.Get(address("scheme", sr+"codelists/LU/Communes"))
	see(b.Submit(p, "/edit/scheme", url.Values{"more": {"column"}, "addColumn": {"DE"}}))
	fill(b, p, "/edit/scheme", "codes.0.EN", "Esch-sur-Alzette") // without a higher version
	see(b.Submit(p, "/edit/scheme", url.Values{"codes.0.EN": {"Esch/Alzette"}}))
	see(b.Get("/"))
	refused := see(b.Get("/check"))
	see(b.Get(link(t, refused, "Communes")))
	see(b.Get("/xml"))
	o.replace(luxembourg, broker("Moving house"))
	see(b.Get("/history"))
	see(b.Get("/history/2"))
	see(b.Get("/log"))
	see(b.Get("/nowhere"))
	keeper := o.as("operator")
	see(keeper.Get("/"))
	accounts := see(keeper.Get("/accounts"))
	see(keeper.Submit(accounts, "/accounts", url.Values{"name": {"X"}}))
	made := see(keeper.Submit(accounts, "/accounts", url.Values{"name": {"lu-new"}, "country": {"LU"}, "role": {"editor"}}))
	for _, code := range made.Tags("code") {
		if u, err := url.Parse(code.Text()); err == nil && u.Path == "/welcome" {
			out = append(out, webtest.NewBrowser(t, o.server, "en").Get(u.RequestURI()))
		}
	}
	return out
}

func TestEveryScreen(t *testing.T) {
	t.Parallel()
	o := filled(t, nil).serve()
	seen := map[string]bool{}
	for _, p := range walk(t, o) {
		if p.Node == nil {
			t.Fatalf("%s: status %d, no page", p.Path, p.Status)
		}
		seen[p.Tags("body")[0].Attr["data-screen"]] = true
	}
	screens, err := web.Parse(coordinator.Files)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range screens.Names() {
		if !seen[name] {
			t.Errorf("screen %s was not shown", name)
		}
	}
}

// TestAxe lets an independent judge look at every screen. See webtest.Axe for what it needs.
func TestAxe(t *testing.T) {
	o := filled(t, nil).serve()
	webtest.Axe(t, o.page, walk(t, o))
}
