package preview

import (
	"net/http"

	"oots/internal/web"
)

// otherPage tells that somebody else logged in than the person of the request. It does not say what
// differs. [ux-guidance V3]
type otherPage struct {
	web.Frame
	Link link
	Time timeLeft
}

func (s *Space) other(v *visit, l link) error {
	page := otherPage{Link: l}
	page.Frame, page.Time = s.page(v, l, v.T("preview/other.title"))
	return v.Show(http.StatusForbidden, "other", &page)
}
