package matching

import (
	"log/slog"

	"oots/edm"
)

// A Person is what one side knows of a natural person. Every field but the date may hold any script; a
// field that is not known is empty.
type Person struct {
	FamilyName, GivenName                 string
	OriginalFamilyName, OriginalGivenName string   // in the script of the country, when the names above are a transliteration
	FormerFamilyNames                     []string // names before a marriage or a change of name
	BirthName                             string   // family and given names at birth in one text, in any order, as eIDAS gives it
	OriginalBirthName                     string   // the same in the script of the country
	DateOfBirth                           string   // "1990-04-01", or what a register knows of it: "1990-04", "1990", "1990-00-00"

	PlaceOfBirth   string   // town, a country after a comma is left aside; or the code of a place
	CountryOfBirth string   // two letters; EL and GR, UK and GB are the same
	Nationalities  []string // two letters
	Gender         string   // as the code list Gender spells it
	Address        string   // in one line
	// NationalNumbers are identifiers of the population register of the country that the register belongs to.
	NationalNumbers []string
	// Links are eIDAS identifiers of other countries, "EL/AT/123", which the register has linked to this person
	// before, where the law allows it.
	Links []string
	// Sector are identifiers of a sector by their scheme: a student number, a social security number.
	Sector map[string]string
}

// LogValue keeps the person out of logs.
func (Person) LogValue() slog.Value { return slog.StringValue("person") }

// A Query is a person of a request, who is looked for.
type Query struct {
	Person
	// Identifier is the eIDAS identifier "EL/AT/123": country of the eID, country it was made for, value.
	Identifier string
	LoA        edm.LoA
	// Declared is what the user said herself, in a form of the portal or of the preview space. It can narrow
	// a search and agree with a register; it is never who she is. [record-matching §2]
	Declared Person
}

// Query is the query for the natural person of a request, with what she declared: the user's attributes that the
// policy knows by their URI.
func (m *Matcher) Query(p edm.Person) Query {
	q := QueryOf(p)
	d := &q.Declared
	for _, a := range p.UserAttributes {
		if a.Value == "" {
			continue
		}
		switch m.Policy.UserAttributes[a.URI] {
		case "placeOfBirth":
			d.PlaceOfBirth = a.Value
		case "countryOfBirth":
			d.CountryOfBirth = a.Value
		case "address":
			d.Address = a.Value
		case "formerFamilyName":
			d.FormerFamilyNames = append(d.FormerFamilyNames, a.Value)
		case "nationalNumber":
			d.NationalNumbers = append(d.NationalNumbers, a.Value)
		}
	}
	return q
}

// userAttributes are the words for which a policy may name a URI.
var userAttributes = []string{"placeOfBirth", "countryOfBirth", "address", "formerFamilyName", "nationalNumber"}

// QueryOf is the query for the natural person of a request, without what she declared.
func QueryOf(p edm.Person) Query {
	place := p.TownOfBirth
	if place == "" {
		place = p.PlaceOfBirth
	}
	q := Query{
		Person: Person{
			FamilyName: p.FamilyName, GivenName: p.GivenName, BirthName: p.BirthName, DateOfBirth: string(p.DateOfBirth),
			OriginalFamilyName: p.FamilyNameOriginal, OriginalGivenName: p.GivenNameOriginal, OriginalBirthName: p.BirthNameOriginal,
			PlaceOfBirth: place, CountryOfBirth: p.CountryOfBirth, Nationalities: p.Nationalities, Gender: p.Gender,
		},
		Identifier: p.Identifier, LoA: p.LoA,
	}
	if a := p.CurrentAddress; a != nil {
		q.Address = addressLine(a)
	}
	for _, s := range p.Attributes {
		if s.URI == "" || s.Value == "" {
			continue
		}
		if q.Sector == nil {
			q.Sector = map[string]string{}
		}
		q.Sector[s.URI] = s.Value
	}
	return q
}

// An Entry is one person of a register.
type Entry struct {
	Person
	// Key is the register's own name for the entry; it never leaves the provider.
	Key string
	// Protected entries are never found: an address that is kept secret, an adoption. Deceased ones neither,
	// and who asks with the eID of a dead person is reported. [record-matching §4.1 stage 6]
	Protected, Deceased bool
}

// LogValue keeps the entry out of logs.
func (Entry) LogValue() slog.Value { return slog.StringValue("register entry") }

// addressLine is the part of an address that registers can compare: post code and street, or the full text.
func addressLine(a *edm.Address) string {
	if a.PostCode != "" && a.Thoroughfare != "" {
		return a.PostCode + " " + a.Thoroughfare + " " + a.LocatorDesignator
	}
	return a.FullAddress
}
