package catalogue

import (
	"net/http"
	"slices"

	"oots/directory"
	"oots/edm"
	"oots/internal/web"
)

// countryPage is what one country asks for, and what it provides.
type countryPage struct {
	web.Frame
	Base       string
	Country    web.Country
	Countries  []web.Country
	Provides   []provided
	Silent     int // requirements to which it says nothing
	Frameworks []frameworkLine
	Pager      pager
}

// provided is what the country says to one requirement.
type provided struct {
	requirementLine
	cell
}

// frameworkLine is a procedure as the country implements it.
type frameworkLine struct {
	ID           string
	Titles       edm.Texts
	Procedures   []string
	Requirements []requirementLine
}

func (p *Page) country(v *visit) error {
	x, code := p.current(), v.R.PathValue("code")
	if !slices.Contains(x.countries, code) {
		return p.none()
	}
	page := countryPage{Base: p.config.Base, Country: web.Country{Code: code, Name: countryName(v, code)}, Countries: countries(v, x.countries)}
	page.Frame = v.Frame(page.Country.Name)
	all := make([]*directory.Requirement, len(x.catalogue.Requirements))
	for i := range x.catalogue.Requirements {
		all[i] = &x.catalogue.Requirements[i]
	}
	at := map[string]int{}
	var frameworks []frameworkLine
	for _, r := range byName(v, all) {
		if c := cells(r, []web.Country{page.Country})[0]; c.Silent() {
			page.Silent++
		} else {
			page.Provides = append(page.Provides, provided{lineOf(r), c})
		}
		for i := range r.Frameworks {
			f := &r.Frameworks[i]
			if f.Jurisdiction.Country != code {
				continue
			}
			n, known := at[f.ID]
			if !known {
				n = len(frameworks)
				at[f.ID] = n
				frameworks = append(frameworks, frameworkLine{ID: f.ID, Titles: f.Titles, Procedures: f.Procedures})
			}
			frameworks[n].Requirements = append(frameworks[n].Requirements, lineOf(r))
		}
	}
	slices.SortStableFunc(frameworks, func(a, b frameworkLine) int { return compareCodes(firstOf(a.Procedures), firstOf(b.Procedures)) })
	page.Frameworks, page.Pager = paged(v.R.URL, frameworks)
	return v.Show(http.StatusOK, "country", &page)
}

func firstOf(all []string) string {
	if len(all) == 0 {
		return ""
	}
	return all[0]
}
