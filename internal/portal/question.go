package portal

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"oots/directory"
	"oots/edm"
	"oots/internal/requester"
	"oots/internal/web"
)

// questionPage asks the user what the directory must know before a provider can be chosen: the
// DSD:ERR:0005 answer, one field for each concept. [TDD 3.1.4] [ux-guidance P8]
type questionPage struct {
	web.Frame
	App    application
	Card   requester.Card
	Type   directory.EvidenceType
	Fields []questionField
	Hidden []field
}

// questionField is one concept, or the question for a territory. Control is radio, select, date or text.
type questionField struct {
	Name, ID     string
	Control      string
	Descriptions edm.Texts
	Options      []option
	Value        string
	Error        string
	Hint         string // how to answer; may be empty
}

type option struct {
	Value   string
	Names   edm.Texts
	Chosen  bool
	FieldID string
}

// shortList is how many options are shown as radio buttons rather than as a list to open.
const shortList = 7

func (p *Portal) question(v *visit, a application) error {
	c, err := card(v, a)
	if err != nil {
		return err
	}
	q := v.R.URL.Query()
	ch := readChoice(q)
	if q.Has("unsure") {
		return v.Redirect(a.RequirementPath(c) + "/unsure?" + ch.Query())
	}
	wrong := q.Has("wrong")
	t, _, err := p.lookUp(v, c, ch)
	if badAnswer(err) { // ask again without the refused answers
		wrong, ch.Answers, ch.Region, ch.Municipality = true, map[string]string{}, "", ""
		t, _, err = p.lookUp(v, c, ch)
	}
	var asked *directory.Question
	if !errors.As(err, &asked) {
		if err != nil {
			return p.noService(v, a, c, ch, err)
		}
		return v.Redirect(a.RequirementPath(c) + "/provider?" + ch.Query())
	}
	page := questionPage{Frame: p.page(v, v.T("portal/question.title")), App: a, Card: c, Type: t, Hidden: ch.fields(asked.Concepts)}
	if asked.Determination != nil {
		f := p.territoryField(v, asked.Determination, ch)
		page.Hidden = slices.DeleteFunc(page.Hidden, func(h field) bool { return h.Name == "region" || h.Name == "municipality" })
		if q.Has("answered") && f.Value == "" {
			f.Error = v.T("portal/question.wrong")
			page.Errors = append(page.Errors, web.FieldError{Field: f.ID, Text: v.T("portal/question.answer", "question", v.In(f.Descriptions))})
		}
		page.Fields = append(page.Fields, f)
	}
	for i, concept := range asked.Concepts {
		f, err := p.questionField(v, i, concept, ch.Answers[concept.ID])
		if err != nil {
			return unreachable(err, a.Path())
		}
		if wrong || q.Has("answered") && f.Value == "" {
			f.Error = v.T("portal/question.wrong")
			page.Errors = append(page.Errors, web.FieldError{Field: f.ID, Text: v.T("portal/question.answer", "question", v.In(concept.Descriptions))})
		}
		page.Fields = append(page.Fields, f)
	}
	status := http.StatusOK
	if len(page.Errors) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return v.Show(status, "question", &page)
}

// questionField turns a concept into a field. A value that the control does not offer is dropped.
func (p *Portal) questionField(v *visit, i int, c directory.Concept, value string) (questionField, error) {
	f := questionField{Name: answerField + c.ID, ID: fmt.Sprintf("question-%d", i), Control: "text", Descriptions: c.Descriptions, Value: value}
	switch c.Type {
	case "boolean":
		f.Options = []option{{Value: "true", Names: titled(v.T("portal/question.yes"))}, {Value: "false", Names: titled(v.T("portal/question.no"))}}
	case "codelist":
		codes, err := p.codeLists.CodeList(v.R.Context(), c.ValueExpression)
		if err != nil {
			return f, err
		}
		for _, x := range codes {
			f.Options = append(f.Options, option{Value: x.Value, Names: x.Names})
		}
	default:
		if c.Dates {
			f.Control, f.Hint = "date", v.T("portal/question.date")
			if _, err := time.Parse(time.DateOnly, value); err != nil {
				f.Value = ""
			}
		}
		return f, nil
	}
	f.Control = "radio"
	if len(f.Options) > shortList {
		f.Control = "select"
	}
	if !slices.ContainsFunc(f.Options, func(o option) bool { return o.Value == value }) {
		f.Value = ""
	}
	for j := range f.Options {
		f.Options[j].Chosen = f.Options[j].Value == f.Value
		f.Options[j].FieldID = f.ID
		if j > 0 {
			f.Options[j].FieldID = fmt.Sprintf("%s-%d", f.ID, j)
		}
	}
	return f, nil
}
