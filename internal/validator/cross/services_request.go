package cross

import (
	"slices"

	"oots/directory"
	"oots/edm"
	"oots/rule"
)

// servicesRequest compares a request with the data service that the requester picked: what it copies, whom it
// asks, and what that provider demands. [TDD 3.1.4] [TDD 4.5.1 §3.6, §3.7]
func servicesRequest() pair {
	return pair{
		name: nameServicesRequest, title: "data services and evidence request", a: found(rule.DataServices), b: isRequest,
		linked: func(s *set, a, b *Document) bool {
			about := slices.ContainsFunc(records(a), func(d directory.DataService) bool {
				return d.Classification == b.request.Evidence.Classification || sameID(d.ID, b.request.Evidence.ID)
			})
			return about && (chosen(a, b) || !slices.ContainsFunc(s.docs, func(other *Document) bool { return chosen(other, b) }))
		},
		checks: []check{
			{"OOTS-X-DSD-RESP_REQ-01", func(a, b *Document) []place {
				c := b.request.Evidence.Classification
				return unless(picked(a, b, func(s *directory.DataService) bool { return s.Classification == c }), "EvidenceRequest/EvidenceTypeClassification", c)
			}},
			{"OOTS-X-DSD-RESP_REQ-02", func(a, b *Document) []place {
				return unless(picked(a, b, func(s *directory.DataService) bool { return sameID(s.ID, b.request.Evidence.ID) }), "EvidenceRequest/Identifier", b.request.Evidence.ID)
			}},
			{"OOTS-X-DSD-RESP_REQ-03", ofService("EvidenceRequest/Title", func(s *directory.DataService, r *edm.Request) bool {
				return among(r.Evidence.Titles, s.Titles)
			})},
			{"OOTS-X-DSD-RESP_REQ-04", offeredFormat},
			{"OOTS-X-DSD-RESP_REQ-05", offeredModel},
			{"OOTS-X-DSD-RESP_REQ-06", func(a, b *Document) []place {
				return unless(picked(a, b, func(s *directory.DataService) bool { return s.Publisher.ID == b.request.Provider.ID }), "EvidenceProvider/Identifier", "")
			}},
			{"OOTS-X-DSD-RESP_REQ-07", ofService("EvidenceProvider/Name", func(s *directory.DataService, r *edm.Request) bool {
				return among(r.Provider.Names, s.Publisher.Names)
			})},
			{"OOTS-X-DSD-RESP_REQ-08", ofService("Query", func(s *directory.DataService, r *edm.Request) bool {
				return loa(r) == "" || loa(r).AtLeast(s.LoA)
			})},
			{"OOTS-X-DSD-RESP_REQ-09", ofService("SpecificationIdentifier/Value", func(s *directory.DataService, r *edm.Request) bool {
				return slices.Contains(s.ConformsTo, r.Version)
			})},
			{"OOTS-X-DSD-RESP_REQ-10", ofService("EvidenceProviderClassification", func(s *directory.DataService, r *edm.Request) bool {
				return !slices.ContainsFunc(s.Classifications, func(c directory.Concept) bool { return !answered(r.ProviderClassifications, c.ID) })
			})},
			{"OOTS-X-DSD-RESP_REQ-11", supportedValues},
			{"OOTS-X-DSD-RESP_REQ-12", knownConcepts},
		},
	}
}

const nameServicesRequest = "DSD-RESP_REQ"

// picked reports whether a record of the answer is as the request says.
func picked(a, _ *Document, is func(*directory.DataService) bool) bool {
	for i := range a.found.DataServices {
		if is(&a.found.DataServices[i]) {
			return true
		}
	}
	return false
}

// chosen reports whether an answer holds the very record that the request was made from, by identifier and
// provider. In one conversation several providers of an evidence type may be asked, each after an answer of its own.
func chosen(a, b *Document) bool {
	return a.found != nil && slices.ContainsFunc(records(a), func(d directory.DataService) bool {
		return sameID(d.ID, b.request.Evidence.ID) && d.Publisher.ID == b.request.Provider.ID
	})
}

// record is the data service that the request was made from: by identifier and provider, else by either of them
// or by the evidence type; nil when nothing fits.
func record(a *Document, r *edm.Request) *directory.DataService {
	var best *directory.DataService
	most := 0
	for i := range a.found.DataServices {
		s, fits := &a.found.DataServices[i], 0
		if sameID(s.ID, r.Evidence.ID) {
			fits += 4
		}
		if s.Publisher.ID == r.Provider.ID {
			fits += 2
		}
		if s.Classification == r.Evidence.Classification {
			fits++
		}
		if fits > most {
			best, most = s, fits
		}
	}
	return best
}

// ofService makes a test against the record that the request was made from.
func ofService(path string, ok func(*directory.DataService, *edm.Request) bool) func(a, b *Document) []place {
	return func(a, b *Document) []place {
		s := record(a, b.request)
		return unless(s == nil || ok(s, b.request), path, "")
	}
}

// loa is the level with which the subject, or who acts for it, has logged in.
func loa(r *edm.Request) edm.LoA {
	switch {
	case r.Representative != nil:
		return r.Representative.LoA
	case r.RepresentativeLegal != nil:
		return r.RepresentativeLegal.LoA
	case r.NaturalPerson != nil:
		return r.NaturalPerson.LoA
	case r.LegalPerson != nil:
		return r.LegalPerson.LoA
	}
	return ""
}

func offeredFormat(a, b *Document) []place {
	s := record(a, b.request)
	if s == nil || len(s.Distributions) == 0 {
		return nil
	}
	return each(b.request.Evidence.Distributions, "EvidenceRequest/DistributedAs[%d]/Format", func(d *edm.Distribution) bool {
		return slices.ContainsFunc(s.Distributions, func(o edm.Distribution) bool { return o.Format == d.Format })
	}, func(d *edm.Distribution) string { return d.Format })
}

// offeredModel finds data models that the provider does not offer with the format. A format that it does not
// offer at all has a rule of its own.
func offeredModel(a, b *Document) []place {
	s := record(a, b.request)
	if s == nil {
		return nil
	}
	return each(b.request.Evidence.Distributions, "EvidenceRequest/DistributedAs[%d]/ConformsTo", func(d *edm.Distribution) bool {
		offers := false
		for _, o := range s.Distributions {
			if o.Format == d.Format {
				offers = true
				if o.ConformsTo == d.ConformsTo {
					return true
				}
			}
		}
		return !offers || d.ConformsTo == ""
	}, func(d *edm.Distribution) string { return d.ConformsTo })
}

// supportedValues finds answers of the user for which the provider does not answer.
func supportedValues(a, b *Document) []place {
	s := record(a, b.request)
	if s == nil {
		return nil
	}
	return each(b.request.ProviderClassifications, "EvidenceProviderClassification/EvidenceProviderClassification[%d]/SupportedValue", func(c *edm.ProviderClassification) bool {
		asked := concept(s.Classifications, c.ID)
		return asked == nil || supports(asked, c.Values...)
	}, nil)
}

// knownConcepts finds answers to questions that the provider does not have.
func knownConcepts(a, b *Document) []place {
	s := record(a, b.request)
	if s == nil {
		return nil
	}
	return each(b.request.ProviderClassifications, "EvidenceProviderClassification/EvidenceProviderClassification[%d]/Identifier",
		func(c *edm.ProviderClassification) bool { return concept(s.Classifications, c.ID) != nil },
		func(c *edm.ProviderClassification) string { return c.ID })
}
