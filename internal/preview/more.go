package preview

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"oots/edm"
	"oots/internal/provider"
	"oots/internal/web"
)

// morePage asks the user for what tells her apart from others of her name, and says why. It does not say who they are,
// nor which answer is wrong. [IR 2022/1463 art. 16] [ux-guidance V3]
type morePage struct {
	web.Frame
	Link   link
	Time   timeLeft
	Fields []moreField
}

// moreField is one question.
type moreField struct {
	ID, Name string
	Labels   edm.Texts
}

// maxAnswer bounds an answer, in bytes.
const maxAnswer = 200

func (s *Space) more(v *visit, l link) error {
	if len(l.Questions) == 0 {
		return v.Redirect(l.Path() + "/documents")
	}
	return v.Show(http.StatusOK, "more", s.morePage(v, l))
}

func (s *Space) morePage(v *visit, l link) *morePage {
	page := morePage{Link: l}
	page.Frame, page.Time = s.page(v, l, v.T("preview/more.title"))
	for i, q := range l.Questions {
		name := fmt.Sprintf("answer-%d", i)
		page.Fields = append(page.Fields, moreField{ID: name, Name: name, Labels: q.Labels})
	}
	return &page
}

// supply hands the answers on. Who does not want to answer goes back to the portal: the link stays until it expires.
func (s *Space) supply(v *visit, l link) error {
	answers := map[string]string{}
	for i, q := range l.Questions {
		value := strings.TrimSpace(v.R.PostForm.Get(fmt.Sprintf("answer-%d", i)))
		if value != "" && len(value) <= maxAnswer {
			answers[q.URI] = value
		}
	}
	if len(answers) == 0 {
		return s.asked(v, l, v.T("preview/more.none"))
	}
	err := s.provider.Supply(v.R.Context(), l.Token, answers)
	switch {
	case errors.Is(err, provider.ErrNotSure):
		if _, err := s.provider.Session(v.R.Context(), l.Token); closed(err) { // that was the last attempt
			return v.Redirect(l.Path() + "/result")
		}
		return s.asked(v, l, v.T("preview/more.notSure"))
	case closed(err):
		return v.Redirect(l.Path() + "/result")
	case err != nil:
		return err
	}
	return v.Redirect(l.Path() + "/documents")
}

func (s *Space) asked(v *visit, l link, text string) error {
	page := s.morePage(v, l)
	if len(page.Fields) == 0 {
		return v.Redirect(l.Path() + "/documents")
	}
	page.Errors = []web.FieldError{{Field: page.Fields[0].ID, Text: text}}
	return v.Show(http.StatusUnprocessableEntity, "more", page)
}
