package preview

import (
	"net/http"

	"oots/internal/provider"
	"oots/internal/web"
)

// documentsPage lists what would be sent, to look at and to choose from. [ux-guidance V4, V6]
type documentsPage struct {
	web.Frame
	Link  link
	Time  timeLeft
	Lines []documentLine
}

// documentLine is one document with its page.
type documentLine struct {
	provider.PreviewDocument
	Path    string
	Checked bool
}

// along are the companions of the document with their pages.
func (d documentLine) along(l link) []documentLine {
	out := make([]documentLine, len(d.Companions))
	for i, c := range d.Companions {
		out[i] = documentLine{PreviewDocument: c, Path: l.Path() + "/documents/" + c.ID}
	}
	return out
}

func (s *Space) documents(v *visit, l link) error {
	return v.Show(http.StatusOK, "documents", s.documentsPage(v, l, nil))
}

func (s *Space) documentsPage(v *visit, l link, chosen []provider.PreviewDocument) *documentsPage {
	page := documentsPage{Link: l, Lines: lines(l, chosen)}
	page.Frame, page.Time = s.page(v, l, v.T("preview/documents.title"))
	return &page
}

func lines(l link, chosen []provider.PreviewDocument) []documentLine {
	out := make([]documentLine, len(l.Documents))
	for i, d := range l.Documents {
		out[i] = documentLine{PreviewDocument: d, Path: l.Path() + "/documents/" + d.ID}
		for _, c := range chosen {
			out[i].Checked = out[i].Checked || c.ID == d.ID
		}
	}
	return out
}
