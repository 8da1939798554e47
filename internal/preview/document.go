package preview

import (
	"errors"
	"net/http"

	"oots/codelist"
	"oots/internal/evidence/render"
	"oots/internal/provider"
	"oots/internal/web"
)

// documentPage shows one document exactly as it would be sent, and what goes along with it. [ux-guidance V5]
type documentPage struct {
	web.Frame
	Link     link
	Time     timeLeft
	Document documentLine
	Inline   bool
	Tree     *render.Tree   // of structured evidence that can be shown, else nil
	Along    []documentLine // its companions, and the evidence itself on the page of a companion
}

func (s *Space) document(v *visit, l link) error {
	for _, d := range lines(l, nil) {
		group := append([]documentLine{d}, d.along(l)...)
		for i := range group {
			if group[i].ID == v.R.PathValue("document") {
				along := append(group[:i:i], group[i+1:]...)
				return s.show(v, l, group[i], along)
			}
		}
	}
	return web.NotFound
}

func (s *Space) show(v *visit, l link, d documentLine, along []documentLine) error {
	page := documentPage{Link: l, Document: d, Inline: web.Inline(d.MediaType), Along: along}
	page.Frame, page.Time = s.page(v, l, d.Title)
	if codelist.Structured(d.MediaType) {
		_, content, err := s.content(v, l, d.ID)
		if err != nil {
			return err
		}
		if t, err := render.Document(d.MediaType, content, v.Lang()); err == nil && t.Kind == render.Data {
			page.Tree = &t
		}
	}
	return v.Show(http.StatusOK, "document", &page)
}

// content returns a document with its bytes; web.NotFound when the link ended this moment.
func (s *Space) content(v *visit, l link, id string) (provider.PreviewDocument, []byte, error) {
	d, content, err := s.provider.Document(v.R.Context(), l.Token, id)
	if errors.Is(err, provider.ErrNoDocument) || errors.Is(err, provider.ErrNotYou) || closed(err) {
		err = web.NotFound
	}
	return d, content, err
}

// extensions of files by their media type, for what is saved.
var extensions = map[string]string{"application/pdf": ".pdf", "application/xml": ".xml", "application/json": ".json", "image/png": ".png", "image/jpeg": ".jpg", "image/svg+xml": ".svg"}

func (s *Space) file(v *visit, l link) error {
	d, content, err := s.content(v, l, v.R.PathValue("document"))
	if err != nil {
		return err
	}
	return v.Serve(web.Document{Name: d.Title + extensions[d.MediaType], MediaType: d.MediaType, Content: content, Download: v.R.URL.Query().Has("download")})
}
