package cross

import (
	"slices"

	"oots/edm"
)

const nameRequestRequest = "REQ1_REQ2"

// requestRequest compares the second request of a preview with the first: the link and the way back are added,
// identifier and time are new, and nothing else changes. [TDD 4.9 §2, 4.5.1 §3.9]
func requestRequest() pair {
	return pair{
		name: nameRequestRequest, title: "first and second request of a preview", a: isFirst, b: isSecond, latest: true,
		linked: func(_ *set, a, b *Document) bool {
			return sameQuestion(a.request, b.request) && !b.request.IssuedAt.Before(a.request.IssuedAt)
		},
		likely: func(a, b *Document) bool {
			return isFirst(a) && isSecond(b) && (a.request.Provider.ID == b.request.Provider.ID || slices.Equal(requesters(a.request), requesters(b.request)))
		},
		checks: []check{
			{"OOTS-X-REQ1_REQ2-01", func(a, b *Document) []place {
				return unless(!sameID(a.request.ID, b.request.ID), "@id", b.request.ID)
			}},
			{"OOTS-X-REQ1_REQ2-02", func(a, b *Document) []place {
				return unless(a.request.Version == b.request.Version, "SpecificationIdentifier/Value", string(b.request.Version))
			}},
			{"OOTS-X-REQ1_REQ2-03", func(a, b *Document) []place {
				return unless(a.request.Procedure == b.request.Procedure, "Procedure/Value", b.request.Procedure)
			}},
			{"OOTS-X-REQ1_REQ2-04", func(a, b *Document) []place {
				return unless(sameRequirements(a.request, b.request), "Requirements", "")
			}},
			{"OOTS-X-REQ1_REQ2-05", func(a, b *Document) []place {
				return unless(slices.Equal(requesters(a.request), requesters(b.request)), "EvidenceRequester/Identifier", "")
			}},
			{"OOTS-X-REQ1_REQ2-06", func(a, b *Document) []place {
				return unless(a.request.Provider.ID == b.request.Provider.ID, "EvidenceProvider/Identifier", "")
			}},
			{"OOTS-X-REQ1_REQ2-07", func(a, b *Document) []place {
				x, y := &a.request.Evidence, &b.request.Evidence
				return unless(sameID(x.ID, y.ID) && x.Classification == y.Classification, "EvidenceRequest/Identifier", y.ID)
			}},
			{"OOTS-X-REQ1_REQ2-08", func(a, b *Document) []place {
				return unless(sameFormats(a.request, b.request), "EvidenceRequest/DistributedAs", "")
			}},
			{"OOTS-X-REQ1_REQ2-09", func(a, b *Document) []place {
				return unless(sameSubject(a.request, b.request), "Query", "")
			}},
			{"OOTS-X-REQ1_REQ2-10", func(a, b *Document) []place {
				return unless(sameRepresentatives(a.request, b.request), "Query", "")
			}},
			{"OOTS-X-REQ1_REQ2-11", func(a, b *Document) []place {
				return unless(!b.request.IssuedAt.Before(a.request.IssuedAt), "IssueDateTime/Value", "")
			}},
			{"OOTS-X-REQ1_REQ2-12", func(a, b *Document) []place {
				return unless(a.request.PossibilityForPreview, "PreviewLocation", "")
			}},
			{"OOTS-X-REQ1_REQ2-13", func(a, b *Document) []place {
				same := slices.EqualFunc(a.request.ProviderClassifications, b.request.ProviderClassifications, sameConcept)
				return unless(same, "EvidenceProviderClassification", "")
			}},
			{"OOTS-X-REQ1_REQ2-14", func(a, b *Document) []place {
				return unless(b.request.Version != edm.V20 || b.request.ReturnLocation != "", "PreviewLocation", "")
			}},
		},
	}
}

// sameQuestion reports whether two requests ask the same provider for the same evidence of the same person.
func sameQuestion(a, b *edm.Request) bool {
	return slices.Equal(requesters(a), requesters(b)) && a.Provider.ID == b.Provider.ID && sameID(a.Evidence.ID, b.Evidence.ID) && sameSubject(a, b)
}

func sameFormats(a, b *edm.Request) bool {
	return slices.EqualFunc(a.Evidence.Distributions, b.Evidence.Distributions, func(x, y edm.Distribution) bool {
		return x.Format == y.Format && x.ConformsTo == y.ConformsTo
	})
}
