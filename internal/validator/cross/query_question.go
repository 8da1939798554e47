package cross

import (
	"oots/directory"
	"oots/directory/query"
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
