package cross

import "oots/edm"

// deferredRequest compares a response that defers the evidence with the request that asks for it again.
// [TDD 4.5.2] [exchange-flow §9]
func deferredRequest() pair {
	return pair{
		name: "RESP_REQ", title: "deferred response and the later request", b: isFirst, latest: true,
		a: func(d *Document) bool { return d.answer != nil && d.answer.Status == edm.Unavailable },
		linked: func(s *set, a, b *Document) bool {
			for _, asked := range s.requests[key(a.answer.RequestID)] {
				if asked != b && s.paired(asked, a, nameRequestResponse) {
					return sameQuestion(asked.request, b.request) && b.request.IssuedAt.After(a.answer.IssuedAt)
				}
			}
			return oneOf(requesters(b.request), a.answer.Requester.ID) && oneOf(providers(a.answer), b.request.Provider.ID) &&
				b.request.IssuedAt.After(a.answer.IssuedAt)
		},
		strict: true,
		checks: []check{
			{"OOTS-X-RESP_REQ-01", func(a, b *Document) []place {
				return unless(!b.request.IssuedAt.Before(a.answer.AvailableAt), "IssueDateTime/Value", "")
			}},
			{"OOTS-X-RESP_REQ-02", func(a, b *Document) []place {
				return unless(!sameID(a.answer.RequestID, b.request.ID), "@id", b.request.ID)
			}},
		},
	}
}
