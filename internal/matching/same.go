package matching

import (
	"sync"

	"oots/edm"
)

var defaults = sync.OnceValue(func() *Matcher { return New(Default(), "", nil) })

// SameName reports whether two names are the same, whatever their case, marks, script, hyphens and apostrophes:
// "Größwang" is "GROESSWANG" and "Grosswang", "Παπαδόπουλος" is "Papadopoulos".
func SameName(a, b string) bool {
	x, y := parseName(a), parseName(b)
	return !x.mixed && !y.mixed && sameWords(x.words, y.words)
}

// SameUser reports whether came, who has identified herself, is asked, the person of a request: born on the same
// day, and of the same names, as another eID of hers may spell them. Identifiers contradict only when both were
// made for the same receiver. [IR 2022/1463 art. 16] [record-matching §10 cases 28, 29]
func SameUser(asked, came edm.Person) bool {
	m := defaults()
	x, okX := parseEIDAS(asked.Identifier)
	y, okY := parseEIDAS(came.Identifier)
	if okX && okY && x.origin == y.origin && x.receiver == y.receiver && x.value != y.value {
		return false
	}
	a, c := QueryOf(asked), QueryOf(came)
	s, e := m.query(&a), m.query(&c)
	o := m.observe(s, e, &a)
	return o.DateOfBirth == Agree && o.FamilyName == Agree && o.GivenName == Agree
}
