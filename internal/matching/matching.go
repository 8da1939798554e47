// Package matching says which one register entry belongs to the person of a request, or that none surely
// does. Nothing and several are both "no": there is no best candidate. [IR 2022/1463 art. 16] [TDD 2.1]
//
// The decision is a table of rules that an authority can read and set (Policy), applied to how each attribute of
// the request and of an entry compares: agree, close, missing, disagree. Names are compared by the words that
// they have in common after normalisation and, from other scripts, after every official transliteration;
// there are no scores. Every decision comes with an explanation for the auditor that names no person.
//
// Who has a register writes Register, one method that finds candidates by date of birth or number; Finder makes of
// it, of a Matcher and of what fetches the records of one entry the register that a provider asks.
//
// It keeps nothing, asks nobody, and never says how many persons were found to anyone but the journal.
//
//	m := matching.New(matching.Default(), "EL", nil)
//	d := m.Decide(&query, candidates)
//	if d.Outcome == matching.One { … d.Key … }
package matching

import "errors"

// Errors of Finder.Find. Towards a requester the two must look the same.
var (
	ErrNoPerson       = errors.New("no person matches")
	ErrSeveralPersons = errors.New("several persons match")
)
