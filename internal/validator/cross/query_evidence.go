package cross

import (
	"oots/directory"
	"oots/directory/query"
	"oots/rule"
)

// queryEvidenceTypes compares the evidence types that the broker names with what was asked. [TDD 3.2.4]
func queryEvidenceTypes() pair {
	return pair{
		name: "EB-EVI-Q_EB-EVI", title: "query for evidence types and the broker's answer",
		a: queries(query.EvidenceTypes), b: found(rule.EvidenceTypes), linked: stems,
		checks: []check{
			{"OOTS-X-EB-EVI-Q_EB-EVI-01", func(a, b *Document) []place {
				return each(b.found.Requirements, "Requirement[%d]/Identifier",
					func(r *directory.Requirement) bool { return r.ID == a.asked.Requirement },
					func(r *directory.Requirement) string { return r.ID })
			}},
			{"OOTS-X-EB-EVI-Q_EB-EVI-02", func(a, b *Document) []place {
				return each(lists(b), "EvidenceTypeList[%d]", func(l *directory.EvidenceTypeList) bool {
					return a.asked.Country == "" || l.Jurisdiction.Country == a.asked.Country
				}, func(l *directory.EvidenceTypeList) string { return l.Jurisdiction.Country })
			}},
		},
	}
}
