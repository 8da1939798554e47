package portal

import (
	"net/http"

	"oots/internal/login"
	"oots/internal/web"
)

// loginPage offers the ways to log in, with the same weight. [ux-guidance P2]
type loginPage struct {
	web.Frame
	Procedure Procedure
	Ways      []way
}

// way is one login method.
type way struct{ Name, Title, Text, Href string }

// loginChoice remembers where the login leads back to: only a login that this browser began counts.
func (p *Portal) loginChoice(v *visit) error {
	proc, err := p.procedure(v.R.PathValue("code"))
	if err != nil {
		return err
	}
	next := "/procedures/" + proc.Code + "/begin"
	if v.Session.Value.Begun.Begin(next) {
		if err := v.Save(); err != nil {
			return err
		}
	}
	page := loginPage{Frame: p.page(v, v.T("portal/login.title")), Procedure: proc}
	for _, m := range p.logins {
		w := way{Name: m.Name(), Title: m.Name(), Href: m.Start(next)}
		if m.Name() == "demo" {
			w.Title, w.Text = v.T("portal/login.demo"), v.T("portal/login.demoText")
		}
		page.Ways = append(page.Ways, w)
	}
	return v.Show(http.StatusOK, "login", &page)
}

// identified completes a login. Applications of another person who used this browser are let go.
func (p *Portal) identified(w http.ResponseWriter, r *http.Request, id login.Identity, next string) {
	p.site.TakeOver(w, r, func(v *visit) error {
		s := &v.Session.Value
		if !s.Begun.End(next) {
			return &web.Problem{Status: http.StatusForbidden, Kind: web.ForeignForm}
		}
		if s.User == nil || !samePerson(*s.User, id) {
			s.Applications = nil
		}
		s.User = &id
		if err := v.Renew(); err != nil {
			return err
		}
		return v.Redirect(next)
	})
}

// samePerson reports whether two logins are of one person.
func samePerson(a, b login.Identity) bool {
	return a.Country == b.Country && a.Person.SamePerson(b.Person)
}

func (p *Portal) logout(v *visit) error {
	if err := v.End(); err != nil {
		return err
	}
	return v.Redirect("/")
}
