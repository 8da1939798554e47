package portal

import (
	"net/http"

	"oots/internal/requester"
	"oots/internal/web"
)

// minePage lists what the user has begun, with whatever browser, once she has logged in. [ux-guidance §1]
type minePage struct {
	web.Frame
	Ways         []way // to log in; nil once she has
	Applications []begun
	Log          bool // there is a log to look into
}

// begun is one application of the user.
type begun struct {
	application
	Procedure Procedure
	Ready     int // documents that wait for her
	UnderWay  int
}

func (p *Portal) mine(v *visit) error {
	page := minePage{Frame: p.page(v, v.T("portal/mine.title")), Log: p.journal != nil}
	u := v.Session.Value.User
	if u == nil {
		var err error
		if page.Ways, err = p.ways(v, "/mine", ""); err != nil {
			return err
		}
		return v.Show(http.StatusOK, "mine", &page)
	}
	found, err := p.requester.Applications(v.R.Context(), *u)
	if err != nil {
		return err
	}
	for _, a := range found {
		b := begun{application: application{a}}
		b.Procedure = p.named(b.application)
		for _, c := range a.Cards {
			switch c.State {
			case requester.Ready:
				b.Ready++
			case requester.Asking:
				b.UnderWay++
			}
		}
		page.Applications = append(page.Applications, b)
	}
	return v.Show(http.StatusOK, "mine", &page)
}
