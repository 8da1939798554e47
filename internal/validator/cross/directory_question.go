package cross

import (
	"slices"

	"oots/directory"
	"oots/directory/query"
	"oots/rule"
)

// queryQuestion compares the directory's question with the query that it interrupts. [TDD 3.1.4]
func queryQuestion() pair {
	return pair{
		name: nameQueryQuestion, title: "query for data services and the directory's question",
		a: queries(query.DataServices), b: isQuestion, linked: stems,
		likely: func(a, b *Document) bool { return a.asked != nil && len(a.asked.Answers) == 0 && isQuestion(b) },
		checks: []check{
			{"OOTS-X-DSD-Q_DSD-ERR-01", func(a, b *Document) []place {
				c := question(b).EvidenceType.Classification
				return unless(c == a.asked.Classification, "DataServiceEvidenceType/EvidenceTypeClassification", c)
			}},
			{"OOTS-X-DSD-Q_DSD-ERR-02", func(a, b *Document) []place {
				return each(question(b).Concepts, "EvidenceProviderClassification[%d]/Identifier",
					func(c *directory.Concept) bool { return !replies(a.asked, c.ID) },
					func(c *directory.Concept) string { return c.ID })
			}},
		},
	}
}

const nameQueryQuestion = "DSD-Q_DSD-ERR"

// questionQuery compares the second query with the question of the directory: it repeats the first one and
// answers everything that was asked. [TDD 3.1.4]
func questionQuery() pair {
	return pair{
		name: "DSD-ERR_DSD-Q", title: "the directory's question and the query that answers it",
		a: isQuestion, b: queries(query.DataServices),
		linked: func(s *set, a, b *Document) bool {
			return !s.paired(b, a, nameQueryQuestion) && len(b.asked.Answers) > 0 && b.asked.Classification == question(a).EvidenceType.Classification
		},
		likely: func(a, b *Document) bool { return b.asked == nil || len(b.asked.Answers) > 0 },
		checks: []check{
			{"OOTS-X-DSD-ERR_DSD-Q-01", func(a, b *Document) []place {
				c := b.asked.Classification
				return unless(c == question(a).EvidenceType.Classification, "evidence-type-classification", c)
			}},
			{"OOTS-X-DSD-ERR_DSD-Q-02", func(a, b *Document) []place {
				for i := range question(a).Concepts {
					if id := question(a).Concepts[i].ID; !replies(b.asked, id) {
						return []place{{id, ""}}
					}
				}
				return nil
			}},
			{"OOTS-X-DSD-ERR_DSD-Q-03", func(a, b *Document) []place {
				for _, id := range b.asked.Concepts() {
					if concept(question(a).Concepts, id) == nil {
						return []place{{id, ""}}
					}
				}
				return nil
			}},
			{"OOTS-X-DSD-ERR_DSD-Q-04", func(a, b *Document) []place {
				for _, c := range question(a).Concepts {
					for id, v := range b.asked.Answers {
						if sameID(id, c.ID) && c.Type == directory.ConceptBoolean && truth(v) != "true" && truth(v) != "false" {
							return []place{{id, ""}}
						}
					}
				}
				return nil
			}},
		},
	}
}

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
