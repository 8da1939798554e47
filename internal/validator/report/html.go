package report

import (
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"io"
	"os"
	"slices"
	"time"

	"oots/internal/validator"
	"oots/internal/web"
	"oots/rule"
)

//go:embed templates
var files embed.FS

// page prints HTML that stands alone: one file, no script, nothing loaded. What is known of each document goes
// to a temporary file first, so that ten thousand of them take no more memory than one.
type page struct {
	w         io.Writer
	at        time.Time
	templates *template.Template
	rest      *os.File
	sum       map[validator.Verdict]int
	documents int
	broken    map[rule.ID]*brokenRule
	err       error
}

// brokenRule counts the findings of one rule.
type brokenRule struct {
	ID        rule.ID
	Severity  rule.Severity // the worst of its findings
	Wrong     string
	Findings  int
	Documents int
	last      int // number of the document counted last
}

func newPage(w io.Writer, at time.Time) (Writer, error) {
	t, err := template.ParseFS(files, "templates/*.html")
	if err != nil {
		return nil, err
	}
	rest, err := os.CreateTemp("", "oots-report-")
	if err != nil {
		return nil, err
	}
	return &page{w: w, at: at, templates: t, rest: rest, sum: map[validator.Verdict]int{}, broken: map[rule.ID]*brokenRule{}}, nil
}

// documentPart is what the page says of one document.
type documentPart struct {
	Number   int
	Name     string
	Kind     string // in words, with its article; "" when it was not found out
	Version  string
	Mood     Mood
	Verdict  string
	Notes    []string
	Findings []findingPart
}

// findingPart is one row of a document.
type findingPart struct {
	Line        int
	Mood        Mood
	Severity    string
	Rule        rule.ID
	Wrong       string
	Write       string
	Path        string
	Found, Want string
}

// Report implements Writer.
func (p *page) Report(r validator.Report) {
	p.documents++
	p.sum[r.Verdict]++
	d := documentPart{Number: p.documents, Name: printable(r.Name), Version: r.Version, Mood: MoodOf(r.Verdict), Verdict: string(r.Verdict), Notes: r.Notes}
	if r.Kind != "" {
		d.Kind = r.Kind.Title()
	}
	for _, f := range r.Findings {
		known := row(f.Rule, r.Version)
		p.count(f, known)
		d.Findings = append(d.Findings, findingPart{Line: f.Line, Mood: MoodOfSeverity(f.Severity), Severity: f.Severity.String(), Rule: f.Rule,
			Wrong: known.Wrong, Write: known.Write, Path: printable(f.Path), Found: printable(f.Got), Want: printable(f.Want)})
	}
	p.keep(p.templates.ExecuteTemplate(p.rest, "document", &d))
}

func (p *page) keep(err error) {
	if p.err == nil {
		p.err = err
	}
}

func (p *page) count(f rule.Finding, known rule.Row) {
	b := p.broken[f.Rule]
	if b == nil {
		b = &brokenRule{ID: f.Rule, Severity: f.Severity, Wrong: known.Wrong}
		p.broken[f.Rule] = b
	}
	b.Findings++
	b.Severity = min(b.Severity, f.Severity)
	if b.last != p.documents {
		b.Documents++
		b.last = p.documents
	}
}

// headPart is the top of the page.
type headPart struct {
	Style     template.CSS
	Policy    string // content security policy: this style, and nothing else
	At        time.Time
	Documents int
	Sum       []sumLine
	Broken    []*brokenRule // most frequent first
}

type sumLine struct {
	Verdict string
	Mood    Mood
	Count   int
}

// Close implements Writer.
func (p *page) Close() error {
	defer os.Remove(p.rest.Name())
	defer p.rest.Close()
	style, err := web.Files.ReadFile("assets/oots.css")
	p.keep(err)
	hash := sha256.Sum256(style)
	head := headPart{Style: template.CSS(style), At: p.at, Documents: p.documents,
		Policy: "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) + "'"}
	for _, v := range validator.Verdicts() {
		if n := p.sum[v]; n > 0 {
			head.Sum = append(head.Sum, sumLine{string(v), MoodOf(v), n})
		}
	}
	for _, b := range p.broken {
		head.Broken = append(head.Broken, b)
	}
	slices.SortFunc(head.Broken, func(a, b *brokenRule) int {
		return cmp.Or(cmp.Compare(a.Severity, b.Severity), cmp.Compare(b.Findings, a.Findings), cmp.Compare(a.ID, b.ID))
	})
	if p.err == nil {
		p.keep(p.templates.ExecuteTemplate(p.w, "head", &head))
	}
	if p.err == nil {
		_, err = p.rest.Seek(0, io.SeekStart)
		p.keep(err)
	}
	if p.err == nil {
		_, err = io.Copy(p.w, p.rest)
		p.keep(err)
	}
	if p.err == nil {
		p.keep(p.templates.ExecuteTemplate(p.w, "tail", nil))
	}
	return p.err
}

// A Mood is a class of the style sheet: the colour of a verdict or of a finding.
type Mood string

// MoodOf is the mood of a verdict.
func MoodOf(v validator.Verdict) Mood {
	switch v {
	case validator.Valid:
		return "good"
	case validator.Cautioned, validator.Encrypted:
		return "busy"
	case validator.Warned:
		return "warn"
	}
	return "bad"
}

// MoodOfSeverity is the mood of a finding.
func MoodOfSeverity(s rule.Severity) Mood {
	switch s {
	case rule.Fatal:
		return "bad"
	case rule.Warning:
		return "warn"
	}
	return "busy"
}

// Mood is that of the rule's worst finding.
func (b *brokenRule) Mood() Mood { return MoodOfSeverity(b.Severity) }
