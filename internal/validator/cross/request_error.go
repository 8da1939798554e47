package cross

import "oots/edm"

const nameRequestError = "REQ_ERR"

// requestError compares an error response with the request it answers. [TDD 4.5.3]
func requestError() pair {
	return pair{
		name: nameRequestError, title: "evidence request and its error response", a: isRequest, b: isFailure,
		linked: func(_ *set, a, b *Document) bool { return sameID(a.request.ID, b.failure.RequestID) },
		// A second request comes after the exception with the link.
		likely: func(a, b *Document) bool {
			return a.request != nil && b.failure != nil && (!isSecond(a) || b.failure.PreviewRequired() == nil) &&
				(a.request.Provider.ID == b.failure.Provider.ID || b.failure.Requester == nil || oneOf(requesters(a.request), b.failure.Requester.ID))
		},
		checks: []check{
			{"OOTS-X-REQ_ERR-01", func(a, b *Document) []place {
				ok := b.failure.RequestID == "" || sameID(a.request.ID, b.failure.RequestID)
				return unless(ok, "@requestId", b.failure.RequestID)
			}},
			{"OOTS-X-REQ_ERR-02", func(a, b *Document) []place {
				return unless(a.request.Version == b.failure.Version, "SpecificationIdentifier/Value", string(b.failure.Version))
			}},
			{"OOTS-X-REQ_ERR-03", func(a, b *Document) []place {
				ok := b.failure.Requester == nil || oneOf(requesters(a.request), b.failure.Requester.ID)
				return unless(ok, "EvidenceRequester/Identifier", "")
			}},
			{"OOTS-X-REQ_ERR-04", func(a, b *Document) []place {
				// An intermediary platform may answer in its own name.
				other := b.failure.Provider.Class != edm.IntermediaryPlatform && a.request.Provider.ID != b.failure.Provider.ID
				return unless(!other, "ErrorProvider/Identifier", "")
			}},
			{"OOTS-X-REQ_ERR-05", func(a, b *Document) []place {
				return each(b.failure.Exceptions, "Exception[%d]/Timestamp/Value",
					func(x *edm.Exception) bool { return x.At.IsZero() || !x.At.Before(a.request.IssuedAt) }, nil)
			}},
			{"OOTS-X-REQ_ERR-06", func(a, b *Document) []place {
				return unless(b.failure.PreviewRequired() == nil || a.request.PossibilityForPreview, "PreviewLocation", "")
			}},
			{"OOTS-X-REQ_ERR-07", func(a, b *Document) []place {
				return unless(b.failure.PreviewRequired() == nil || !a.request.Second(), "PreviewLocation", "")
			}},
			{"OOTS-X-REQ_ERR-08", func(_, b *Document) []place {
				return unless(b.failure.RequestID != "", "", "")
			}},
		},
	}
}
