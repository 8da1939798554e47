package catalogue

import (
	"net/http"
	"slices"

	"oots/directory"
	"oots/internal/web"
)

// procedurePage is one procedure: what it asks for, and how a country implements it.
type procedurePage struct {
	web.Frame
	Base         string
	Code         string
	Event        string
	Label        web.Foreign
	Requirements []asked
	Countries    []web.Country
	Chosen       web.Country
	Frameworks   []directory.ReferenceFramework // of the chosen country
}

// asked is a requirement with the countries that ask for it.
type asked struct {
	requirementLine
	Countries []web.Country
}

func (p *Page) procedure(v *visit) error {
	x := p.current()
	found := x.procedures[v.R.PathValue("code")]
	if found == nil {
		return p.none()
	}
	page := procedurePage{Base: p.config.Base, Code: found.code, Event: eventName(v, found.code), Label: procedureLabel(v, found.code), Countries: countries(v, found.countries)}
	page.Frame = v.Frame(page.Label.Value)
	if code := v.R.URL.Query().Get("country"); slices.Contains(found.countries, code) {
		page.Chosen = web.Country{Code: code, Name: countryName(v, code)}
	}
	seen := map[string]bool{}
	for _, r := range byName(v, found.requirements) {
		var from []string
		for i := range r.Frameworks {
			f := &r.Frameworks[i]
			if !slices.Contains(f.Procedures, found.code) {
				continue
			}
			if !slices.Contains(from, f.Jurisdiction.Country) {
				from = append(from, f.Jurisdiction.Country)
			}
			if f.Jurisdiction.Country == page.Chosen.Code && !seen[f.ID] {
				seen[f.ID] = true
				page.Frameworks = append(page.Frameworks, *f)
			}
		}
		if page.Chosen.Code == "" || slices.Contains(from, page.Chosen.Code) {
			slices.Sort(from)
			page.Requirements = append(page.Requirements, asked{lineOf(r), countries(v, from)})
		}
	}
	return v.Show(http.StatusOK, "procedure", &page)
}

// none is the answer to an address of nothing.
func (p *Page) none() error {
	return &web.Problem{Status: http.StatusNotFound, Kind: web.NoPage, Back: p.config.Base + "/"}
}
