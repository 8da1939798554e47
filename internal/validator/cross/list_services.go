package cross

import (
	"slices"

	"oots/directory"
	"oots/rule"
)

// listServices compares the values for which providers answer with the code list of the concept. [TDD 3.1.4]
func listServices() pair {
	return pair{
		name: "CL_DSD-RESP", title: "code list and data services", a: isList, b: found(rule.DataServices), strict: true,
		linked: func(_ *set, a, b *Document) bool {
			return slices.ContainsFunc(records(b), func(s directory.DataService) bool {
				return slices.ContainsFunc(s.Classifications, func(c directory.Concept) bool { return isOf(a.list, c.CodeList, c.ValueExpression) })
			})
		},
		checks: []check{
			{"OOTS-X-CL_DSD-RESP-01", func(a, b *Document) []place {
				return each(records(b), "DataServiceEvidenceType[%d]/EvidenceProviderClassification", func(s *directory.DataService) bool {
					return !slices.ContainsFunc(s.Classifications, func(c directory.Concept) bool {
						return isOf(a.list, c.CodeList, c.ValueExpression) &&
							slices.ContainsFunc(c.SupportedValues, func(v string) bool { return !hasCode(a.list, v) })
					})
				}, nil)
			}},
		},
	}
}
