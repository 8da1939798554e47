package specimen

import (
	"cmp"

	"oots/codelist"
	"oots/edm"
)

// Request composes an evidence request of 2.0. [TDD 4.5.1]
func Request(f Facts) *edm.Request {
	requester := f.Requester.agent(Agent{ID: "SPECIMEN-AT-UNI", Name: "Specimen University", Country: "AT"})
	requester.Class = edm.EvidenceRequester
	provider := f.Provider.agent(Agent{ID: "SPECIMEN-EL-REGISTRY", Name: "Specimen Registry", Country: "EL"})
	r := &edm.Request{
		ID: cmp.Or(f.ID, "urn:uuid:00000000-0000-4000-8000-000000000001"), Version: edm.V20, IssuedAt: f.At,
		Procedure:             cmp.Or(f.Procedure, "T3"),
		PossibilityForPreview: !f.NoPreview, ExplicitRequestGiven: true,
		PreviewLocation: f.PreviewLocation, ReturnLocation: f.ReturnLocation,
		Requirements: []edm.Requirement{{
			ID:    cmp.Or(f.Requirement, repository+"requirements/5247bb6b-6bec-43fd-9b2e-f99be2dbae39"),
			Names: edm.Texts{{Lang: "EN", Value: cmp.Or(f.RequirementName, "Proof of tertiary education qualification")}},
		}},
		Requesters: []edm.Agent{requester},
		Provider:   named(provider),
		Evidence:   f.evidenceType(),
	}
	if r.Second() && r.ReturnLocation == "" {
		r.ReturnLocation = "https://portal.example.at/return/4f1c"
	}
	f.people(r)
	return r
}

func (f Facts) evidenceType() edm.EvidenceType {
	d := edm.Distribution{Format: cmp.Or(f.Format, "application/pdf"), ConformsTo: f.Model, Languages: f.Languages, Associated: f.Associated}
	if d.ConformsTo == "" && codelist.Structured(d.Format) {
		d.ConformsTo = repository + "datamodels/specimen-1.0.0"
	}
	return edm.EvidenceType{
		ID:             cmp.Or(f.DataService, "00000000-0000-4000-8000-00000000000d"),
		Classification: cmp.Or(f.EvidenceType, repository+"evidencetypeclassifications/EL/7d41f6c3-20a9-4b57-8e1c-93b6f0d8a422"),
		Titles:         edm.Texts{{Lang: "EN", Value: cmp.Or(f.EvidenceTitle, "Diploma")}},
		Distributions:  []edm.Distribution{d},
	}
}

// people writes the subject, and who acts for it.
func (f Facts) people(r *edm.Request) {
	if f.Company != nil {
		r.LegalPerson = f.Company.company()
	} else {
		r.NaturalPerson = f.Person.person()
	}
	if f.Representative != nil {
		r.Representative = f.Representative.person()
		r.Representative.Gender = "Unspecified" // beside an eidas identifier [R-EDM-REQ-C126]
		r.RepresentativePowerScope = r.Procedure
	}
}
