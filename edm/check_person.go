package edm

import (
	"strings"

	"oots/codelist"
	"oots/rule"
)

// personRules are the numbers for one position of a natural person; "" for no such rule there.
type personRules struct {
	loaGiven, loaIn                      rule.ID
	pattern                              rule.ID
	birth                                rule.ID
	country                              rule.ID
	nationality, birthCountry, residence rule.ID
	gender, eidasGender                  rule.ID
	length                               rule.ID
}

// person checks a natural person. Findings never carry her data.
func (c *checker) person(p *Person, r *personRules, here *place) {
	c.fatal(RulePerson, !blank(p.FamilyName), here, "FamilyName", "", "a family name")
	c.fatal(RulePerson, !blank(p.GivenName), here, "GivenName", "", "a given name")
	c.fatal(RulePerson, !blank(string(p.DateOfBirth)), here, "DateOfBirth", "", "a date of birth")
	c.loa(p.LoA, r.loaGiven, r.loaIn, here)
	c.fatal(r.pattern, p.Identifier == "" || c.eidasIdentifier(p.Identifier), here, "Identifier", "",
		"country/country/value with 6 to 256 characters")
	c.fatal(r.birth, p.DateOfBirth == "" || isDate(p.DateOfBirth), here, "DateOfBirth", "", "a day as YYYY-MM-DD")
	if p.CurrentAddress != nil {
		c.address(p.CurrentAddress, r.country, "", r.length, here, "CurrentAddress")
	}
	if r.nationality != "" {
		for i, n := range p.Nationalities {
			at := here.item("Nationality", i)
			c.fatal(r.nationality, c.Has(codelist.Countries, n), &at, "", "", "a code of CountryIdentificationCode")
		}
		c.country(r.birthCountry, p.CountryOfBirth, here, "CountryOfBirth")
		c.country(r.residence, p.CountryOfResidence, here, "CountryOfResidence")
	}
	c.gender(p, r, here)
	c.minText(r.length, p.PlaceOfBirth, here, "PlaceOfBirth")
	c.minText(r.length, p.TownOfBirth, here, "TownOfBirth")
	c.minText(r.length, p.PhoneNumber, here, "PhoneNumber")
	c.minText(r.length, p.EmailAddress, here, "EmailAddress")
}

func (c *checker) country(id rule.ID, code string, p *place, step string) {
	c.fatal(id, code == "" || c.Has(codelist.Countries, code), p, step, "", "a code of CountryIdentificationCode")
}

// gender applies the rules that exist for a representative only; the subject's gender is checked by none.
func (c *checker) gender(p *Person, r *personRules, here *place) {
	if r.gender == "" {
		return
	}
	c.fatal(r.gender, p.Gender == "" || c.Has(codelist.Genders, p.Gender), here, "Gender", "", "a code of Gender")
	if p.Identifier == "" {
		return
	}
	ok := p.Gender == "Male" || p.Gender == "Female" || p.Gender == "Unspecified"
	c.fatal(r.eidasGender, ok, here, "Gender", "", "Male, Female or Unspecified beside an eidas identifier")
}

func (c *checker) loa(l LoA, given, in rule.ID, p *place) {
	switch {
	case given == "":
	case blank(string(l)):
		c.fatal(given, false, p, "LevelOfAssurance", "", "a level of assurance")
	default:
		c.fatal(in, c.Has(codelist.LevelsOfAssurance, string(l)), p, "LevelOfAssurance", string(l), "Low, Substantial or High")
	}
}

// legalRules are the numbers for one position of a legal person; "" for no such rule there.
type legalRules struct {
	loaGiven, loaIn              rule.ID
	idGiven, pattern             rule.ID
	otherScheme, otherSchemeCode rule.ID
	country                      rule.ID
	length                       rule.ID
}

// legal checks a legal person.
func (c *checker) legal(l *LegalPerson, r *legalRules, here *place) {
	c.fatal(RulePerson, !blank(l.LegalName), here, "LegalName", "", "a legal name")
	c.loa(l.LoA, r.loaGiven, r.loaIn, here)
	c.fatal(r.idGiven, !blank(l.EIDASIdentifier), here, "LegalPersonIdentifier", "", "the eIDAS identifier")
	c.fatal(r.pattern, blank(l.EIDASIdentifier) || c.eidasIdentifier(l.EIDASIdentifier), here, "LegalPersonIdentifier", "",
		"country/country/value with 6 to 256 characters")
	for i, id := range l.Identifiers {
		at := here.item("Identifier", i)
		c.fatal(r.otherScheme, id.Scheme != "", &at, "@schemeID", "", "a schemeID")
		c.fatal(r.otherSchemeCode, id.Scheme == "" || c.Has(codelist.LegalIdentifiers, id.Scheme), &at, "@schemeID", id.Scheme,
			"a code of IdentifierSchemes")
	}
	if l.Address != nil {
		c.address(l.Address, r.country, "", r.length, here, "RegisteredAddress")
	}
}

// powerScope checks the scope of a mandate: procedure codes separated by commas. The assertion for a
// natural representative takes the whole value as one code although its text speaks of a list; we accept
// the list for both. [R-EDM-REQ-C081, R-EDM-REQ-C091]
func (c *checker) powerScope(id rule.ID, scope string, p *place) {
	for code := range strings.SplitSeq(scope, ",") {
		code = strings.Trim(code, " \t\r\n")
		if !c.Has(codelist.Procedures, code) {
			c.fatal(id, false, p, "SectorSpecificAttribute/AttributeValue", "", "codes of Procedures separated by commas")
			return
		}
	}
}
