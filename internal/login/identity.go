package login

import (
	"log/slog"
	"time"

	"oots/edm"
)

// An Identity is who an authenticated user is: the subject of what she asks for, and who acts for it. Every
// person in it has its LoA set and its names in the Latin form of the eIDAS minimum data set. Its log form
// hides it.
type Identity struct {
	// Person is the natural person who is the subject. It is zero when Legal is set.
	Person edm.Person
	// Legal is the subject when it is a legal person, else nil.
	Legal *edm.LegalPerson
	// Representative and RepresentativeLegal are who acts for the subject, at most one of them set; both are
	// nil when the subject acts for herself or when the eID does not say who acts for a company.
	Representative      *edm.Person
	RepresentativeLegal *edm.LegalPerson
	// PowerScope is what the representative may do: "ALL", or codes of Procedures parted by commas; "" when
	// the eID does not say.
	PowerScope string

	Country string // of the eID
	// OriginalFamilyName and OriginalGivenName are the names of the natural person of this identity, the
	// subject or else the representative, in the script of her country; "" when the same.
	OriginalFamilyName, OriginalGivenName string

	Method string    // Name of the Method that she logged in with
	At     time.Time // when she was authenticated
}

// Name is what a page greets with: who sits at the screen, with whom she acts for in brackets.
func (i Identity) Name() string {
	subject := personName(i.Person)
	if i.Legal != nil {
		subject = i.Legal.LegalName
	}
	switch {
	case i.Representative != nil:
		return personName(*i.Representative) + " (" + subject + ")"
	case i.RepresentativeLegal != nil:
		return i.RepresentativeLegal.LegalName + " (" + subject + ")"
	}
	return subject
}

// LoA is the level of assurance of the subject, which the provider compares with what it asks.
func (i Identity) LoA() edm.LoA {
	if i.Legal != nil {
		return i.Legal.LoA
	}
	return i.Person.LoA
}

// AtLevel is the identity with everybody in it at one level of assurance: an eID has one.
func (i Identity) AtLevel(l edm.LoA) Identity {
	person := func(p *edm.Person) *edm.Person {
		if p == nil {
			return nil
		}
		out := *p
		out.LoA = l
		return &out
	}
	company := func(c *edm.LegalPerson) *edm.LegalPerson {
		if c == nil {
			return nil
		}
		out := *c
		out.LoA = l
		return &out
	}
	i.Legal, i.Representative, i.RepresentativeLegal = company(i.Legal), person(i.Representative), company(i.RepresentativeLegal)
	if i.Legal == nil {
		i.Person.LoA = l
	}
	return i
}

// LogValue keeps names and identifiers out of logs.
func (Identity) LogValue() slog.Value { return slog.StringValue("identity") }
