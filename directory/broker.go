package directory

import "slices"

// The refusals that a selection can end with.
const (
	codeEBEmpty   = "EB:ERR:0001"
	codeEBUnknown = "EB:ERR:0002"
)

// SelectRequirements answers requirements-by-procedure-and-jurisdiction: each requirement that has a
// framework of procedure in country, with only those frameworks and without lists. "" asks for any
// procedure or any country. The error is a *Refusal EB:ERR:0001 when nothing is selected. [TDD 3.2.4]
func (c *Catalogue) SelectRequirements(procedure, country string) ([]Requirement, error) {
	var out []Requirement
	for i := range c.Requirements {
		r := &c.Requirements[i]
		fs := selectFrameworks(r.Frameworks, procedure, country)
		if len(fs) == 0 {
			continue
		}
		out = append(out, Requirement{ID: r.ID, Names: r.Names, Descriptions: r.Descriptions, Frameworks: fs})
	}
	if len(out) == 0 {
		return nil, &Refusal{Code: codeEBEmpty, Detail: "EMPTY_RESULT"}
	}
	return out, nil
}

// selectFrameworks keeps the frameworks of one procedure and one country, "" keeping any.
func selectFrameworks(fs []ReferenceFramework, procedure, country string) []ReferenceFramework {
	if procedure == "" && country == "" {
		return fs
	}
	var out []ReferenceFramework
	for i := range fs {
		if country != "" && fs[i].Jurisdiction.Country != country {
			continue
		}
		if procedure != "" && !slices.Contains(fs[i].Procedures, procedure) {
			continue
		}
		out = append(out, fs[i])
	}
	return out
}

// SelectEvidenceTypes answers evidence-types-by-requirement-and-jurisdiction: the requirement with all its
// frameworks, whatever their country, and the lists of country, or of all countries for "". A list is
// indivisible: its types are all needed. The error is a *Refusal: EB:ERR:0002 for a requirement that the
// catalogue does not hold, EB:ERR:0001 when the country has no list for it. [TDD 3.2.4]
func (c *Catalogue) SelectEvidenceTypes(requirementID, country string) (Requirement, error) {
	r := c.Requirement(requirementID)
	if r == nil {
		return Requirement{}, &Refusal{Code: codeEBUnknown}
	}
	out := *r
	if country != "" {
		out.Lists = nil
		for i := range r.Lists {
			if r.Lists[i].Jurisdiction.Country == country {
				out.Lists = append(out.Lists, r.Lists[i])
			}
		}
	}
	if len(out.Lists) == 0 {
		return Requirement{}, &Refusal{Code: codeEBEmpty, Detail: "EMPTY_RESULT"}
	}
	return out, nil
}
