package query

import (
	"oots/directory"
	"oots/edm"
)

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

// A Request is one query with its parameters. Fields that the query does not have are empty.
type Request struct {
	Query          ID
	Version        directory.Version // negotiated, or asked for
	Procedure      string            // requirements: code of Procedures; "" for any
	Country        string            // "" for any; required for data services
	Requirement    string            // evidence types: Semantic Repository URL
	Classification string            // data services: Semantic Repository URL
	Specification  string            // data services, from 1.1: oots-edm:v…; "" for any
	EvidenceTypeID string            // data services, up to 1.1: identifier of the question's record
	ContextID      string            // data services, up to 1.2: jurisdiction-context-id of the question
	Region         string            // up to 1.2: NUTS code
	Municipality   string            // up to 1.2: LAU code
	Answers        map[string]string // data services: concept identifier to the user's answer
}

// DataServiceRequest is the query q in a release line. What the line has no parameter for is left out.
func DataServiceRequest(v directory.Version, q directory.DataServiceQuery) *Request {
	r := &Request{
		Query: DataServices, Version: v, Classification: q.Classification, Country: q.Country,
		Specification: string(q.Specification), EvidenceTypeID: q.EvidenceTypeID, ContextID: q.ContextID,
		Region: q.Region, Municipality: q.Municipality, Answers: q.Answers,
	}
	for _, p := range parameters(DataServices) {
		if !p.in(v) {
			*p.field(r) = ""
		}
	}
	return r
}

// DataServiceQuery is what the request asks of a directory.Index.
func (r *Request) DataServiceQuery() directory.DataServiceQuery {
	return directory.DataServiceQuery{
		Classification: r.Classification, Country: r.Country, Specification: edm.Version(r.Specification),
		EvidenceTypeID: r.EvidenceTypeID, ContextID: r.ContextID, Region: r.Region, Municipality: r.Municipality,
		Answers: r.Answers,
	}
}
