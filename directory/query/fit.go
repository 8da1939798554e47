package query

import (
	"slices"

	"oots/directory"
)

// Misfit says why an answer does not belong to a question, or "". Nothing in the signature binds the two, so
// an answer that was replayed, or put under another name in a cache, shows only here. Refusals fit every
// question. [TDD 3.6.2]
func Misfit(r *Request, a *Answer) string {
	if a.Err != nil {
		return ""
	}
	switch r.Query {
	case Requirements:
		return misfitRequirements(r, a)
	case EvidenceTypes:
		return misfitEvidenceTypes(r, a)
	}
	return misfitDataServices(r, a)
}

func misfitRequirements(r *Request, a *Answer) string {
	if len(a.Requirements) == 0 || len(a.DataServices) > 0 {
		return "no requirements"
	}
	for i := range a.Requirements {
		for _, f := range a.Requirements[i].Frameworks {
			if r.Country != "" && f.Jurisdiction.Country != r.Country {
				return "a framework of another country"
			}
			if r.Procedure != "" && !slices.Contains(f.Procedures, r.Procedure) {
				return "a framework of another procedure"
			}
		}
		if len(a.Requirements[i].Lists) > 0 {
			return "lists of evidence types"
		}
	}
	return ""
}

func misfitEvidenceTypes(r *Request, a *Answer) string {
	if len(a.Requirements) != 1 || len(a.DataServices) > 0 {
		return "not one requirement"
	}
	if a.Requirements[0].ID != r.Requirement {
		return "another requirement"
	}
	if len(a.Requirements[0].Lists) == 0 {
		return "no list of evidence types"
	}
	for i := range a.Requirements[0].Lists {
		if r.Country != "" && !concerns(&a.Requirements[0].Lists[i], r.Country) {
			return "a list of another country"
		}
	}
	return ""
}

// concerns reports whether a list is of the country: by its own jurisdiction, or up to 1.2 by that of each of
// its types.
func concerns(l *directory.EvidenceTypeList, country string) bool {
	if l.Jurisdiction.Country == country {
		return true
	}
	for i := range l.Types {
		if !slices.ContainsFunc(l.Types[i].Jurisdictions, func(j directory.Jurisdiction) bool { return j.Country == country }) {
			return false
		}
	}
	return len(l.Types) > 0
}

func misfitDataServices(r *Request, a *Answer) string {
	if len(a.DataServices) == 0 || len(a.Requirements) > 0 {
		return "no data services"
	}
	for i := range a.DataServices {
		s := &a.DataServices[i]
		if s.Classification != r.Classification {
			return "another evidence type"
		}
		if s.Country() != r.Country {
			return "a provider of another country"
		}
	}
	return ""
}
