package eidas

import (
	"errors"

	"oots/edm"
	eid "oots/eid/eidas"
	"oots/eid/saml"
	"oots/internal/login"
)

// Errors of identity; they hold nothing of a person.
var (
	errCountry = errors.New("login/eidas: the identifier is of another country than was asked")
	errLatin   = errors.New("login/eidas: a name without a Latin form")
)

// powerOfRepresentationScope is the attribute of the scope of a mandate, which some services add. [TDD 4.5.1]
const powerOfRepresentationScope = "http://data.europa.eu/p4s/attributes/PowerOfRepresentationScope"

// identity turns an assertion into who the user is. Everybody in it has the level of the login.
func (m *Method) identity(a *saml.Assertion, country string) (*login.Identity, error) {
	s := a.Subject
	if actingCountry(s) != country {
		return nil, errCountry
	}
	id := &login.Identity{Country: country, Method: m.Name(), At: a.AuthnInstant}
	var err error
	if s.Natural != nil {
		if id.Person, err = m.person(s.Natural, a.Level); err != nil {
			return nil, err
		}
	}
	if id.Legal, err = m.company(s.Legal, a.Level); err != nil {
		return nil, err
	}
	if s.Representative != nil {
		p, err := m.person(s.Representative, a.Level)
		if err != nil {
			return nil, err
		}
		id.Representative = &p
	}
	if id.RepresentativeLegal, err = m.company(s.RepresentativeLegal, a.Level); err != nil {
		return nil, err
	}
	natural := id.Person
	if s.Natural == nil && id.Representative != nil {
		natural = *id.Representative
	}
	id.OriginalFamilyName, id.OriginalGivenName = natural.FamilyNameOriginal, natural.GivenNameOriginal
	for _, x := range a.Attributes {
		if x.Name == powerOfRepresentationScope && len(x.Values) == 1 {
			id.PowerScope = x.Values[0].Text
		}
	}
	return id, nil
}

// actingCountry is the country of the eID that was used: that of who acts.
func actingCountry(s *eid.Subject) string {
	switch {
	case s.Representative != nil:
		return s.Representative.PersonIdentifier[:2]
	case s.RepresentativeLegal != nil:
		return s.RepresentativeLegal.LegalPersonIdentifier[:2]
	case s.Natural != nil:
		return s.Natural.PersonIdentifier[:2]
	}
	return s.Legal.LegalPersonIdentifier[:2]
}

func (m *Method) person(p *eid.NaturalPerson, l eid.Level) (edm.Person, error) {
	country := p.PersonIdentifier[:2]
	for _, n := range [4]*eid.Name{&p.FamilyName, &p.FirstName, &p.BirthName, &p.PlaceOfBirth} {
		if err := m.latin(country, n); err != nil {
			return edm.Person{}, err
		}
	}
	return p.EDM(l), nil
}

func (m *Method) company(p *eid.LegalPerson, l eid.Level) (*edm.LegalPerson, error) {
	if p == nil {
		return nil, nil
	}
	if err := m.latin(p.LegalPersonIdentifier[:2], &p.LegalName); err != nil {
		return nil, err
	}
	legal := p.EDM(l)
	return &legal, nil
}

// latin fills in a Latin form that the eID did not send. [eIDAS SAML Attribute Profile 1.4 §2.4]
func (m *Method) latin(country string, n *eid.Name) error {
	if n.Latin != "" || n.Original == "" {
		return nil
	}
	if m.Latin != nil {
		n.Latin = m.Latin(country, n.Original)
	}
	if n.Latin == "" {
		return errLatin
	}
	return nil
}
