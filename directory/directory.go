// Package directory is what the Common Services of TDD chapter 3 know: requirements and the procedures
// that ask for them, the evidence types that prove a requirement in a country, and the data services that
// deliver an evidence type. It is the superset of all versions of oots-cs; the wire is elsewhere
// (directoryxml, query). The package knows no XML, no HTTP and no storage.
package directory

import "oots/edm"

// A Requirement is something a procedure asks to be proved. [TDD 3.2]
type Requirement struct {
	ID           string // Semantic Repository URL
	Names        edm.Texts
	Descriptions edm.Texts
	Frameworks   []ReferenceFramework
	Lists        []EvidenceTypeList // empty in an answer to requirements-by-procedure
}

// A ReferenceFramework is a procedure as one country implements it.
type ReferenceFramework struct {
	ID           string // bare UUID
	Titles       edm.Texts
	Descriptions edm.Texts
	Procedures   []string // RelatedTo: codes of Procedures
	Jurisdiction Jurisdiction
}

// A Jurisdiction is a country or a part of it: up to 1.2 by NUTS and LAU, in 2.0 by Member State code lists.
type Jurisdiction struct {
	Country      string // AdminUnitLevel1
	Region       string // AdminUnitLevel2, NUTS code; up to 1.2
	Municipality string // AdminUnitLevel3, LAU code; up to 1.2
	Additional   []Coded
}

// A Coded is a code with the URL of the list it is from.
type Coded struct{ List, Code string }

// NoMatch is the MatchType with which a country declares that it has nothing for a requirement.
const NoMatch = "NoMatch"

// An EvidenceTypeList is one way to prove a requirement: all its types together. Several lists of a
// requirement are alternatives. [TDD 3.2]
type EvidenceTypeList struct {
	ID                string // bare UUID
	Names             edm.Texts
	Types             []EvidenceType
	MatchType         string // NoMatch or ""
	MatchDescriptions edm.Texts
	Jurisdiction      Jurisdiction
}

// An EvidenceType is a kind of document a country issues.
type EvidenceType struct {
	Classification string // Semantic Repository URL
	Titles         edm.Texts
	Descriptions   edm.Texts
	Jurisdictions  []Jurisdiction // who issues it, up to 1.2; the list has it in 2.0
}

// A DataService is one sdg:DataServiceEvidenceType: an evidence type at one provider behind one access
// point. Records are told apart by ID, AccessPoint and Publisher together. [TDD 3.1]
type DataService struct {
	ID              string // bare UUID
	Classification  string
	Titles          edm.Texts
	Descriptions    edm.Texts
	Distributions   []edm.Distribution
	AccessPoint     edm.Identifier // corner 3
	AccessName      edm.Texts
	ConformsTo      []edm.Version
	Publisher       Publisher // corner 4
	LoA             edm.LoA   // lowest level the provider accepts; "" for none
	Notes           edm.Texts // free information for the requester; 1.1 and 1.2
	Determination   *Determination
	Classifications []Concept
}

// A Determination is the question of 1.x for the territory that tells providers apart:
// sdg:EvidenceProviderJurisdictionDetermination.
type Determination struct {
	ContextID string // UUID, repeated in the answer
	Contexts  edm.Texts
	Level     string // Country, NUTS1, NUTS2, NUTS3 or LAU
}

// A Publisher is the evidence provider of a data service.
type Publisher struct {
	ID           edm.Identifier
	Names        edm.Texts
	Descriptions edm.Texts
	Address      edm.Address
	Jurisdiction Jurisdiction
}

// A Concept is a question that tells providers apart: sdg:EvidenceProviderClassification.
type Concept struct {
	ID              string // bare UUID; the name of the query parameter that answers it
	CodeList        string // @schemeID
	Type            string // string, boolean or codelist
	ValueExpression string // https URL of the code list
	Descriptions    edm.Texts
	SupportedValues []string // empty in a question; "true"/"false" for boolean
	Dates           bool     // SupportedValues are dates: DateValue instead of StringValue
}

// A Question is the DSD:ERR:0005 answer: what the user has to be asked before a provider can be chosen.
// [TDD 3.1.4]
type Question struct {
	ID            string // of the reduced record, up to 1.1: the evidence-type-id of the next query
	EvidenceType  EvidenceType
	Distributions []edm.Distribution // of the reduced record
	LoA           edm.LoA            // of the reduced record; "" for none
	Determination *Determination     // up to 1.2
	Concepts      []Concept          // without SupportedValues; at least one without a Determination
}

// Error makes a Question the error that a look-up returns.
func (*Question) Error() string { return "DSD:ERR:0005: the directory needs answers of the user" }

// A Refusal is any other refusal of a directory: EB:ERR:0001 … DSD:ERR:0006.
type Refusal struct {
	Code   string
	Detail string // of the server; may be empty
}

// Error gives the code and the server's detail.
func (r *Refusal) Error() string {
	if r.Detail != "" {
		return r.Code + ": " + r.Detail
	}
	return r.Code
}

// Empty reports whether r is a true "nothing": EB:ERR:0001 or DSD:ERR:0001.
func (r *Refusal) Empty() bool { return r.Code == "EB:ERR:0001" || r.Code == "DSD:ERR:0001" }

// A DataServiceQuery asks the DSD who delivers an evidence type in a country.
type DataServiceQuery struct {
	Classification string
	Country        string
	Specification  edm.Version
	Answers        map[string]string // concept UUID to the user's answer

	EvidenceTypeID string // Question.ID, up to 1.1
	ContextID      string // Determination.ContextID, with one of the next two; up to 1.2
	Region         string // jurisdiction-admin-l2, NUTS
	Municipality   string // jurisdiction-admin-l3, LAU
}
