package matching

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"oots/edm"
)

// maxRules bounds the work of one decision; the default has about twenty.
const maxRules = 100

// compile checks every word and makes the tables.
func (p *Policy) compile() error {
	var wrong []error
	add := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf("policy: "+format, args...)) }
	if p.Version == "" {
		add("version: a policy must have one")
	}
	switch p.MinimumLoA {
	case edm.Low, edm.Substantial, edm.High:
	default:
		add("minimumLoA: %q is none of Low, Substantial, High", p.MinimumLoA)
	}
	word := func(field, got string, want ...string) {
		if !slices.Contains(want, got) {
			add("%s: %q is none of %v", field, got, want)
		}
	}
	word("dates", p.Dates, exactOnly, partialDates)
	word("identifiers.own", p.Identifiers.Own, direct, derived, "none")
	word("representation", p.Representation, "supported", "unsupported")
	if p.Latency < 0 || p.Latency > time.Minute {
		add("minimumLatency: %v is not between 0 and a minute", p.Latency)
	}
	for uri, what := range p.UserAttributes {
		word("userAttributes: "+uri, what, userAttributes...)
	}
	p.withheld = map[string]bool{}
	for _, c := range p.Identifiers.ReceiverSpecific {
		p.withheld[sameCountry(c)] = true
	}
	for _, list := range []struct {
		field string
		words []string
		into  *[extras]bool
	}{
		{"extras.strong", p.Extras.Strong, &p.strong}, {"extras.weak", p.Extras.Weak, &p.weak},
		{"extras.personal", p.Extras.Personal, &p.personal}, {"extras.neverAgainst", p.Extras.NeverAgainst, &p.neverAgainst},
		{"uniqueness.tellApart", p.Uniqueness.TellApart, &p.tellApart},
	} {
		for _, w := range list.words {
			x, err := parseExtra(w)
			if err != nil {
				add("%s: %w", list.field, err)
				continue
			}
			list.into[x] = true
		}
	}
	for x := range extras {
		if p.personal[x] && !p.strong[x] {
			add("extras.personal: %s is not among extras.strong", x)
		}
	}
	for _, n := range p.Names.Truncation {
		if n < 10 || n > 200 {
			add("names.truncation: %d is no length at which names are cut", n)
		}
	}
	for field, rules := range map[string][]Rule{"rules": p.Rules, "legalRules": p.LegalRules} {
		if len(rules) == 0 || len(rules) > maxRules {
			add("%s: there are %d, not 1 to %d", field, len(rules), maxRules)
		}
		seen := map[string]bool{}
		for i := range rules {
			r := &rules[i]
			if r.Number == "" || seen[r.Number] {
				add("%s: rule %d has no number of its own", field, i+1)
			}
			seen[r.Number] = true
			if err := r.compile(); err != nil {
				add("%s: rule %s: %w", field, r.Number, err)
			}
		}
	}
	return errors.Join(wrong...)
}

func (r *Rule) compile() error {
	switch r.Class {
	case Accept, Possible, Reject:
	default:
		return fmt.Errorf("class: %q is none of ACCEPT, POSSIBLE, REJECT", r.Class)
	}
	if r.When.Dates != "" && r.When.Dates != exactOnly && r.When.Dates != partialDates {
		return fmt.Errorf("dates: %q is none of %s, %s", r.When.Dates, exactOnly, partialDates)
	}
	if r.Class == Accept && (r.Alert || r.Ask) {
		return errors.New("a rule that accepts neither asks nor alerts")
	}
	for _, c := range []struct {
		field string
		words []string
		into  *GradeSet
	}{
		{"identifier", r.When.Identifier, &r.identifier}, {"dateOfBirth", r.When.DateOfBirth, &r.birth},
		{"familyName", r.When.FamilyName, &r.family}, {"givenName", r.When.GivenName, &r.given},
		{"singleName", r.When.SingleName, &r.single}, {"legalName", r.When.LegalName, &r.legal},
		{"placeOfBirth", r.When.PlaceOfBirth, &r.place},
	} {
		set, err := parseGrades(c.words)
		if err != nil {
			return fmt.Errorf("%s: %w", c.field, err)
		}
		*c.into = set
	}
	return nil
}

// holds reports whether all conditions of r hold for o, whose extras come to n.
func (p *Policy) holds(r *Rule, o *Observation, n tally) bool {
	w := &r.When
	if !(r.birth.Has(o.DateOfBirth) && r.family.Has(o.FamilyName) && r.given.Has(o.GivenName) && r.identifier.Has(o.Identifier) &&
		r.single.Has(o.SingleName) && r.legal.Has(o.LegalName) && r.place.Has(o.Extras[PlaceOfBirth])) {
		return false
	}
	if r.Class == Accept && !o.LoA.AtLeast(p.MinimumLoA) || w.Dates != "" && w.Dates != p.Dates {
		return false
	}
	return n.all >= w.Extras && n.strong >= w.StrongExtras && n.personal >= w.PersonalExtras &&
		(w.ExtraDisagrees == nil || *w.ExtraDisagrees == n.against)
}

// tally is what the extras of an observation come to.
type tally struct {
	all, strong, personal int
	against               bool
}

func (p *Policy) count(o *Observation) tally {
	var t tally
	for x := range extras {
		if !p.strong[x] && !p.weak[x] {
			continue
		}
		switch o.Extras[x] {
		case Agree:
			t.all++
			if p.strong[x] && (!o.Declared[x] || p.personal[x]) { // what the user only says is weak, but a number that she knows
				t.strong++
				if p.personal[x] {
					t.personal++
				}
			}
		case Disagree:
			t.against = true
		}
	}
	return t
}

// judge is the first rule that holds; nil when none does, which rejects.
func (p *Policy) judge(rules []Rule, o *Observation) *Rule {
	n := p.count(o)
	for i := range rules {
		if p.holds(&rules[i], o, n) {
			return &rules[i]
		}
	}
	return nil
}
