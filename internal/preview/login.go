package preview

import (
	"errors"
	"net/http"
	"strings"

	"oots/internal/login"
	"oots/internal/provider"
	"oots/internal/web"
)

// loginPage asks the user to log in once more, as the same person. [IR 2022/1463 art. 11(3), 16]
// [ux-guidance V2]
type loginPage struct {
	web.Frame
	Link link
	Time timeLeft
	Ways []way
}

// way is one login method.
type way struct{ Name, Title, Text, Href string }

// maxMine bounds how many links one browser keeps open.
const maxMine = 20

func (s *Space) loginChoice(v *visit, l link) error {
	next := l.Path() + "/identified"
	if v.Session.Value.Begun.Begin(next) {
		if err := v.Save(); err != nil {
			return err
		}
	}
	page := loginPage{Link: l}
	page.Frame, page.Time = s.page(v, l, v.T("preview/login.title"))
	for _, m := range s.logins {
		w := way{Name: m.Name(), Title: m.Name(), Href: m.Start(next)}
		if m.Name() == "demo" {
			w.Title, w.Text = v.T("preview/login.demo"), v.T("preview/login.demoText")
		}
		page.Ways = append(page.Ways, w)
	}
	return v.Show(http.StatusOK, "login", &page)
}

// again is where a cancelled login leads: back to the choice.
func (s *Space) again(v *visit, l link) error { return v.Redirect(l.Path() + "/login") }

// identified completes a login: the person must be the one of the request. Links of another person who
// used this browser are let go, whoever came now.
func (s *Space) identified(w http.ResponseWriter, r *http.Request, id login.Identity, next string) {
	s.site.TakeOver(w, r, func(v *visit) error {
		state := &v.Session.Value
		token, ok := strings.CutSuffix(strings.TrimPrefix(next, "/preview/"), "/identified")
		if !ok || !state.Begun.End(next) {
			return &web.Problem{Status: http.StatusForbidden, Kind: web.ForeignForm}
		}
		if state.User == nil || !state.User.SamePerson(id.Person) {
			state.Mine = nil
		}
		state.User = &id.Person
		err := s.provider.Identify(r.Context(), token, id.Person)
		if errors.Is(err, provider.ErrOtherPerson) {
			if err := v.Renew(); err != nil {
				return err
			}
			return v.Redirect("/preview/" + token + "/other")
		}
		if closed(err) {
			return v.Redirect("/preview/" + token) // which says so
		}
		if err != nil {
			return err
		}
		state.Mine = append(state.Mine, tokenHash(token))
		if n := len(state.Mine) - maxMine; n > 0 {
			state.Mine = state.Mine[n:]
		}
		if err := v.Renew(); err != nil {
			return err
		}
		return v.Redirect("/preview/" + token + "/documents")
	})
}

// logout ends the session of this browser; the link stays open until it expires.
func (s *Space) logout(v *visit) error {
	if err := v.End(); err != nil {
		return err
	}
	return v.Redirect(link{provider.PreviewSession{Token: v.R.PathValue("token")}}.Path())
}
