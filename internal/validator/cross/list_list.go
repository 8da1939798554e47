package cross

import (
	"slices"

	"oots/directory"
)

// listList compares two editions of a code list, the older first. [TDD 3.5, 3.6]
func listList() pair {
	return pair{
		name: "CL_CL", title: "two editions of a code list", a: isList, b: isList, strict: true,
		linked: func(_ *set, a, b *Document) bool {
			order := newer(a.list.Version, b.list.Version)
			return a.list.CanonicalURI != "" && a.list.CanonicalURI == b.list.CanonicalURI && (order < 0 || order == 0 && a.Name < b.Name)
		},
		checks: []check{
			{"OOTS-X-CL_CL-01", func(a, b *Document) []place {
				return unless(a.list.Version != b.list.Version || sameCodes(a, b), "Version", b.list.Version)
			}},
			{"OOTS-X-CL_CL-02", func(a, b *Document) []place {
				for _, c := range a.list.Codes() {
					if !hasCode(b.list, c.Code) {
						return []place{{"SimpleCodeList", clip(c.Code)}}
					}
				}
				return nil
			}},
		},
	}
}

// sameCodes compares the codes of two editions in any order.
func sameCodes(a, b *Document) bool {
	x, y := a.list.Codes(), b.list.Codes()
	return len(x) == len(y) && !slices.ContainsFunc(x, func(c directory.Code) bool { return !hasCode(b.list, c.Code) })
}
