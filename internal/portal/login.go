package portal

import (
	"net/http"
	"slices"

	"oots/edm"
	"oots/internal/login"
	"oots/internal/requester"
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
	ways, err := p.ways(v, "/procedures/"+proc.Code+"/begin", "")
	if err != nil {
		return err
	}
	return v.Show(http.StatusOK, "login", &loginPage{Frame: p.page(v, v.T("portal/login.title")), Procedure: proc, Ways: ways})
}

// ways are the login methods, leading back to the local path next with a login that reaches the level, and notes that
// one is begun.
func (p *Portal) ways(v *visit, next string, level edm.LoA) ([]way, error) {
	if v.Session.Value.Begun.Begin(next) {
		if err := v.Save(); err != nil {
			return nil, err
		}
	}
	var out []way
	for _, m := range p.logins {
		w := way{Name: m.Name(), Title: m.Name(), Href: m.Start(next, level)}
		if m.Name() == "demo" {
			w.Title, w.Text = v.T("portal/login.demo"), v.T("portal/login.demoText")
		}
		if d, ok := m.(login.Described); ok {
			w.Title, w.Text = d.Describe(v.Lang())
		}
		out = append(out, w)
	}
	return out, nil
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
		if err := p.resume(v, id); err != nil {
			return err
		}
		if err := v.Renew(); err != nil {
			return err
		}
		return v.Redirect(next)
	})
}

// samePerson reports whether two logins are of one user.
func samePerson(a, b login.Identity) bool { return requester.UserText(a) == requester.UserText(b) }

// resume gives the session what its user has begun before, with whatever browser.
func (p *Portal) resume(v *visit, id login.Identity) error {
	found, err := p.requester.Applications(v.R.Context(), id)
	if err != nil {
		return err
	}
	s := &v.Session.Value
	s.Applications = nil
	for _, a := range slices.Backward(found[:min(len(found), maxApplications)]) {
		s.Applications = append(s.Applications, a.ID)
	}
	return nil
}

func (p *Portal) logout(v *visit) error {
	if err := v.End(); err != nil {
		return err
	}
	return v.Redirect("/")
}
