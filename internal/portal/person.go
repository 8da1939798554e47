package portal

import (
	"cmp"
	"strings"

	"oots/edm"
	"oots/internal/login"
)

// A persona is somebody in a login or a request: the subject, or who acts for it.
type persona struct {
	Heading string // "" when there is only one
	Facts   []fact
}

// fact is what is known of a persona.
type fact struct {
	Label, Value string
	Original     string // in the script of the country; "" when the same
	Code         bool   // for machines rather than for people
}

// applicant is what a login says of the user. [ux-guidance P3]
func applicant(v *visit, u login.Identity) []persona {
	q := &edm.Request{Representative: u.Representative, RepresentativeLegal: u.RepresentativeLegal, RepresentativePowerScope: u.PowerScope}
	if q.LegalPerson = u.Legal; u.Legal == nil {
		q.NaturalPerson = &u.Person
	}
	who := q.NaturalPerson
	if q.Representative != nil {
		who = q.Representative
	}
	if who != nil {
		named := *who
		named.FamilyNameOriginal = cmp.Or(named.FamilyNameOriginal, u.OriginalFamilyName)
		named.GivenNameOriginal = cmp.Or(named.GivenNameOriginal, u.OriginalGivenName)
		if q.Representative != nil {
			q.Representative = &named
		} else {
			q.NaturalPerson = &named
		}
	}
	out := personas(v, q)
	out[len(out)-1].add(v.T("portal/person.from"), v.Country(u.Country))
	return out
}

// personas are those of a request, with everything that it says of them.
func personas(v *visit, q *edm.Request) []persona {
	var subject, acting persona
	switch {
	case q.LegalPerson != nil:
		subject.company(v, q.LegalPerson)
	case q.NaturalPerson != nil:
		subject.person(v, q.NaturalPerson)
	}
	switch {
	case q.Representative != nil:
		acting.person(v, q.Representative)
	case q.RepresentativeLegal != nil:
		acting.company(v, q.RepresentativeLegal)
	default:
		return []persona{subject}
	}
	subject.Heading, acting.Heading = v.T("portal/person.subject"), v.T("portal/person.acting")
	switch scope := q.RepresentativePowerScope; scope {
	case "":
	case "ALL":
		acting.add(v.T("portal/person.mandate"), v.T("portal/person.mandateAll"))
	default:
		acting.code(v.T("portal/person.mandate"), scope)
	}
	return []persona{subject, acting}
}

func (p *persona) add(label, value string) {
	if value != "" {
		p.Facts = append(p.Facts, fact{Label: label, Value: value})
	}
}

func (p *persona) code(label, value string) {
	if value != "" {
		p.Facts = append(p.Facts, fact{Label: label, Value: value, Code: true})
	}
}

func (p *persona) name(label, value, original string) {
	if value != "" {
		p.Facts = append(p.Facts, fact{Label: label, Value: value, Original: original})
	}
}

// person adds the facts of a natural person in the order in which a request has them. [TDD 4.5.1 §3.8]
func (p *persona) person(v *visit, n *edm.Person) {
	p.name(v.T("portal/person.givenName"), n.GivenName, n.GivenNameOriginal)
	p.name(v.T("portal/person.familyName"), n.FamilyName, n.FamilyNameOriginal)
	if n.DateOfBirth != "" {
		p.add(v.T("portal/person.born"), v.Date(n.DateOfBirth))
	}
	p.name(v.T("portal/person.birthName"), n.BirthName, n.BirthNameOriginal)
	p.add(v.T("portal/person.placeOfBirth"), n.PlaceOfBirth)
	p.add(v.T("portal/person.townOfBirth"), n.TownOfBirth)
	p.add(v.T("portal/person.countryOfBirth"), country(v, n.CountryOfBirth))
	var nationalities []string
	for _, c := range n.Nationalities {
		nationalities = append(nationalities, country(v, c))
	}
	p.add(v.T("portal/person.nationality"), strings.Join(nationalities, ", "))
	p.add(v.T("portal/person.address"), address(v, n.CurrentAddress))
	p.add(v.T("portal/person.residence"), country(v, n.CountryOfResidence))
	p.add(v.T("portal/person.gender"), gender(v, n.Gender))
	p.code(v.T("portal/person.identifier"), n.Identifier)
	p.add(v.T("portal/person.level"), level(v, n.LoA))
}

// company does the same for a legal person.
func (p *persona) company(v *visit, l *edm.LegalPerson) {
	p.name(v.T("portal/person.legalName"), l.LegalName, l.LegalNameOriginal)
	p.code(v.T("portal/person.identifier"), l.EIDASIdentifier)
	for _, id := range l.Identifiers {
		p.code(v.T("portal/person.otherIdentifier", "scheme", id.Scheme), id.Value)
	}
	p.add(v.T("portal/person.address"), address(v, l.Address))
	p.add(v.T("portal/person.level"), level(v, l.LoA))
}

// country is the name of a country, or its code where we have none.
func country(v *visit, code string) string {
	if code == "" {
		return ""
	}
	return cmp.Or(v.Country(code), code)
}

func gender(v *visit, code string) string {
	switch code {
	case "Male", "1":
		return v.T("portal/person.male")
	case "Female", "2":
		return v.T("portal/person.female")
	case "":
		return ""
	}
	return v.T("portal/person.unspecified")
}

// address is one in one line.
func address(v *visit, a *edm.Address) string {
	if a == nil {
		return ""
	}
	street := strings.TrimSpace(a.Thoroughfare + " " + a.LocatorDesignator)
	if street == "" {
		street = a.FullAddress
	}
	var parts []string
	for _, s := range []string{street, strings.TrimSpace(a.PostCode + " " + a.PostCityName), country(v, a.Country)} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}
