package evaluation

import (
	"slices"

	"oots/internal/matching"
)

// A Result is what came of one pair.
type Result struct {
	ID       string           `json:"id"`
	Expected string           `json:"expected"`
	Got      string           `json:"got"`     // class of the pair, or the outcome over the register when that is expected
	Class    matching.Class   `json:"class"`   // of the pair alone
	Outcome  matching.Outcome `json:"outcome"` // over the register of all persons
	Rule     string           `json:"rule"`    // that decided the class
	// FalseAccept says that an entry was accepted, or found, that must not be.
	FalseAccept bool   `json:"falseAccept"`
	Why         string `json:"why"` // what the pair is about
}

// OK reports whether the pair came out as expected; one that is to be accepted is found in the register too.
func (r *Result) OK() bool {
	return r.Got == r.Expected && !r.FalseAccept && (r.Expected != string(matching.Accept) || r.Outcome == matching.One)
}

// Figures are those of one class.
type Figures struct {
	Class     string   `json:"class"`
	Expected  int      `json:"expected"`  // pairs that must have it
	Got       int      `json:"got"`       // pairs that have it
	Right     int      `json:"right"`     // both
	Precision *float64 `json:"precision"` // Right/Got; absent without any
	Recall    *float64 `json:"recall"`    // Right/Expected; absent without any
}

// A Report is the evaluation of one policy.
type Report struct {
	Policy       string    `json:"policy"`
	Pairs        int       `json:"pairs"`
	Right        int       `json:"right"`
	FalseAccepts int       `json:"falseAccepts"`
	Overall      Figures   `json:"overall"` // of accepting: precision is 1 without false accepts
	Classes      []Figures `json:"classes"`
	Results      []Result  `json:"results"`
}

// Evaluate decides every pair by itself, and again over a register of all persons in which the entry of the pair takes
// the place of the persons that it or the request is about.
func Evaluate(m *matching.Matcher, persons *Persons, pairs []Pair) *Report {
	out := &Report{Policy: m.Policy.ID(), Pairs: len(pairs), Results: []Result{}}
	for i := range pairs {
		var r Result
		if pairs[i].Legal {
			r = legal(m, &pairs[i])
		} else {
			r = natural(m, persons, &pairs[i])
		}
		out.Results = append(out.Results, r)
		if r.OK() {
			out.Right++
		}
		if r.FalseAccept {
			out.FalseAccepts++
		}
	}
	out.figures()
	return out
}

// natural decides one pair of natural persons.
func natural(m *matching.Matcher, persons *Persons, p *Pair) Result {
	r := Result{ID: p.ID, Expected: p.Expected, Why: p.Why}
	entries, want := register(persons, p)
	alone := p.Entry
	for i := range entries {
		if p.Several && slices.Contains(want, entries[i].Key) {
			alone = entries[i]
		}
	}
	alone.Protected, alone.Deceased = false, false // what these refuse is no class
	r.class(m.Decide(&p.Query, []matching.Entry{alone}))

	b := m.Blocks(&p.Query)
	var candidates []matching.Entry
	for i := range entries {
		if k := matching.KeysOf(&entries[i]); b.Share(&k) {
			candidates = append(candidates, entries[i])
		}
	}
	d := m.Decide(&p.Query, candidates)
	r.outcome(d, slices.Contains(want, d.Key))
	return r
}

// register is the register for one pair, and the keys of which any may be found.
func register(persons *Persons, p *Pair) (entries []matching.Entry, want []string) {
	same := func(e *matching.Entry, x *matching.Person) bool {
		return e.DateOfBirth == x.DateOfBirth && (matching.SameName(e.FamilyName, x.FamilyName) || matching.SameName(e.OriginalFamilyName, x.FamilyName)) &&
			(matching.SameName(e.GivenName, x.GivenName) || matching.SameName(e.OriginalGivenName, x.GivenName))
	}
	for i := range persons.Natural {
		e := persons.Natural[i].entry()
		about := same(&e, &p.Entry.Person) || same(&e, &p.Query.Person)
		if about && !p.Several {
			continue
		}
		if about && (p.Distinction == "" || e.PlaceOfBirth == p.Distinction) {
			want = append(want, e.Key)
		}
		entries = append(entries, e)
	}
	if !p.Several {
		entries, want = append(entries, p.Entry), []string{p.Entry.Key}
	}
	return entries, want
}

func legal(m *matching.Matcher, p *Pair) Result {
	r := Result{ID: p.ID, Expected: p.Expected, Why: p.Why}
	e := p.LegalEntry
	e.Protected = false
	r.class(m.DecideLegal(&p.LegalQuery, []matching.LegalEntry{e}))
	r.outcome(m.DecideLegal(&p.LegalQuery, []matching.LegalEntry{p.LegalEntry}), true)
	return r
}

// class takes the class of the pair from a decision with it alone.
func (r *Result) class(d matching.Decision) {
	r.Class, r.Rule = matching.Reject, "-"
	for _, c := range d.Explanation.Candidates {
		r.Class, r.Rule = c.Class, c.Rule
	}
	r.Got = string(r.Class)
}

// outcome takes the decision over the register; right says whether what was found is what may be found.
func (r *Result) outcome(d matching.Decision, right bool) {
	r.Outcome = d.Outcome
	accept := string(matching.Accept)
	if r.Expected == Many || r.Expected == None {
		r.Got = map[matching.Outcome]string{matching.One: accept, matching.Several: Many, matching.None: None}[d.Outcome]
	} else if r.Class == matching.Accept && r.Expected != accept {
		r.FalseAccept = true
	}
	if d.Outcome == matching.One && (r.Expected != accept || !right) {
		r.FalseAccept = true
	}
}

// figures counts.
func (r *Report) figures() {
	for _, class := range []string{string(matching.Accept), string(matching.Possible), string(matching.Reject), Many, None} {
		f := Figures{Class: class}
		for i := range r.Results {
			x := &r.Results[i]
			expected, got := x.Expected == class, x.Got == class
			f.count(expected, got, expected && got)
		}
		r.Classes = append(r.Classes, f.ratios())
	}
	r.Overall.Class = "found"
	for i := range r.Results {
		x := &r.Results[i]
		expected, got := x.Expected == string(matching.Accept), x.Outcome == matching.One
		r.Overall.count(expected, got || x.FalseAccept, expected && got && !x.FalseAccept)
	}
	r.Overall = r.Overall.ratios()
}

func (f *Figures) count(expected, got, right bool) {
	for _, c := range []struct {
		is bool
		n  *int
	}{{expected, &f.Expected}, {got, &f.Got}, {right, &f.Right}} {
		if c.is {
			*c.n++
		}
	}
}

func (f Figures) ratios() Figures {
	ratio := func(n, of int) *float64 {
		if of == 0 {
			return nil
		}
		v := float64(n) / float64(of)
		return &v
	}
	f.Precision, f.Recall = ratio(f.Right, f.Got), ratio(f.Right, f.Expected)
	return f
}
