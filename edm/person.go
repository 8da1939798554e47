package edm

import (
	"log/slog"
	"time"
)

// A LoA is a level of assurance of the eID: Low, Substantial or High. [R-EDM-REQ-C041]
type LoA string

// The codes of LevelsOfAssurance.
const (
	Low         LoA = "Low"
	Substantial LoA = "Substantial"
	High        LoA = "High"
)

// AtLeast reports whether l is as strong as want; an unknown level is weaker than all.
func (l LoA) AtLeast(want LoA) bool { return l.rank() >= want.rank() }

func (l LoA) rank() int {
	switch l {
	case High:
		return 3
	case Substantial:
		return 2
	case Low:
		return 1
	}
	return 0
}

// A Date is a calendar day without zone, "2006-01-02".
type Date string

// DateOf gives the day of t in UTC.
func DateOf(t time.Time) Date { return Date(t.UTC().Format(time.DateOnly)) }

// A Person is a natural person: the subject of the evidence, or who represents it. Its log form hides it.
type Person struct {
	LoA            LoA
	Identifier     string // eIDAS identifier "EL/AT/123"; "" when not forwarded
	FamilyName     string
	GivenName      string
	DateOfBirth    Date
	BirthName      string
	PlaceOfBirth   string
	CurrentAddress *Address
	Gender         string // code of Gender; "" when unknown

	Nationalities      []string // codes of CountryIdentificationCode
	CountryOfBirth     string   // code of CountryIdentificationCode
	TownOfBirth        string
	CountryOfResidence string // code of CountryIdentificationCode
	PhoneNumber        string
	EmailAddress       string

	// The names in the script of the person's country, where FamilyName, GivenName and BirthName are a Latin
	// form of them; "" when that is all there is. Lines after 1.0 have @nonLatin for them.
	FamilyNameOriginal, GivenNameOriginal, BirthNameOriginal string

	Attributes     []SectorAttribute // of a representative: the scope of the mandate is in Request
	UserAttributes []UserAttribute   // lines after 1.0
}

// A UserAttribute is an sdg:UserIdentityAttribute: what the user has typed in, kept apart from what her eID says.
// Its log form hides it. [IR 2022/1463 art. 13]
type UserAttribute struct{ Name, URI, Value string }

// LogValue keeps the value out of logs.
func (UserAttribute) LogValue() slog.Value { return slog.StringValue("attribute") }

// A SectorAttribute is an sdg:SectorSpecificAttribute. Its log form hides it.
type SectorAttribute struct{ Name, URI, Value string }

// LogValue keeps the value out of logs.
func (SectorAttribute) LogValue() slog.Value { return slog.StringValue("attribute") }

// LogValue keeps names and identifiers out of logs.
func (Person) LogValue() slog.Value { return slog.StringValue("person") }

// SamePerson reports whether the mandatory attributes of the eIDAS minimum data set agree: family name,
// given name and date of birth, and the identifier when both sides have one. Names compare as written.
func (p Person) SamePerson(q Person) bool {
	if p.FamilyName != q.FamilyName || p.GivenName != q.GivenName || p.DateOfBirth != q.DateOfBirth {
		return false
	}
	return p.Identifier == "" || q.Identifier == "" || p.Identifier == q.Identifier
}

// A LegalPerson is a company or other legal person. Its log form hides it.
type LegalPerson struct {
	LoA             LoA
	EIDASIdentifier string       // LegalPersonIdentifier
	Identifiers     []Identifier // Scheme is a code of IdentifierSchemes
	LegalName       string
	Address         *Address
	PhoneNumber     string
	EmailAddress    string
	Attributes      []SectorAttribute // of a representative: the scope of the mandate is in Request
	UserAttributes  []UserAttribute   // lines after 1.0

	LegalNameOriginal string // in the script of its country: @nonLatin, lines after 1.0
}

// LogValue keeps names and identifiers out of logs.
func (LegalPerson) LogValue() slog.Value { return slog.StringValue("legal person") }
