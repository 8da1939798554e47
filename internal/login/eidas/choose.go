package eidas

import (
	"net/http"
	"slices"

	"oots/edm"
	"oots/internal/web"
)

// choosePage asks for the country of the eID and for whom the user comes.
type choosePage struct {
	web.Frame
	Countries []web.Country
	Chosen    string
	Company   bool
	Level     string // what the login has to reach
	Next      string
}

func (m *Method) choose(v *visit) error {
	return m.show(v, http.StatusOK, web.SafeNext(v.R.URL.Query().Get("next"), "/"), "", false, "")
}

func (m *Method) show(v *visit, status int, next, chosen string, company bool, wrong string) error {
	p := choosePage{Frame: v.Frame(v.T("login/eidas/choose.title")), Chosen: chosen, Company: company, Next: next}
	for _, c := range v.Countries() { // sorted as the language sorts
		if slices.ContainsFunc(m.Services, func(s Service) bool { return s.Country == c.Code }) {
			p.Countries = append(p.Countries, c)
		}
	}
	p.Leads = true // the answer to the form is a redirect to the service
	switch m.Level(next) {
	case edm.High:
		p.Level = v.T("login/eidas/choose.high")
	case edm.Substantial:
		p.Level = v.T("login/eidas/choose.substantial")
	default:
		p.Level = v.T("login/eidas/choose.low")
	}
	if wrong != "" {
		p.Errors = []web.FieldError{{Field: "country", Text: wrong}}
	}
	return v.Show(status, "choose", &p)
}
