package cross

// errorRequest compares the second request with the exception that asked for the preview. [TDD 4.9 §2]
func errorRequest() pair {
	return pair{
		name: "ERR_REQ2", title: "preview required and the second request",
		a:      func(d *Document) bool { return d.failure != nil && d.failure.PreviewRequired() != nil },
		b:      isSecond,
		linked: func(_ *set, a, b *Document) bool { return location(a) == b.request.PreviewLocation },
		likely: func(a, b *Document) bool {
			return a.failure != nil && b.request != nil &&
				(a.failure.Provider.ID == b.request.Provider.ID || a.failure.Requester == nil || oneOf(requesters(b.request), a.failure.Requester.ID))
		},
		checks: []check{
			{"OOTS-X-ERR_REQ2-01", func(a, b *Document) []place {
				return unless(location(a) == b.request.PreviewLocation, "PreviewLocation/Value", "")
			}},
			{"OOTS-X-ERR_REQ2-02", func(a, b *Document) []place {
				return unless(!sameID(a.failure.RequestID, b.request.ID), "@id", b.request.ID)
			}},
			{"OOTS-X-ERR_REQ2-03", func(a, b *Document) []place {
				return unless(a.failure.Version == b.request.Version, "SpecificationIdentifier/Value", string(b.request.Version))
			}},
			{"OOTS-X-ERR_REQ2-04", func(a, b *Document) []place {
				ok := a.failure.Requester == nil || oneOf(requesters(b.request), a.failure.Requester.ID)
				return unless(ok, "EvidenceRequester/Identifier", "")
			}},
			{"OOTS-X-ERR_REQ2-05", func(a, b *Document) []place {
				return unless(!b.request.IssuedAt.Before(a.failure.PreviewRequired().At), "IssueDateTime/Value", "")
			}},
		},
	}
}

// location is the preview link of an exception; it is a secret and never shown.
func location(d *Document) string { return d.failure.PreviewRequired().Preview.Location }
