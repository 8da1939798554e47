package edm

import "time"

// ProcedureSystemCheck is the procedure code of a test of the line between two Member States.
const ProcedureSystemCheck = "00"

// A Request is an evidence request: query:QueryRequest. [TDD 4.5.1]
type Request struct {
	ID        string // "urn:uuid:" and a UUID, never used twice [R-EDM-REQ-S004]
	Version   Version
	IssuedAt  time.Time
	Procedure string // code of Procedures
	Lang      string // the language wished for: @xml:lang, up to 1.2 [R-EDM-REQ-S059]

	// PreviewLocation is "" in a first request; a second request repeats the link it was given and adds
	// ReturnLocation. [R-EDM-REQ-S062]
	PreviewLocation string
	ReturnLocation  string

	PossibilityForPreview bool
	ExplicitRequestGiven  bool

	Requirements            []Requirement
	Requesters              []Agent // exactly one of class ER, others IP
	Provider                Agent
	ProviderClassifications []ProviderClassification

	Evidence                 EvidenceType
	NaturalPerson            *Person // exactly one of NaturalPerson and LegalPerson [R-EDM-REQ-S016]
	LegalPerson              *LegalPerson
	Representative           *Person
	RepresentativeLegal      *LegalPerson
	RepresentativePowerScope string // procedure code of the mandate; "" without representative
}

// Second reports whether r is the second request of a preview.
func (r *Request) Second() bool { return r.PreviewLocation != "" }

// Requester returns the agent of class ER, or nil when there is none.
func (r *Request) Requester() *Agent {
	for i := range r.Requesters {
		if r.Requesters[i].Class == EvidenceRequester {
			return &r.Requesters[i]
		}
	}
	return nil
}

// A Requirement is what the evidence is to prove. [TDD 4.5.1 §3.4]
type Requirement struct {
	ID           string // Semantic Repository URL
	Names        Texts
	Descriptions Texts
}

// An EvidenceType is the sdg:DataServiceEvidenceType of a request, copied from the directory.
type EvidenceType struct {
	ID             string // bare UUID the directory gave to this pairing
	Classification string // Semantic Repository URL
	Titles         Texts
	Descriptions   Texts
	Distributions  []Distribution // what the requester can take; at least one in 2.0
}

// Empty reports whether nothing is asked for, as when the slot is missing.
func (e *EvidenceType) Empty() bool {
	return e.ID == "" && e.Classification == "" && len(e.Titles) == 0 && len(e.Distributions) == 0
}

// A Distribution is one form of an evidence.
type Distribution struct {
	Format     string   // code of OOTSMediaTypes
	Languages  []string // codes of LanguageCode; a wish in a request
	ConformsTo string   // data model URL; forbidden beside an unstructured format [R-EDM-REQ-C107]
	Associated []DocumentKind

	Transformation string // URL of a transformation of the data model; up to 1.2
}

// A ProviderClassification is an answer of the user to a question of the directory. [TDD 4.5.1 §3.6]
type ProviderClassification struct {
	ID              string // bare UUID of the concept
	CodeList        string // @schemeID; the code list URL when Type is codelist
	Type            string // string, boolean or codelist
	ValueExpression string // https URL of the code list
	Descriptions    Texts
	Values          []string // SupportedValue; "true" or "false" for boolean
	Dates           bool     // Values are dates: DateValue instead of StringValue
}
