package matching

import (
	"slices"
)

// A Matcher decides by a policy for the registers of one country. It holds no state: decisions may be made at
// once.
type Matcher struct {
	Policy *Policy
	// Country is that of the register, whose eIDs show identifiers that it knows: "EL".
	Country string
	// Derive verifies derived identifiers of the own country; nil when they cannot be.
	Derive Derive

	lexicon *lexicon
}

// New makes a matcher; derive may be nil.
func New(p *Policy, country string, derive Derive) *Matcher {
	return &Matcher{Policy: p, Country: country, Derive: derive, lexicon: p.Names.compile()}
}

// Outcome says how many persons a query means.
type Outcome string

// The outcomes. Towards a requester only One may be told from the others. [record-matching §4.3]
const (
	None    Outcome = "none"
	One     Outcome = "one"
	Several Outcome = "several" // or one that cannot be told for sure
)

// A Decision is what a matcher says.
type Decision struct {
	Outcome     Outcome
	Key         string // of the entry; only with One
	Ask         bool   // with Several: an answer of the user could decide
	Explanation Explanation
}

// noRule stands where no rule holds.
const noRule = "-"

// verdict is what the rules say of one candidate.
type verdict struct {
	observation Observation
	rule        *Rule
	class       Class
}

// Decide finds the one entry that q means. Exactly one candidate must be accepted, and none be possible
// beside it; an identifier that leads to one entry needs no search for others. [record-matching §3, §4.1]
func (m *Matcher) Decide(q *Query, candidates []Entry) Decision {
	how, id := m.usable(q)
	s := m.query(q)
	verdicts := make([]verdict, len(candidates))
	for i := range candidates {
		e := &candidates[i]
		o := m.observe(s, m.read(&e.Person, nil, s.countries), q)
		o.Identifier = m.gradeIdentifier(how, id, e)
		verdicts[i] = verdict{observation: o, class: Reject}
		if r := m.Policy.judge(m.Policy.Rules, &o); r != nil {
			verdicts[i].rule, verdicts[i].class = r, r.Class
		}
		// ReadPolicy has proved that no rule does this; evidence of another person is not worth relying on it.
		if verdicts[i].class == Accept && m.Policy.forbidden(&o) != "" {
			verdicts[i].class = Possible
		}
	}
	return m.conclude(how, candidates, verdicts)
}

// conclude goes from the classes of the candidates to the outcome.
func (m *Matcher) conclude(how string, candidates []Entry, verdicts []verdict) Decision {
	d := Decision{Outcome: None, Explanation: m.explain(how, verdicts)}
	var accepted, possible []int
	for i := range verdicts {
		switch v := &verdicts[i]; {
		case v.rule != nil && v.rule.Alert:
			d.Explanation.Alert = "identity conflict"
		case v.class == Accept:
			accepted = append(accepted, i)
		case v.class == Possible:
			possible = append(possible, i)
		}
	}
	if d.Explanation.Alert != "" { // whose identifier it is, is not known: nobody's
		return d.settle(None, nil)
	}
	byID := slices.DeleteFunc(slices.Clone(accepted), func(i int) bool { return verdicts[i].observation.Identifier != Agree })
	if len(byID) > 0 {
		accepted, possible = byID, nil
	} else if len(accepted) == 1 {
		possible = slices.DeleteFunc(possible, func(i int) bool {
			return m.toldApart(&verdicts[accepted[0]].observation, &verdicts[i].observation)
		})
	}
	switch {
	case len(accepted) == 1 && len(possible) == 0:
		return d.found(&candidates[accepted[0]], &verdicts[accepted[0]])
	case len(accepted)+len(possible) == 0:
		return d.settle(None, nil)
	}
	for _, i := range append(accepted, possible...) {
		v := &verdicts[i]
		d.Ask = d.Ask || v.class == Accept || v.rule.Ask
	}
	return d.settle(Several, nil)
}

// found answers with the entry, unless it is one that is never found.
func (d Decision) found(e *Entry, v *verdict) Decision {
	switch {
	case e.Deceased:
		d.Explanation.Alert, d.Explanation.Refused = "eID of a deceased person", "deceased"
		return d.settle(None, v)
	case e.Protected:
		d.Explanation.Refused = "protected"
		return d.settle(None, v)
	}
	d.Key = e.Key
	return d.settle(One, v)
}

func (d Decision) settle(o Outcome, v *verdict) Decision {
	d.Outcome, d.Explanation.Outcome = o, o
	if v != nil {
		d.Explanation.Rule = v.rule.Number
	}
	if o == None {
		d.Ask = false
	}
	return d
}

// toldApart reports whether other, which is possible, is somebody else than one, which is accepted: an attribute
// that tells namesakes apart agrees with one and disagrees with other, and all that other has for it is the
// same name and day. [record-matching §3 D]
func (m *Matcher) toldApart(one, other *Observation) bool {
	for x := range extras {
		if m.Policy.tellApart[x] && one.Extras[x] == Agree && other.Extras[x] == Disagree &&
			(!one.Declared[x] || m.Policy.personal[x]) {
			return true
		}
	}
	return false
}

// query cuts the names of a query.
func (m *Matcher) query(q *Query) *side {
	countries := []string{m.Country}
	if id, ok := parseEIDAS(q.Identifier); ok && id.origin != sameCountry(m.Country) {
		countries = append(countries, id.origin)
	}
	return m.read(&q.Person, &q.Declared, countries)
}

// observe compares all but the identifier.
func (m *Matcher) observe(s, e *side, q *Query) Observation {
	o := Observation{
		DateOfBirth: gradeBirth(s.person.DateOfBirth, e.person.DateOfBirth),
		FamilyName:  m.gradeFamilies(s, e),
		GivenName:   s.given.compare(&e.given, m.lexicon.gradeGiven),
		SingleName:  m.gradeSingle(s, e),
		LegalName:   Missing, LoA: q.LoA,
		Mixed: s.family.mixed() || s.given.mixed() || e.family.mixed() || e.given.mixed(),
	}
	m.gradeExtras(s, e, &o)
	return o
}
