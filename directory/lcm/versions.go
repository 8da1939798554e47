package lcm

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"oots/directory"
	"oots/rule"
)

// schemes judges the code lists of a submission beside those in force: changed content needs a higher version, the
// same content may keep it, a lower one is refused. [TDD 3.6.3 §6]
func (k *stateChecker) schemes(p *directory.Partition) {
	for i := range p.CodeLists {
		l := &p.CodeLists[i]
		k.want(listCountry(l.URL) == k.Country, RuleOwner, rule.Fatal, NodeScheme, l.URL, l.URL, "a code list of "+k.Country)
		old := k.before(l.URL)
		if old == nil {
			continue
		}
		order := CompareVersions(l.Version, old.Version)
		k.want(k.Restore || order > 0 || order == 0 && sameCodes(l.Codes, old.Codes), RuleRaise, rule.Fatal, NodeScheme, l.URL, l.Version,
			"a version above "+old.Version+" for other content")
	}
}

// before is the code list in force, nil when there is none.
func (k *stateChecker) before(url string) *directory.CodeList {
	for i := range k.Old {
		for j := range k.Old[i].CodeLists {
			if k.Old[i].CodeLists[j].URL == url {
				return &k.Old[i].CodeLists[j]
			}
		}
	}
	return nil
}

// CompareVersions orders versions of code lists part by part, numbers as numbers: 1.9 is before 1.10. It is
// negative when a is lower.
func CompareVersions(a, b string) int {
	x, y := strings.FieldsFunc(a, separates), strings.FieldsFunc(b, separates)
	for i := range min(len(x), len(y)) {
		m, errM := strconv.Atoi(x[i])
		n, errN := strconv.Atoi(y[i])
		order := cmp.Compare(x[i], y[i])
		if errM == nil && errN == nil {
			order = cmp.Compare(m, n)
		}
		if order != 0 {
			return order
		}
	}
	return cmp.Compare(len(x), len(y))
}

func separates(r rune) bool { return r == '.' || r == '-' || r == '_' || r == ' ' }

// sameCodes compares two lists without regard to their order.
func sameCodes(a, b []directory.Code) bool {
	if len(a) != len(b) {
		return false
	}
	at := make(map[string]*directory.Code, len(a))
	for i := range a {
		at[a[i].Code] = &a[i]
	}
	for i := range b {
		if there := at[b[i].Code]; there == nil || !slices.Equal(there.Names, b[i].Names) {
			return false
		}
	}
	return true
}

// inUse refuses to take codes away that records of the result still use: as a value of a provider, or as a part of
// the country. A list that goes away takes all its codes along. [TDD 3.6.3 §6]
func (k *stateChecker) inUse(ps []directory.Partition) {
	submitted := slices.IndexFunc(ps, func(p directory.Partition) bool { return p.Service == directory.SemanticRepository })
	if submitted < 0 {
		return
	}
	gone := k.gone(ps[submitted].CodeLists)
	if len(gone) == 0 {
		return
	}
	told := map[directory.Coded]bool{}
	use := func(list, code, by string) {
		c := directory.Coded{List: list, Code: code}
		if !gone[c] || told[c] {
			return
		}
		told[c] = true
		k.want(false, RuleInUse, rule.Fatal, NodeScheme, list, code, "the code to stay, because "+by+" uses it")
	}
	for i := range k.result {
		uses(&k.result[i], use)
	}
}

// gone are the codes in force that the new lists do not have.
func (k *stateChecker) gone(lists []directory.CodeList) map[directory.Coded]bool {
	out := map[directory.Coded]bool{}
	for i := range k.Old {
		for j := range k.Old[i].CodeLists {
			old := &k.Old[i].CodeLists[j]
			at := slices.IndexFunc(lists, func(l directory.CodeList) bool { return l.URL == old.URL })
			for _, c := range old.Codes {
				if at < 0 || !lists[at].Has(c.Code) {
					out[directory.Coded{List: old.URL, Code: c.Code}] = true
				}
			}
		}
	}
	return out
}

// uses calls f for every code of a list that a partition uses.
func uses(p *directory.Partition, f func(list, code, by string)) {
	place := func(j *directory.Jurisdiction, by string) {
		for _, a := range j.Additional {
			f(a.List, a.Code, by)
		}
	}
	for i := range p.Requirements {
		r := &p.Requirements[i]
		for j := range r.Frameworks {
			place(&r.Frameworks[j].Jurisdiction, NodeFramework+" "+r.Frameworks[j].ID)
		}
		for j := range r.Lists {
			place(&r.Lists[j].Jurisdiction, NodeList+" "+r.Lists[j].ID)
		}
	}
	for i := range p.Services {
		s := &p.Services[i]
		place(&s.Publisher.Jurisdiction, NodeProvider+" "+s.Publisher.ID.Value)
		for _, c := range s.Classifications {
			for _, v := range c.SupportedValues {
				f(c.CodeList, v, NodeProvider+" "+s.Publisher.ID.Value)
				if c.ValueExpression != c.CodeList {
					f(c.ValueExpression, v, NodeProvider+" "+s.Publisher.ID.Value)
				}
			}
		}
	}
}
