package page

import (
	"net/http"
	"strings"

	"oots/internal/validator/report"
	"oots/internal/web"
	"oots/rule"
)

// rulePage explains one rule, in all its forms, newest first.
type rulePage struct {
	web.Frame
	ID    rule.ID
	Forms []ruleForm
	Rules string
	Start string
}

// ruleForm is a rule in some release lines.
type ruleForm struct {
	rule.Row
	Document string // in words
	Mood     report.Mood
	Known    string // release lines
	Assumed  string
	State    string // in words
}

func (p *Page) rule(v *visit) error {
	id := rule.ID(v.R.PathValue("id"))
	page := rulePage{Frame: v.Frame(string(id)), ID: id, Rules: p.config.Base + "/rules/", Start: p.config.Base + "/"}
	for r := range rule.All() {
		if r.ID == id {
			page.Forms = append(page.Forms, formOf(v, r))
		}
	}
	if len(page.Forms) == 0 {
		return &web.Problem{Status: http.StatusNotFound, Kind: web.NoPage, Back: page.Rules}
	}
	return v.Show(http.StatusOK, "rule", &page)
}

func formOf(v *visit, r rule.Row) ruleForm {
	f := ruleForm{Row: r, Document: r.Document.Title(), Mood: report.MoodOfSeverity(r.Severity), State: stateName(v, r.State)}
	var known, assumed []string
	for _, l := range r.Releases {
		if l.Assumed {
			assumed = append(assumed, l.Version)
		} else {
			known = append(known, l.Version)
		}
	}
	f.Known, f.Assumed = strings.Join(known, ", "), strings.Join(assumed, ", ")
	return f
}

func stateName(v *visit, s rule.State) string {
	switch s {
	case rule.Checked:
		return v.T("validator/page/rules.checked")
	case rule.ReadAs:
		return v.T("validator/page/rules.readAs")
	case rule.Dead:
		return v.T("validator/page/rules.dead")
	}
	return v.T("validator/page/rules.unknown")
}

// rulesPage lists the rules of one kind of document.
type rulesPage struct {
	web.Frame
	Documents []option // Value is the link
	Chosen    string   // kind of document, in words
	Rows      []ruleForm
	Base      string
	Start     string
}

func (p *Page) rules(v *visit) error {
	page := rulesPage{Frame: v.Frame(v.T("validator/page/rules.title")), Base: p.config.Base + "/rules/", Start: p.config.Base + "/"}
	chosen := rule.Document(v.R.URL.Query().Get("of"))
	if chosen == "" {
		chosen = rule.Request
	}
	for _, d := range rule.Documents() {
		page.Documents = append(page.Documents, option{page.Base + "?of=" + string(d), d.Title(), d == chosen})
		if d == chosen {
			page.Chosen = d.Title()
		}
	}
	if page.Chosen == "" {
		return &web.Problem{Status: http.StatusNotFound, Kind: web.NoPage, Back: page.Base}
	}
	var last rule.ID
	for r := range rule.All() {
		if r.Document == chosen && r.ID != last { // the newest form of each
			page.Rows = append(page.Rows, formOf(v, r))
			last = r.ID
		}
	}
	return v.Show(http.StatusOK, "rules", &page)
}

// aboutPage says what the validator does, and what it does with what it is given.
type aboutPage struct {
	web.Frame
	Start, API, Rules string
}

func (p *Page) about(v *visit) error {
	b := p.config.Base
	return v.Show(http.StatusOK, "about", &aboutPage{Frame: v.Frame(v.T("validator/page/rules.about")), Start: b + "/", API: b + "/openapi.json", Rules: b + "/rules/"})
}
