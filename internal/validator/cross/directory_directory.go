package cross

import (
	"slices"

	"oots/directory"
	"oots/directory/query"
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

// evidenceQuery compares a query for data services with the evidence types that the broker named.
// [TDD 3.1.4]
func evidenceQuery() pair {
	return pair{
		name: "EB-EVI_DSD-Q", title: "evidence types of a requirement and query for data services",
		a: found(rule.EvidenceTypes), b: queries(query.DataServices),
		linked: func(_ *set, a, b *Document) bool { return evidenceType(a, b.asked.Classification) != nil },
		checks: []check{
			{"OOTS-X-EB-EVI_DSD-Q-01", func(a, b *Document) []place {
				return unless(evidenceType(a, b.asked.Classification) != nil, "evidence-type-classification", b.asked.Classification)
			}},
			{"OOTS-X-EB-EVI_DSD-Q-02", func(a, b *Document) []place {
				l := listOf(a, b.asked.Classification)
				return unless(l == nil || l.Jurisdiction.Country == b.asked.Country, "country-code", b.asked.Country)
			}},
		},
	}
}

// evidenceType finds an evidence type in the lists of an answer of the broker.
func evidenceType(d *Document, classification string) *directory.EvidenceType {
	if l := listOf(d, classification); l != nil {
		for i := range l.Types {
			if l.Types[i].Classification == classification {
				return &l.Types[i]
			}
		}
	}
	return nil
}

// listOf finds the list that holds an evidence type.
func listOf(d *Document, classification string) *directory.EvidenceTypeList {
	for _, l := range lists(d) {
		if slices.ContainsFunc(l.Types, func(t directory.EvidenceType) bool { return t.Classification == classification }) {
			return &l
		}
	}
	return nil
}

// evidenceServices compares the data services with the evidence types that the broker named.
func evidenceServices() pair {
	return pair{
		name: "EB-EVI_DSD-RESP", title: "evidence types of a requirement and data services",
		a: found(rule.EvidenceTypes), b: found(rule.DataServices),
		linked: func(_ *set, a, b *Document) bool {
			return slices.ContainsFunc(records(b), func(s directory.DataService) bool { return evidenceType(a, s.Classification) != nil })
		},
		checks: []check{
			{"OOTS-X-EB-EVI_DSD-RESP-01", func(a, b *Document) []place {
				return each(records(b), "DataServiceEvidenceType[%d]/EvidenceTypeClassification",
					func(s *directory.DataService) bool { return evidenceType(a, s.Classification) != nil },
					func(s *directory.DataService) string { return s.Classification })
			}},
			{"OOTS-X-EB-EVI_DSD-RESP-02", func(a, b *Document) []place {
				return each(records(b), "DataServiceEvidenceType[%d]/Publisher", func(s *directory.DataService) bool {
					l := listOf(a, s.Classification)
					return l == nil || l.Jurisdiction.Country == "" || l.Jurisdiction.Country == s.Country()
				}, func(s *directory.DataService) string { return s.Country() })
			}},
			{"OOTS-X-EB-EVI_DSD-RESP-03", func(a, b *Document) []place {
				return each(records(b), "DataServiceEvidenceType[%d]/Title", func(s *directory.DataService) bool {
					t := evidenceType(a, s.Classification)
					return t == nil || among(s.Titles, t.Titles)
				}, nil)
			}},
		},
	}
}
