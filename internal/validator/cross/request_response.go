package cross

import (
	"slices"

	"oots/codelist"
	"oots/edm"
)

const nameRequestResponse = "REQ_RESP"

// requestResponse compares an evidence response with the request it answers. [TDD 4.5.2, 4.4 §3]
func requestResponse() pair {
	return pair{
		name: nameRequestResponse, title: "evidence request and its response", a: isRequest, b: isAnswer,
		linked: func(_ *set, a, b *Document) bool { return sameID(a.request.ID, b.answer.RequestID) },
		likely: func(a, b *Document) bool {
			return a.request != nil && b.answer != nil &&
				(oneOf(requesters(a.request), b.answer.Requester.ID) || oneOf(providers(b.answer), a.request.Provider.ID))
		},
		checks: []check{
			{"OOTS-X-REQ_RESP-01", func(a, b *Document) []place {
				return unless(sameID(a.request.ID, b.answer.RequestID), "@requestId", b.answer.RequestID)
			}},
			{"OOTS-X-REQ_RESP-02", func(a, b *Document) []place {
				return unless(a.request.Version == b.answer.Version, "SpecificationIdentifier/Value", string(b.answer.Version))
			}},
			{"OOTS-X-REQ_RESP-03", func(a, b *Document) []place {
				return unless(oneOf(requesters(a.request), b.answer.Requester.ID), "EvidenceRequester/Identifier", "")
			}},
			{"OOTS-X-REQ_RESP-04", func(a, b *Document) []place {
				return unless(oneOf(providers(b.answer), a.request.Provider.ID), "EvidenceProvider/Identifier", "")
			}},
			{"OOTS-X-REQ_RESP-05", func(a, b *Document) []place {
				return unless(!b.answer.IssuedAt.Before(a.request.IssuedAt), "IssueDateTime/Value", "")
			}},
			{"OOTS-X-REQ_RESP-06", evidences(func(e *edm.Evidence) bool { return e.Conformance != nil }, "/EvidenceTypeClassification",
				func(r *edm.Request, e *edm.Evidence) bool {
					return e.Conformance.Classification == r.Evidence.Classification
				})},
			{"OOTS-X-REQ_RESP-07", evidences(described, "/IsAbout", aboutSubject)},
			{"OOTS-X-REQ_RESP-08", evidences(described, "/Distribution/Format", askedFormat)},
			{"OOTS-X-REQ_RESP-09", evidences(described, "/Distribution", askedModel)},
			{"OOTS-X-REQ_RESP-10", unaskedDocuments},
			{"OOTS-X-REQ_RESP-11", func(a, b *Document) []place {
				return unless(b.answer.AvailableAt.IsZero() || b.answer.AvailableAt.After(a.request.IssuedAt), "ResponseAvailableDateTime/Value", "")
			}},
			{"OOTS-X-REQ_RESP-12", func(a, b *Document) []place {
				r := a.request.Requester()
				return unless(r == nil || among(b.answer.Requester.Names, r.Names), "EvidenceRequester/Name", "")
			}},
			{"OOTS-X-REQ_RESP-13", evidences(func(e *edm.Evidence) bool { return e.Conformance != nil }, "/IsConformantTo/Title",
				func(r *edm.Request, e *edm.Evidence) bool { return among(e.Conformance.Titles, r.Evidence.Titles) })},
			{"OOTS-X-REQ_RESP-14", previewSkipped},
		},
	}
}

// described tells main evidences, and all of them in a flat response.
func described(e *edm.Evidence) bool {
	return e.NaturalPerson != nil || e.LegalPerson != nil || e.Conformance != nil
}

// evidences makes a test of every document that has what is compared.
func evidences(has func(*edm.Evidence) bool, below string, ok func(*edm.Request, *edm.Evidence) bool) func(a, b *Document) []place {
	return func(a, b *Document) []place {
		var all []*edm.Evidence
		for i := range b.answer.Packages {
			for j := range b.answer.Packages[i].Documents {
				all = append(all, &b.answer.Packages[i].Documents[j].Evidence)
			}
		}
		return each(all, "Evidence[%d]"+below, func(e **edm.Evidence) bool { return !has(*e) || ok(a.request, *e) }, nil)
	}
}

// aboutSubject reports whether an evidence is about the person of the request. The attributes compare that an
// answer repeats: names, birth, and the identifier when both have one. [exchange-flow §7]
func aboutSubject(r *edm.Request, e *edm.Evidence) bool {
	switch {
	case e.NaturalPerson != nil:
		return r.NaturalPerson != nil && e.NaturalPerson.SamePerson(*r.NaturalPerson)
	case e.LegalPerson != nil:
		return r.LegalPerson != nil && e.LegalPerson.EIDASIdentifier == r.LegalPerson.EIDASIdentifier
	}
	return true
}

func askedFormat(r *edm.Request, e *edm.Evidence) bool {
	return len(r.Evidence.Distributions) == 0 ||
		slices.ContainsFunc(r.Evidence.Distributions, func(d edm.Distribution) bool { return d.Format == e.Distribution.Format })
}

// askedModel reports whether the data model of a structured format is one that was asked for with it; a format that
// nobody asked for has a rule of its own.
func askedModel(r *edm.Request, e *edm.Evidence) bool {
	if !codelist.Structured(e.Distribution.Format) {
		return true
	}
	named := false
	for _, d := range r.Evidence.Distributions {
		if d.Format == e.Distribution.Format && d.ConformsTo != "" {
			named = true
			if d.ConformsTo == e.Distribution.ConformsTo {
				return true
			}
		}
	}
	return !named
}

// unaskedDocuments finds annexes, translations and readable versions that no distribution asked for.
// [TDD 4.5.1 §3.7]
func unaskedDocuments(a, b *Document) []place {
	var kinds []edm.DocumentKind
	for i := range b.answer.Packages {
		for j := range b.answer.Packages[i].Documents {
			kinds = append(kinds, b.answer.Packages[i].Documents[j].Kind)
		}
	}
	return each(kinds, "Evidence[%d]", func(k *edm.DocumentKind) bool {
		return *k == edm.MainEvidence || slices.ContainsFunc(a.request.Evidence.Distributions, func(d edm.Distribution) bool {
			return slices.Contains(d.Associated, *k)
		})
	}, func(k *edm.DocumentKind) string { return string(*k) })
}

// previewSkipped finds evidence that was handed over without the preview that the first request offers.
// [TDD 4.9 §2] [Regulation (EU) 2018/1724 art. 14(3)(f)]
func previewSkipped(a, b *Document) []place {
	skipped := a.request.PossibilityForPreview && !a.request.Second() && len(b.answer.Packages) > 0
	return unless(!skipped, "RegistryObjectList", "")
}
