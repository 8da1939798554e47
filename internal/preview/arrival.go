package preview

import (
	"net/http"

	"oots/edm/exchange"
	"oots/internal/web"
)

// arrivalPage tells where the user is, why, and what she will do. It shows nothing about her: whoever has
// the link can see it. [ux-guidance V0]
type arrivalPage struct {
	web.Frame
	Link      link
	Time      timeLeft
	Procedure string // its name
	Next      string
}

func (s *Space) arrival(v *visit, l link) error {
	if v.R.URL.Query().Has("wait") {
		return s.untilAnnounced(v, l, l.Path()+"?again=1")
	}
	if back := exchange.ReturnOf(v.R.URL.Query()); back != "" && l.ReturnLocation == "" {
		if err := s.provider.ReturnTo(v.R.Context(), l.Token, back); err != nil {
			return err
		}
		return v.Redirect(l.Path()) // the address does not stay in the browser's history
	}
	page := arrivalPage{Link: l, Procedure: procedureName(v, l.Procedure), Next: l.Path() + "/login"}
	page.Frame, page.Time = s.page(v, l, v.T("preview/arrival.title"))
	if !l.Announced && !v.R.URL.Query().Has("again") { // the user is often faster than the second request by a moment
		page.Reload = web.Reload{Seconds: 1, URL: l.Path() + "?wait=1"}
	}
	if isMine(v, l.Token) {
		page.Next = l.Path() + "/documents"
	}
	return v.Show(http.StatusOK, "arrival", &page)
}
