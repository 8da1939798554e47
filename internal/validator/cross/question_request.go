package cross

import (
	"slices"

	"oots/directory"
	"oots/edm"
)

// questionRequest compares the answers in a request with what the directory asked the user.
// [TDD 4.5.1 §3.6]
func questionRequest() pair {
	return pair{
		name: "DSD-ERR_REQ", title: "the directory's question and evidence request", a: isQuestion, b: isRequest,
		linked: func(_ *set, a, b *Document) bool {
			return question(a).EvidenceType.Classification == b.request.Evidence.Classification
		},
		checks: []check{
			{"OOTS-X-DSD-ERR_REQ-01", func(a, b *Document) []place {
				missing := slices.ContainsFunc(question(a).Concepts, func(c directory.Concept) bool { return !answered(b.request.ProviderClassifications, c.ID) })
				return unless(!missing, "EvidenceProviderClassification", "")
			}},
			{"OOTS-X-DSD-ERR_REQ-02", ofConcept("/Type", func(asked *directory.Concept, c *edm.ProviderClassification) bool {
				return asked.Type == "" || asked.Type == c.Type
			})},
			{"OOTS-X-DSD-ERR_REQ-03", ofConcept("/Identifier", func(asked *directory.Concept, c *edm.ProviderClassification) bool {
				return asked.CodeList == c.CodeList
			})},
			{"OOTS-X-DSD-ERR_REQ-04", ofConcept("/ValueExpression", func(asked *directory.Concept, c *edm.ProviderClassification) bool {
				return asked.ValueExpression == c.ValueExpression
			})},
			{"OOTS-X-DSD-ERR_REQ-05", ofConcept("/Description", func(asked *directory.Concept, c *edm.ProviderClassification) bool {
				return among(c.Descriptions, asked.Descriptions)
			})},
			{"OOTS-X-DSD-ERR_REQ-06", func(a, b *Document) []place {
				return unless(question(a).EvidenceType.Classification == b.request.Evidence.Classification,
					"EvidenceRequest/EvidenceTypeClassification", b.request.Evidence.Classification)
			}},
		},
	}
}

// ofConcept makes a test of every answer in a request against the question that it answers.
func ofConcept(below string, ok func(*directory.Concept, *edm.ProviderClassification) bool) func(a, b *Document) []place {
	return func(a, b *Document) []place {
		return each(b.request.ProviderClassifications, "EvidenceProviderClassification/EvidenceProviderClassification[%d]"+below,
			func(c *edm.ProviderClassification) bool {
				asked := concept(question(a).Concepts, c.ID)
				return asked == nil || ok(asked, c)
			}, func(c *edm.ProviderClassification) string { return c.ID })
	}
}
