package page

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"oots/internal/validator"
	"oots/internal/validator/report"
	"oots/internal/web"
	"oots/rule"
)

// Bounds of a link to findings: what browsers, mails and chats pass on whole.
const (
	shareBytes    = 4 << 10
	shareFindings = 60
)

// place is a path without anything that could be a value: names of elements and attributes, and positions.
var place = regexp.MustCompile(`^[A-Za-z0-9_.:/@*-]+(\[[0-9]+\][A-Za-z0-9_.:/@*-]*)*$`)

// shareLink is the address that repeats the findings of a report without the document: kind, release line, and of
// each finding severity, rule, line and path. It can be read by whoever gets it, and nothing is kept for it here.
func (p *Page) shareLink(r validator.Report) string {
	q := url.Values{}
	if r.Kind != "" {
		q.Set("kind", string(r.Kind))
	}
	if r.Version != "" {
		q.Set("version", r.Version)
	}
	q.Set("verdict", string(r.Verdict))
	q.Set("of", strconv.Itoa(len(r.Findings)))
	link := p.config.Base + "/shared?"
	for i, f := range r.Findings {
		if i == shareFindings {
			break
		}
		q.Add("f", shareText(f))
		if len(link)+len(q.Encode()) > shareBytes {
			fs := q["f"]
			q["f"] = fs[:len(fs)-1]
			break
		}
	}
	return link + q.Encode()
}

// shareText is one finding in a link: "FATAL 12 R-EDM-REQ-C003 /path".
func shareText(f rule.Finding) string {
	text := f.Severity.String() + " " + strconv.Itoa(f.Line) + " " + string(f.Rule)
	if len(f.Path) <= 300 && place.MatchString(f.Path) {
		text += " " + f.Path
	}
	return text
}

// readShare reads one finding of a link; false when it is none that we would write.
func readShare(text string) (f rule.Finding, ok bool) {
	words := strings.Split(text, " ")
	if len(text) > 500 || len(words) < 3 || len(words) > 4 {
		return f, false
	}
	for _, s := range []rule.Severity{rule.Fatal, rule.Warning, rule.Caution} {
		if words[0] == s.String() {
			f.Severity, ok = s, true
		}
	}
	line, err := strconv.Atoi(words[1])
	if !ok || err != nil || line < 0 {
		return f, false
	}
	f.Line, f.Rule = line, rule.ID(words[2])
	if _, known := rule.Lookup(f.Rule); !known {
		return f, false
	}
	if len(words) == 4 {
		if f.Path = words[3]; !place.MatchString(f.Path) {
			return f, false
		}
	}
	return f, true
}

// sharedPage shows the findings of a link.
type sharedPage struct {
	web.Frame
	KindName string
	Version  string
	Mood     report.Mood
	Verdict  string
	Findings []finding
	More     int // findings that the link does not hold
	Start    string
}

// shared repeats what the address says. Anybody can write such an address, and the page says so.
func (p *Page) shared(v *visit) error {
	q := v.R.URL.Query()
	kind, version, verdict := validator.Kind(q.Get("kind")), q.Get("version"), validator.Verdict(q.Get("verdict"))
	of, err := strconv.Atoi(q.Get("of"))
	broken := &web.Problem{Status: http.StatusNotFound, Kind: web.NoPage, Back: p.config.Base + "/"}
	if err != nil || of < 0 || len(v.R.URL.RawQuery) > shareBytes || !slices.Contains(validator.Verdicts(), verdict) ||
		kind != "" && !slices.Contains(validator.Kinds(), kind) || version != "" && !slices.Contains(validator.Lines(), version) {
		return broken
	}
	var found []rule.Finding
	for _, text := range q["f"] {
		f, ok := readShare(text)
		if !ok || len(found) == shareFindings {
			return broken
		}
		found = append(found, f)
	}
	page := sharedPage{Frame: v.Frame(v.T("validator/page/share.title")), Version: version, Mood: report.MoodOf(verdict), Verdict: verdictName(v, verdict),
		Findings: p.findings(found, version, 0), More: max(0, of-len(found)), Start: p.config.Base + "/"}
	if kind != "" {
		page.KindName = kindName(v, kind)
	}
	return v.Show(http.StatusOK, "shared", &page)
}
