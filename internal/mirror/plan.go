package mirror

import (
	"slices"

	"oots/directory"
	"oots/directory/query"
)

// byProcedure asks for the requirements of each country, of each procedure, and of each procedure in each
// country that implements it.
func byProcedure(v directory.Version, rs []directory.Requirement) []*query.Request {
	type pair struct{ procedure, country string }
	seen := make(map[pair]bool)
	for i := range rs {
		for _, f := range rs[i].Frameworks {
			seen[pair{"", f.Jurisdiction.Country}] = true
			for _, p := range f.Procedures {
				seen[pair{p, ""}] = true
				seen[pair{p, f.Jurisdiction.Country}] = true
			}
		}
	}
	delete(seen, pair{})
	var out []*query.Request
	for p := range seen {
		out = append(out, &query.Request{Query: query.Requirements, Version: v, Procedure: p.procedure, Country: p.country})
	}
	return sorted(out)
}

// byCountry asks for the evidence types of each requirement in each country that has a list for it, or, to have
// the refusals too, in each country of the catalogue.
func (r *run) byCountry(v directory.Version, all []directory.Requirement, found map[*query.Request]*query.Answer) []*query.Request {
	everywhere := make(map[string]bool)
	if r.Refusals {
		for i := range all {
			for _, f := range all[i].Frameworks {
				everywhere[f.Jurisdiction.Country] = true
			}
		}
	}
	var out []*query.Request
	for q, a := range found {
		countries := make(map[string]bool)
		for c := range everywhere {
			countries[c] = true
		}
		for i := range a.Requirements {
			for j := range a.Requirements[i].Lists {
				for _, c := range issuers(&a.Requirements[i].Lists[j]) {
					countries[c] = true
				}
			}
		}
		for c := range countries {
			out = append(out, &query.Request{Query: query.EvidenceTypes, Version: v, Requirement: q.Requirement, Country: c})
		}
	}
	return sorted(out)
}

// byType asks for the data services of each evidence type in each country whose lists name it.
func (r *run) byType(v directory.Version, found map[*query.Request]*query.Answer) []*query.Request {
	type pair struct{ classification, country string }
	seen := make(map[pair]bool)
	for _, a := range found {
		for i := range a.Requirements {
			for j := range a.Requirements[i].Lists {
				l := &a.Requirements[i].Lists[j]
				for _, c := range issuers(l) {
					for _, t := range l.Types {
						seen[pair{t.Classification, c}] = true
					}
				}
			}
		}
	}
	specifications := r.Specifications
	if specifications == nil || v == directory.V10 { // the first line has no such parameter
		specifications = []string{""}
	}
	var out []*query.Request
	for p := range seen {
		for _, s := range specifications {
			out = append(out, &query.Request{Query: query.DataServices, Version: v, Classification: p.classification, Country: p.country, Specification: s})
		}
	}
	return sorted(out)
}

// issuers are the countries of a list: its own jurisdiction, or up to 1.2 those of its types.
func issuers(l *directory.EvidenceTypeList) []string {
	var out []string
	add := func(c string) {
		if c != "" && !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	add(l.Jurisdiction.Country)
	for i := range l.Types {
		for _, j := range l.Types[i].Jurisdictions {
			add(j.Country)
		}
	}
	return out
}

func sorted(rs []*query.Request) []*query.Request {
	slices.SortFunc(rs, func(a, b *query.Request) int {
		if x, y := a.URL(""), b.URL(""); x < y {
			return -1
		} else if x > y {
			return 1
		}
		return 0
	})
	return rs
}
