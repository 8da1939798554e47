package portal

import (
	"net/http"

	"oots/edm"
	"oots/internal/requester"
	"oots/internal/web"
)

// absentPage says that a country has nothing for a requirement, or nobody who delivers it.
type absentPage struct {
	web.Frame
	App       application
	Card      requester.Card
	InCountry string
	Meaning   string
	Declared  edm.Texts // what the country itself says; may be empty
}

func (p *Portal) showAbsent(v *visit, a application, c requester.Card, ch choice, meaning string, declared edm.Texts) error {
	country := v.Country(ch.Country)
	return v.Show(http.StatusOK, "absent", &absentPage{
		Frame: p.page(v, v.T("portal/absent.title", "country", country)), App: a, Card: c, InCountry: country, Meaning: meaning, Declared: declared,
	})
}
