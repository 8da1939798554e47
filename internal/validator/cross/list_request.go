package cross

import (
	"slices"

	"oots/edm"
)

// listRequest compares the answers of the user with the code lists that they are from. [TDD 4.5.1 §3.6]
func listRequest() pair {
	return pair{
		name: "CL_REQ", title: "code list and evidence request", a: isList, b: isRequest, strict: true,
		linked: func(_ *set, a, b *Document) bool {
			return slices.ContainsFunc(b.request.ProviderClassifications, func(c edm.ProviderClassification) bool {
				return isOf(a.list, c.CodeList, c.ValueExpression)
			})
		},
		checks: []check{
			{"OOTS-X-CL_REQ-01", func(a, b *Document) []place {
				return each(b.request.ProviderClassifications, "EvidenceProviderClassification/EvidenceProviderClassification[%d]/SupportedValue",
					func(c *edm.ProviderClassification) bool {
						return !isOf(a.list, c.CodeList, c.ValueExpression) ||
							!slices.ContainsFunc(c.Values, func(v string) bool { return !hasCode(a.list, v) })
					}, nil)
			}},
		},
	}
}
