package cross

import (
	"oots/rule"
)

// evidenceRequest compares a request with the evidence types that the broker named for its requirement.
// [TDD 3.2.4] [TDD 4.5.1 §3.7]
func evidenceRequest() pair {
	return pair{
		name: "EB-EVI_REQ", title: "evidence types of a requirement and evidence request", a: found(rule.EvidenceTypes), b: isRequest,
		linked: func(_ *set, a, b *Document) bool {
			return asksFor(a, b.request) || evidenceType(a, b.request.Evidence.Classification) != nil
		},
		checks: []check{
			{"OOTS-X-EB-EVI_REQ-01", func(a, b *Document) []place {
				return unless(asksFor(a, b.request), "Requirements", "")
			}},
			{"OOTS-X-EB-EVI_REQ-02", func(a, b *Document) []place {
				c := b.request.Evidence.Classification
				return unless(evidenceType(a, c) != nil, "EvidenceRequest/EvidenceTypeClassification", c)
			}},
			{"OOTS-X-EB-EVI_REQ-03", func(a, b *Document) []place {
				t := evidenceType(a, b.request.Evidence.Classification)
				return unless(t == nil || among(b.request.Evidence.Titles, t.Titles), "EvidenceRequest/Title", "")
			}},
		},
	}
}
