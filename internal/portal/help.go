package portal

import (
	"net/http"

	"oots/edm"
	"oots/internal/web"
)

// helpPage has contact, privacy, accessibility and legal notice in one place that every page links to.
// [Directive (EU) 2016/2102 art. 7] [WCAG 3.2.6]
type helpPage struct {
	web.Frame
	Support edm.Texts
}

func (p *Portal) help(v *visit) error {
	return v.Show(http.StatusOK, "help", &helpPage{Frame: p.page(v, v.T("portal/help.title")), Support: p.support})
}
