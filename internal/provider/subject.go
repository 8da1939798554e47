package provider

import (
	"strings"

	"oots/edm"
	"oots/internal/login"
	"oots/internal/matching"
)

// Subjects are the kinds of subject that a data service serves.
type Subjects uint8

// The kinds, to be joined; the zero value means NaturalPersons.
const (
	NaturalPersons Subjects = 1 << iota // people
	LegalPersons                        // companies and other legal persons
	Represented                         // people or companies for whom somebody else acts
)

// has reports whether s has all of want.
func (s Subjects) has(want Subjects) bool {
	if s == 0 {
		s = NaturalPersons
	}
	return s&want == want
}

// kind is what a data service must serve to answer q.
func kind(q *edm.Request) Subjects {
	k := NaturalPersons
	if q.LegalPerson != nil {
		k = LegalPersons
	}
	if represented(q) {
		k |= Represented
	}
	return k
}

func represented(q *edm.Request) bool { return q.Representative != nil || q.RepresentativeLegal != nil }

// powerScope is the name of the attribute that a mandate travels in. [TDD 4.5.1]
const powerScope = "PowerOfRepresentationScope"

// mandates are the scopes of everybody who acts in a request: of each representative her own, of a company beside a
// person that of the person unless it brings one itself.
func mandates(q *edm.Request) []string {
	if !represented(q) {
		return nil
	}
	all := []string{q.RepresentativePowerScope}
	if q.Representative != nil && q.RepresentativeLegal != nil {
		for _, a := range q.RepresentativeLegal.Attributes {
			if a.Name == powerScope {
				all = append(all, a.Value)
			}
		}
	}
	return all
}

// subjectOf is whom a request is about, as a register gets it.
func subjectOf(q *edm.Request) Subject {
	return Subject{
		Natural: q.NaturalPerson, Legal: q.LegalPerson, Representative: q.Representative, RepresentativeLegal: q.RepresentativeLegal,
		Procedure: q.Procedure,
	}
}

// covers reports whether a mandate reaches a procedure. Without a scope it reaches none: there is no mandate
// without one. [R-EDM-REQ-C081, R-EDM-REQ-C091] [eidas-identity §9]
func covers(scope, procedure string) bool {
	for code := range strings.SplitSeq(scope, ",") {
		if code = strings.TrimSpace(code); code == "ALL" || code != "" && code == procedure {
			return true
		}
	}
	return false
}

// levels are the levels of assurance of everybody in a request: each carries her own.
func levels(q *edm.Request) []edm.LoA {
	var all []edm.LoA
	for _, p := range [...]*edm.Person{q.NaturalPerson, q.Representative} {
		if p != nil {
			all = append(all, p.LoA)
		}
	}
	for _, l := range [...]*edm.LegalPerson{q.LegalPerson, q.RepresentativeLegal} {
		if l != nil {
			all = append(all, l.LoA)
		}
	}
	return all
}

// strong reports whether every login behind a request is as strong as the policy asks for.
func (s *Service) strong(all []edm.LoA) bool {
	for _, l := range all {
		if !l.AtLeast(s.Settings.Policy.LoA) {
			return false
		}
	}
	return true
}

// sameSubject reports whether a second request is about those of the first one.
func sameSubject(a, b *edm.Request) bool {
	return sameNatural(a.NaturalPerson, b.NaturalPerson) && sameNatural(a.Representative, b.Representative) &&
		sameLegal(a.LegalPerson, b.LegalPerson) && sameLegal(a.RepresentativeLegal, b.RepresentativeLegal) &&
		a.RepresentativePowerScope == b.RepresentativePowerScope
}

func sameNatural(a, b *edm.Person) bool {
	return a == nil && b == nil || a != nil && b != nil && a.SamePerson(*b)
}

func sameLegal(a, b *edm.LegalPerson) bool {
	return a == nil && b == nil || a != nil && b != nil && a.EIDASIdentifier == b.EIDASIdentifier && a.LegalName == b.LegalName
}

// forget takes everybody out of a request that is answered.
func forget(q *edm.Request) {
	q.NaturalPerson, q.LegalPerson, q.Representative, q.RepresentativeLegal = nil, nil, nil, nil
}

// sameUser compares who acted in the request with who came: the representative when there is one, else the
// subject. [eidas-identity §11] [architecture-and-journeys §6.8]
func sameUser(asked *edm.Request, came login.Identity) bool {
	switch {
	case asked.Representative != nil:
		return samePerson(asked.Representative, actingPerson(came))
	case asked.RepresentativeLegal != nil:
		return sameCompany(asked.RepresentativeLegal, actingCompany(came))
	case asked.LegalPerson != nil:
		return sameCompany(asked.LegalPerson, came.Legal)
	}
	return samePerson(asked.NaturalPerson, actingPerson(came))
}

// actingPerson is the natural person who sits at the screen, or nil.
func actingPerson(i login.Identity) *edm.Person {
	switch {
	case i.Representative != nil:
		return i.Representative
	case i.Legal != nil || i.RepresentativeLegal != nil:
		return nil
	}
	return &i.Person
}

// actingCompany is the company on whose behalf the screen is used, or nil.
func actingCompany(i login.Identity) *edm.LegalPerson {
	switch {
	case i.RepresentativeLegal != nil:
		return i.RepresentativeLegal
	case i.Representative != nil:
		return nil
	}
	return i.Legal
}

// actingLevel is how surely the login knows who acts.
func actingLevel(i login.Identity) edm.LoA {
	switch {
	case i.Representative != nil:
		return i.Representative.LoA
	case i.RepresentativeLegal != nil:
		return i.RepresentativeLegal.LoA
	}
	return i.LoA()
}

// samePerson compares names as a register would, because another eID of the same person may spell them otherwise,
// and the day of birth. An eIDAS identifier is made for the country it is shown to ("EL/AT/…" at the portal,
// "EL/EL/…" here), so only identifiers for the same country can contradict. [IR 2022/1463 art. 16]
// [record-matching §5]
func samePerson(asked, came *edm.Person) bool {
	if asked == nil || came == nil {
		return false
	}
	if asked.Identifier != "" && shownTo(asked.Identifier) == shownTo(came.Identifier) && asked.Identifier != came.Identifier {
		return false
	}
	return asked.DateOfBirth != "" && asked.DateOfBirth == came.DateOfBirth &&
		matching.SameName(asked.FamilyName, came.FamilyName) && matching.SameName(asked.GivenName, came.GivenName)
}

// shownTo is the part of an eIDAS identifier that names the two countries.
func shownTo(id string) string { return id[:strings.LastIndexByte(id, '/')+1] }

// sameCompany compares companies by identifier only: names change and repeat. The eIDAS identifier counts without
// the country it was shown to, or one of the registers' own that both logins give. [eidas-identity §4, §6.9]
func sameCompany(asked, came *edm.LegalPerson) bool {
	if asked == nil || came == nil {
		return false
	}
	if a, b := company(asked.EIDASIdentifier), company(came.EIDASIdentifier); a != "" && b != "" {
		return a == b
	}
	for _, a := range asked.Identifiers {
		for _, b := range came.Identifiers {
			if a.Scheme == b.Scheme && a.Value != "" {
				return a.Value == b.Value
			}
		}
	}
	return false
}

// company is an eIDAS identifier without the country it was shown to: country of origin and value.
func company(id string) string {
	origin, rest, ok := strings.Cut(id, "/")
	_, value, both := strings.Cut(rest, "/")
	if !ok || !both || origin == "" || value == "" {
		return ""
	}
	return origin + "/" + value
}
