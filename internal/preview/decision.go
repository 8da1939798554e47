package preview

import (
	"errors"
	"net/http"
	"slices"

	"oots/internal/provider"
	"oots/internal/web"
)

// decisionPage lets the user read once more what she is about to decide: it cannot be taken back.
// [WCAG 3.3.4] [ux-guidance V6]
type decisionPage struct {
	web.Frame
	Link link
	Time timeLeft
	Send bool
	Sent []documentLine // that would be sent
	Held []documentLine // that would not
}

// decision reviews the choice of the documents page.
func (s *Space) decision(v *visit, l link) error {
	q := v.R.URL.Query()
	page := decisionPage{Link: l, Send: q.Get("choice") == "send"}
	page.Frame, page.Time = s.page(v, l, v.T("preview/decision.refuseTitle"))
	for _, d := range lines(l, nil) {
		if page.Send && slices.Contains(q["document"], d.ID) {
			page.Sent = append(page.Sent, d)
		} else {
			page.Held = append(page.Held, d)
		}
	}
	if !page.Send {
		return v.Show(http.StatusOK, "decision", &page)
	}
	if len(page.Sent) == 0 {
		again := s.documentsPage(v, l, nil)
		again.Errors = []web.FieldError{{Field: "document-0", Text: v.T("preview/decision.none")}}
		return v.Show(http.StatusUnprocessableEntity, "documents", again)
	}
	page.Title = v.T("preview/decision.sendTitle")
	return v.Show(http.StatusOK, "decision", &page)
}

// decide hands the decision to the provider: documents outside the choice are never sent.
func (s *Space) decide(v *visit, l link) error {
	form := v.R.PostForm
	var chosen []string
	switch form.Get("choice") {
	case "send":
		chosen = form["document"]
		if len(chosen) == 0 {
			return v.Redirect(l.Path() + "/documents")
		}
	case "refuse":
	default:
		return v.Redirect(l.Path() + "/documents")
	}
	err := s.provider.Decide(v.R.Context(), l.Token, chosen)
	switch {
	case errors.Is(err, provider.ErrNotYou):
		return v.Redirect(l.Path() + "/login")
	case errors.Is(err, provider.ErrNoDocument):
		return v.Redirect(l.Path() + "/documents")
	case err != nil && !closed(err):
		return err
	}
	return v.Redirect(l.Path() + "/result")
}
