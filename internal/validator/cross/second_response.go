package cross

// secondResponse looks at a response that comes after a second request: it answers that one, not the first.
// What else it owes to its request is compared under REQ_RESP. [TDD 4.9 §2 step 25]
func secondResponse() pair {
	return pair{
		name: "REQ2_RESP2", title: "second request of a preview and the final response", a: isSecond, b: isAnswer, strict: true, latest: true,
		linked: func(s *set, a, b *Document) bool {
			if sameID(a.request.ID, b.answer.RequestID) {
				return true
			}
			// An answer to the first request that is younger than the second one.
			for _, first := range s.requests[key(b.answer.RequestID)] {
				if s.paired(first, a, nameRequestRequest) {
					return !b.answer.IssuedAt.Before(a.request.IssuedAt)
				}
			}
			return false
		},
		checks: []check{
			{"OOTS-X-REQ2_RESP2-01", func(a, b *Document) []place {
				return unless(sameID(a.request.ID, b.answer.RequestID), "@requestId", b.answer.RequestID)
			}},
		},
	}
}
