package e2e

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"oots/directory"
	"oots/edm"
	"oots/internal/node"
	"oots/internal/provider"
)

// cypriotDiploma is the evidence type of a third country, whose provider shares an access point with Greece.
const cypriotDiploma = "https://sr.oots.tech.ec.europa.eu/evidencetypeclassifications/CY/2c5a8e10-7b3f-4d96-a1e4-90c6d2f85b37"

var cypriotRegistry = edm.Agent{
	ID:    edm.Identifier{Scheme: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:CY", Value: "DEMO-CY-REG"},
	Names: edm.Texts{{Lang: "EN", Value: "Demo Registry of Nicosia"}}, Address: &edm.Address{Country: "CY"}, Class: edm.EvidenceProvider,
}

// cyprus answers with what another register holds.
type cyprus struct{ provider.Register }

// Find implements provider.Register.
func (c cyprus) Find(ctx context.Context, s provider.Subject, _ string, languages []string) ([]provider.Record, error) {
	records, err := c.Register.Find(ctx, s, greekDiploma, languages)
	for i := range records {
		records[i].Issuer = cypriotRegistry
	}
	return records, err
}

const greekDiploma = "https://sr.oots.tech.ec.europa.eu/evidencetypeclassifications/EL/7d41f6c3-20a9-4b57-8e1c-93b6f0d8a422"

// withCyprus adds the diploma of Cyprus to directories and providers; Greece asks nothing before it answers.
func withCyprus(o *node.Options) {
	diplomas(o, func(_ bool, s *directory.DataService) { s.Classifications = nil })
	services := o.Catalogue.Services
	i := slices.IndexFunc(services, func(s directory.DataService) bool {
		return s.Classification == greekDiploma && s.Publisher.ID.Value == "DEMO-EL-ATH"
	})
	s := services[i]
	o.Catalogue.Services = slices.DeleteFunc(services, func(s directory.DataService) bool {
		return s.Classification == greekDiploma && s.Publisher.ID.Value != "DEMO-EL-ATH"
	})
	s.ID, s.Classification = "8d0b6f4e-35c2-4a7d-9e18-6b2f7c50a944", cypriotDiploma
	s.Titles = edm.Texts{{Lang: "EN", Value: "Cypriot diploma"}}
	s.Publisher.ID, s.Publisher.Names, s.Publisher.Address = cypriotRegistry.ID, cypriotRegistry.Names, *cypriotRegistry.Address
	s.Publisher.Jurisdiction = directory.Jurisdiction{Country: "CY"}
	o.Catalogue.Services = append(o.Catalogue.Services, s)
	o.Catalogue.Requirements = slices.Clone(o.Catalogue.Requirements)
	for i := range o.Catalogue.Requirements {
		r := &o.Catalogue.Requirements[i]
		k := slices.IndexFunc(r.Lists, func(l directory.EvidenceTypeList) bool {
			return slices.ContainsFunc(l.Types, func(t directory.EvidenceType) bool { return t.Classification == greekDiploma })
		})
		if k < 0 {
			continue
		}
		l := r.Lists[k]
		l.ID, l.Jurisdiction = "4b9f2d71-0e6c-4538-b7a2-c1d85e3f6099", directory.Jurisdiction{Country: "CY"}
		l.Types = []directory.EvidenceType{{Classification: cypriotDiploma, Titles: s.Titles, Jurisdictions: []directory.Jurisdiction{l.Jurisdiction}}}
		r.Lists = append(slices.Clone(r.Lists), l)
	}
	o.Variant.Provider = func(country string, s *provider.Settings) {
		if country != "EL" {
			return
		}
		another := s.Services[0]
		another.Agent, another.Register, another.EvidenceTypes = cypriotRegistry, cyprus{another.Register}, []string{cypriotDiploma[strings.LastIndexByte(cypriotDiploma, '/')+1:]}
		s.Services = append(s.Services, another)
	}
}

// TestBasketInABrowser puts the diplomas of two countries on one list, asks for both with one confirmation, sees both
// exchanges side by side, and is recognised at the second preview. [SDGR art. 14(7)] [ux-guidance P11, P12]
func TestBasketInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("drives a browser")
	}
	ctx := browser(t)
	d := serveWith(t, withCyprus)
	w := &walker{t: t, ctx: ctx}
	countries := []string{"EL", "CY"}
	added, previews := 0, 0
	actions := map[string]func(){
		"procedures":   func() { w.press(`[data-procedure="T3"]`) },
		"landing":      func() { w.press(`a.button[href$="/begin"]`) },
		"login":        func() { w.press(`[data-login="demo"]`) },
		"choose":       func() { w.do(chromedp.Click(`#person-eleni`)); w.press(`main form button[type="submit"]`) },
		"identity":     func() { w.press(`form[action$="/begin"] button`) },
		"explanation":  func() { w.press(`main a.button`) },
		"checklist":    func() { w.press(`li.card a.button`) },
		"country":      func() { w.do(chromedp.SetValue(`#country`, countries[added])); w.press(`main form button`) },
		"alternatives": func() { w.press(`main li a.button`) },
		"request":      func() { added++; w.press(`form[action$="/collect"] button`) },
		"basket":       func() { w.press(`.actions a[href^="/applications/"]`) },
	}
	w.do(chromedp.Navigate(d.States[0].Base + "/?lang=en"))
	w.walk(actions, "basket")
	w.press(`main form .actions a`) // another document
	w.walk(actions, "basket")
	if n := get(w, chromedp.Evaluate[int](`document.querySelectorAll('[data-wish] input[name="wish"]').length`)); n != 2 {
		t.Fatalf("%d documents on the list", n)
	}
	w.do(chromedp.Click(`[data-country="EL"] input[name="wish"]`), chromedp.Click(`[data-country="CY"] input[name="wish"]`))
	w.press(`form[action$="/basket"] button[type="submit"]`)
	w.until("both previews", `document.querySelectorAll('[data-outcome="ready"]').length === 2`)
	if name := w.screen(); name != "progress" {
		t.Fatalf("the exchanges are shown on %q", name)
	}
	progress := get(w, chromedp.Location())
	actions = map[string]func(){
		"progress":  func() { previews++; w.press(`[data-outcome="ready"] a.button`) },
		"ready":     func() { w.press(`form[action$="/preview"] button`) },
		"arrival":   func() { w.press(`main .actions a.button`) },
		"login":     func() { w.press(`[data-login="demo"]`) },
		"choose":    func() { w.do(chromedp.Click(`#person-eleni`)); w.press(`main form button[type="submit"]`) },
		"documents": func() { w.press(`main form button[value="send"]`) },
		"decision":  func() { w.press(`main form button[type="submit"]`) },
	}
	w.walk(actions, "result")
	w.comes(`#return`)
	w.press(`#return`)
	w.comes(`[data-outcome="received"]`)
	logins := 0
	choose := actions["choose"]
	actions["choose"] = func() { logins++; choose() }
	w.do(chromedp.Navigate(progress))
	w.walk(actions, "result")
	w.comes(`#return`)
	w.press(`#return`)
	w.comes(`[data-outcome="received"]`)
	if logins > 0 || previews != 2 {
		t.Errorf("%d more logins for the second of %d previews", logins, previews)
	}
	w.do(chromedp.Navigate(progress))
	if n := get(w, chromedp.Evaluate[int](`document.querySelectorAll('[data-outcome="received"]').length`)); n != 2 {
		t.Errorf("%d documents have arrived", n)
	}
}
