package portal

import (
	"net/http"

	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/requester"
	"oots/internal/web"
)

// checklistPage is the state of an application: one card for each requirement. [ux-guidance P5]
type checklistPage struct {
	web.Frame
	App       application
	Procedure Procedure
	Cards     []cardView
	Several   bool // exchanges to be seen side by side
}

// cardView is a card with what can be done about it.
type cardView struct {
	requester.Card
	Path   string // of the requirement
	Badge  badge
	Lines  []exchangeLine
	Fetch  bool // may be asked for
	Status string
	Action string // what the link to Status says
	Again  bool   // what is there can be taken out, to begin anew
	More   bool   // another document can be asked for
}

// exchangeLine is one exchange of a card.
type exchangeLine struct {
	Path     string
	Title    edm.Texts
	Provider edm.Texts
	Country  string
	Outcome  outcome
	Evidence []documentLine
}

type documentLine struct {
	requester.EvidenceDoc
	Path string
}

func (p *Portal) checklist(v *visit, a application) error {
	if a.Closed() {
		return v.Redirect(a.Path() + "/done")
	}
	page := checklistPage{Frame: p.page(v, v.T("portal/checklist.title")), App: a, Procedure: p.named(a), Cards: cardViews(v, a)}
	n := 0
	for _, c := range page.Cards {
		n += len(c.Lines)
	}
	page.Several = n > 1
	switch v.R.URL.Query().Get("notice") {
	case "uploaded":
		page.Notice = v.T("portal/checklist.uploaded")
	case "removed":
		page.Notice = v.T("portal/checklist.removed")
	}
	return v.Show(http.StatusOK, "checklist", &page)
}

func cardViews(v *visit, a application) []cardView {
	views := make([]cardView, len(a.Cards))
	for i, c := range a.Cards {
		w := cardView{Card: c, Path: a.RequirementPath(c), Badge: cardBadge(v, c, a.Closed()), Fetch: c.State == requester.ToDo}
		for _, x := range c.Exchanges {
			w.Lines = append(w.Lines, line(v, a, x))
		}
		w.decide(v, a)
		views[i] = w
	}
	return views
}

// decide says what the next action of a card is.
func (w *cardView) decide(v *visit, a application) {
	w.More = w.State == requester.Received
	w.Again = w.State == requester.Uploaded || w.State == requester.Received
	x := pressing(w.Card)
	if x == nil {
		return
	}
	w.Status = a.ExchangePath(x.ID)
	switch w.State {
	case requester.Asking:
		w.Action = v.T("portal/checklist.see")
	case requester.Ready:
		w.Action = v.T("portal/checklist.preview")
	case requester.Nothing, requester.Failed, requester.Expired, requester.Deferred:
		w.Action = v.T("portal/checklist.happened")
	default:
		w.Status = ""
	}
}

// pressing is the exchange that the card's state is about: one whose preview waits, else one under way,
// else the newest.
func pressing(c requester.Card) *requester.Exchange {
	var open *requester.Exchange
	for i := range c.Exchanges {
		x := &c.Exchanges[i]
		if x.State == exchange.PreviewRequired {
			return x
		}
		if !x.State.Settled() {
			open = x
		}
	}
	if open != nil {
		return open
	}
	return last(c)
}

func line(v *visit, a application, x requester.Exchange) exchangeLine {
	l := exchangeLine{
		Path: a.ExchangePath(x.ID), Title: x.EvidenceType.Titles, Provider: x.Provider.Names, Country: x.Country,
		Outcome: outcomeOf(v, x),
	}
	for _, d := range x.Evidence {
		l.Evidence = append(l.Evidence, documentLine{d, l.Path + "/evidence/" + d.ID})
	}
	return l
}
