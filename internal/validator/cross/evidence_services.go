package cross

import (
	"slices"

	"oots/directory"
	"oots/rule"
)

// evidenceServices compares the data services with the evidence types that the broker named.
func evidenceServices() pair {
	return pair{
		name: "EB-EVI_DSD-RESP", title: "evidence types of a requirement and data services",
		a: found(rule.EvidenceTypes), b: found(rule.DataServices),
		linked: func(_ *set, a, b *Document) bool {
			return slices.ContainsFunc(records(b), func(s directory.DataService) bool { return evidenceType(a, s.Classification) != nil })
		},
		checks: []check{
			{"OOTS-X-EB-EVI_DSD-RESP-01", func(a, b *Document) []place {
				return each(records(b), "DataServiceEvidenceType[%d]/EvidenceTypeClassification",
					func(s *directory.DataService) bool { return evidenceType(a, s.Classification) != nil },
					func(s *directory.DataService) string { return s.Classification })
			}},
			{"OOTS-X-EB-EVI_DSD-RESP-02", func(a, b *Document) []place {
				return each(records(b), "DataServiceEvidenceType[%d]/Publisher", func(s *directory.DataService) bool {
					l := listOf(a, s.Classification)
					return l == nil || l.Jurisdiction.Country == "" || l.Jurisdiction.Country == s.Country()
				}, func(s *directory.DataService) string { return s.Country() })
			}},
			{"OOTS-X-EB-EVI_DSD-RESP-03", func(a, b *Document) []place {
				return each(records(b), "DataServiceEvidenceType[%d]/Title", func(s *directory.DataService) bool {
					t := evidenceType(a, s.Classification)
					return t == nil || among(s.Titles, t.Titles)
				}, nil)
			}},
		},
	}
}
