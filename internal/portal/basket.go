package portal

import (
	"errors"
	"html/template"
	"net/http"
	"slices"

	"oots/directory"
	"oots/edm"
	"oots/internal/login"
	"oots/internal/requester"
	"oots/internal/web"
)

// basketPage lists what the user has put together, from several requirements and countries, and asks for what she
// ticks: one confirmation for several requests, each of them listed with what, from whom and why.
// [SDGR art. 14(7)] [IR 2022/1463 art. 12] [ux-guidance P11]
type basketPage struct {
	web.Frame
	App       application
	Procedure Procedure
	Lines     []basketLine
	Ready     int // lines that can be asked for
	Who       []persona
	Previews  bool // the user sees the evidence before it is sent
	Applicant login.Identity
}

// basketLine is one wish as the directories know it now.
type basketLine struct {
	Key       string
	Card      requester.Card
	Country   string
	Type      edm.Texts
	Provider  edm.Texts // nil while none is chosen
	Format    string
	Answers   []answerLine
	Statement template.HTML // what is confirmed; "" when it cannot be asked for yet
	Trouble   trouble       // zero when it can
	explicit  explicit
}

func (p *Portal) basket(v *visit, a application) error {
	page, err := p.basketPage(v, a)
	if err != nil {
		return err
	}
	if v.R.URL.Query().Get("notice") == "added" {
		page.Notice = v.T("portal/basket.added")
	}
	return v.Show(http.StatusOK, "basket", page)
}

func (p *Portal) basketPage(v *visit, a application) (*basketPage, error) {
	page := &basketPage{Frame: p.page(v, v.T("portal/basket.title")), App: a, Procedure: p.named(a), Applicant: a.User}
	for _, w := range a.Basket {
		l, err := p.basketLine(v, a, w)
		if err != nil {
			return nil, err
		}
		page.Lines = append(page.Lines, l)
		if l.Statement == "" {
			continue
		}
		if page.Ready == 0 {
			forwarded := p.requester.Forwarded(a.User, a.Procedure, l.explicit.service)
			page.Who, page.Previews = personas(v, forwarded), forwarded.PossibilityForPreview
		}
		page.Ready++
	}
	return page, nil
}

// basketLine looks a wish up in the directories. One that they do not confirm stays in the basket and says why.
func (p *Portal) basketLine(v *visit, a application, w requester.Wish) (basketLine, error) {
	l := basketLine{Key: w.Key(), Country: w.Country}
	for _, c := range a.Cards {
		if c.Requirement.ID == w.RequirementID {
			l.Card = c
		}
	}
	ch := choiceOf(w)
	way := a.RequirementPath(l.Card)
	t, services, err := p.lookUp(v, l.Card, ch)
	l.Type = t.Titles
	if err != nil {
		l.Trouble = p.lookUpTrouble(v, w, err, way, ch)
		return l, nil
	}
	if ch.Service == "" && len(services) == 1 {
		ch.Service = serviceKey(services[0])
	}
	i := slices.IndexFunc(services, func(s directory.DataService) bool { return serviceKey(s) == ch.Service })
	if i < 0 || len(services[i].Distributions) == 0 {
		ch.Service = ""
		l.Trouble = trouble{"provider", v.T("portal/basket.several"), "", way + "/provider?" + ch.Query(), v.T("portal/basket.chooseProvider")}
		return l, nil
	}
	l.explicit = explicit{card: l.Card, choice: ch, kind: t, service: services[i]}
	l.Provider = services[i].Publisher.Names
	l.Format = v.Format(services[i].Distributions[p.distribution(l.explicit)].Format)
	if err := p.requester.Preflight(a.User, a.Procedure, services[i]); err != nil {
		l.Trouble = troubleOf(v, a, l.explicit, err, a.Path()+"/basket")
		return l, nil
	}
	if l.explicit.answers, err = p.answers(v, l.explicit); err != nil {
		l.Trouble = trouble{Machine: "unreachable", Text: v.T("portal/basket.unreachable")}
		return l, nil
	}
	l.Answers = p.answerLines(v, l.explicit.answers)
	l.Statement = p.statement(v, a, l.explicit)
	return l, nil
}

// lookUpTrouble says why the directories name no provider, and where that can be put right.
func (p *Portal) lookUpTrouble(v *visit, w requester.Wish, err error, way string, ch choice) trouble {
	var question *directory.Question
	switch {
	case errors.As(err, &question), badAnswer(err):
		return trouble{"question", v.T("portal/basket.question"), "", way + "/question?" + ch.Query(), v.T("portal/basket.answer")}
	case errors.Is(err, errUnknownType):
		return trouble{"gone", v.T("portal/basket.gone"), "", way + "/country", v.T("portal/basket.chooseAgain")}
	case nothing(err):
		return trouble{"nobody", nobody(v, w.Country), "", way + "/country", v.T("portal/basket.chooseAgain")}
	}
	return trouble{Machine: "unreachable", Text: v.T("portal/basket.unreachable")}
}

// collect puts one evidence, or all of a list that are needed together, into the basket.
func (p *Portal) collect(v *visit, a application) error {
	c, err := card(v, a)
	if err != nil {
		return err
	}
	form := v.R.PostForm
	ch := readChoice(form)
	if !web.KnownCountry(ch.Country) || ch.Country == p.country || len(form["type"]) == 0 {
		return v.Redirect(a.RequirementPath(c) + "/country")
	}
	var wishes []requester.Wish
	for _, t := range form["type"] {
		one := ch
		one.Type = t
		if _, err := p.evidenceType(v, c, one); err != nil {
			if errors.Is(err, errUnknownType) {
				return v.Redirect(a.RequirementPath(c) + "/country")
			}
			return unreachable(err, a.Path())
		}
		wishes = append(wishes, one.wish(c.Requirement.ID))
	}
	err = p.requester.Collect(v.R.Context(), a.ID, wishes...)
	if err != nil && !errors.Is(err, requester.ErrFull) {
		return err
	}
	return v.Redirect(a.Path() + "/basket?notice=added")
}

// drop takes one evidence out of the basket.
func (p *Portal) drop(v *visit, a application) error {
	if err := p.requester.Drop(v.R.Context(), a.ID, v.R.PostForm.Get("wish")); err != nil {
		return err
	}
	return v.Redirect(a.Path() + "/basket")
}

// askAll sends a request for everything that the user has ticked. They run side by side; what cannot be sent stays in
// the basket and says why.
func (p *Portal) askAll(v *visit, a application) error {
	page, err := p.basketPage(v, a)
	if err != nil {
		return err
	}
	ticked := v.R.PostForm["wish"]
	sent := 0
	for i := range page.Lines {
		l := &page.Lines[i]
		if l.Statement == "" || !slices.Contains(ticked, l.Key) {
			continue
		}
		_, err := p.requester.Ask(v.R.Context(), p.askFor(v, a, l.explicit))
		switch {
		case errors.Is(err, requester.ErrSubmitted): // in another tab
			return v.Redirect(a.Path() + "/done")
		case blocked(err): // changed this moment: the page says so
		case err != nil:
			return err
		default:
			sent++
		}
	}
	if sent > 0 {
		return v.Redirect(a.Path() + "/progress")
	}
	for _, l := range page.Lines {
		if l.Statement != "" {
			page.Errors = []web.FieldError{{Field: "wish-" + l.Key, Text: v.T("portal/basket.untickedError")}}
			break
		}
	}
	return v.Show(http.StatusUnprocessableEntity, "basket", page)
}
