package portal

import (
	"net/http"

	"oots/internal/requester"
	"oots/internal/web"
)

// resultPage tells what came of an exchange. [ux-guidance P14]
type resultPage struct {
	web.Frame
	App      application
	Card     requester.Card
	Exchange requester.Exchange
	Outcome  outcome
	Evidence []documentLine
	Current  bool // the exchange is of the card's present attempt
}

func (p *Portal) result(v *visit, a application, c requester.Card, x requester.Exchange) error {
	l := line(v, a, x)
	page := resultPage{Frame: p.page(v, l.Outcome.Title), App: a, Card: c, Exchange: x, Outcome: l.Outcome, Evidence: l.Evidence}
	for _, e := range c.Exchanges {
		page.Current = page.Current || e.ID == x.ID
	}
	return v.Show(http.StatusOK, "result", &page)
}

// reset takes what proves a requirement out of the application, to begin anew or to do without.
func (p *Portal) reset(v *visit, a application) error {
	c, err := card(v, a)
	if err != nil {
		return err
	}
	if err := p.requester.Reset(v.R.Context(), a.ID, c.Requirement.ID); err != nil {
		return err
	}
	if v.R.PostForm.Get("again") == "yes" {
		return v.Redirect(a.RequirementPath(c) + "/country")
	}
	return v.Redirect(a.Path() + "?notice=removed")
}
