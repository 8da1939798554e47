package preview

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"oots/edm"
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

// loginLasts is how long a login serves for further links. [TDD 4.9]
const loginLasts = 20 * time.Minute

func (s *Space) loginChoice(v *visit, l link) error {
	known, err := s.recognise(v, l)
	if err != nil {
		return err
	}
	if known {
		return v.Redirect(l.Path() + "/documents")
	}
	next := l.Path() + "/identified"
	if v.Session.Value.Begun.Begin(next) {
		if err := v.Save(); err != nil {
			return err
		}
	}
	page := loginPage{Link: l}
	page.Frame, page.Time = s.page(v, l, v.T("preview/login.title"))
	for _, m := range s.logins {
		w := way{Name: m.Name(), Title: m.Name(), Href: m.Start(next, l.LoA)}
		if m.Name() == "demo" {
			w.Title, w.Text = v.T("preview/login.demo"), v.T("preview/login.demoText")
		}
		if d, ok := m.(login.Described); ok {
			w.Title, w.Text = d.Describe(v.Lang())
		}
		page.Ways = append(page.Ways, w)
	}
	return v.Show(http.StatusOK, "login", &page)
}

// add makes a link one of this browser.
func (s *session) add(token string) {
	s.Mine = append(s.Mine, token)
	if n := len(s.Mine) - maxMine; n > 0 {
		s.Mine = s.Mine[n:]
	}
}

// recognise opens a further link to a user who has just logged in for another one: once in a visit is enough.
// [TDD 4.9]
func (s *Space) recognise(v *visit, l link) (bool, error) {
	state := &v.Session.Value
	if state.User == nil || isMine(v, l.Token) || // who comes back to the login wants to be somebody else
		v.Now().Sub(state.User.At) > loginLasts {
		return false, nil
	}
	known, err := s.provider.Recognise(v.R.Context(), l.Token, *state.User)
	if err != nil || !known {
		if closed(err) { // ended this moment: the next page says so
			err = nil
		}
		return false, err
	}
	state.add(l.Token)
	return true, v.Save()
}

// sameUser reports whether two logins are of the same user in the same role.
func sameUser(a, b login.Identity) bool {
	natural := func(a, b *edm.Person) bool { return a == nil && b == nil || a != nil && b != nil && a.SamePerson(*b) }
	legal := func(a, b *edm.LegalPerson) bool {
		return a == nil && b == nil || a != nil && b != nil && a.EIDASIdentifier == b.EIDASIdentifier
	}
	return a.Person.SamePerson(b.Person) && legal(a.Legal, b.Legal) &&
		natural(a.Representative, b.Representative) && legal(a.RepresentativeLegal, b.RepresentativeLegal)
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
		if state.User == nil || !sameUser(*state.User, id) {
			state.Mine = nil
		}
		if id.At.IsZero() {
			id.At = v.Now()
		}
		state.User = &id
		err := s.provider.Identify(r.Context(), token, id)
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
		state.add(token)
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
