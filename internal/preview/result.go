package preview

import (
	"errors"
	"net/http"

	"oots/edm"
	"oots/internal/provider"
	"oots/internal/web"
)

// resultPage tells what was sent and leads back to the portal: by itself after some seconds, which the
// user can stop, or with a link that names the host. [ux-guidance V7] [TDD 4.9 §2 step 26]
//
// The way back is known once the second request has arrived. Until then the page waits: the decision is
// kept and cannot be lost. [TDD 4.9 §2] [ux-guidance V0a]
type resultPage struct {
	web.Frame
	Link link
	Sent []documentLine
	More []link // of this browser that wait for her decision
	Wait bool   // for the portal to announce itself
	Stay bool   // the user stopped the way back
}

// leaveAfter is how long the result stands before the browser goes back, in seconds: everybody can stop it
// in time. [WCAG 2.2.1]
const leaveAfter = 20

func (s *Space) result(v *visit) error {
	token := v.R.PathValue("token")
	p, err := s.provider.Session(v.R.Context(), token)
	p.Token = token
	l := link{p}
	switch {
	case err == nil:
		return v.Redirect(l.Path() + "/documents")
	case !closed(err):
		return err
	case !errors.Is(err, provider.ErrDecided) || !isMine(v, token):
		return s.ended(v, l, err)
	}
	if v.R.URL.Query().Has("wait") {
		return s.untilAnnounced(v, l, l.Path()+"/result")
	}
	page := resultPage{Link: l, Stay: v.R.URL.Query().Get("stay") == "1"}
	for _, d := range lines(l, nil) {
		if d.Chosen {
			page.Sent = append(page.Sent, d)
		}
	}
	title := v.T("preview/result.refused")
	if len(page.Sent) > 0 {
		title = v.T("preview/result.sent")
	}
	page.Frame, _ = s.page(v, l, title)
	page.More = s.waiting(v, token)
	page.Wait = !l.Announced
	switch {
	case page.Stay, len(page.More) > 0 && !page.Wait: // she is not done here
	case page.Wait:
		page.Reload = web.Reload{Seconds: 1, URL: l.Path() + "/result?wait=1"}
	case page.Leave.URL == "" || l.Version != edm.V20: // nobody vouches for the way back of a 1.x link: it is hers to follow
	default:
		page.Reload = web.Reload{Seconds: leaveAfter, URL: page.Leave.URL}
	}
	return v.Show(http.StatusOK, "result", &page)
}

// waiting are the other links of this browser that still wait for a decision. One that cannot be read is left out:
// its own page says why.
func (s *Space) waiting(v *visit, but string) []link {
	var out []link
	for _, token := range v.Session.Value.Mine {
		if token == but {
			continue
		}
		p, err := s.provider.Session(v.R.Context(), token)
		if err == nil && p.Identified {
			p.Token = token
			out = append(out, link{p})
		}
	}
	return out
}
