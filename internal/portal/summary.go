package portal

import (
	"errors"
	"net/http"

	"oots/internal/login"
	"oots/internal/requester"
	"oots/internal/web"
)

// summaryPage lets the user review everything before she submits. [WCAG 3.3.4] [ux-guidance P16]
type summaryPage struct {
	web.Frame
	App       application
	Procedure Procedure
	Applicant login.Identity
	Who       []persona
	Cards     []cardView
	Open      bool // a requirement is not proved
	UnderWay  bool // an exchange has not ended
}

func (p *Portal) summary(v *visit, a application) error {
	if a.Closed() {
		return v.Redirect(a.Path() + "/done")
	}
	page := summaryPage{
		Frame: p.page(v, v.T("portal/summary.title")), App: a, Procedure: p.named(a), Applicant: a.User,
		Who: applicant(v, a.User), Cards: cardViews(v, a),
	}
	for _, c := range a.Cards {
		page.Open = page.Open || c.State != requester.Received && c.State != requester.Uploaded
		page.UnderWay = page.UnderWay || c.State == requester.Asking || c.State == requester.Ready
	}
	return v.Show(http.StatusOK, "summary", &page)
}

func (p *Portal) submit(v *visit, a application) error {
	err := p.requester.Submit(v.R.Context(), a.ID)
	if errors.Is(err, requester.ErrOpen) {
		return v.Redirect(a.Path() + "/summary") // which says so
	}
	if err != nil && !errors.Is(err, requester.ErrSubmitted) {
		return err
	}
	return v.Redirect(a.Path() + "/done")
}
