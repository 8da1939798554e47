package portal

import (
	"errors"
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
	Format    string
	Applicant login.Identity
	Level     string
	Answers   []answerLine
	Hidden    []field
}

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
	if i < 0 || tooWeak(a, services[i]) || len(services[i].Distributions) == 0 {
		ch.Service = ""
		return explicit{}, false, v.Redirect(a.RequirementPath(c) + "/provider?" + ch.Query())
	}
	e := explicit{card: c, choice: ch, kind: t, service: services[i]}
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
	return &requestPage{
		Frame: p.page(v, v.T("portal/request.title")), App: a, Card: e.card, Procedure: p.named(a), Type: e.kind, Service: e.service,
		InCountry: v.Country(e.choice.Country), Format: v.Format(e.service.Distributions[distribution(e.service)].Format),
		Applicant: a.User, Level: level(v, a.User.Person.LoA), Hidden: e.choice.fields(nil),
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
	id, err := p.requester.Ask(v.R.Context(), requester.Ask{
		ApplicationID: a.ID, RequirementID: e.card.Requirement.ID, Service: e.service, Distribution: distribution(e.service),
		Country: e.choice.Country, Answers: e.answers, Text: page.Statement(), Lang: strings.ToUpper(v.Lang()),
	})
	if errors.Is(err, requester.ErrSubmitted) { // in another tab
		return v.Redirect(a.Path() + "/done")
	}
	if err != nil {
		return err
	}
	return v.Redirect(a.ExchangePath(id))
}

// Statement is what the user confirms, as it is kept for the record.
func (p *requestPage) Statement() string {
	return p.T("portal/request.confirm", "provider", p.In(p.Service.Publisher.Names), "document", p.In(p.Type.Titles),
		"requester", p.SiteName, "procedure", p.In(p.Procedure.Titles))
}

// distribution prefers a form that people can read over one for machines.
func distribution(s directory.DataService) int {
	for i, d := range s.Distributions {
		if d.Format == "application/pdf" {
			return i
		}
	}
	return 0
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
