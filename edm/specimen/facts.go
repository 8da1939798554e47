package specimen

import (
	"cmp"
	"time"

	"oots/edm"
)

// An Agent is an authority. Empty fields are filled.
type Agent struct {
	ID      string
	Scheme  string // "" for the unregistered scheme of Country
	Name    string // English
	Country string // code of OOTS_Country
}

// Facts are what a request says. Every empty field is filled with something valid.
type Facts struct {
	ID string    // "urn:uuid:" and a UUID
	At time.Time // of issue; the zero time stays: the caller gives one

	Procedure       string
	Requirement     string // Semantic Repository URL
	RequirementName string
	Requester       Agent
	Provider        Agent

	DataService   string // bare UUID of the directory's record
	EvidenceType  string // Semantic Repository URL
	EvidenceTitle string
	Format        string   // code of OOTSMediaTypes
	Model         string   // data model URL; filled for structured formats only
	Languages     []string // wished for
	Associated    []edm.DocumentKind

	Person  Person
	Company *Company // the subject instead of Person
	// Representative acts for the subject, with a mandate for the procedure.
	Representative *Person

	NoPreview       bool
	PreviewLocation string // makes it the second request
	ReturnLocation  string // "" is filled in a second request
}

// A Person is a natural person.
type Person struct {
	Identifier, FamilyName, GivenName string
	DateOfBirth                       edm.Date
	LoA                               edm.LoA
}

// A Company is a legal person.
type Company struct {
	Identifier, Name string
	LoA              edm.LoA
}

const repository = "https://sr.oots.tech.ec.europa.eu/"

// agent completes a.
func (a Agent) agent(from Agent) edm.Agent {
	country := cmp.Or(a.Country, from.Country)
	return edm.Agent{
		ID: edm.Identifier{
			Scheme: cmp.Or(a.Scheme, edm.SchemeUnregistered+country),
			Value:  cmp.Or(a.ID, from.ID),
		},
		Names:   edm.Texts{{Lang: "EN", Value: cmp.Or(a.Name, from.Name)}},
		Address: &edm.Address{Country: country},
	}
}

// named keeps what the other side of an exchange says of an agent.
func named(a edm.Agent) edm.Agent { return edm.Agent{ID: a.ID, Names: a.Names} }

func (p Person) person() *edm.Person {
	return &edm.Person{
		LoA:         cmp.Or(p.LoA, edm.High),
		Identifier:  cmp.Or(p.Identifier, "EL/AT/DEMO12345"),
		FamilyName:  cmp.Or(p.FamilyName, "Specimen"),
		GivenName:   cmp.Or(p.GivenName, "Erika"),
		DateOfBirth: cmp.Or(p.DateOfBirth, "1998-03-25"),
	}
}

func (c Company) company() *edm.LegalPerson {
	return &edm.LegalPerson{
		LoA:             cmp.Or(c.LoA, edm.High),
		EIDASIdentifier: cmp.Or(c.Identifier, "EL/AT/500000000"),
		LegalName:       cmp.Or(c.Name, "Specimen Trading"),
	}
}
