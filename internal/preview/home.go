package preview

import (
	"net/http"

	"oots/edm"
	"oots/internal/web"
)

// homePage tells who comes without a link how to get one.
type homePage struct{ web.Frame }

func (s *Space) home(v *visit) error {
	return v.Show(http.StatusOK, "home", &homePage{v.Frame(v.T("preview/home.title"))})
}

// helpPage has contact, privacy, accessibility and legal notice. [WCAG 3.2.6]
type helpPage struct {
	web.Frame
	Support edm.Texts
}

func (s *Space) help(v *visit) error {
	return v.Show(http.StatusOK, "help", &helpPage{v.Frame(v.T("preview/home.helpTitle")), s.support})
}
