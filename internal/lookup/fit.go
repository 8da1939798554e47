package lookup

import (
	"slices"

	"oots/directory/query"
)

// misfit says why an answer does not belong to its question, or "". Nothing in the signature binds the two,
// so a replayed answer shows only here. [TDD 3.6.2]
func misfit(r *query.Request, a *query.Answer) string {
	if a.Err != nil {
		return ""
	}
	switch r.Query {
	case query.Requirements:
		return misfitRequirements(r, a)
	case query.EvidenceTypes:
		return misfitEvidenceTypes(r, a)
	}
	return misfitDataServices(r, a)
}

func misfitRequirements(r *query.Request, a *query.Answer) string {
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
	}
	return ""
}

func misfitEvidenceTypes(r *query.Request, a *query.Answer) string {
	if len(a.Requirements) != 1 || len(a.DataServices) > 0 {
		return "not one requirement"
	}
	if a.Requirements[0].ID != r.Requirement {
		return "another requirement"
	}
	if len(a.Requirements[0].Lists) == 0 {
		return "no list of evidence types"
	}
	for _, l := range a.Requirements[0].Lists {
		if r.Country != "" && l.Jurisdiction.Country != r.Country {
			return "a list of another country"
		}
	}
	return ""
}

func misfitDataServices(r *query.Request, a *query.Answer) string {
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
