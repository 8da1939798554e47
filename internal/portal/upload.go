package portal

import (
	"io"
	"net/http"

	"oots/internal/requester"
	"oots/internal/web"
)

// UploadLimit is the size of a file that a user may upload, in bytes.
const UploadLimit = 10 << 20

// uploadPage takes the user's own document. It is there beside every way through the system, because that
// is voluntary. [SDGR art. 14(4)]
type uploadPage struct {
	web.Frame
	App  application
	Card requester.Card
	Max  string
}

func (p *Portal) uploadForm(v *visit, a application) error {
	c, err := card(v, a)
	if err != nil {
		return err
	}
	return v.Show(http.StatusOK, "upload", p.uploadPage(v, a, c))
}

func (p *Portal) uploadPage(v *visit, a application, c requester.Card) *uploadPage {
	return &uploadPage{Frame: p.page(v, v.T("portal/upload.title")), App: a, Card: c, Max: v.Size(UploadLimit)}
}

func (p *Portal) upload(v *visit, a application) error {
	c, err := card(v, a)
	if err != nil {
		return err
	}
	again := func(text string) error {
		page := p.uploadPage(v, a, c)
		page.Errors = []web.FieldError{{Field: "file", Text: text}}
		return v.Show(http.StatusUnprocessableEntity, "upload", page)
	}
	f, head, err := v.R.FormFile("file")
	if err != nil {
		return again(v.T("portal/upload.none"))
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, UploadLimit+1))
	switch {
	case err != nil:
		return err
	case len(content) == 0:
		return again(v.T("portal/upload.none"))
	case len(content) > UploadLimit:
		return again(v.T("portal/upload.large", "max", v.Size(UploadLimit)))
	}
	mediaType := http.DetectContentType(content) // what the browser claims is not believed
	if !uploadable(mediaType) {
		return again(v.T("portal/upload.kind"))
	}
	if err := p.requester.Upload(v.R.Context(), a.ID, c.Requirement.ID, web.FileName(head.Filename), mediaType, content); err != nil {
		return err
	}
	return v.Redirect(a.Path() + "?notice=uploaded")
}

// uploadable reports whether the procedure takes files of mediaType.
func uploadable(mediaType string) bool {
	switch mediaType {
	case "application/pdf", "image/png", "image/jpeg":
		return true
	}
	return false
}
