package page

import (
	"bytes"
	"encoding/base64"
	"html/template"
	"net/http"
	"strings"
	"time"

	"oots/internal/validator"
	"oots/internal/validator/report"
	"oots/internal/web"
	"oots/rule"
)

// A finding is one broken rule on a page.
type finding struct {
	Number   int // from 1, over all documents of the page
	Line     int
	Shown    int // the line of the source that is lit for it
	Mood     report.Mood
	Severity string
	Rule     rule.ID
	RulePath string // where it is explained; "" for one that the catalogue does not have
	Wrong    string
	Write    string
	Path     string
	Found    string
	Want     string
}

// Steps are the pieces of the path between which a line may break.
func (f finding) Steps() []string { return strings.SplitAfter(f.Path, "/") }

// findingsPage shows what is known of a document.
type findingsPage struct {
	web.Frame
	Report    validator.Report
	KindName  string
	Mood      report.Mood
	Verdict   string
	Findings  []finding
	Counts    []count
	Scope     scope
	Source    []sourceLine
	Compared  string // name of the second document; "" without one
	Downloads []download
	Share     string
	Form      form
	Rules     string
}

// count is how many findings have a severity.
type count struct {
	Mood     report.Mood
	Severity string
	N        int
}

// scope says what stands behind a verdict.
type scope struct {
	Version string
	Checked int // rules that a document of this kind is held to
	Unknown int // rules that exist, and whose text is not known
	Rules   bool
}

// download is a report as a link that holds all of it.
type download struct {
	Form string
	File string
	URL  template.URL
}

func (p *Page) check(v *visit) error {
	q, docs, mistakes, err := p.readForm(v)
	if err != nil {
		return err
	}
	if len(mistakes) > 0 {
		return p.showStart(v, http.StatusUnprocessableEntity, q, mistakes)
	}
	r := p.desk.judge(docs[0], q)
	page := findingsPage{Frame: v.Frame(verdictTitle(v, r)), Report: r, Mood: report.MoodOf(r.Verdict), Verdict: verdictName(v, r.Verdict),
		Scope: scopeOf(r), Share: p.shareLink(r), Form: p.form(v, q, editable(docs[0].Content)), Rules: p.config.Base + "/rules/"}
	if r.Kind != "" {
		page.KindName = kindName(v, r.Kind)
	}
	page.Findings = p.findings(r.Findings, r.Version)
	page.Counts = counts(r.Findings)
	page.Source = sourceLines(docs[0].Content, page.Findings)
	if page.Downloads, err = downloads(r, v.Now()); err != nil {
		return err
	}
	return v.Show(http.StatusOK, "findings", &page)
}

func (p *Page) findings(fs []rule.Finding, version string) []finding {
	out := make([]finding, len(fs))
	for i, f := range fs {
		out[i] = finding{Number: i + 1, Line: f.Line, Mood: report.MoodOfSeverity(f.Severity), Severity: f.Severity.String(), Rule: f.Rule, Path: f.Path, Found: f.Got, Want: f.Want}
		row, ok := rule.LookupIn(f.Rule, version)
		if !ok {
			row, ok = rule.Lookup(f.Rule)
		}
		if ok {
			out[i].Wrong, out[i].Write, out[i].RulePath = row.Wrong, row.Write, p.config.Base+"/rules/"+string(f.Rule)
		}
	}
	return out
}

func counts(fs []rule.Finding) []count {
	var out []count
	for _, s := range []rule.Severity{rule.Fatal, rule.Warning, rule.Caution} {
		n := 0
		for _, f := range fs {
			if f.Severity == s {
				n++
			}
		}
		if n > 0 {
			out = append(out, count{report.MoodOfSeverity(s), s.String(), n})
		}
	}
	return out
}

// verdictTitle is the verdict as a sentence.
func verdictTitle(v *visit, r validator.Report) string {
	switch r.Verdict {
	case validator.Valid:
		return v.T("validator/page/check.valid")
	case validator.Cautioned:
		return v.T("validator/page/check.cautioned")
	case validator.Warned:
		return v.T("validator/page/check.warned")
	case validator.NotJudged:
		return v.T("validator/page/check.notJudged")
	}
	return v.T("validator/page/check.invalid")
}

// verdictName is the verdict in a word.
func verdictName(v *visit, x validator.Verdict) string {
	switch x {
	case validator.Valid:
		return v.T("validator/page/check.validWord")
	case validator.Cautioned:
		return v.T("validator/page/check.cautionedWord")
	case validator.Warned:
		return v.T("validator/page/check.warnedWord")
	case validator.NotJudged:
		return v.T("validator/page/check.notJudgedWord")
	}
	return v.T("validator/page/check.invalidWord")
}

// scopeOf counts the rules behind a verdict. A document that could not be read was held to none.
func scopeOf(r validator.Report) scope {
	s := scope{Version: r.Version}
	if r.Document == "" || r.Version == "" || len(r.Notes) > 0 {
		return s
	}
	s.Rules = true
	for _, row := range rule.Rows(r.Document, r.Version) {
		switch row.State {
		case rule.Checked, rule.ReadAs:
			s.Checked++
		case rule.Unknown:
			s.Unknown++
		}
	}
	return s
}

// downloads are the reports as links that hold them, so that nothing has to be kept for them here.
func downloads(r validator.Report, at time.Time) ([]download, error) {
	var out []download
	for _, d := range []struct {
		form report.Form
		name string
	}{{report.HTML, "HTML"}, {report.JSON, "JSON"}, {report.SARIF, "SARIF"}, {report.CSV, "CSV"}} {
		var b bytes.Buffer
		w, err := report.New(d.form, &b, at)
		if err != nil {
			return nil, err
		}
		w.Report(r)
		if err := w.Close(); err != nil {
			return nil, err
		}
		address := "data:application/octet-stream;base64," + base64.StdEncoding.EncodeToString(b.Bytes())
		out = append(out, download{Form: d.name, File: "oots-findings." + string(d.form), URL: template.URL(address)})
	}
	return out, nil
}
