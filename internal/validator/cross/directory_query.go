package cross

import (
	"slices"

	"oots/directory"
	"oots/directory/query"
	"oots/edm"
	"oots/rule"
)

// queries makes a predicate of one of the three queries.
func queries(id query.ID) func(*Document) bool {
	return func(d *Document) bool { return d.asked != nil && d.asked.Query == id }
}

// found makes a predicate of an answer that brings records.
func found(kind rule.Document) func(*Document) bool {
	return func(d *Document) bool { return d.Kind == kind && d.found != nil && d.found.Err == nil }
}

// queryRequirements compares the requirements that the broker names with what was asked. [TDD 3.2.4]
func queryRequirements() pair {
	return pair{
		name: "EB-REQ-Q_EB-REQ", title: "query for requirements and the broker's answer",
		a: queries(query.Requirements), b: found(rule.Requirements), linked: stems,
		checks: []check{
			{"OOTS-X-EB-REQ-Q_EB-REQ-01", func(a, b *Document) []place {
				return each(b.found.Requirements, "Requirement[%d]/ReferenceFramework", func(r *directory.Requirement) bool {
					return a.asked.Procedure == "" || slices.ContainsFunc(r.Frameworks, func(f directory.ReferenceFramework) bool {
						return slices.Contains(f.Procedures, a.asked.Procedure)
					})
				}, func(r *directory.Requirement) string { return r.ID })
			}},
			{"OOTS-X-EB-REQ-Q_EB-REQ-02", func(a, b *Document) []place {
				return each(b.found.Requirements, "Requirement[%d]/ReferenceFramework", func(r *directory.Requirement) bool {
					return a.asked.Country == "" || slices.ContainsFunc(r.Frameworks, func(f directory.ReferenceFramework) bool {
						return f.Jurisdiction.Country == a.asked.Country
					})
				}, func(r *directory.Requirement) string { return r.ID })
			}},
		},
	}
}

// queryEvidenceTypes compares the evidence types that the broker names with what was asked. [TDD 3.2.4]
func queryEvidenceTypes() pair {
	return pair{
		name: "EB-EVI-Q_EB-EVI", title: "query for evidence types and the broker's answer",
		a: queries(query.EvidenceTypes), b: found(rule.EvidenceTypes), linked: stems,
		checks: []check{
			{"OOTS-X-EB-EVI-Q_EB-EVI-01", func(a, b *Document) []place {
				return each(b.found.Requirements, "Requirement[%d]/Identifier",
					func(r *directory.Requirement) bool { return r.ID == a.asked.Requirement },
					func(r *directory.Requirement) string { return r.ID })
			}},
			{"OOTS-X-EB-EVI-Q_EB-EVI-02", func(a, b *Document) []place {
				return each(lists(b), "EvidenceTypeList[%d]", func(l *directory.EvidenceTypeList) bool {
					return a.asked.Country == "" || l.Jurisdiction.Country == a.asked.Country
				}, func(l *directory.EvidenceTypeList) string { return l.Jurisdiction.Country })
			}},
		},
	}
}

// queryDataServices compares the data services that the directory names with what was asked. [TDD 3.1.4]
func queryDataServices() pair {
	record := "DataServiceEvidenceType[%d]"
	services := func(a, b *Document, below string, ok func(*query.Request, *directory.DataService) bool, got func(*directory.DataService) string) []place {
		return each(records(b), record+below, func(s *directory.DataService) bool { return ok(a.asked, s) }, got)
	}
	return pair{
		name: "DSD-Q_DSD-RESP", title: "query for data services and the directory's answer",
		a: queries(query.DataServices), b: found(rule.DataServices), linked: stems,
		likely: func(a, b *Document) bool {
			return a.found == nil && b.found != nil && len(b.found.DataServices) > 0 && answersAll(a.asked, &b.found.DataServices[0])
		},
		checks: []check{
			{"OOTS-X-DSD-Q_DSD-RESP-01", func(a, b *Document) []place {
				return services(a, b, "/EvidenceTypeClassification",
					func(q *query.Request, s *directory.DataService) bool { return s.Classification == q.Classification },
					func(s *directory.DataService) string { return s.Classification })
			}},
			{"OOTS-X-DSD-Q_DSD-RESP-02", func(a, b *Document) []place {
				return services(a, b, "/Publisher",
					func(q *query.Request, s *directory.DataService) bool { return s.Country() == q.Country },
					func(s *directory.DataService) string { return s.Country() })
			}},
			{"OOTS-X-DSD-Q_DSD-RESP-03", func(a, b *Document) []place {
				return services(a, b, "/AccessService", func(q *query.Request, s *directory.DataService) bool {
					return q.Specification == "" || slices.Contains(s.ConformsTo, edm.Version(q.Specification))
				}, nil)
			}},
			{"OOTS-X-DSD-Q_DSD-RESP-04", func(a, b *Document) []place {
				return services(a, b, "/EvidenceProviderClassification", acceptsAll, nil)
			}},
			{"OOTS-X-DSD-Q_DSD-RESP-05", func(a, b *Document) []place {
				return services(a, b, "/EvidenceProviderClassification", answersAll, nil)
			}},
		},
	}
}

// acceptsAll reports whether the provider answers for every value of the query.
func acceptsAll(q *query.Request, s *directory.DataService) bool {
	for id, v := range q.Answers {
		if c := concept(s.Classifications, id); c != nil && !supports(c, v) {
			return false
		}
	}
	return true
}

// answersAll reports whether the query has a value for every question of the record.
func answersAll(q *query.Request, s *directory.DataService) bool {
	for i := range s.Classifications {
		if !replies(q, s.Classifications[i].ID) {
			return false
		}
	}
	return true
}

func replies(q *query.Request, id string) bool {
	for name := range q.Answers {
		if sameID(name, id) {
			return true
		}
	}
	return false
}

// lists are those of all requirements of an answer, in their order.
func lists(d *Document) []directory.EvidenceTypeList {
	var all []directory.EvidenceTypeList
	for i := range d.found.Requirements {
		all = append(all, d.found.Requirements[i].Lists...)
	}
	return all
}

// records are the data services of an answer. Several of 1.x can lie in one element; then the path of a later
// one leads to where the document ends.
func records(d *Document) []directory.DataService { return d.found.DataServices }
