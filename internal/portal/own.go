package portal

import (
	"errors"
	"net/http"
	"path"
	"slices"
	"strings"

	"oots/internal/requester"
	"oots/internal/store"
	"oots/internal/web"
)

// application is an application of this session, with the paths of its pages.
type application struct {
	requester.Application
}

// Path is the address of the checklist.
func (a application) Path() string { return "/applications/" + a.ID }

// RequirementPath is where the pages of a card lie.
func (a application) RequirementPath(c requester.Card) string {
	return a.Path() + "/requirements/" + slug(c.Requirement.ID)
}

// ExchangePath is the page of an exchange.
func (a application) ExchangePath(id string) string { return a.Path() + "/exchanges/" + id }

// Closed reports whether the user has submitted.
func (a application) Closed() bool { return !a.Submitted.IsZero() }

// slug is the last part of a requirement's URL, which is a UUID.
func slug(requirementID string) string { return path.Base(requirementID) }

func lower(s string) string { return strings.ToLower(s) }

// own gives f the application of the address when this session opened it. To every other browser the
// address does not exist. Nothing of a submitted application can be changed.
func (p *Portal) own(f func(*visit, application) error) func(*visit) error {
	return func(v *visit) error {
		id := v.R.PathValue("application")
		if v.Session.Value.User == nil { // whatever the address: nothing is said about it
			return &web.Problem{Status: http.StatusForbidden, Kind: web.SessionOver}
		}
		if !slices.Contains(v.Session.Value.Applications, id) {
			return web.NotFound
		}
		a, err := p.requester.Application(v.R.Context(), id)
		if errors.Is(err, store.ErrNotFound) {
			return web.NotFound
		}
		if err != nil {
			return err
		}
		app := application{a}
		if app.Closed() && v.R.Method != "GET" && v.R.Method != "HEAD" {
			return v.Redirect(app.Path() + "/done")
		}
		return f(v, app)
	}
}

// card finds the card of the address.
func card(v *visit, a application) (requester.Card, error) {
	for _, c := range a.Cards {
		if slug(c.Requirement.ID) == v.R.PathValue("requirement") {
			return c, nil
		}
	}
	return requester.Card{}, web.NotFound
}

// exchangeOf finds the exchange of the address with its card: an exchange of another application does not
// exist here.
func (p *Portal) exchangeOf(v *visit, a application) (requester.Card, requester.Exchange, error) {
	x, err := p.requester.Exchange(v.R.Context(), v.R.PathValue("exchange"))
	if errors.Is(err, store.ErrNotFound) || err == nil && x.ApplicationID != a.ID {
		return requester.Card{}, x, web.NotFound
	}
	if err != nil {
		return requester.Card{}, x, err
	}
	for _, c := range a.Cards {
		if c.Requirement.ID == x.RequirementID {
			return c, x, nil
		}
	}
	return requester.Card{}, x, web.NotFound
}

// page begins a page of an application.
func (p *Portal) page(v *visit, title string) web.Frame {
	f := v.Frame(title)
	if u := v.Session.Value.User; u != nil {
		f.User = u.Name()
		f.Logout = "/logout"
	}
	return f
}
