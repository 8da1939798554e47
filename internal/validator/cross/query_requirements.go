package cross

import (
	"slices"

	"oots/directory"
	"oots/directory/query"
	"oots/rule"
)

// queryRequirements compares the requirements that the broker names with what was asked. [TDD 3.2.4]
func queryRequirements() pair {
	return pair{
		name: "EB-REQ-Q_EB-REQ", title: "query for requirements and the broker's answer",
		a: queries(query.Requirements), b: found(rule.Requirements), linked: stems,
		checks: []check{
			{"OOTS-X-EB-REQ-Q_EB-REQ-01", func(a, b *Document) []place {
				return each(b.found.Requirements, "Requirement[%d]/ReferenceFramework", func(r *directory.Requirement) bool {
					return a.asked.Procedure == "" || slices.ContainsFunc(r.Frameworks, func(f directory.ReferenceFramework) bool {
						return slices.Contains(f.Procedures, a.asked.Procedure)
					})
				}, func(r *directory.Requirement) string { return r.ID })
			}},
			{"OOTS-X-EB-REQ-Q_EB-REQ-02", func(a, b *Document) []place {
				return each(b.found.Requirements, "Requirement[%d]/ReferenceFramework", func(r *directory.Requirement) bool {
					return a.asked.Country == "" || slices.ContainsFunc(r.Frameworks, func(f directory.ReferenceFramework) bool {
						return f.Jurisdiction.Country == a.asked.Country
					})
				}, func(r *directory.Requirement) string { return r.ID })
			}},
		},
	}
}
