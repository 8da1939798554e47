package eidas

import (
	"net/http"
	"slices"

	"oots/edm"
	"oots/internal/login"
	"oots/internal/web"
)

// choosePage asks for the country of the eID and for whom the user comes.
type choosePage struct {
	web.Frame
	Countries []web.Country
	Chosen    string
	Company   bool
	LoA       edm.LoA // what the login has to reach
	Level     string  // in words
	Next      string
}

func (m *Method) choose(v *visit) error {
	query := v.R.URL.Query()
	next := web.SafeNext(query.Get("next"), "/")
	return m.show(v, http.StatusOK, next, login.Wanted(m.Level(next), query.Get("level")), "", false, "")
}

func (m *Method) show(v *visit, status int, next string, level edm.LoA, chosen string, company bool, wrong string) error {
	p := choosePage{Frame: v.Frame(v.T("login/eidas/choose.title")), Chosen: chosen, Company: company, LoA: level, Next: next}
	for _, c := range v.Countries() { // sorted as the language sorts
		if slices.ContainsFunc(m.Services, func(s Service) bool { return s.Country == c.Code }) {
			p.Countries = append(p.Countries, c)
		}
	}
	p.Leads = true // the answer to the form is a redirect to the service
	switch level {
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
