package portal

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	"oots/edm/exchange"
	"oots/internal/requester"
	"oots/internal/web"
)

// progressPage shows all exchanges of an application side by side, each with a state of its own. It stands until any
// of them has moved, without a script, and the user can stop that. [ux-guidance P12, §4] [WCAG 2.2.1]
type progressPage struct {
	web.Frame
	App       application
	Procedure Procedure
	Lines     []progressLine
	Open      int  // under way
	Waiting   int  // for the user
	Manual    bool // the user stopped the reloading
}

// progressLine is one exchange.
type progressLine struct {
	exchangeLine
	Card  requester.Card
	Badge badge
	Ready bool // it is the user's turn
}

func (p *Portal) progress(v *visit, a application) error {
	if since := v.R.URL.Query().Get("since"); since != "" {
		return p.untilMoved(v, a, since)
	}
	page := progressPage{Frame: p.page(v, v.T("portal/progress.title")), App: a, Procedure: p.named(a), Manual: v.R.URL.Query().Get("reload") == "off"}
	for _, c := range a.Cards {
		for _, x := range c.Exchanges {
			l := progressLine{exchangeLine: line(v, a, x), Card: c, Ready: x.State == exchange.PreviewRequired}
			l.Badge = badge{l.Outcome.Machine, l.Outcome.Tone, l.Outcome.Icon, l.Outcome.State}
			page.Lines = append(page.Lines, l)
			switch {
			case l.Ready:
				page.Waiting++
			case !x.State.Settled():
				page.Open++
			}
		}
	}
	if page.Open > 0 && !page.Manual {
		page.Reload = web.Reload{Seconds: 1, URL: page.Self() + "?since=" + moved(a)}
	}
	return v.Show(http.StatusOK, "progress", &page)
}

// Self is the address of the page.
func (p *progressPage) Self() string { return p.App.Path() + "/progress" }

// moved changes when any exchange of an application does.
func moved(a application) string {
	h := sha256.New()
	for _, c := range a.Cards {
		for _, x := range c.Exchanges {
			h.Write([]byte(x.ID + string(x.State) + "\n"))
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8])
}

// untilMoved keeps the browser on the page it shows until any exchange has moved.
func (p *Portal) untilMoved(v *visit, a application, since string) error {
	err := v.Await(func() (bool, error) {
		now, err := p.requester.Application(v.R.Context(), a.ID)
		return moved(application{now}) != since, err
	})
	if err != nil && v.R.Context().Err() == nil {
		return err
	}
	return v.Redirect(a.Path() + "/progress")
}
