package eidas

import "log/slog"

// A Name is a text in Latin letters with its form in the script of the country.
type Name struct {
	Latin    string
	Original string // "" when the same, or unknown
}

// A NaturalPerson is the minimum data set of a natural person with its options. Its log form hides it.
// [eIDAS SAML Attribute Profile 1.4 §2.2]
type NaturalPerson struct {
	PersonIdentifier   string // "EL/AT/123"
	FamilyName         Name
	FirstName          Name // all first names
	DateOfBirth        string
	BirthName          Name // first and family names at birth in one text
	PlaceOfBirth       Name
	CurrentAddress     *Address
	Gender             string // "Male", "Female" or "Unspecified"
	Nationality        []string
	CountryOfBirth     string
	TownOfBirth        string
	CountryOfResidence string
	PhoneNumber        string
	EmailAddress       string
}

// LogValue keeps names and identifiers out of logs.
func (NaturalPerson) LogValue() slog.Value { return slog.StringValue("natural person") }

// A LegalPerson is the minimum data set of a legal person with its options. Its log form hides it.
// [eIDAS SAML Attribute Profile 1.4 §2.3]
type LegalPerson struct {
	LegalPersonIdentifier string
	LegalName             Name
	LegalPersonAddress    *Address
	VATRegistration       string
	TaxReference          string
	BusinessCodes         string // identifier of Directive 2012/17/EU
	LEI                   string
	EORI                  string
	SEED                  string
	SIC                   string
	LegalPhoneNumber      string
	LegalEmailAddress     string
}

// LogValue keeps names and identifiers out of logs.
func (LegalPerson) LogValue() slog.Value { return slog.StringValue("legal person") }

// A Subject is who an assertion is about: one natural or legal person, and at most one who acts for it. Its log
// form hides it. [eIDAS SAML Attribute Profile 1.4 §2.8]
type Subject struct {
	Natural             *NaturalPerson // one of Natural and Legal is set
	Legal               *LegalPerson
	Representative      *NaturalPerson // at most one of the representatives is set
	RepresentativeLegal *LegalPerson
}

// LogValue keeps names and identifiers out of logs.
func (Subject) LogValue() slog.Value { return slog.StringValue("subject") }

// naturalTexts and the functions beside it tie each attribute to its field, in the order of the profile, so that
// reading and writing cannot drift apart.
func naturalTexts(p *NaturalPerson) map[string]*string {
	return map[string]*string{
		"PersonIdentifier": &p.PersonIdentifier, "DateOfBirth": &p.DateOfBirth, "Gender": &p.Gender,
		"CountryOfBirth": &p.CountryOfBirth, "TownOfBirth": &p.TownOfBirth, "CountryOfResidence": &p.CountryOfResidence,
		"PhoneNumber": &p.PhoneNumber, "EmailAddress": &p.EmailAddress,
	}
}

func naturalNames(p *NaturalPerson) map[string]*Name {
	return map[string]*Name{
		"CurrentFamilyName": &p.FamilyName, "CurrentGivenName": &p.FirstName, "BirthName": &p.BirthName, "PlaceOfBirth": &p.PlaceOfBirth,
	}
}

func legalTexts(p *LegalPerson) map[string]*string {
	return map[string]*string{
		"LegalPersonIdentifier": &p.LegalPersonIdentifier, "VATRegistrationNumber": &p.VATRegistration, "TaxReference": &p.TaxReference,
		"D-2012-17-EUIdentifier": &p.BusinessCodes, "LEI": &p.LEI, "EORI": &p.EORI, "SEED": &p.SEED, "SIC": &p.SIC,
		"LegalPhoneNumber": &p.LegalPhoneNumber, "LegalEmailAddress": &p.LegalEmailAddress,
	}
}

func legalNames(p *LegalPerson) map[string]*Name { return map[string]*Name{"LegalName": &p.LegalName} }
