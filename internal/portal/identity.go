package portal

import (
	"errors"
	"net/http"
	"slices"

	"oots/internal/login"
	"oots/internal/requester"
	"oots/internal/store"
	"oots/internal/web"
)

// identityPage shows what the login said about the user. [ux-guidance P3]
type identityPage struct {
	web.Frame
	Procedure Procedure
	Applicant login.Identity
	Who       []persona
	Acts      bool // for somebody else
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
		Frame: p.page(v, v.T("portal/identity.title")), Procedure: proc, Applicant: *u, Who: applicant(v, *u),
		Acts: u.Representative != nil || u.RepresentativeLegal != nil,
	})
}

// begin opens an application and binds it to the session. One of the same procedure that is not submitted
// yet goes on instead: the user may press twice, or come back from the start page.
func (p *Portal) begin(v *visit) error {
	proc, err := p.procedure(v.R.PathValue("code"))
	if err != nil {
		return err
	}
	s := &v.Session.Value
	if s.User == nil {
		return v.Redirect("/procedures/" + proc.Code + "/login")
	}
	old, err := p.unfinished(v, proc.Code)
	if err != nil {
		return err
	}
	if old != "" {
		return v.Redirect(old)
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

// unfinished is where an application of the session for the procedure goes on: at the explanation as long
// as nothing was done, else at its checklist; "" when there is none.
func (p *Portal) unfinished(v *visit, procedure string) (string, error) {
	for _, id := range slices.Backward(v.Session.Value.Applications) {
		found, err := p.requester.Application(v.R.Context(), id)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return "", err
		}
		a := application{found}
		switch {
		case a.Procedure != procedure || a.Closed():
		case slices.ContainsFunc(a.Cards, func(c requester.Card) bool { return c.State != requester.ToDo }):
			return a.Path(), nil
		default:
			return a.Path() + "/explanation", nil
		}
	}
	return "", nil
}
