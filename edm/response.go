package edm

import "time"

// A ResponseStatus is the @status of an evidence response.
type ResponseStatus string

// The statuses of an evidence response; an error response has Failure.
const (
	Success     ResponseStatus = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
	Unavailable ResponseStatus = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Unavailable"
	Failure     ResponseStatus = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure"
)

// A Response is an evidence response: query:QueryResponse without exception. [TDD 4.5.2]
type Response struct {
	RequestID   string // @id of the request
	Version     Version
	ID          string // EvidenceResponseIdentifier, bare UUID
	IssuedAt    time.Time
	Status      ResponseStatus // Success or Unavailable
	AvailableAt time.Time      // zero unless Unavailable
	Providers   []Agent        // exactly one of class EP, others IP
	Requester   Agent          // identifier and names only
	Packages    []Package      // empty: nothing found, or nothing released
}

// A Package is one evidence with the documents that belong to it. [R-EDM-RESP-S066]
type Package struct {
	ID        string // "urn:uuid:…"
	Documents []Document
}

// Main returns the main evidence of the package, or nil.
func (p *Package) Main() *Document {
	for i := range p.Documents {
		if p.Documents[i].Kind == MainEvidence {
			return &p.Documents[i]
		}
	}
	return nil
}

// A DocumentKind is the classification node of a document in a package.
type DocumentKind string

// The nodes of urn:fdc:oots:classification:edm. [R-EDM-RESP-S049]
const (
	MainEvidence         DocumentKind = "MainEvidence"
	Annex                DocumentKind = "Annex"
	HumanReadableVersion DocumentKind = "HumanReadableVersion"
	Translation          DocumentKind = "Translation"
)

// A Document is one rim:ExtrinsicObject and the MIME part it points to.
type Document struct {
	ObjectID         string // "urn:uuid:…"
	ClassificationID string // "urn:uuid:…"
	AssociationID    string // "urn:uuid:…"; "" on the main evidence
	Kind             DocumentKind
	ContentID        string // of the MIME part, without "cid:" and angle brackets
	Title            string // xlink:title
	Evidence         Evidence
}

// Evidence is the metadata of one document: sdg:Evidence. Only ID and Distribution are there on an
// annex, a translation or a human readable version. [R-EDM-RESP-S062]
type Evidence struct {
	ID               string // bare UUID
	NaturalPerson    *Person
	LegalPerson      *LegalPerson
	IssuingAuthority *Agent
	Conformance      *EvidenceType // IsConformantTo: Classification, Titles, Descriptions
	IssuingDate      Date
	Distribution     Distribution
	ValidFrom        Date // ValidityPeriod; both or none
	ValidUntil       Date
}
