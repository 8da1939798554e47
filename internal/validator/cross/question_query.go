package cross

import (
	"oots/directory"
	"oots/directory/query"
)

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
