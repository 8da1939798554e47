package portal

import (
	"net/http"

	"oots/edm/exchange"
	"oots/internal/requester"
	"oots/internal/web"
)

// waitingPage tells that an authority has been asked. It stands until something has happened, without a
// script, and the user can stop that. [ux-guidance P12] [WCAG 2.2.1]
type waitingPage struct {
	web.Frame
	App      application
	Card     requester.Card
	Exchange requester.Exchange
	Away     bool // the user has been sent to the preview
	Manual   bool // the user stopped the reloading
}

func (p *Portal) waiting(v *visit, a application, c requester.Card, x requester.Exchange) error {
	page := waitingPage{
		Frame: p.page(v, v.T("portal/waiting.title")), App: a, Card: c, Exchange: x,
		Away: x.State == exchange.SecondSent, Manual: v.R.URL.Query().Get("reload") == "off",
	}
	page.Leads = page.Away
	if !page.Manual {
		page.Reload = web.Reload{Seconds: 1, URL: page.Self() + "?since=" + string(x.State)}
	}
	return v.Show(http.StatusOK, "waiting", &page)
}

// Self is the address of the page.
func (p *waitingPage) Self() string { return p.App.ExchangePath(p.Exchange.ID) }
