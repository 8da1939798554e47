package catalogue

import (
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"oots/directory"
)

// byName puts requirements in the order of their names in the language of the page.
func byName(v *visit, all []*directory.Requirement) []*directory.Requirement {
	order := collate.New(language.Make(v.Lang()))
	type named struct {
		name string
		r    *directory.Requirement
	}
	list := make([]named, len(all))
	for i, r := range all {
		list[i] = named{v.In(r.Names).Value, r}
	}
	slices.SortStableFunc(list, func(a, b named) int { return order.CompareString(a.name, b.name) })
	out := make([]*directory.Requirement, len(list))
	for i := range list {
		out[i] = list[i].r
	}
	return out
}
