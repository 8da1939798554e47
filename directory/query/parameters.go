package query

import (
	"slices"

	"oots/directory"
)

// The names of parameters. Any other name is the identifier of a concept.
const (
	paramQueryID        = "queryId"
	paramProcedure      = "procedure-id"
	paramCountry        = "country-code"
	paramIncomplete     = "return-incomplete"
	paramRequirement    = "requirement-id"
	paramClassification = "evidence-type-classification"
	paramSpecification  = "specification"
	paramEvidenceType   = "evidence-type-id"
	paramContext        = "jurisdiction-context-id"
	paramRegion         = "jurisdiction-admin-l2"
	paramMunicipality   = "jurisdiction-admin-l3"
)

// A parameter is one that a query knows, in the release lines from first to last. [TDD 3.1.4, 3.2.4]
type parameter struct {
	name        string
	field       func(*Request) *string // where its value goes
	first, last directory.Version
	required    bool
}

// in reports whether the release line has the parameter.
func (p *parameter) in(v directory.Version) bool { return p.first <= v && v <= p.last }

// The values of parameters as fields of a request. return-incomplete has none: its effect is not published,
// and every requirement with a framework is returned anyway.
func procedureOf(r *Request) *string      { return &r.Procedure }
func countryOf(r *Request) *string        { return &r.Country }
func requirementOf(r *Request) *string    { return &r.Requirement }
func classificationOf(r *Request) *string { return &r.Classification }
func specificationOf(r *Request) *string  { return &r.Specification }
func evidenceTypeOf(r *Request) *string   { return &r.EvidenceTypeID }
func contextOf(r *Request) *string        { return &r.ContextID }
func regionOf(r *Request) *string         { return &r.Region }
func municipalityOf(r *Request) *string   { return &r.Municipality }
func nowhere(*Request) *string            { return new(string) }

// parameters returns those of a query beside queryId. Two stay one line longer than published, since some
// sources list them there: evidence-type-id in 1.2, which then means nothing, and the levels of EB-EVI.
func parameters(id ID) []parameter {
	const v10, v11, v12, v20 = directory.V10, directory.V11, directory.V12, directory.V20
	switch id {
	case Requirements:
		return []parameter{
			{paramProcedure, procedureOf, v10, v20, false},
			{paramCountry, countryOf, v10, v20, false},
			{paramRegion, regionOf, v10, v12, false},
			{paramMunicipality, municipalityOf, v10, v12, false},
			{paramIncomplete, nowhere, v20, v20, false},
		}
	case EvidenceTypes:
		return []parameter{
			{paramRequirement, requirementOf, v10, v20, true},
			{paramCountry, countryOf, v10, v20, false},
			{paramRegion, regionOf, v10, v12, false},
			{paramMunicipality, municipalityOf, v10, v12, false},
		}
	case DataServices:
		return []parameter{
			{paramClassification, classificationOf, v10, v20, true},
			{paramCountry, countryOf, v10, v20, true},
			{paramSpecification, specificationOf, v11, v20, false},
			{paramEvidenceType, evidenceTypeOf, v10, v12, false},
			{paramContext, contextOf, v10, v12, false},
			{paramRegion, regionOf, v10, v12, false},
			{paramMunicipality, municipalityOf, v10, v12, false},
		}
	}
	return nil
}

// find returns the parameter of that name in the release line, or nil.
func find(ps []parameter, name string, v directory.Version) *parameter {
	i := slices.IndexFunc(ps, func(p parameter) bool { return p.name == name && p.in(v) })
	if i < 0 {
		return nil
	}
	return &ps[i]
}
