package query

import "oots/directory"

// A Service is one of the two directories that answer queries.
type Service string

// The services, as discovery names them. [TDD 3.4]
const (
	EB  Service = "eb"  // Evidence Broker
	DSD Service = "dsd" // Data Service Directory
)

// An ID is a queryId.
type ID string

// The three queries; nothing else is asked at run time.
const (
	Requirements  ID = "urn:fdc:oots:eb:ebxml-regrep:queries:requirements-by-procedure-and-jurisdiction"
	EvidenceTypes ID = "urn:fdc:oots:eb:ebxml-regrep:queries:evidence-types-by-requirement-and-jurisdiction"
	DataServices  ID = "urn:fdc:oots:dsd:ebxml-regrep:queries:dataservices-by-evidencetype-and-jurisdiction"
)

// Service returns the service that answers the query, or "" for an unknown one.
func (id ID) Service() Service {
	switch id {
	case Requirements, EvidenceTypes:
		return EB
	case DataServices:
		return DSD
	}
	return ""
}

// Short names the query in logs and file names: eb-requirements, eb-evidence-types or dsd-data-services.
func (id ID) Short() string {
	switch id {
	case Requirements:
		return "eb-requirements"
	case EvidenceTypes:
		return "eb-evidence-types"
	case DataServices:
		return "dsd-data-services"
	}
	return "unknown"
}

// The names of parameters. Any other name is the identifier of a concept.
const (
	paramQueryID        = "queryId"
	paramProcedure      = "procedure-id"
	paramCountry        = "country-code"
	paramIncomplete     = "return-incomplete"
	paramRequirement    = "requirement-id"
	paramClassification = "evidence-type-classification"
	paramSpecification  = "specification"
)

// parameters of each query in oots-cs:v2.0; those of 1.x that are gone (jurisdiction-admin-l2, …) count as
// unknown. return-incomplete is accepted and changes nothing: its effect is not published, and every
// requirement with a framework is returned anyway.
func parameters(id ID) (allowed []string) {
	switch id {
	case Requirements:
		return []string{paramQueryID, paramProcedure, paramCountry, paramIncomplete}
	case EvidenceTypes:
		return []string{paramQueryID, paramRequirement, paramCountry}
	}
	return []string{paramQueryID, paramClassification, paramCountry, paramSpecification}
}

// A Request is one query with its parameters. Fields that the query does not have are empty.
type Request struct {
	Query          ID
	Version        directory.Version // negotiated, or asked for
	Procedure      string            // requirements: code of Procedures; "" for any
	Country        string            // "" for any; required for data services
	Requirement    string            // evidence types: Semantic Repository URL
	Classification string            // data services: Semantic Repository URL
	Specification  string            // data services: oots-edm:v…; "" for any
	Answers        map[string]string // data services: concept identifier to the user's answer
}
