package edm

import (
	"oots/codelist"
	"oots/rule"
)

// personRules are the numbers for one position of a natural person; "" for no such rule there.
type personRules struct {
	loaGiven, loaIn                      rule.ID
	pattern, pattern10                   rule.ID // pattern10 is the number of 1.0 where it has its own
	identified                           rule.ID // an identifier is there
	identifiedUntil                      Version // the line from which on nobody asks for it
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
	c.identifier(p, r, here)
	c.fatal(r.birth, p.DateOfBirth == "" || c.isDate(p.DateOfBirth), here, "DateOfBirth", "", "a day as YYYY-MM-DD")
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
	c.attributes(p.Attributes, r.length, here)
	c.minText(r.length, p.PlaceOfBirth, here, "PlaceOfBirth")
	c.minText(r.length, p.TownOfBirth, here, "TownOfBirth")
	c.minText(r.length, p.PhoneNumber, here, "PhoneNumber")
	c.minText(r.length, p.EmailAddress, here, "EmailAddress")
	c.minText(r.length, p.FamilyNameOriginal, here, "FamilyName/@nonLatin")
	c.minText(r.length, p.GivenNameOriginal, here, "GivenName/@nonLatin")
	c.minText(r.length, p.BirthNameOriginal, here, "BirthName/@nonLatin")
	c.userAttributes(p.UserAttributes, r.length, here)
}

func (c *checker) country(id rule.ID, code string, p *place, step string) {
	c.fatal(id, code == "" || c.Has(codelist.Countries, code), p, step, "", "a code of CountryIdentificationCode")
}

// identifier checks the eIDAS identifier of a natural person. [R-EDM-REQ-C038 to C042]
func (c *checker) identifier(p *Person, r *personRules, here *place) {
	if p.Identifier == "" {
		if r.identified != "" && c.Before(r.identifiedUntil) {
			c.add(r.identified, rule.Warning, here, "Identifier", "", "the eIDAS identifier")
		}
		return
	}
	for _, id := range [...]rule.ID{r.pattern, r.pattern10} {
		c.fatal(id, c.IsEIDASIdentifier(p.Identifier), here, "Identifier", "", c.identifierForm())
	}
}

func (c *checker) identifierForm() string {
	if c.Before(V11) {
		return "country/country/ and nine letters or digits"
	}
	return "country/country/value with 6 to 256 characters"
}

// attributes checks the shortest length of what a sector knows of a person. [R-EDM-REQ-C092]
func (c *checker) attributes(all []SectorAttribute, length rule.ID, here *place) {
	for i := range all {
		at := here.item("SectorSpecificAttribute", i)
		c.minText(length, all[i].Name, &at, "AttributeName")
		c.minText(length, all[i].Value, &at, "AttributeValue")
	}
}

// userAttributes checks the same of what the user has typed in.
func (c *checker) userAttributes(all []UserAttribute, length rule.ID, here *place) {
	for i := range all {
		at := here.item("UserIdentityAttribute", i)
		c.minText(length, all[i].Name, &at, "AttributeName")
		c.minText(length, all[i].Value, &at, "AttributeValue")
	}
}

// gender applies the rules that 2.0 has for a representative only; up to 1.2 the schema lists the genders of
// everybody. [R-EDM-REQ-C124, R-EDM-REQ-C126]
func (c *checker) gender(p *Person, r *personRules, here *place) {
	listed := p.Gender == "" || c.Has(codelist.Genders, p.Gender)
	if c.Before(V20) {
		c.fatal(RuleContent, listed, here, "Gender", "", "Male, Female or Unspecified")
		return
	}
	c.fatal(r.gender, listed, here, "Gender", "", "a code of Gender")
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
	idGiven, pattern, pattern10  rule.ID // pattern10 is the number of 1.0
	otherScheme, otherSchemeCode rule.ID
	country                      rule.ID
	length                       rule.ID
}

// legal checks a legal person.
func (c *checker) legal(l *LegalPerson, r *legalRules, here *place) {
	c.fatal(RulePerson, !blank(l.LegalName), here, "LegalName", "", "a legal name")
	c.loa(l.LoA, r.loaGiven, r.loaIn, here)
	c.fatal(r.idGiven, !blank(l.EIDASIdentifier), here, "LegalPersonIdentifier", "", "the eIDAS identifier")
	for _, id := range [...]rule.ID{r.pattern, r.pattern10} {
		c.fatal(id, blank(l.EIDASIdentifier) || c.IsEIDASIdentifier(l.EIDASIdentifier), here, "LegalPersonIdentifier", "", c.identifierForm())
	}
	for i, id := range l.Identifiers {
		at := here.item("Identifier", i)
		c.fatal(r.otherScheme, id.Scheme != "", &at, "@schemeID", "", "a schemeID")
		c.fatal(r.otherSchemeCode, id.Scheme == "" || c.Has(codelist.LegalIdentifiers, id.Scheme), &at, "@schemeID", id.Scheme,
			"a code of IdentifierSchemes")
	}
	if l.Address != nil {
		c.address(l.Address, r.country, "", r.length, here, "RegisteredAddress")
	}
	c.minText(r.length, l.PhoneNumber, here, "LegalPhoneNumber")
	c.minText(r.length, l.EmailAddress, here, "LegalEmailAddress")
	c.minText(r.length, l.LegalNameOriginal, here, "LegalName/@nonLatin")
	c.userAttributes(l.UserAttributes, r.length, here)
	c.attributes(l.Attributes, r.length, here)
}
