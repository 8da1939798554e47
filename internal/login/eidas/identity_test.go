package eidas

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"oots/edm"
	eid "oots/eid/eidas"
	"oots/eid/saml"
	"oots/internal/login"
)

func TestIdentity(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	person := func(id string) *eid.NaturalPerson {
		return &eid.NaturalPerson{PersonIdentifier: id, FamilyName: eid.Name{Latin: "Georgiou", Original: "Γεωργίου"}, FirstName: eid.Name{Latin: "Maria"}, DateOfBirth: "1985-07-14"}
	}
	company := &eid.LegalPerson{LegalPersonIdentifier: "EL/AT/1", LegalName: eid.Name{Original: "Ελιές"}, LEI: "L"}
	latin := func(country, original string) string {
		if country == "EL" && original == "Ελιές" {
			return "Elies"
		}
		return ""
	}
	maria := edm.Person{LoA: edm.High, Identifier: "EL/AT/7", FamilyName: "Georgiou", GivenName: "Maria", DateOfBirth: "1985-07-14", FamilyNameOriginal: "Γεωργίου"}
	elies := &edm.LegalPerson{LoA: edm.High, EIDASIdentifier: "EL/AT/1", LegalName: "Elies", LegalNameOriginal: "Ελιές", Identifiers: []edm.Identifier{{Scheme: "LEI", Value: "L"}}}
	scope := []eid.Attribute{{Name: powerOfRepresentationScope, Values: []eid.Value{{Text: "ALL"}}}}
	for _, tc := range []struct {
		name    string
		subject eid.Subject
		latin   func(country, original string) string
		want    login.Identity
		err     error
	}{
		{"herself", eid.Subject{Natural: person("EL/AT/7")}, nil, login.Identity{Person: maria, OriginalFamilyName: "Γεωργίου"}, nil},
		{"for a company", eid.Subject{Legal: company, Representative: person("EL/AT/7")}, latin, login.Identity{Legal: elies, Representative: &maria, OriginalFamilyName: "Γεωργίου"}, nil},
		{"a company for her", eid.Subject{Natural: person("EL/AT/7"), RepresentativeLegal: company}, latin, login.Identity{Person: maria, RepresentativeLegal: elies, OriginalFamilyName: "Γεωργίου"}, nil},
		{"no Latin form", eid.Subject{Legal: company}, nil, login.Identity{}, errLatin},
		{"no Latin form to be had", eid.Subject{Legal: company}, func(string, string) string { return "" }, login.Identity{}, errLatin},
		{"of another country", eid.Subject{Natural: person("CY/AT/7")}, nil, login.Identity{}, errCountry},
		{"represented by somebody of another country", eid.Subject{Natural: person("EL/AT/7"), Representative: person("CY/AT/7")}, nil, login.Identity{}, errCountry},
		{"a foreigner who is represented", eid.Subject{Natural: person("CY/AT/7"), Representative: person("EL/AT/7")}, nil,
			login.Identity{Person: with(maria, "CY/AT/7"), Representative: &maria, OriginalFamilyName: "Γεωργίου"}, nil},
	} {
		m := &Method{Config: Config{Latin: tc.latin}}
		s := tc.subject
		if s.Legal != nil {
			l := *s.Legal // Latin forms are filled in
			s.Legal = &l
		}
		if s.RepresentativeLegal != nil {
			l := *s.RepresentativeLegal
			s.RepresentativeLegal = &l
		}
		got, err := m.identity(&saml.Assertion{Subject: &s, Level: eid.High, AuthnInstant: at, Attributes: scope}, "EL")
		if !errors.Is(err, tc.err) {
			t.Errorf("%s: %v", tc.name, err)
		}
		if tc.err != nil {
			continue
		}
		tc.want.Country, tc.want.Method, tc.want.At, tc.want.PowerScope = "EL", "eidas", at, "ALL"
		if !reflect.DeepEqual(*got, tc.want) {
			t.Errorf("%s:\n%+v, want\n%+v", tc.name, *got, tc.want)
		}
	}
}

func with(p edm.Person, id string) edm.Person {
	p.Identifier = id
	return p
}
