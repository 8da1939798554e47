package portal

import (
	"errors"
	"mime"
	"net/http"
	"strings"

	"oots/internal/requester"
	"oots/internal/store"
	"oots/internal/web"
)

// evidencePage shows a document as it arrived. [ux-guidance P15]
type evidencePage struct {
	web.Frame
	App      application
	Card     requester.Card
	Exchange requester.Exchange
	Document documentLine
	Inline   bool
}

func (p *Portal) evidence(v *visit, a application) error {
	c, x, err := p.exchangeOf(v, a)
	if err != nil {
		return err
	}
	for _, d := range line(v, a, x).Evidence {
		if d.ID == v.R.PathValue("document") {
			return v.Show(http.StatusOK, "evidence", &evidencePage{
				Frame: p.page(v, d.Title), App: a, Card: c, Exchange: x, Document: d, Inline: web.Inline(d.Format),
			})
		}
	}
	return web.NotFound
}

func (p *Portal) evidenceFile(v *visit, a application) error {
	_, x, err := p.exchangeOf(v, a)
	if err != nil {
		return err
	}
	d, content, err := p.requester.Evidence(v.R.Context(), x.ID, v.R.PathValue("document"))
	if errors.Is(err, requester.ErrNoEvidence) || errors.Is(err, store.ErrNotFound) {
		return web.NotFound
	}
	if err != nil {
		return err
	}
	return v.Serve(web.Document{
		Name: d.Title + extension(d.Format), MediaType: d.Format, Content: content, Download: v.R.URL.Query().Has("download"),
	})
}

// extension is the usual ending of files of a media type.
func extension(mediaType string) string {
	switch mediaType {
	case "application/pdf":
		return ".pdf"
	case "application/xml":
		return ".xml"
	case "image/jpeg":
		return ".jpg"
	}
	if all, err := mime.ExtensionsByType(mediaType); err == nil && len(all) > 0 && !strings.HasPrefix(mediaType, "text/html") {
		return all[0]
	}
	return ""
}
