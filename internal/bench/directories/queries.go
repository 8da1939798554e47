package directories

import (
	"fmt"

	"oots/directory"
	"oots/directory/query"
)

// target is the path and query string of a request.
func target(r query.Request) string { return r.URL("/" + string(r.Query.Service())) }

// EuropeQueries are one query of each kind over a synthetic Europe, and some that vary.
func EuropeQueries(size Size) []Query {
	services := query.Request{Query: query.DataServices, Classification: typeURL(5, 7), Country: "DE", Specification: "oots-edm:v2.0"}
	answered := services
	answered.Answers = map[string]string{conceptOf(5, 7): "DE00007"}
	queries := []Query{
		{"EB-REQ everything", []string{target(query.Request{Query: query.Requirements})}},
		{"EB-REQ country", []string{target(query.Request{Query: query.Requirements, Country: "FI"})}},
		{"EB-REQ procedure and country", []string{target(query.Request{Query: query.Requirements, Country: "FI", Procedure: "T3"})}},
		{"EB-EVI all countries", []string{target(query.Request{Query: query.EvidenceTypes, Requirement: requirementURL(7)})}},
		{"EB-EVI one country", []string{target(query.Request{Query: query.EvidenceTypes, Requirement: requirementURL(7), Country: "DE"})}},
		{"DSD-RESP question", []string{target(services)}},
		{"DSD-RESP answered", []string{target(answered)}},
		{"refusal", []string{target(query.Request{Query: query.Requirements, Country: "XX"})}},
		{"unknown identifier", []string{target(query.Request{Query: query.EvidenceTypes, Requirement: requirementURL(size.Procedures)})}},
	}
	types, answers := Query{Name: "EB-EVI, all in turn"}, Query{Name: "DSD-RESP, a user each"}
	for n, country := range countries {
		for p := range size.Procedures {
			types.Targets = append(types.Targets, target(query.Request{Query: query.EvidenceTypes, Requirement: requirementURL(p), Country: country}))
		}
		for i := 0; i < size.Providers; i += 10 {
			p := i % size.Procedures
			answers.Targets = append(answers.Targets, target(query.Request{Query: query.DataServices, Classification: typeURL(n, p), Country: country,
				Answers: map[string]string{conceptOf(n, p): fmt.Sprintf("%s%05d", country, i)}}))
		}
	}
	return append(queries, types, answers)
}

// CatalogueQueries are one query of each kind that a given catalogue can answer.
func CatalogueQueries(c *directory.Catalogue) []Query {
	queries := []Query{{"EB-REQ everything", []string{target(query.Request{Query: query.Requirements})}}}
	add := func(name string, r query.Request) { queries = append(queries, Query{name, []string{target(r)}}) }
	var largest *directory.Requirement
	for i := range c.Requirements {
		if r := &c.Requirements[i]; len(r.Lists) > 0 && (largest == nil || len(r.Frameworks) > len(largest.Frameworks)) {
			largest = r
		}
	}
	if len(c.Requirements) > 0 {
		f := &c.Requirements[0].Frameworks[0]
		add("EB-REQ country", query.Request{Query: query.Requirements, Country: f.Jurisdiction.Country})
		add("EB-REQ procedure and country", query.Request{Query: query.Requirements, Country: f.Jurisdiction.Country, Procedure: f.Procedures[0]})
	}
	if largest != nil {
		add("EB-EVI one country", query.Request{Query: query.EvidenceTypes, Requirement: largest.ID, Country: largest.Lists[0].Place().Country})
	}
	if len(c.Services) > 0 {
		s := &c.Services[0]
		add("DSD-RESP", query.Request{Query: query.DataServices, Classification: s.Classification, Country: s.Country()})
	}
	add("refusal", query.Request{Query: query.Requirements, Country: "XX"})
	return queries
}
