package cross

import (
	"slices"

	"oots/directory"
	"oots/rule"
)

// requirementsEvidence compares the two answers of the broker: what the first one names is what the second one
// is about. [TDD 3.2.4]
func requirementsEvidence() pair {
	return pair{
		name: "EB-REQ_EB-EVI", title: "requirements of a procedure and evidence types of a requirement",
		a: found(rule.Requirements), b: found(rule.EvidenceTypes),
		linked: func(_ *set, a, b *Document) bool {
			return slices.ContainsFunc(b.found.Requirements, func(r directory.Requirement) bool { return requirement(a, r.ID) != nil })
		},
		checks: []check{
			{"OOTS-X-EB-REQ_EB-EVI-01", func(a, b *Document) []place {
				return each(b.found.Requirements, "Requirement[%d]/Identifier",
					func(r *directory.Requirement) bool { return requirement(a, r.ID) != nil },
					func(r *directory.Requirement) string { return r.ID })
			}},
			{"OOTS-X-EB-REQ_EB-EVI-02", func(a, b *Document) []place {
				return each(b.found.Requirements, "Requirement[%d]/Name", func(r *directory.Requirement) bool {
					known := requirement(a, r.ID)
					return known == nil || among(r.Names, known.Names)
				}, func(r *directory.Requirement) string { return r.ID })
			}},
		},
	}
}

// requirement finds a requirement of an answer of the broker.
func requirement(d *Document, id string) *directory.Requirement {
	for i := range d.found.Requirements {
		if d.found.Requirements[i].ID == id {
			return &d.found.Requirements[i]
		}
	}
	return nil
}
