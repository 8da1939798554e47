package cross

import (
	"oots/directory"
	"oots/directory/query"
	"oots/rule"
)

// queries makes a predicate of one of the three queries.
func queries(id query.ID) func(*Document) bool {
	return func(d *Document) bool { return d.asked != nil && d.asked.Query == id }
}

// found makes a predicate of an answer that brings records.
func found(kind rule.Document) func(*Document) bool {
	return func(d *Document) bool { return d.Kind == kind && d.found != nil && d.found.Err == nil }
}

// lists are those of all requirements of an answer, in their order.
func lists(d *Document) []directory.EvidenceTypeList {
	var all []directory.EvidenceTypeList
	for i := range d.found.Requirements {
		all = append(all, d.found.Requirements[i].Lists...)
	}
	return all
}

// records are the data services of an answer. Several of 1.x can lie in one element; then the path of a later
// one leads to where the document ends.
func records(d *Document) []directory.DataService { return d.found.DataServices }
