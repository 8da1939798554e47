package portal

import (
	"errors"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"oots/directory"
	"oots/edm"
	"oots/internal/login"
	"oots/internal/requester"
	"oots/internal/web"
)

// requestPage is the explicit request: who is asked for what, about whom, and why, with nothing ticked
// and nothing bundled. [SDGR art. 14(3), 14(7)] [IR 2022/1463 art. 12] [ux-guidance P11]
type requestPage struct {
	web.Frame
	App       application
	Card      requester.Card
	Procedure Procedure
	Type      directory.EvidenceType
	Service   directory.DataService
	InCountry string // name of the provider's country
	Formats   []formatLine
	Applicant login.Identity
	Who       []persona // what is sent
	Previews  bool      // the user sees the evidence before it is sent
	Collect   bool      // into the basket rather than at once
	Answers   []answerLine
	Hidden    []field
}

// formatLine is a form of the evidence; Href takes it instead of the chosen one, "" is chosen.
type formatLine struct{ Name, Href string }

// answerLine is what the user answered to a question of the directory: it is sent along.
type answerLine struct{ Question, Answer edm.Texts }

// explicit is a request that the directory confirms.
type explicit struct {
	card    requester.Card
	choice  choice
	kind    directory.EvidenceType
	service directory.DataService
	answers []edm.ProviderClassification
}

// explicitRequest looks the whole choice up again. It returns false when it has answered itself.
func (p *Portal) explicitRequest(v *visit, a application, ch choice) (explicit, bool, error) {
	c, err := card(v, a)
	if err != nil {
		return explicit{}, false, err
	}
	t, services, err := p.lookUp(v, c, ch)
	if err != nil {
		return explicit{}, false, p.noService(v, a, c, ch, err)
	}
	i := slices.IndexFunc(services, func(s directory.DataService) bool { return serviceKey(s) == ch.Service })
	if i < 0 || len(services[i].Distributions) == 0 {
		ch.Service = ""
		return explicit{}, false, v.Redirect(a.RequirementPath(c) + "/provider?" + ch.Query())
	}
	e := explicit{card: c, choice: ch, kind: t, service: services[i]}
	if err := p.requester.Preflight(a.User, a.Procedure, e.service); err != nil && !ch.Collect {
		return explicit{}, false, p.showBlocked(v, a, e, err)
	}
	if e.answers, err = p.answers(v, e); err != nil {
		return explicit{}, false, unreachable(err, a.Path())
	}
	return e, true, nil
}

func (p *Portal) request(v *visit, a application) error {
	e, ok, err := p.explicitRequest(v, a, readChoice(v.R.URL.Query()))
	if err != nil || !ok {
		return err
	}
	return v.Show(http.StatusOK, "request", p.requestPage(v, a, e))
}

func (p *Portal) requestPage(v *visit, a application, e explicit) *requestPage {
	forwarded := p.requester.Forwarded(a.User, a.Procedure, e.service)
	return &requestPage{
		Frame: p.page(v, v.T("portal/request.title")), App: a, Card: e.card, Procedure: p.named(a), Type: e.kind, Service: e.service,
		InCountry: v.Country(e.choice.Country), Formats: p.formats(v, a, e),
		Applicant: a.User, Who: personas(v, forwarded), Previews: forwarded.PossibilityForPreview, Hidden: e.choice.fields(nil), Collect: e.choice.Collect,
		Answers: p.answerLines(v, e.answers),
	}
}

// answerLines say answers in the words in which they were chosen; an answer whose list is not there now is
// shown as it is sent.
func (p *Portal) answerLines(v *visit, answers []edm.ProviderClassification) []answerLine {
	lines := make([]answerLine, len(answers))
	for i, a := range answers {
		value := strings.Join(a.Values, ", ")
		lines[i] = answerLine{a.Descriptions, titled(value)}
		f, err := p.questionField(v, i, directory.Concept{ID: a.ID, Type: a.Type, ValueExpression: a.ValueExpression}, value)
		if err != nil {
			continue
		}
		for _, o := range f.Options {
			if o.Chosen {
				lines[i].Answer = o.Names
			}
		}
	}
	return lines
}

// ask sends the request when the user has ticked that she wants it.
func (p *Portal) ask(v *visit, a application) error {
	e, ok, err := p.explicitRequest(v, a, readChoice(v.R.PostForm))
	if err != nil || !ok {
		return err
	}
	page := p.requestPage(v, a, e)
	if v.R.PostForm.Get("confirm") != "yes" {
		page.Errors = []web.FieldError{{Field: "confirm", Text: v.T("portal/request.untickedError")}}
		return v.Show(http.StatusUnprocessableEntity, "request", page)
	}
	id, err := p.requester.Ask(v.R.Context(), p.askFor(v, a, e))
	switch {
	case errors.Is(err, requester.ErrSubmitted): // in another tab
		return v.Redirect(a.Path() + "/done")
	case blocked(err):
		return p.showBlocked(v, a, e, err)
	case err != nil:
		return err
	}
	return v.Redirect(a.ExchangePath(id))
}

// askFor is the request that the user has confirmed, with the text that she did.
func (p *Portal) askFor(v *visit, a application, e explicit) requester.Ask {
	return requester.Ask{
		ApplicationID: a.ID, RequirementID: e.card.Requirement.ID, Service: e.service, Distribution: p.distribution(e),
		Country: e.choice.Country, Answers: e.answers, Lang: strings.ToUpper(v.Lang()),
		Text: v.T("portal/request.confirm", p.terms(v, a, e)...),
	}
}

// statement is what the user confirms, as the page shows it.
func (p *Portal) statement(v *visit, a application, e explicit) template.HTML {
	return v.H("portal/request.confirm", p.terms(v, a, e)...)
}

// terms are what, from whom, for whom and why.
func (p *Portal) terms(v *visit, a application, e explicit) []any {
	return []any{
		"provider", v.In(e.service.Publisher.Names), "document", v.In(e.kind.Titles), "requester", v.In(p.site.Names),
		"procedure", v.In(p.named(a).Titles),
	}
}

// distribution is the form in which the evidence is asked for.
func (p *Portal) distribution(e explicit) int {
	return p.requester.Distribution(e.card.Requirement.ID, e.service, e.choice.Format)
}

// formats are the forms that the user can have the evidence in.
func (p *Portal) formats(v *visit, a application, e explicit) []formatLine {
	chosen := e.service.Distributions[p.distribution(e)].Format
	var out []formatLine
	for _, d := range e.service.Distributions {
		l := formatLine{Name: v.Format(d.Format)}
		if slices.ContainsFunc(out, func(x formatLine) bool { return x.Name == l.Name }) {
			continue
		}
		if d.Format != chosen {
			other := e.choice
			other.Format = d.Format
			l.Href = a.RequirementPath(e.card) + "/request?" + other.Query()
		}
		out = append(out, l)
	}
	return out
}

// answers repeats the user's answers with the concepts that they answer, as the request carries them.
// [TDD 4.5.1 §3.6]
func (p *Portal) answers(v *visit, e explicit) ([]edm.ProviderClassification, error) {
	if len(e.choice.Answers) == 0 {
		return nil, nil
	}
	open := e.choice
	open.Answers = nil
	concepts := e.service.Classifications
	_, err := p.services(v, e.kind, open)
	var q *directory.Question
	switch {
	case errors.As(err, &q):
		concepts = slices.Concat(q.Concepts, concepts)
	case err != nil:
		return nil, err
	}
	var out []edm.ProviderClassification
	for _, id := range slices.Sorted(keys(e.choice.Answers)) {
		i := slices.IndexFunc(concepts, func(c directory.Concept) bool { return c.ID == id })
		if i < 0 {
			continue // answers nothing that the directory asks
		}
		c := concepts[i]
		out = append(out, edm.ProviderClassification{
			ID: c.ID, CodeList: c.CodeList, Type: c.Type, ValueExpression: c.ValueExpression, Descriptions: c.Descriptions,
			Values: []string{e.choice.Answers[id]}, Dates: c.Dates,
		})
	}
	return out, nil
}
