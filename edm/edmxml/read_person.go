package edmxml

import (
	"strings"

	"oots/edm"
	"oots/rule"
	"oots/xml/xmltree"
)

// personWire are the rules of a natural person that only the XML shows.
type personWire struct {
	schemeGiven, scheme rule.ID // of the identifier
	blank               rule.ID // WARNING: an identifier without value
	pattern, pattern10  rule.ID // FATAL beside it; pattern10 is the number of 1.0 where it has its own
}

// person reads sdg:Person or sdg:NaturalPerson. An identifier of another scheme is refused and not taken.
func (r *reader) person(e *xmltree.Element, rules personWire) *edm.Person {
	p := &edm.Person{
		LoA:                edm.LoA(r.code(e.First(sdg, "LevelOfAssurance"))),
		FamilyName:         e.First(sdg, "FamilyName").Value(),
		GivenName:          e.First(sdg, "GivenName").Value(),
		DateOfBirth:        edm.Date(e.First(sdg, "DateOfBirth").Value()),
		BirthName:          e.First(sdg, "BirthName").Value(),
		PlaceOfBirth:       e.First(sdg, "PlaceOfBirth").Value(),
		Gender:             r.code(e.First(sdg, "Gender")),
		CountryOfBirth:     r.code(e.First(sdg, "CountryOfBirth")),
		TownOfBirth:        e.First(sdg, "TownOfBirth").Value(),
		CountryOfResidence: r.code(e.First(sdg, "CountryOfResidence")),
		PhoneNumber:        e.First(sdg, "PhoneNumber").Value(),
		EmailAddress:       e.First(sdg, "EmailAddress").Value(),
	}
	if r.says.contact {
		p.FamilyNameOriginal, p.GivenNameOriginal, p.BirthNameOriginal = nonLatin(e, "FamilyName"), nonLatin(e, "GivenName"), nonLatin(e, "BirthName")
		p.UserAttributes = userTyped(e)
	}
	if at := e.First(sdg, "CurrentAddress"); at != nil {
		p.CurrentAddress = r.readAddress(at)
	}
	for n := range e.All(sdg, "Nationality") {
		p.Nationalities = append(p.Nationalities, r.code(n))
	}
	for id := range e.All(sdg, "Identifier") {
		value := id.Value()
		if !r.eidas(id, rules.schemeGiven, rules.scheme) {
			continue
		}
		if value == "" {
			r.blankIdentifier(id, rules)
		}
		if p.Identifier == "" {
			p.Identifier = value
		}
	}
	if rules.blank != "" && e.First(sdg, "Identifier") != nil {
		r.Judge(rules.blank) // package edm asks for an identifier where the line does
	}
	return p
}

// nonLatin is the form of a name in the script of its country, "" for none.
func nonLatin(person *xmltree.Element, name string) string {
	e := person.First(sdg, name)
	if e == nil {
		return ""
	}
	s, _ := e.Attr("", "nonLatin")
	return strings.Trim(s, " \t\r\n")
}

// userTyped reads what the user has typed in. [IR 2022/1463 art. 13]
func userTyped(person *xmltree.Element) []edm.UserAttribute {
	var all []edm.UserAttribute
	for a := range person.All(sdg, "UserIdentityAttribute") {
		all = append(all, edm.UserAttribute{
			Name: a.First(sdg, "AttributeName").Value(), URI: a.First(sdg, "AttributeURI").Value(), Value: a.First(sdg, "AttributeValue").Value(),
		})
	}
	return all
}

// blankIdentifier judges an identifier of the right scheme that says nothing.
func (r *reader) blankIdentifier(id *xmltree.Element, rules personWire) {
	if rules.blank != "" {
		r.Add(rules.blank, rule.Warning, id, "", "a value of the identifier")
	}
	for _, pattern := range [...]rule.ID{rules.pattern, rules.pattern10} {
		if pattern != "" {
			r.Check(pattern, false, id, "", "country/country/value")
		}
	}
}

// knownPerson warns of what the line does not know of a natural person.
func (r *reader) knownPerson(e *xmltree.Element) {
	names := append(make([]string, 0, 16), "LevelOfAssurance", "Identifier", "FamilyName", "GivenName", "DateOfBirth", "BirthName",
		"PlaceOfBirth", "CurrentAddress", "Gender", "SectorSpecificAttribute")
	if r.says.contact {
		names = append(names, "Nationality", "CountryOfBirth", "TownOfBirth", "CountryOfResidence", "PhoneNumber", "EmailAddress",
			"UserIdentityAttribute")
	}
	r.known(e, names...)
}

// knownLegalPerson warns of what the line does not know of a legal person.
func (r *reader) knownLegalPerson(e *xmltree.Element) {
	names := append(make([]string, 0, 8), "LevelOfAssurance", "Identifier", "LegalPersonIdentifier", "LegalName", "RegisteredAddress",
		"SectorSpecificAttribute")
	if r.says.contact {
		names = append(names, "LegalPhoneNumber", "LegalEmailAddress", "UserIdentityAttribute")
	}
	r.known(e, names...)
}

// eidas checks the scheme of a personal identifier. [R-EDM-REQ-C042]
func (r *reader) eidas(id *xmltree.Element, given, scheme rule.ID) bool {
	name, there := id.Attr("", "schemeID")
	r.Check(given, there, id, "", "a schemeID")
	return r.Check(scheme, name == edm.SchemeEIDAS, id, name, edm.SchemeEIDAS)
}

// legalPerson reads sdg:LegalPerson; given and scheme are the rules of its LegalPersonIdentifier.
func (r *reader) legalPerson(e *xmltree.Element, given, scheme rule.ID) *edm.LegalPerson {
	l := &edm.LegalPerson{
		LoA:          edm.LoA(r.code(e.First(sdg, "LevelOfAssurance"))),
		LegalName:    e.First(sdg, "LegalName").Value(),
		PhoneNumber:  e.First(sdg, "LegalPhoneNumber").Value(),
		EmailAddress: e.First(sdg, "LegalEmailAddress").Value(),
	}
	if r.says.contact {
		l.LegalNameOriginal, l.UserAttributes = nonLatin(e, "LegalName"), userTyped(e)
	}
	if id := e.First(sdg, "LegalPersonIdentifier"); id != nil {
		r.eidas(id, given, scheme)
		l.EIDASIdentifier = id.Value()
	}
	for id := range e.All(sdg, "Identifier") {
		l.Identifiers = append(l.Identifiers, readIdentifier(id))
	}
	if at := e.First(sdg, "RegisteredAddress"); at != nil {
		l.Address = r.readAddress(at)
	}
	return l
}
