package preview

import (
	"errors"
	"net/http"

	"oots/internal/provider"
	"oots/internal/web"
)

// endedPage tells why a link shows nothing any more. The way back is on it whenever it is known.
// [ux-guidance V10]
type endedPage struct {
	web.Frame
	Known         bool
	Meaning, Next string
}

func (s *Space) ended(v *visit, l link, why error) error {
	page, status := endedPage{Known: true}, http.StatusGone
	title := ""
	switch {
	case errors.Is(why, provider.ErrExpired):
		title, page.Meaning, page.Next = v.T("preview/ended.expired.title"), v.T("preview/ended.expired.meaning"), v.T("preview/ended.expired.next")
	case errors.Is(why, provider.ErrDecided):
		title, page.Meaning, page.Next = v.T("preview/ended.decided.title"), v.T("preview/ended.decided.meaning"), v.T("preview/ended.decided.next")
	default:
		page.Known, status = false, http.StatusNotFound
		title, page.Meaning, page.Next = v.T("preview/ended.unknown.title"), v.T("preview/ended.unknown.meaning"), v.T("preview/ended.unknown.next")
	}
	if page.Known {
		page.Frame, _ = s.page(v, l, title)
	} else {
		page.Frame = v.Frame(title)
	}
	return v.Show(status, "ended", &page)
}
