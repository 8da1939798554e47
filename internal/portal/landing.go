package portal

import (
	"net/http"

	"oots/directory"
	"oots/internal/web"
)

// landingPage says before login what a procedure asks for. [SDGR art. 4, 9] [ux-guidance P0]
type landingPage struct {
	web.Frame
	Procedure    Procedure
	Requirements []directory.Requirement
}

func (p *Portal) landing(v *visit) error {
	proc, err := p.procedure(v.R.PathValue("code"))
	if err != nil {
		return err
	}
	list, err := p.requester.Requirements(v.R.Context(), proc.Code)
	if err != nil && !nothing(err) {
		return unreachable(err, "/")
	}
	return v.Show(http.StatusOK, "landing", &landingPage{
		Frame: p.page(v, v.In(proc.Titles).Value), Procedure: proc, Requirements: list,
	})
}
