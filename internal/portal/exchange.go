package portal

import (
	"errors"
	"net/http"

	"oots/edm/exchange"
	"oots/internal/requester"
	"oots/internal/web"
)

// exchange shows one exchange: waiting, ready for the preview, or settled.
func (p *Portal) exchange(v *visit, a application) error {
	c, x, err := p.exchangeOf(v, a)
	if err != nil {
		return err
	}
	if since := v.R.URL.Query().Get("since"); since != "" {
		return p.until(v, x, since)
	}
	switch {
	case x.State.Settled():
		return p.result(v, a, c, x)
	case x.State == exchange.PreviewRequired:
		return p.ready(v, a, c, x)
	}
	return p.waiting(v, a, c, x)
}

// until keeps the browser on the page it shows while the exchange is in state since. [TDD 4.4]
func (p *Portal) until(v *visit, x requester.Exchange, since string) error {
	err := v.Await(func() (bool, error) {
		now, err := p.requester.Exchange(v.R.Context(), x.ID)
		return string(now.State) != since, err
	})
	if err != nil && v.R.Context().Err() == nil {
		return err
	}
	return v.Redirect(application{requester.Application{ID: x.ApplicationID}}.ExchangePath(x.ID))
}

// returned is where a preview space leads the user back to. The token was given away to another authority,
// so it opens nothing by itself: the session must be the one that asked. [TDD 4.9 §5]
func (p *Portal) returned(v *visit) error {
	mine := v.Session.Value.Applications
	back := "/"
	if len(mine) > 0 {
		back = "/applications/" + mine[len(mine)-1]
	}
	app, id, err := p.requester.Return(v.R.Context(), v.R.PathValue("token"))
	if errors.Is(err, requester.ErrNoReturn) {
		return &web.Problem{Status: http.StatusNotFound, Kind: web.NoPage, Back: back}
	}
	if err != nil {
		return err
	}
	for _, m := range mine {
		if m == app {
			return v.Redirect("/applications/" + app + "/exchanges/" + id)
		}
	}
	return &web.Problem{Status: http.StatusForbidden, Kind: web.SessionOver}
}
