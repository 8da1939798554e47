package cross

import (
	"slices"

	"oots/directory"
	"oots/directory/query"
	"oots/rule"
)

// evidenceQuery compares a query for data services with the evidence types that the broker named.
// [TDD 3.1.4]
func evidenceQuery() pair {
	return pair{
		name: "EB-EVI_DSD-Q", title: "evidence types of a requirement and query for data services",
		a: found(rule.EvidenceTypes), b: queries(query.DataServices),
		linked: func(_ *set, a, b *Document) bool { return evidenceType(a, b.asked.Classification) != nil },
		checks: []check{
			{"OOTS-X-EB-EVI_DSD-Q-01", func(a, b *Document) []place {
				return unless(evidenceType(a, b.asked.Classification) != nil, "evidence-type-classification", b.asked.Classification)
			}},
			{"OOTS-X-EB-EVI_DSD-Q-02", func(a, b *Document) []place {
				l := listOf(a, b.asked.Classification)
				return unless(l == nil || l.Jurisdiction.Country == b.asked.Country, "country-code", b.asked.Country)
			}},
		},
	}
}

// evidenceType finds an evidence type in the lists of an answer of the broker.
func evidenceType(d *Document, classification string) *directory.EvidenceType {
	if l := listOf(d, classification); l != nil {
		for i := range l.Types {
			if l.Types[i].Classification == classification {
				return &l.Types[i]
			}
		}
	}
	return nil
}

// listOf finds the list that holds an evidence type.
func listOf(d *Document, classification string) *directory.EvidenceTypeList {
	for _, l := range lists(d) {
		if slices.ContainsFunc(l.Types, func(t directory.EvidenceType) bool { return t.Classification == classification }) {
			return &l
		}
	}
	return nil
}
