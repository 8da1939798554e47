package matching

import (
	"errors"
	"fmt"

	"oots/edm"
)

// maxProblems is how many combinations an error names: one wrong rule spoils thousands.
const maxProblems = 4

// sound walks through every combination of grades that the rules can tell apart, and looks for one in which they
// would give evidence to the wrong person, or hold an agreement against the right one.
func (p *Policy) sound() error {
	axes := p.axes()
	size := 1
	for _, a := range axes {
		size *= len(a.grades)
	}
	classes := make([]int8, size)
	var wrong []error
	for i := range classes {
		o := observationAt(axes, i)
		class := p.classOf(p.Rules, &o)
		classes[i] = int8(class.rank())
		if why := p.forbidden(&o); class == Accept && why != "" && len(wrong) < maxProblems {
			wrong = append(wrong, fmt.Errorf("policy: rule %s accepts %s: %s", numberOf(p.judge(p.Rules, &o)), &o, why))
		}
	}
	for i := range classes {
		if len(wrong) == maxProblems {
			break
		}
		step := 1
		for _, a := range axes {
			at := i / step % len(a.grades)
			if better := i - at*step; classes[better] < classes[i] && len(wrong) < maxProblems {
				o, c := observationAt(axes, i), observationAt(axes, better)
				wrong = append(wrong, fmt.Errorf("policy: rules %s and %s: %s is %s, and less when more agrees: %s is %s",
					numberOf(p.judge(p.Rules, &o)), numberOf(p.judge(p.Rules, &c)), &o, p.classOf(p.Rules, &o), &c, p.classOf(p.Rules, &c)))
			}
			step *= len(a.grades)
		}
	}
	return errors.Join(append(wrong, p.soundLegal()...)...)
}

// classOf is what the rules make of o.
func (p *Policy) classOf(rules []Rule, o *Observation) Class {
	if r := p.judge(rules, o); r != nil {
		return r.Class
	}
	return Reject
}

func numberOf(r *Rule) string {
	if r == nil {
		return noRule
	}
	return r.Number
}

// forbidden says why o must not be accepted, whatever the rules say; "" when it may.
func (p *Policy) forbidden(o *Observation) string {
	switch {
	case o.DateOfBirth != Agree:
		return "the date of birth does not agree"
	case o.Identifier == Disagree:
		return "the identifiers contradict"
	case o.FamilyName == Disagree || o.GivenName == Disagree:
		return "a name contradicts"
	case o.FamilyName == Missing && o.GivenName == Missing:
		return "there is no name"
	case o.GivenName == Spelling && o.Identifier != Agree && p.count(o).personal == 0:
		return "given names that are close may be those of twins"
	}
	return ""
}

// An axis is one attribute with the grades that it can have, agreement first.
type axis struct {
	grades []Grade
	of     func(o *Observation) *Grade
}

// axes are names, date and identifier, and one attribute of each kind that the policy knows.
func (p *Policy) axes() []axis {
	out := []axis{
		{[]Grade{Agree, Partial, Swapped, Missing, Disagree}, func(o *Observation) *Grade { return &o.DateOfBirth }},
		{[]Grade{Agree, Truncated, Particle, Half, Order, Gendered, Spelling, Declared, Missing, Disagree}, func(o *Observation) *Grade { return &o.FamilyName }},
		{[]Grade{Agree, Order, Part, Variant, Initial, Spelling, Missing, Disagree}, func(o *Observation) *Grade { return &o.GivenName }},
		{[]Grade{Agree, Missing, Disagree}, func(o *Observation) *Grade { return &o.Identifier }},
		{[]Grade{Agree, Missing, Disagree}, func(o *Observation) *Grade { return &o.SingleName }},
	}
	extra := func(x Extra) {
		out = append(out, axis{[]Grade{Agree, Missing, Disagree}, func(o *Observation) *Grade { return &o.Extras[x] }})
	}
	extra(PlaceOfBirth)
	for _, ok := range []func(x Extra) bool{
		func(x Extra) bool { return p.strong[x] && !p.personal[x] },
		func(x Extra) bool { return p.personal[x] },
		func(x Extra) bool { return p.weak[x] },
	} {
		for x := range extras {
			if x != PlaceOfBirth && ok(x) {
				extra(x)
				break
			}
		}
	}
	return out
}

// observationAt is combination i of the axes.
func observationAt(axes []axis, i int) Observation {
	o := Observation{LoA: edm.High, LegalName: Missing}
	for x := range extras {
		o.Extras[x] = Missing
	}
	for _, a := range axes {
		*a.of(&o) = a.grades[i%len(a.grades)]
		i /= len(a.grades)
	}
	return o
}

// soundLegal is sound for legal persons: nobody is accepted without an identifier that agrees.
func (p *Policy) soundLegal() (wrong []error) {
	for _, name := range []Grade{Agree, Spelling, Missing, Disagree} {
		for _, id := range []Grade{Agree, Missing, Disagree} {
			o := Observation{LoA: edm.High, LegalName: name, Identifier: id}
			if p.classOf(p.LegalRules, &o) == Accept && (id != Agree || name == Disagree) {
				wrong = append(wrong, fmt.Errorf("policy: rule %s accepts a legal person with identifier: %s, name: %s", p.judge(p.LegalRules, &o).Number, id, name))
			}
		}
	}
	return wrong
}
