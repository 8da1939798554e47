package portal

import (
	"errors"
	"net/http"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/requester"
	"oots/internal/web"
)

// readyPage says that a document waits at the authority, and where the user is going before she goes
// there. [TDD 4.9] [ux-guidance P13, §9]
type readyPage struct {
	web.Frame
	App         application
	Card        requester.Card
	Exchange    requester.Exchange
	Host        string // "" when the address is not one to go to
	Description edm.Texts
}

func (p *Portal) ready(v *visit, a application, c requester.Card, x requester.Exchange) error {
	page := readyPage{Frame: p.page(v, v.T("portal/ready.title")), App: a, Card: c, Exchange: x}
	if x.Preview != nil {
		page.Description = x.Preview.Descriptions
		if _, host, ok := web.Elsewhere(x.Preview.Location); ok {
			page.Host, page.Leads = host, true
		}
	}
	return v.Show(http.StatusOK, "ready", &page)
}

// goToPreview sends the second request and then the browser. Who comes back to the waiting page and goes
// again is only led to the same place: there is one second request. [TDD 4.9 step 12]
func (p *Portal) goToPreview(v *visit, a application) error {
	_, x, err := p.exchangeOf(v, a)
	if err != nil {
		return err
	}
	back := a.ExchangePath(x.ID)
	location := ""
	switch {
	case x.State == exchange.SecondSent && x.Preview != nil:
		location = x.Preview.Location
	case x.State == exchange.PreviewRequired:
		location, err = p.requester.GoToPreview(v.R.Context(), x.ID)
		if errors.Is(err, requester.ErrNoPreview) { // its time ended while the page was open
			return v.Redirect(back)
		}
		if err != nil {
			return err
		}
	default:
		return v.Redirect(back)
	}
	to, _, ok := web.Elsewhere(location)
	if !ok {
		return v.Redirect(back)
	}
	http.Redirect(v.W, v.R, to, http.StatusSeeOther)
	return nil
}
