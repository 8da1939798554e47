// Package matching says which one register entry belongs to the person of a request, or that none surely
// does. It compares what the eIDAS minimum data set brings: names in Latin letters, date of birth, and the
// identifier when the register knows one. Nothing and several are both "no": there is no best candidate.
// [IR 2022/1463 art. 16] [TDD 2.1]
//
// It is pure: no register, no storage, no scores. Former names, extra attributes and transliteration are
// the register's business.
package matching

import (
	"errors"
	"strings"

	"oots/edm"
)

// Errors of Unique. Towards a requester the two must look the same.
var (
	ErrNoPerson       = errors.New("no person matches")
	ErrSeveralPersons = errors.New("several persons match")
)

// A Candidate is what a register knows of one person, names in Latin letters.
type Candidate struct {
	FamilyName, GivenName string
	DateOfBirth           edm.Date
	Identifiers           []string // eIDAS identifiers "EL/AT/123"; may be empty
}

// Unique returns the index of the only candidate that is p. An entry is p when family name, given name and
// date of birth agree and no identifier of the entry contradicts that of p; among several of these an entry
// with the very identifier of p is the one.
//
// The identifier alone never makes a match: an entry that has it under another name or another date of
// birth is a conflict of identities, and then nobody matches. [record-matching §3 A, §4.2 rules 1, 2, 8]
func Unique(p edm.Person, candidates []Candidate) (int, error) {
	if p.FamilyName == "" || p.GivenName == "" || p.DateOfBirth == "" {
		return -1, ErrNoPerson
	}
	found, n := -1, 0
	identified, m := -1, 0
	for i, c := range candidates {
		id := compareIdentifiers(p.Identifier, c.Identifiers)
		same := c.DateOfBirth == p.DateOfBirth && SameName(p.FamilyName, c.FamilyName) && SameName(p.GivenName, c.GivenName)
		switch {
		case id == agree && !same:
			return -1, ErrNoPerson
		case id == agree:
			identified, m = i, m+1
		case same && id == unknown:
			found, n = i, n+1
		}
	}
	switch {
	case m == 1:
		return identified, nil
	case m > 1 || n > 1:
		return -1, ErrSeveralPersons
	case n == 1:
		return found, nil
	}
	return -1, ErrNoPerson
}

type verdict int

const (
	unknown  verdict = iota // the register knows no identifier of that kind
	agree                   // it knows this one
	disagree                // it knows another one of the same kind
)

// compareIdentifiers compares only identifiers with the same country of origin and of destination: some
// Member States give a person another identifier for each destination.
func compareIdentifiers(id string, known []string) verdict {
	if id == "" {
		return unknown
	}
	v := unknown
	for _, k := range known {
		if k == id {
			return agree
		}
		if kind(k) == kind(id) {
			v = disagree
		}
	}
	return v
}

// kind is the part of an eIDAS identifier before its value: "EL/AT/".
func kind(id string) string {
	return strings.ToUpper(id[:strings.LastIndexByte(id, '/')+1])
}
