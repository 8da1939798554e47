package portal

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"oots/directory"
	"oots/edm"
	"oots/internal/requester"
	"oots/internal/web"
)

// blockedPage says what keeps a request from being sent, before anything is, and what can be done about it.
// [architecture-and-journeys §8]
type blockedPage struct {
	web.Frame
	App     application
	Card    requester.Card
	Service directory.DataService
	Trouble trouble
}

// trouble is what keeps a request from being sent.
type trouble struct {
	Machine string // for tests: the value of data-trouble
	Text    string
	Next    string // what can be done
	Href    string // where that begins; "" when there is nothing but to upload
	Do      string // what the link says
}

// blocked reports whether an error is one of Preflight.
func blocked(err error) bool {
	for _, e := range []error{requester.ErrLoA, requester.ErrVersion, requester.ErrMandate, requester.ErrIncomplete} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

func (p *Portal) showBlocked(v *visit, a application, e explicit, err error) error {
	return v.Show(http.StatusConflict, "blocked", &blockedPage{
		Frame: p.page(v, v.T("portal/blocked.title")), App: a, Card: e.card, Service: e.service,
		Trouble: troubleOf(v, a, e, err, a.RequirementPath(e.card)+"/request?"+e.choice.Query()),
	})
}

// troubleOf puts an error of Preflight into words; back is where a stronger login leads to.
func troubleOf(v *visit, a application, e explicit, err error, back string) trouble {
	switch {
	case errors.Is(err, requester.ErrLoA):
		return trouble{"level", v.T("portal/blocked.level", "level", level(v, e.service.LoA)), v.T("portal/blocked.levelNext"), a.StrongerPath(back, e.service.LoA), v.T("portal/blocked.levelDo")}
	case errors.Is(err, requester.ErrMandate):
		return trouble{Machine: "mandate", Text: v.T("portal/blocked.mandate"), Next: v.T("portal/blocked.mandateNext")}
	case errors.Is(err, requester.ErrIncomplete):
		return trouble{"incomplete", v.T("portal/blocked.incomplete"), v.T("portal/blocked.incompleteNext"), a.StrongerPath(back, e.service.LoA), v.T("portal/blocked.incompleteDo")}
	}
	return trouble{Machine: "version", Text: v.T("portal/blocked.version"), Next: v.T("portal/blocked.versionNext")}
}

// StrongerPath is where the user logs in once more, at a level, to come back to a page of this application.
func (a application) StrongerPath(back string, level edm.LoA) string {
	if !strings.HasPrefix(back, a.Path()+"/") {
		back = a.Path()
	}
	q := url.Values{"back": {back}}
	if level != "" {
		q.Set("level", string(level))
	}
	return a.Path() + "/stronger?" + q.Encode()
}
