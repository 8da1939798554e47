package eidas

import (
	"strings"

	"oots/codelist"
	"oots/edm"
)

// EDM is the person in the model of the exchange, with names in Latin letters. [TDD 4.5.1]
func (p *NaturalPerson) EDM(level Level) edm.Person {
	return edm.Person{
		LoA: level.LoA(), Identifier: p.PersonIdentifier, FamilyName: p.FamilyName.Latin, GivenName: p.FirstName.Latin,
		DateOfBirth: edm.Date(p.DateOfBirth), BirthName: p.BirthName.Latin, PlaceOfBirth: p.PlaceOfBirth.Latin,
		CurrentAddress: p.CurrentAddress.EDM(), Gender: p.Gender, Nationalities: p.Nationality,
		CountryOfBirth: p.CountryOfBirth, TownOfBirth: p.TownOfBirth, CountryOfResidence: p.CountryOfResidence,
		PhoneNumber: p.PhoneNumber, EmailAddress: p.EmailAddress,
		FamilyNameOriginal: p.FamilyName.Original, GivenNameOriginal: p.FirstName.Original, BirthNameOriginal: p.BirthName.Original,
	}
}

// FromPerson is the reverse of EDM.
func FromPerson(p edm.Person) *NaturalPerson {
	return &NaturalPerson{
		PersonIdentifier: p.Identifier, FamilyName: Name{p.FamilyName, p.FamilyNameOriginal}, FirstName: Name{p.GivenName, p.GivenNameOriginal},
		DateOfBirth: string(p.DateOfBirth), BirthName: Name{p.BirthName, p.BirthNameOriginal}, PlaceOfBirth: Name{Latin: p.PlaceOfBirth},
		CurrentAddress: fromAddress(p.CurrentAddress), Gender: p.Gender, Nationality: p.Nationalities,
		CountryOfBirth: p.CountryOfBirth, TownOfBirth: p.TownOfBirth, CountryOfResidence: p.CountryOfResidence,
		PhoneNumber: p.PhoneNumber, EmailAddress: p.EmailAddress,
	}
}

// schemes are the codes of IdentifierSchemes beside the field of a legal person that each names.
func schemes(p *LegalPerson) [7]struct {
	code  string
	value *string
} {
	return [7]struct {
		code  string
		value *string
	}{
		{"VAT", &p.VATRegistration}, {"TAX", &p.TaxReference}, {"BusinessCode", &p.BusinessCodes},
		{"LEI", &p.LEI}, {"EORI", &p.EORI}, {"SEED", &p.SEED}, {"SIC", &p.SIC},
	}
}

// EDM is the legal person in the model of the exchange. [TDD 4.5.1]
func (p *LegalPerson) EDM(level Level) edm.LegalPerson {
	l := edm.LegalPerson{
		LoA: level.LoA(), EIDASIdentifier: p.LegalPersonIdentifier, LegalName: p.LegalName.Latin, Address: p.LegalPersonAddress.EDM(),
		PhoneNumber: p.LegalPhoneNumber, EmailAddress: p.LegalEmailAddress, LegalNameOriginal: p.LegalName.Original,
	}
	for _, s := range schemes(p) {
		if *s.value != "" {
			l.Identifiers = append(l.Identifiers, edm.Identifier{Scheme: s.code, Value: *s.value})
		}
	}
	return l
}

// FromLegalPerson is the reverse of EDM.
func FromLegalPerson(l edm.LegalPerson) *LegalPerson {
	p := &LegalPerson{
		LegalPersonIdentifier: l.EIDASIdentifier, LegalName: Name{l.LegalName, l.LegalNameOriginal}, LegalPersonAddress: fromAddress(l.Address),
		LegalPhoneNumber: l.PhoneNumber, LegalEmailAddress: l.EmailAddress,
	}
	for _, id := range l.Identifiers {
		for _, s := range schemes(p) {
			if s.code == id.Scheme {
				*s.value = id.Value
			}
		}
	}
	return p
}

// EDM is the address in the model of the exchange, nil when its country is unknown there: the rules on addresses
// would refuse it. A region is kept only as a NUTS code.
func (a *Address) EDM() *edm.Address {
	if a == nil {
		return nil
	}
	code := countryCode(a.AdminunitFirstline)
	if code == "" {
		return nil
	}
	out := &edm.Address{
		LocatorDesignator: a.LocatorDesignator, Thoroughfare: a.Thoroughfare, PostCode: a.PostCode, PostCityName: a.PostName,
		Country: code, FullAddress: a.line(),
	}
	if codelist.NUTS.Has(a.AdminunitSecondline) {
		out.Region = a.AdminunitSecondline
	}
	return out
}

// line is the address in one line: street with number, town with code.
func (a *Address) line() string {
	var parts []string
	for _, part := range [4]string{a.PoBox, a.LocatorName, strings.TrimSpace(a.Thoroughfare + " " + a.LocatorDesignator), strings.TrimSpace(a.PostCode + " " + a.PostName)} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}

// countryCode finds a country by its code or its English name. Greece is EL, also where a peer writes GR.
func countryCode(s string) string {
	s = strings.TrimSpace(s)
	if strings.EqualFold(s, "GR") {
		return "EL"
	}
	if up := strings.ToUpper(s); codelist.OOTSCountries.Has(up) {
		return up
	}
	for _, row := range codelist.OOTSCountries.Rows() {
		if strings.EqualFold(codelist.OOTSCountries.Label(row.Code), s) {
			return row.Code
		}
	}
	return ""
}

func fromAddress(a *edm.Address) *Address {
	if a == nil {
		return nil
	}
	return &Address{
		LocatorDesignator: a.LocatorDesignator, Thoroughfare: a.Thoroughfare, PostCode: a.PostCode, PostName: a.PostCityName,
		AdminunitFirstline: a.Country, AdminunitSecondline: a.Region,
	}
}
