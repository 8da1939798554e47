package edmxml

import (
	"strings"

	"oots/codelist"
	"oots/edm"
	"oots/rule"
	"oots/xml/xmltree"
)

// personWire are the rules of a natural person that only the XML shows.
type personWire struct {
	schemeGiven, scheme rule.ID // of the identifier
	blank               rule.ID // WARNING: an eidas identifier without value
	pattern             rule.ID // FATAL beside it
}

// person reads sdg:Person or sdg:NaturalPerson. An identifier of another scheme is refused and not taken.
func (r *reader) person(e *xmltree.Element, rules personWire) *edm.Person {
	p := &edm.Person{
		LoA:                edm.LoA(e.First(sdg, "LevelOfAssurance").Value()),
		FamilyName:         e.First(sdg, "FamilyName").Value(),
		GivenName:          e.First(sdg, "GivenName").Value(),
		DateOfBirth:        edm.Date(e.First(sdg, "DateOfBirth").Value()),
		BirthName:          e.First(sdg, "BirthName").Value(),
		PlaceOfBirth:       e.First(sdg, "PlaceOfBirth").Value(),
		Gender:             e.First(sdg, "Gender").Value(),
		CountryOfBirth:     e.First(sdg, "CountryOfBirth").Value(),
		TownOfBirth:        e.First(sdg, "TownOfBirth").Value(),
		CountryOfResidence: e.First(sdg, "CountryOfResidence").Value(),
		PhoneNumber:        e.First(sdg, "PhoneNumber").Value(),
		EmailAddress:       e.First(sdg, "EmailAddress").Value(),
	}
	if at := e.First(sdg, "CurrentAddress"); at != nil {
		p.CurrentAddress = readAddress(at)
	}
	for n := range e.All(sdg, "Nationality") {
		p.Nationalities = append(p.Nationalities, n.Value())
	}
	for id := range e.All(sdg, "Identifier") {
		if !r.eidas(id, rules.schemeGiven, rules.scheme) {
			continue
		}
		value := id.Value()
		if value == "" {
			if rules.blank != "" {
				r.Add(rules.blank, rule.Warning, id, "", "a value of the identifier")
			}
			r.Check(rules.pattern, false, id, "", "country/country/value with 6 to 256 characters")
		}
		if p.Identifier == "" {
			p.Identifier = value
		}
	}
	return p
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
		LoA:       edm.LoA(e.First(sdg, "LevelOfAssurance").Value()),
		LegalName: e.First(sdg, "LegalName").Value(),
	}
	if id := e.First(sdg, "LegalPersonIdentifier"); id != nil {
		r.eidas(id, given, scheme)
		l.EIDASIdentifier = id.Value()
	}
	for id := range e.All(sdg, "Identifier") {
		l.Identifiers = append(l.Identifiers, readIdentifier(id))
	}
	if at := e.First(sdg, "RegisteredAddress"); at != nil {
		l.Address = readAddress(at)
	}
	return l
}

// powerScope checks every sector attribute of a representative as a mandate, as the assertion does, and
// returns the one that is named so, else the first. A list separated by commas is accepted for natural
// representatives too, which the text of the rule asks for and its assertion refuses. [R-EDM-REQ-C081]
func (r *reader) powerScope(e *xmltree.Element, id rule.ID) string {
	r.Judge(id)
	scope, named := "", false
	for a := range e.All(sdg, "SectorSpecificAttribute") {
		is := a.First(sdg, "AttributeName").Value() == powerScopeName
		for v := range a.All(sdg, "AttributeValue") {
			r.Check(id, r.procedures(v.Value()), v, "", "codes of Procedures separated by commas")
			if scope == "" || is && !named {
				scope, named = v.Value(), is
			}
		}
	}
	return scope
}

func (r *reader) procedures(list string) bool {
	for code := range strings.SplitSeq(list, ",") {
		if !r.set.Has(codelist.Procedures, strings.TrimSpace(code)) {
			return false
		}
	}
	return true
}
