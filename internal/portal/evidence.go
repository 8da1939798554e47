package portal

import (
	"errors"
	"mime"
	"net/http"
	"strings"

	"oots/codelist"
	"oots/edm"
	"oots/internal/evidence/render"
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
	Tree     *render.Tree // of structured evidence that can be shown, else nil
	Kind     string       // what the document is, when it goes along with an evidence
}

func (p *Portal) evidence(v *visit, a application) error {
	c, x, err := p.exchangeOf(v, a)
	if err != nil {
		return err
	}
	for _, d := range line(v, a, x).Evidence {
		if d.ID == v.R.PathValue("document") {
			page := evidencePage{
				Frame: p.page(v, d.Title), App: a, Card: c, Exchange: x, Document: d, Inline: web.Inline(d.Format), Kind: along(v, d.Kind),
			}
			if page.Tree, err = p.tree(v, x, d); err != nil {
				return err
			}
			return v.Show(http.StatusOK, "evidence", &page)
		}
	}
	return web.NotFound
}

// tree reads structured evidence for the page. What cannot be read is still there as a file.
func (p *Portal) tree(v *visit, x requester.Exchange, d documentLine) (*render.Tree, error) {
	if !codelist.Structured(d.Format) {
		return nil, nil
	}
	_, content, err := p.requester.Evidence(v.R.Context(), x.ID, d.ID)
	if errors.Is(err, requester.ErrNoEvidence) || errors.Is(err, store.ErrNotFound) {
		return nil, web.NotFound
	}
	if err != nil {
		return nil, err
	}
	t, err := render.Document(d.Format, content, v.Lang())
	if err != nil || t.Kind != render.Data {
		return nil, nil
	}
	return &t, nil
}

// along names a document that goes along with an evidence; "" for the evidence itself.
func along(v *visit, k edm.DocumentKind) string {
	switch k {
	case edm.HumanReadableVersion:
		return v.T("portal/evidence.readable")
	case edm.Translation:
		return v.T("portal/evidence.translation")
	case edm.Annex:
		return v.T("portal/evidence.annex")
	}
	return ""
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
