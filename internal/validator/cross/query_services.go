package cross

import (
	"slices"

	"oots/directory"
	"oots/directory/query"
	"oots/edm"
	"oots/rule"
)

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
