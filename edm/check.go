package edm

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"oots/codelist"
	"oots/rule"
)

// A place is where a check looks, linked from the inside out so that no path is built unless a rule is
// broken. Its path names slots and sdg elements as the wire does: "EvidenceRequester/Agent[2]/Identifier".
type place struct {
	up   *place
	step string
	n    int // 1-based position among siblings of the same name; 0 when it cannot repeat
}

func at(step string) place { return place{step: step} }

func (p *place) in(step string) place { return place{up: p, step: step} }

func (p *place) item(step string, i int) place { return place{up: p, step: step, n: i + 1} }

// path gives the place, or step below it when step is not empty.
func (p *place) path(step string) string {
	b := p.append(make([]byte, 0, 64))
	if step != "" {
		b = append(append(b, '/'), step...)
	}
	return string(b)
}

func (p *place) append(b []byte) []byte {
	if p.up != nil {
		b = p.up.append(b)
		b = append(b, '/')
	}
	b = append(b, p.step...)
	if p.n > 0 {
		b = append(b, '[')
		b = strconv.AppendInt(b, int64(p.n), 10)
		b = append(b, ']')
	}
	return b
}

// A checker collects the findings of one message, judged by the rules in force in its release line.
type checker struct {
	Ruleset
	findings []rule.Finding
}

// fatal records id at p/step unless ok; a position without such a rule passes "". The rules in force decide
// whether it is reported, and with which severity. got must hold no personal data.
func (c *checker) fatal(id rule.ID, ok bool, p *place, step, got, want string) {
	if ok || id == "" {
		return
	}
	c.add(id, rule.Fatal, p, step, got, want)
}

// add records id with a severity that matters for rules of ours only: the catalogue has that of the others.
func (c *checker) add(id rule.ID, severity rule.Severity, p *place, step, got, want string) {
	severity, reported := c.Weigh(id, severity)
	if !reported {
		return
	}
	c.findings = append(c.findings, rule.Finding{
		Rule: id, Severity: severity, Path: p.path(step), Got: clip(got), Want: want,
	})
}

// clip cuts a value to the 120 bytes that a finding may show.
func clip(s string) string {
	if len(s) <= 120 {
		return s
	}
	n := 120
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func blank(s string) bool { return strings.Trim(s, " \t\r\n") == "" }

// longEnough reports whether s has more than min characters once white space is normalised.
func longEnough(s string, min int) bool {
	n := 0
	for i, word := range strings.Fields(s) {
		if i > 0 {
			n++
		}
		n += utf8.RuneCountInString(word)
		if n > min {
			return true
		}
	}
	return false
}

// minText checks the shortest length of a text that is there. [R-EDM-REQ-C092]
func (c *checker) minText(id rule.ID, s string, p *place, step string) {
	c.fatal(id, s == "" || longEnough(s, 1), p, step, "", "more than one character")
}

// texts checks the languages of a text, and its shortest length.
func (c *checker) texts(t Texts, inList, given, length rule.ID, p *place, step string) {
	for i := range t {
		here := p.item(step, i)
		switch {
		case blank(t[i].Lang):
			if given != "" {
				c.fatal(given, false, &here, "@lang", "", "the language of the text")
			}
		case inList != "":
			c.fatal(inList, c.Has(codelist.Languages, t[i].Lang), &here, "@lang", t[i].Lang, "a code of LanguageCode in upper case")
		}
		c.fatal(length, longEnough(t[i].Value, 1), &here, "", "", "more than one character")
	}
}

// onceEach records id where a text comes a second time in a language. There are few languages, so that no index is
// worth while.
func (c *checker) onceEach(id rule.ID, severity rule.Severity, t Texts, p *place, step string) {
	for i := range t {
		if t[i].Lang != "" && slices.ContainsFunc(t[:i], func(x Text) bool { return x.Lang == t[i].Lang }) {
			here := p.item(step, i)
			c.add(id, severity, &here, "", t[i].Lang, "each language once")
		}
	}
}

// isDate reports whether d is a day of the calendar as YYYY-MM-DD. The assertions of 1.0 also let the zone pass that
// the schema allows behind it.
func (s Ruleset) isDate(d Date) bool {
	day := strings.Trim(string(d), " \t\r\n")
	if n := len(time.DateOnly); s.Before(V11) && len(day) > n {
		if _, err := time.Parse("Z07:00", day[n:]); err != nil {
			return false
		}
		day = day[:n]
	}
	_, err := time.Parse(time.DateOnly, day)
	return err == nil
}
