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
	c := newCombination(axes)
	for i := range classes {
		class := p.classOf(p.Rules, &c.o)
		classes[i] = int8(class.rank())
		if class == Accept && len(wrong) < maxProblems {
			if why := p.forbidden(&c.o); why != "" {
				wrong = append(wrong, fmt.Errorf("policy: rule %s accepts %s: %s", numberOf(p.judge(p.Rules, &c.o)), &c.o, why))
			}
		}
		c.next()
	}
	c = newCombination(axes)
	for i := 0; i < size && len(wrong) < maxProblems; i++ {
		step := 1
		for k, a := range axes {
			if better := i - c.at[k]*step; classes[better] < classes[i] {
				wrong = append(wrong, p.hurt(&c.o, a))
			}
			step *= len(a.grades)
		}
		c.next()
	}
	return errors.Join(append(wrong, p.soundLegal()...)...)
}

// hurt says that o would be less if the attribute a of it agreed.
func (p *Policy) hurt(o *Observation, a axis) error {
	better := *o
	*a.of(&better) = Agree
	return fmt.Errorf("policy: rules %s and %s: %s is %s, and less when more agrees: %s is %s",
		numberOf(p.judge(p.Rules, o)), numberOf(p.judge(p.Rules, &better)), o, p.classOf(p.Rules, o), &better, p.classOf(p.Rules, &better))
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
		{[]Grade{Agree, Missing}, func(o *Observation) *Grade { return &o.SingleName }},
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

// A combination walks through all of them, the first axis fastest.
type combination struct {
	axes []axis
	at   []int // place on each axis
	o    Observation
}

func newCombination(axes []axis) *combination {
	c := &combination{axes: axes, at: make([]int, len(axes)), o: Observation{LoA: edm.High, LegalName: Missing}}
	for x := range extras {
		c.o.Extras[x] = Missing
	}
	for _, a := range axes {
		*a.of(&c.o) = a.grades[0]
	}
	return c
}

func (c *combination) next() {
	for k, a := range c.axes {
		c.at[k] = (c.at[k] + 1) % len(a.grades)
		*a.of(&c.o) = a.grades[c.at[k]]
		if c.at[k] > 0 {
			return
		}
	}
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
