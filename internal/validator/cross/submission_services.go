package cross

import (
	"slices"

	"oots/directory"
	"oots/rule"
)

// submissionServices compares what the directory answers later with what was submitted. [TDD 3.1.5]
func submissionServices() pair {
	return pair{
		name: "DSD-SUB_DSD-RESP", title: "submission to the directory and a later answer",
		a: func(d *Document) bool { return d.sent != nil && len(d.sent.records) > 0 }, b: found(rule.DataServices), strict: true,
		linked: func(_ *set, a, b *Document) bool {
			return slices.ContainsFunc(records(b), func(s directory.DataService) bool {
				return slices.Contains(a.sent.records, s.Classification) && a.sent.publishes[s.Publisher.ID.Scheme+"\x00"+s.Publisher.ID.Value]
			})
		},
		checks: []check{
			{"OOTS-X-DSD-SUB_DSD-RESP-01", func(a, b *Document) []place {
				return each(records(b), "DataServiceEvidenceType[%d]/Identifier", func(s *directory.DataService) bool {
					mine := a.sent.publishes[s.Publisher.ID.Scheme+"\x00"+s.Publisher.ID.Value]
					return !mine || slices.ContainsFunc(a.sent.recordIDs, func(id string) bool { return sameID(id, s.ID) })
				}, func(s *directory.DataService) string { return s.ID })
			}},
		},
	}
}
