package eidas

import (
	"slices"
	"strings"
)

// Prefixes of the names of attributes; the first two are also the namespaces of their types. A representative
// has the attributes of a person under a prefix of her own. [eIDAS SAML Attribute Profile 1.4 §2.2, §2.3, §2.8]
const (
	PrefixNatural               = "http://eidas.europa.eu/attributes/naturalperson/"
	PrefixLegal                 = "http://eidas.europa.eu/attributes/legalperson/"
	PrefixRepresentativeNatural = "http://eidas.europa.eu/attributes/naturalperson/representative/"
	PrefixRepresentativeLegal   = "http://eidas.europa.eu/attributes/legalperson/representative/"
)

// An Attribute is one attribute with its values. Attributes are known by Name: the friendly names of some differ
// from its end.
type Attribute struct {
	Name   string
	Values []Value
}

// A Value is one value of an attribute.
type Value struct {
	Text     string
	NonLatin bool // marked as the form in the script of the country; there is a Latin twin, or should be
}

// A Definition says how an attribute is carried. [eIDAS SAML Attribute Profile 1.4 §2.2.2, §2.3.2]
type Definition struct {
	Name           string // in full
	Friendly       string
	Type           string // local name of its XML Schema type; "" for xs:string
	Mandatory      bool   // part of every minimum data set
	Transliterated bool   // may have a value in another script
	Encoded        bool   // base64 of an XML fragment
	Legal          bool   // of a legal person
	Representative bool   // of who acts for the subject: sent unasked, never requested
}

// Natural and Legal are the attributes of each kind of person in the order of the profile.
func Natural() []Definition { return slices.Clone(natural) }

// Legal is Natural for legal persons.
func Legal() []Definition { return slices.Clone(legal) }

var natural = []Definition{
	{Name: PrefixNatural + "PersonIdentifier", Friendly: "PersonIdentifier", Type: "PersonIdentifierType", Mandatory: true},
	{Name: PrefixNatural + "CurrentFamilyName", Friendly: "FamilyName", Type: "CurrentFamilyNameType", Mandatory: true, Transliterated: true},
	{Name: PrefixNatural + "CurrentGivenName", Friendly: "FirstName", Type: "CurrentGivenNameType", Mandatory: true, Transliterated: true},
	{Name: PrefixNatural + "DateOfBirth", Friendly: "DateOfBirth", Type: "DateOfBirthType", Mandatory: true},
	{Name: PrefixNatural + "BirthName", Friendly: "BirthName", Type: "BirthNameType", Transliterated: true},
	{Name: PrefixNatural + "PlaceOfBirth", Friendly: "PlaceOfBirth", Type: "PlaceOfBirthType", Transliterated: true},
	{Name: PrefixNatural + "CurrentAddress", Friendly: "CurrentAddress", Type: "CurrentAddressType", Encoded: true},
	{Name: PrefixNatural + "Gender", Friendly: "Gender", Type: "GenderType"},
	{Name: PrefixNatural + "Nationality", Friendly: "Nationality", Type: "NationalityType"},
	{Name: PrefixNatural + "CountryOfBirth", Friendly: "CountryOfBirth", Type: "CountryOfBirthType"},
	{Name: PrefixNatural + "TownOfBirth", Friendly: "TownOfBirth", Type: "TownOfBirthType"},
	{Name: PrefixNatural + "CountryOfResidence", Friendly: "CountryOfResidence", Type: "CountryOfResidenceType"},
	{Name: PrefixNatural + "PhoneNumber", Friendly: "PhoneNumber", Type: "PhoneNumberType"},
	{Name: PrefixNatural + "EmailAddress", Friendly: "EmailAddress", Type: "EmailAddressType"},
}

var legal = []Definition{
	{Name: PrefixLegal + "LegalPersonIdentifier", Friendly: "LegalPersonIdentifier", Type: "LegalPersonIdentifierType", Mandatory: true, Legal: true},
	{Name: PrefixLegal + "LegalName", Friendly: "LegalName", Type: "LegalNameType", Mandatory: true, Transliterated: true, Legal: true},
	{Name: PrefixLegal + "LegalPersonAddress", Friendly: "LegalAddress", Type: "LegalPersonAddressType", Encoded: true, Legal: true},
	{Name: PrefixLegal + "VATRegistrationNumber", Friendly: "VATRegistration", Type: "VATRegistrationNumberType", Legal: true},
	{Name: PrefixLegal + "TaxReference", Friendly: "TaxReference", Type: "TaxReferenceType", Legal: true},
	{Name: PrefixLegal + "D-2012-17-EUIdentifier", Friendly: "BusinessCodes", Type: "D-2012-17-EUIdentifierType", Legal: true},
	{Name: PrefixLegal + "LEI", Friendly: "LEI", Type: "LEIType", Legal: true},
	{Name: PrefixLegal + "EORI", Friendly: "EORI", Type: "EORIType", Legal: true},
	{Name: PrefixLegal + "SEED", Friendly: "SEED", Type: "SEEDType", Legal: true},
	{Name: PrefixLegal + "SIC", Friendly: "SIC", Type: "SICType", Legal: true},
	{Name: PrefixLegal + "LegalPhoneNumber", Friendly: "LegalPhoneNumber", Type: "LegalPhoneNumberType", Legal: true},
	{Name: PrefixLegal + "LegalEmailAddress", Friendly: "LegalEmailAddress", Type: "LegalEmailAddressType", Legal: true},
}

// vatRegistration is how some documents and libraries spell the name of VATRegistrationNumber.
const vatRegistration = PrefixLegal + "VATRegistration"

// Define returns the definition of an attribute, also of a representative's, and whether there is one.
func Define(name string) (Definition, bool) {
	plain, representative := split(name)
	if plain == vatRegistration {
		plain += "Number"
	}
	for _, list := range [2][]Definition{natural, legal} {
		for _, d := range list {
			if d.Name != plain {
				continue
			}
			if representative {
				d.Name, d.Friendly, d.Representative = name, "Representative"+d.Friendly, true
			}
			return d, true
		}
	}
	return Definition{}, false
}

// split takes the prefix of a representative off a name.
func split(name string) (plain string, representative bool) {
	if rest, ok := strings.CutPrefix(name, PrefixRepresentativeNatural); ok {
		return PrefixNatural + rest, true
	}
	if rest, ok := strings.CutPrefix(name, PrefixRepresentativeLegal); ok {
		return PrefixLegal + rest, true
	}
	return name, false
}

// Mandatory are the names that every request for a legal or for a natural person holds. [eIDAS Message Format
// 1.4 §6.3.1]
func Mandatory(isLegal bool) []string {
	list := natural
	if isLegal {
		list = legal
	}
	var names []string
	for _, d := range list {
		if d.Mandatory {
			names = append(names, d.Name)
		}
	}
	return names
}
