package cross

import (
	"slices"

	"oots/directory"
	"oots/rule"
)

// questionServices compares the final answer of the directory with its question: the providers are told apart by
// what was asked. [TDD 3.1.4]
func questionServices() pair {
	return pair{
		name: "DSD-ERR_DSD-RESP", title: "the directory's question and its later answer",
		a: isQuestion, b: found(rule.DataServices),
		linked: func(_ *set, a, b *Document) bool {
			return slices.ContainsFunc(records(b), func(s directory.DataService) bool {
				return s.Classification == question(a).EvidenceType.Classification
			})
		},
		checks: []check{
			{"OOTS-X-DSD-ERR_DSD-RESP-01", func(a, b *Document) []place {
				return each(records(b), "DataServiceEvidenceType[%d]/EvidenceTypeClassification",
					func(s *directory.DataService) bool {
						return s.Classification == question(a).EvidenceType.Classification
					},
					func(s *directory.DataService) string { return s.Classification })
			}},
			{"OOTS-X-DSD-ERR_DSD-RESP-02", func(a, b *Document) []place {
				return each(records(b), "DataServiceEvidenceType[%d]/EvidenceProviderClassification", func(s *directory.DataService) bool {
					return !slices.ContainsFunc(s.Classifications, func(c directory.Concept) bool { return concept(question(a).Concepts, c.ID) == nil })
				}, nil)
			}},
			{"OOTS-X-DSD-ERR_DSD-RESP-03", func(a, b *Document) []place {
				return each(records(b), "DataServiceEvidenceType[%d]/EvidenceProviderClassification", func(s *directory.DataService) bool {
					return !slices.ContainsFunc(s.Classifications, func(c directory.Concept) bool {
						asked := concept(question(a).Concepts, c.ID)
						return asked != nil && (asked.Type != c.Type || asked.CodeList != c.CodeList)
					})
				}, nil)
			}},
		},
	}
}
