package preview

import (
	"errors"
	"net/http"

	"oots/internal/provider"
	"oots/internal/web"
)

// documentPage shows one document exactly as it would be sent. [ux-guidance V5]
type documentPage struct {
	web.Frame
	Link     link
	Time     timeLeft
	Document documentLine
	Inline   bool
}

func (s *Space) document(v *visit, l link) error {
	for _, d := range lines(l, nil) {
		if d.ID == v.R.PathValue("document") {
			page := documentPage{Link: l, Document: d, Inline: web.Inline(d.MediaType)}
			page.Frame, page.Time = s.page(v, l, d.Title)
			return v.Show(http.StatusOK, "document", &page)
		}
	}
	return web.NotFound
}

func (s *Space) file(v *visit, l link) error {
	d, content, err := s.provider.Document(v.R.Context(), l.Token, v.R.PathValue("document"))
	if errors.Is(err, provider.ErrNoDocument) || errors.Is(err, provider.ErrNotYou) || closed(err) { // ended this moment
		return web.NotFound
	}
	if err != nil {
		return err
	}
	name := d.Title
	if d.MediaType == "application/pdf" {
		name += ".pdf"
	}
	return v.Serve(web.Document{Name: name, MediaType: d.MediaType, Content: content, Download: v.R.URL.Query().Has("download")})
}
