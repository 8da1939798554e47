package cross

import (
	"slices"

	"oots/directory"
	"oots/edm"
	"oots/rule"
)

// requirementsRequest compares a request with the requirements that the broker named for its procedure.
// [TDD 4.5.1 §3.4]
func requirementsRequest() pair {
	return pair{
		name: "EB-REQ_REQ", title: "requirements of a procedure and evidence request", a: found(rule.Requirements), b: isRequest,
		linked: func(_ *set, a, b *Document) bool { return asksFor(a, b.request) },
		checks: []check{
			{"OOTS-X-EB-REQ_REQ-01", func(a, b *Document) []place {
				return each(b.request.Requirements, "Requirements/Requirement[%d]/Identifier",
					func(r *edm.Requirement) bool { return requirement(a, r.ID) != nil },
					func(r *edm.Requirement) string { return r.ID })
			}},
			{"OOTS-X-EB-REQ_REQ-02", func(a, b *Document) []place {
				return unless(ofProcedure(a, b.request), "Procedure/Value", b.request.Procedure)
			}},
			{"OOTS-X-EB-REQ_REQ-03", func(a, b *Document) []place { return sameNames(a, b) }},
		},
	}
}

// asksFor reports whether an answer of the broker has one of the requirements.
func asksFor(a *Document, r *edm.Request) bool {
	return slices.ContainsFunc(r.Requirements, func(q edm.Requirement) bool { return requirement(a, q.ID) != nil })
}

// ofProcedure reports whether a framework of the procedure asks for each requirement that the answer has.
func ofProcedure(a *Document, r *edm.Request) bool {
	for i := range r.Requirements {
		known := requirement(a, r.Requirements[i].ID)
		if known == nil || len(known.Frameworks) == 0 || r.Procedure == "" || r.Procedure == edm.ProcedureSystemCheck {
			continue
		}
		if !slices.ContainsFunc(known.Frameworks, func(f directory.ReferenceFramework) bool { return slices.Contains(f.Procedures, r.Procedure) }) {
			return false
		}
	}
	return true
}

// sameNames finds requirements whose names are none of the broker's.
func sameNames(a, b *Document) []place {
	return each(b.request.Requirements, "Requirements/Requirement[%d]/Name", func(r *edm.Requirement) bool {
		known := requirement(a, r.ID)
		return known == nil || among(r.Names, known.Names)
	}, func(r *edm.Requirement) string { return r.ID })
}
