package portal

import (
	"net/http"

	"oots/internal/requester"
	"oots/internal/web"
)

// countryPage asks where the document is. [ux-guidance P6]
type countryPage struct {
	web.Frame
	App       application
	Card      requester.Card
	Choices   []web.Country
	Suggested string
	Own       string
}

func (p *Portal) chooseCountry(v *visit, a application) error {
	c, err := card(v, a)
	if err != nil {
		return err
	}
	page := countryPage{Frame: p.page(v, v.T("portal/country.title")), App: a, Card: c, Own: p.country}
	for _, x := range v.Countries() {
		if x.Code != p.country { // a document of the own country is not fetched through this system
			page.Choices = append(page.Choices, x)
		}
	}
	if a.User.Country != p.country {
		page.Suggested = a.User.Country
	}
	return v.Show(http.StatusOK, "country", &page)
}
