package page

import (
	"bytes"
	"encoding/base64"
	"html/template"
	"net/http"
	"slices"
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
	Lit      string // address of the line of the source that is lit for it
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

// findingsPage shows what is known of a document, or of two that were compared.
type findingsPage struct {
	web.Frame
	Mood      report.Mood
	Counts    []count
	Sheets    []sheet
	Compared  bool
	Pairs     []report.Pair
	Downloads []download
	Form      form
}

// A sheet is one document with its findings.
type sheet struct {
	Number   int // from 1
	Report   validator.Report
	KindName string
	Mood     report.Mood
	Verdict  string
	Findings []finding
	Source   []sourceLine
	Scope    scope
	Share    string
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
	Checked int  // rules that a document of this kind is held to
	Unknown int  // rules that exist, and whose text is not known
	Rules   bool // it was held to them
	List    bool // it is a code list, which has no release line
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
	asked := q
	reports := make([]validator.Report, len(docs))
	for i, d := range docs {
		reports[i] = p.desk.judge(d, q)
		q.Kind = "" // what was chosen is about the first
	}
	page := findingsPage{Compared: len(docs) > 1}
	if page.Compared {
		page.Pairs = p.desk.compare(docs, reports)
	}
	worst := worstOf(reports)
	page.Frame, page.Mood = v.Frame(verdictTitle(v, worst)), report.MoodOf(worst)
	number := 0
	for i, r := range reports {
		s := p.sheet(v, r, docs[i].Content, i+1, number)
		number += len(s.Findings)
		page.Sheets = append(page.Sheets, s)
	}
	page.Counts = counts(reports)
	page.Form = p.form(v, asked, editable(docs[0].Content))
	if len(docs) > 1 {
		page.Form.Second = editable(docs[1].Content)
	}
	if page.Downloads, err = downloads(reports, v.Now()); err != nil {
		return err
	}
	return v.Show(http.StatusOK, "findings", &page)
}

// worstOf is the verdict over all reports.
func worstOf(reports []validator.Report) validator.Verdict {
	order := validator.Verdicts()
	worst := 0
	for _, r := range reports {
		worst = max(worst, slices.Index(order, r.Verdict))
	}
	return order[worst]
}

// sheet prepares one document. Its findings are numbered behind those before it.
func (p *Page) sheet(v *visit, r validator.Report, content []byte, n, before int) sheet {
	s := sheet{Number: n, Report: r, Mood: report.MoodOf(r.Verdict), Verdict: verdictName(v, r.Verdict), Scope: scopeOf(r), Share: p.shareLink(r),
		Findings: p.findings(r.Findings, r.Version, before)}
	if r.Kind != "" {
		s.KindName = kindName(v, r.Kind)
	}
	s.Source = sourceLines(content, s.Findings, string(rune('K'+n))) // L, M: the addresses of lines
	return s
}

// findings prepares findings, the first of which has the number behind before.
func (p *Page) findings(fs []rule.Finding, version string, before int) []finding {
	out := make([]finding, len(fs))
	for i, f := range fs {
		out[i] = finding{Number: before + i + 1, Line: f.Line, Mood: report.MoodOfSeverity(f.Severity), Severity: f.Severity.String(), Rule: f.Rule, Path: f.Path, Found: f.Got, Want: f.Want}
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

// counts are the findings of all reports by severity, the severest first.
func counts(reports []validator.Report) []count {
	var out []count
	for _, s := range []rule.Severity{rule.Fatal, rule.Warning, rule.Caution} {
		n := 0
		for _, r := range reports {
			for _, f := range r.Findings {
				if f.Severity == s {
					n++
				}
			}
		}
		if n > 0 {
			out = append(out, count{report.MoodOfSeverity(s), s.String(), n})
		}
	}
	return out
}

// verdictTitle is the verdict as a sentence.
func verdictTitle(v *visit, x validator.Verdict) string {
	switch x {
	case validator.Valid:
		return v.T("validator/page/check.valid")
	case validator.Cautioned:
		return v.T("validator/page/check.cautioned")
	case validator.Warned:
		return v.T("validator/page/check.warned")
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
	}
	return v.T("validator/page/check.invalidWord")
}

// scopeOf counts the rules behind a verdict. A document that could not be read was held to none.
func scopeOf(r validator.Report) scope {
	s := scope{Version: r.Version}
	s.List = r.Kind == validator.CodeList
	unread := slices.ContainsFunc(r.Findings, func(f rule.Finding) bool { return f.Rule == validator.RuleUnreadable })
	if r.Document == "" || r.Version == "" || unread {
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
func downloads(reports []validator.Report, at time.Time) ([]download, error) {
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
		for _, r := range reports {
			w.Report(r)
		}
		if err := w.Close(); err != nil {
			return nil, err
		}
		address := "data:application/octet-stream;base64," + base64.StdEncoding.EncodeToString(b.Bytes())
		out = append(out, download{Form: d.name, File: "oots-findings." + string(d.form), URL: template.URL(address)})
	}
	return out, nil
}
