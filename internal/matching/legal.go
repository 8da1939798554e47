package matching

import (
	_ "embed"
	"log/slog"
	"strings"
	"sync"

	"oots/edm"
)

// A LegalPerson is what one side knows of a company or another legal person.
type LegalPerson struct {
	LegalName, OriginalLegalName string
	FormerNames                  []string
	// Identifiers by their scheme: VATRegistration, BusinessCode (EUID), LEI, EORI, TaxReference, SEED, SIC.
	Identifiers map[string]string
	// Number is that of the own business register: the third part of an eIDAS identifier of the own country.
	Number string
	// Links are eIDAS identifiers of other countries that the register has linked before.
	Links []string
}

// LogValue keeps the legal person out of logs.
func (LegalPerson) LogValue() slog.Value { return slog.StringValue("legal person") }

// A LegalQuery is a legal person of a request.
type LegalQuery struct {
	LegalPerson
	Identifier string // LegalPersonIdentifier, "EL/AT/123"
	LoA        edm.LoA
}

// LegalQueryOf is the query for the legal person of a request.
func LegalQueryOf(p edm.LegalPerson) LegalQuery {
	q := LegalQuery{LegalPerson: LegalPerson{LegalName: p.LegalName, OriginalLegalName: p.LegalNameOriginal, Identifiers: map[string]string{}}, Identifier: p.EIDASIdentifier, LoA: p.LoA}
	for _, id := range p.Identifiers {
		q.Identifiers[id.Scheme] = id.Value
	}
	return q
}

// A LegalEntry is one legal person of a register.
type LegalEntry struct {
	LegalPerson
	Key       string
	Protected bool
}

// LogValue keeps the entry out of logs.
func (LegalEntry) LogValue() slog.Value { return slog.StringValue("register entry") }

// DecideLegal is Decide for legal persons. [record-matching §10 cases 24, 25]
func (m *Matcher) DecideLegal(q *LegalQuery, candidates []LegalEntry) Decision {
	how, id := m.usable(&Query{Identifier: q.Identifier})
	entries := make([]Entry, len(candidates))
	verdicts := make([]verdict, len(candidates))
	for i := range candidates {
		e := &candidates[i]
		entries[i] = Entry{Key: e.Key, Protected: e.Protected}
		o := Observation{LoA: q.LoA, LegalName: gradeLegalNames(&q.LegalPerson, &e.LegalPerson)}
		o.Identifier = m.gradeLegalIdentifiers(how, id, q, e)
		verdicts[i] = verdict{observation: o, class: Reject}
		if r := m.Policy.judge(m.Policy.LegalRules, &o); r != nil {
			verdicts[i].rule, verdicts[i].class = r, r.Class
		}
	}
	return m.conclude(how, entries, verdicts)
}

// gradeLegalIdentifiers compares identifiers of the same scheme; one that agrees does not outweigh another that
// disagrees.
func (m *Matcher) gradeLegalIdentifiers(how string, id eidasID, q *LegalQuery, e *LegalEntry) Grade {
	grade := gradeSector(q.Identifiers, e.Identifiers)
	var own Grade
	switch {
	case how == direct && e.Number != "":
		own = gradeAny([]string{id.value}, []string{e.Number})
	case how == linked:
		own = gradeLinks(id, e.Links)
	default:
		return grade
	}
	if own == Disagree || grade == Missing {
		return own
	}
	return grade
}

func gradeLegalNames(a, b *LegalPerson) Grade {
	best := Missing
	for _, x := range append([]string{a.LegalName, a.OriginalLegalName}, a.FormerNames...) {
		for _, y := range append([]string{b.LegalName, b.OriginalLegalName}, b.FormerNames...) {
			if g := gradeLegalName(x, y); g != Missing && (best == Missing || g < best) {
				best = g
			}
		}
	}
	return best
}

// gradeLegalName compares the names before the legal forms, then the forms: another way to write a form is
// the same form; another form, or one that only one side has, makes close.
func gradeLegalName(x, y string) Grade {
	a, b := parseLegalName(x), parseLegalName(y)
	switch {
	case len(a.words) == 0 || len(b.words) == 0:
		return Missing
	case a.mixed || b.mixed:
		return Disagree
	case sameWords(a.words, b.words) && a.form == b.form:
		return Agree
	case sameWords(a.words, b.words):
		return Part
	case closeWords(a.words, b.words):
		return Spelling
	}
	return Disagree
}

type legalName struct {
	words []word
	form  int // line of the table; 0 for none
	mixed bool
}

//go:embed legalforms.txt
var legalFormsText string

// legalForms gives the line of a form by its joined words.
var legalForms = sync.OnceValue(func() map[string]int {
	out := map[string]int{}
	for i, line := range strings.Split(legalFormsText, "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, f := range strings.Split(line, ",") {
			if words := parseName(f).words; len(words) > 0 {
				if _, taken := out[bareOf(words)]; !taken {
					out[bareOf(words)] = i + 1
				}
			}
		}
	}
	return out
})

// longestForm is how many words a legal form has at most.
const longestForm = 6

// parseLegalName parts a name from the legal form behind it. Full stops within a form are nothing: "S.A.".
func parseLegalName(s string) legalName {
	n := parseName(strings.ReplaceAll(s, ".", ""))
	out := legalName{words: n.words, mixed: n.mixed}
	for k := min(longestForm, len(n.words)-1); k > 0; k-- {
		if form, ok := legalForms()[bareOf(n.words[len(n.words)-k:])]; ok {
			out.words, out.form = n.words[:len(n.words)-k], form
			break
		}
	}
	return out
}
