package portal

import (
	"errors"
	"net/http"

	"oots/internal/login"
	"oots/internal/web"
)

// identityPage shows what the login said about the user. [ux-guidance P3]
type identityPage struct {
	web.Frame
	Procedure Procedure
	Applicant login.Identity
	Level     string
}

// maxApplications bounds what one session can open.
const maxApplications = 20

func (p *Portal) identity(v *visit) error {
	proc, err := p.procedure(v.R.PathValue("code"))
	if err != nil {
		return err
	}
	u := v.Session.Value.User
	if u == nil {
		return v.Redirect("/procedures/" + proc.Code + "/login")
	}
	return v.Show(http.StatusOK, "identity", &identityPage{
		Frame: p.page(v, v.T("portal/identity.title")), Procedure: proc, Applicant: *u, Level: level(v, u.Person.LoA),
	})
}

// begin opens an application and binds it to the session.
func (p *Portal) begin(v *visit) error {
	proc, err := p.procedure(v.R.PathValue("code"))
	if err != nil {
		return err
	}
	s := &v.Session.Value
	if s.User == nil {
		return v.Redirect("/procedures/" + proc.Code + "/login")
	}
	if len(s.Applications) >= maxApplications {
		return &web.Problem{Status: http.StatusTooManyRequests, Kind: web.TooOften}
	}
	a, err := p.requester.Open(v.R.Context(), proc.Code, *s.User)
	if err != nil {
		return unreachable(err, "/procedures/"+proc.Code)
	}
	if a.ID == "" {
		return errors.New("portal: an application without an id")
	}
	s.Applications = append(s.Applications, a.ID)
	if err := v.Save(); err != nil {
		return err
	}
	return v.Redirect("/applications/" + a.ID + "/explanation")
}
