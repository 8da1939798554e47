package portal

import (
	"errors"
	"net/http"
	"strings"

	"oots/internal/login"
	"oots/internal/requester"
	"oots/internal/web"
)

// strongerPage lets the user log in once more, with a stronger electronic identity of the same person, and go on where
// she was. [IR 2022/1463 art. 11] [architecture-and-journeys §8]
type strongerPage struct {
	web.Frame
	App  application
	Ways []way
	Back string
}

func (p *Portal) stronger(v *visit, a application) error {
	back := v.R.URL.Query().Get("back")
	if !strings.HasPrefix(back, a.Path()) {
		back = a.Path()
	}
	next := a.Path() + "/raised"
	ways, err := p.ways(v, next, login.Wanted("", v.R.URL.Query().Get("level")))
	if err != nil {
		return err
	}
	if v.Session.Value.Back != back {
		v.Session.Value.Back = back
		if err := v.Save(); err != nil {
			return err
		}
	}
	return v.Show(http.StatusOK, "stronger", &strongerPage{Frame: p.page(v, v.T("portal/stronger.title")), App: a, Ways: ways, Back: back})
}

// raised takes the stronger login for the application. Who logged in as somebody else has lost it with the login: it
// is not found here.
func (p *Portal) raised(v *visit, a application) error {
	err := p.requester.Raise(v.R.Context(), a.ID, *v.Session.Value.User)
	if errors.Is(err, requester.ErrOtherUser) {
		return web.NotFound
	}
	if err != nil && !errors.Is(err, requester.ErrSubmitted) {
		return err
	}
	back := v.Session.Value.Back
	if !strings.HasPrefix(back, a.Path()) {
		back = a.Path()
	}
	return v.Redirect(back)
}
