package convert

import (
	"slices"
	"strings"

	"oots/edm"
)

// subject converts the person that the evidence is about.
func (c *conversion) subject(r *edm.Request) {
	r.NaturalPerson = c.person(r.NaturalPerson, "NaturalPerson/Person")
	r.LegalPerson = c.legal(r.LegalPerson, "LegalPerson/LegalPerson")
}

// representatives converts who acts for the subject. [TDD 4.5.1 §3.3] [R-EDM-REQ-C081]
func (c *conversion) representatives(r *edm.Request) {
	const person, legal = "AuthorizedRepresentative/Person", "AuthorizedRepresentativeLegalPerson/LegalPerson"
	r.Representative = c.person(r.Representative, person)
	if c.to == edm.V10 && r.RepresentativeLegal != nil {
		r.RepresentativeLegal = nil
		c.add(Lost, legal, "the legal person that acts for the subject", "1.0 knows natural representatives only [TDD 4.5.1 §3.3]")
		if r.Representative == nil {
			r.RepresentativePowerScope = ""
		}
	}
	r.RepresentativeLegal = c.legal(r.RepresentativeLegal, legal)
	if p := r.Representative; p != nil && c.to != edm.V10 {
		p.Attributes = c.mandates(p.Attributes, person, "since 1.1 they say the scope of the mandate only [R-EDM-REQ-C081]", false)
		if c.over(edm.V20) && p.Identifier != "" && p.Gender == "" {
			p.Gender = "Unspecified"
			c.add(Invented, person+"/Gender", "a gender: Unspecified", "2.0 wants one of a representative with an eidas identifier [R-EDM-REQ-C126]")
		}
	}
	if l := r.RepresentativeLegal; l != nil && c.to != edm.V10 {
		l.Attributes = c.mandates(l.Attributes, legal, "they say the scope of the mandate only [R-EDM-REQ-C091]", true)
	}
	if p := r.Representative; p != nil && c.to == edm.V10 && r.RepresentativePowerScope != "" {
		n := len(p.Attributes)
		p.Attributes = slices.DeleteFunc(slices.Clone(p.Attributes), func(a edm.SectorAttribute) bool { return a.Value == r.RepresentativePowerScope })
		if len(p.Attributes) == 0 {
			p.Attributes = nil
		}
		if len(p.Attributes) < n {
			c.add(Changed, person+"/SectorSpecificAttribute", "name and URI of the mandate", "1.0 tells a mandate by its name only [TDD 4.5.1 §3.8]")
		}
	}
}

// mandates keeps the attributes of a representative that say the scope of a mandate, and loses the others.
func (c *conversion) mandates(all []edm.SectorAttribute, path, why string, legal bool) []edm.SectorAttribute {
	in := (*edm.Rules)(nil).In(c.to)
	kept := slices.DeleteFunc(slices.Clone(all), func(a edm.SectorAttribute) bool { return !in.IsMandate(a.Value, legal) })
	if len(kept) < len(all) {
		c.add(Lost, path+"/SectorSpecificAttribute", "further attributes of the representative", why)
	}
	if len(kept) == 0 {
		return nil
	}
	return kept
}

// person returns a converted copy; nil of nil.
func (c *conversion) person(p *edm.Person, path string) *edm.Person {
	if p == nil {
		return nil
	}
	out := *p
	out.CurrentAddress = c.address(p.CurrentAddress, path+"/CurrentAddress")
	c.genderOf(&out, path)
	if c.to == edm.V10 {
		c.identifier10(&out, path)
		const why = "1.0 has no place for it [TDD 4.5.1 §3.8]"
		loseAll(c, &out.Nationalities, path+"/Nationality", "the nationality", why)
		lose(c, &out.CountryOfBirth, path+"/CountryOfBirth", "the country of birth", why)
		lose(c, &out.TownOfBirth, path+"/TownOfBirth", "the town of birth", why)
		lose(c, &out.CountryOfResidence, path+"/CountryOfResidence", "the country of residence", why)
		lose(c, &out.PhoneNumber, path+"/PhoneNumber", "the telephone number", why)
		lose(c, &out.EmailAddress, path+"/EmailAddress", "the e-mail address", why)
		lose(c, &out.FamilyNameOriginal, path+"/FamilyName/@nonLatin", "the family name in its own script", why)
		lose(c, &out.GivenNameOriginal, path+"/GivenName/@nonLatin", "the given name in its own script", why)
		lose(c, &out.BirthNameOriginal, path+"/BirthName/@nonLatin", "the name at birth in its own script", why)
		loseAll(c, &out.UserAttributes, path+"/UserIdentityAttribute", "what the user has typed in", why)
	}
	if c.from == edm.V10 && c.to != edm.V10 && !edm.IsEIDASIdentifier(out.Identifier) {
		lose(c, &out.Identifier, path+"/Identifier", "the identifier of a person", "later lines want codes of countries that take part [R-EDM-REQ-C040]")
	}
	return &out
}

// identifier10 drops an identifier whose last part is shorter than 1.0 wants it. It is recommended, not
// mandatory. [R-EDM-REQ-C039]
func (c *conversion) identifier10(p *edm.Person, path string) {
	if last := p.Identifier[strings.LastIndexByte(p.Identifier, '/')+1:]; p.Identifier != "" && !nineAlphanumeric(last) {
		lose(c, &p.Identifier, path+"/Identifier", "the identifier of a person", "1.0 wants nine letters or digits behind the countries [R-EDM-REQ-C039]")
	}
}

func nineAlphanumeric(s string) bool {
	if len(s) < 9 {
		return false
	}
	for _, b := range []byte(s[:9]) {
		if (b < '0' || b > '9') && (b|0x20 < 'a' || b|0x20 > 'z') {
			return false
		}
	}
	return true
}

// genderOf writes the numeric genders of 2.0 as the words that 1.x lists. [TDD 4.5.1 §3.8]
func (c *conversion) genderOf(p *edm.Person, path string) {
	if !c.under(edm.V20) || len(p.Gender) != 1 {
		return
	}
	switch p.Gender {
	case "1":
		p.Gender = "Male"
	case "2":
		p.Gender = "Female"
	default:
		p.Gender = "Unspecified"
	}
	c.add(Changed, path+"/Gender", "the gender", "up to 1.2 it is Male, Female or Unspecified [TDD 4.5.1 §3.8]")
}

// legal returns a converted copy; nil of nil.
func (c *conversion) legal(l *edm.LegalPerson, path string) *edm.LegalPerson {
	if l == nil {
		return nil
	}
	out := *l
	out.Address = c.address(l.Address, path+"/RegisteredAddress")
	if c.to == edm.V10 {
		const why = "1.0 has no place for it [TDD 4.5.1 §3.8]"
		lose(c, &out.PhoneNumber, path+"/LegalPhoneNumber", "the telephone number", why)
		lose(c, &out.EmailAddress, path+"/LegalEmailAddress", "the e-mail address", why)
		lose(c, &out.LegalNameOriginal, path+"/LegalName/@nonLatin", "the name in its own script", why)
		loseAll(c, &out.UserAttributes, path+"/UserIdentityAttribute", "what the user has typed in", why)
	}
	return &out
}
