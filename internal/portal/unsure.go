package portal

import (
	"net/http"

	"oots/internal/requester"
	"oots/internal/web"
)

// unsurePage helps a user who cannot answer a question of the directory.
type unsurePage struct {
	web.Frame
	App  application
	Card requester.Card
	Back string
}

func (p *Portal) unsure(v *visit, a application) error {
	c, err := card(v, a)
	if err != nil {
		return err
	}
	ch := readChoice(v.R.URL.Query())
	return v.Show(http.StatusOK, "unsure", &unsurePage{
		Frame: p.page(v, v.T("portal/unsure.title")), App: a, Card: c, Back: a.RequirementPath(c) + "/question?" + ch.Query(),
	})
}
