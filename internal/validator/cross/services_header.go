package cross

import (
	"slices"

	"oots/directory"
	"oots/edm"
	"oots/rule"
)

// servicesHeader compares the header of a request with the data service: to whom it goes, in which version.
// [TDD 4.7 §2.2] [TDD 3.1.4]
func servicesHeader() pair {
	return pair{
		name: "DSD-RESP_EBMS", title: "data services and ebMS header of the request", a: found(rule.DataServices), b: asks,
		linked: func(s *set, a, b *Document) bool {
			if m := s.message(b); m != nil {
				return s.paired(a, m, nameServicesRequest)
			}
			return slices.ContainsFunc(records(a), func(s directory.DataService) bool {
				return s.Publisher.ID == b.header.FinalRecipient || s.AccessPoint == b.header.To
			})
		},
		checks: []check{
			{"OOTS-X-DSD-RESP_EBMS-01", headed("PartyInfo/To/PartyId", func(s *directory.DataService, h *header) bool { return s.AccessPoint == h.To })},
			{"OOTS-X-DSD-RESP_EBMS-02", func(a, b *Document) []place {
				known := slices.ContainsFunc(records(a), func(s directory.DataService) bool { return s.Publisher.ID == b.header.FinalRecipient })
				return unless(known, "MessageProperties/finalRecipient", "")
			}},
			{"OOTS-X-DSD-RESP_EBMS-03", headed("MessageProperties/SpecificationId", func(s *directory.DataService, h *header) bool {
				return h.SpecificationID == "" || slices.Contains(s.ConformsTo, edm.Version(h.SpecificationID))
			})},
		},
	}
}

// headed makes a test against the records of the final recipient; all records when it is in none.
func headed(path string, ok func(*directory.DataService, *header) bool) func(a, b *Document) []place {
	return func(a, b *Document) []place {
		own, fits := false, false
		for i := range a.found.DataServices {
			s := &a.found.DataServices[i]
			mine := s.Publisher.ID == b.header.FinalRecipient
			if mine && !own {
				own, fits = true, false
			}
			if mine == own {
				fits = fits || ok(s, b.header)
			}
		}
		return unless(fits, path, "")
	}
}
