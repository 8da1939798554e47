package edmxml_test

import (
	"time"

	"oots/edm"
)

const unregistered = edm.SchemeUnregistered

var (
	issued    = time.Date(2026, 9, 14, 8, 30, 0, 0, time.UTC)
	requestID = "urn:uuid:5f0c2f53-7d15-4c8d-9a1b-30b4f6a7c101"
)

func university() edm.Agent {
	return edm.Agent{
		ID:      edm.Identifier{Scheme: unregistered + "AT", Value: "DEMO-AT-UNI"},
		Names:   edm.Texts{{Lang: "DE", Value: "Demo-Universität Donau"}, {Lang: "EN", Value: "Demo University Danube"}},
		Address: &edm.Address{Country: "AT"},
		Class:   edm.EvidenceRequester,
	}
}

func registry() edm.Agent {
	return edm.Agent{
		ID:      edm.Identifier{Scheme: unregistered + "EL", Value: "DEMO-EL-ATH"},
		Names:   edm.Texts{{Lang: "EL", Value: "Επιδεικτικό Μητρώο Αθήνας"}, {Lang: "EN", Value: "Demo Registry of Athens"}},
		Address: &edm.Address{Country: "EL"},
		Class:   edm.EvidenceProvider,
	}
}

// named keeps what the other side of an exchange says of an agent.
func named(a edm.Agent) edm.Agent { return edm.Agent{ID: a.ID, Names: a.Names} }

func eleni() *edm.Person {
	return &edm.Person{
		LoA: edm.High, Identifier: "EL/AT/DEMO1001", FamilyName: "Papadopoulou", GivenName: "Eleni", DateOfBirth: "1998-03-25",
	}
}

func diploma() edm.EvidenceType {
	return edm.EvidenceType{
		ID:             "8f3d2a44-1b0c-4a6e-9d54-77f0a1c2e311",
		Classification: "https://sr.oots.tech.ec.europa.eu/evidencetypeclassifications/EL/7d41f6c3-20a9-4b57-8e1c-93b6f0d8a422",
		Titles:         edm.Texts{{Lang: "EL", Value: "Πτυχίο"}, {Lang: "EN", Value: "Diploma"}},
		Descriptions:   edm.Texts{{Lang: "EN", Value: "Diploma of a university"}},
		Distributions: []edm.Distribution{{
			Format: "application/pdf", Languages: []string{"EL"}, Associated: []edm.DocumentKind{edm.Translation},
		}},
	}
}

func firstRequest() *edm.Request {
	return &edm.Request{
		ID: requestID, Version: edm.V20, IssuedAt: issued, Procedure: "T3",
		PossibilityForPreview: true, ExplicitRequestGiven: true,
		Requirements: []edm.Requirement{{
			ID:           "https://sr.oots.tech.ec.europa.eu/requirements/5247bb6b-6bec-43fd-9b2e-f99be2dbae39",
			Names:        edm.Texts{{Lang: "EN", Value: "Tertiary education qualification"}},
			Descriptions: edm.Texts{{Lang: "EN", Value: "The person holds a degree"}},
		}},
		Requesters:    []edm.Agent{university()},
		Provider:      named(registry()),
		Evidence:      diploma(),
		NaturalPerson: eleni(),
	}
}

func secondRequest() *edm.Request {
	r := firstRequest()
	r.ID = "urn:uuid:5f0c2f53-7d15-4c8d-9a1b-30b4f6a7c102"
	r.IssuedAt = issued.Add(90*time.Second + 250*time.Millisecond)
	r.PreviewLocation = "https://localhost:8442/preview/9sXh2mQ0b7dP4rTt1LkWcA"
	r.ReturnLocation = "https://localhost:8441/return?application=1&card=2"
	return r
}

// companyRequest uses what the demonstration does not: a company with two representatives, answers to the
// directory's questions, a platform beside the requester, a structured format.
func companyRequest() *edm.Request {
	r := firstRequest()
	r.ID = "urn:uuid:5f0c2f53-7d15-4c8d-9a1b-30b4f6a7c103"
	r.Procedure = "X1"
	r.Requesters = append(r.Requesters, edm.Agent{
		ID:    edm.Identifier{Scheme: edm.SchemeEAS + "9914", Value: "ATU00000001"},
		Names: edm.Texts{{Lang: "EN", Value: `Platform "A & B" <test>`}}, Class: edm.IntermediaryPlatform,
	})
	list := "https://sr.oots.tech.ec.europa.eu/codelists/EL/DemoRegistries"
	r.ProviderClassifications = []edm.ProviderClassification{
		{ID: "5d0e7c91-3f24-4b6a-9e88-d1c2b3a49f77", CodeList: list, Type: "codelist", ValueExpression: list,
			Descriptions: edm.Texts{{Lang: "EN", Value: "Which registry keeps it?"}}, Values: []string{"ATH"}},
		{ID: "5d0e7c91-3f24-4b6a-9e88-d1c2b3a49f78", Type: "boolean", Values: []string{"true"}},
		{ID: "5d0e7c91-3f24-4b6a-9e88-d1c2b3a49f79", Type: "string", Values: []string{"Οία"}},
	}
	r.Evidence.Distributions = []edm.Distribution{
		{Format: "application/xml", ConformsTo: "https://sr.oots.tech.ec.europa.eu/datamodels/demo-1.0.0"}, {Format: "application/pdf"},
	}
	r.NaturalPerson = nil
	r.LegalPerson = &edm.LegalPerson{
		LoA: edm.Substantial, EIDASIdentifier: "EL/AT/5000000001", LegalName: "Demo Εταιρεία Α.Ε.",
		Identifiers: []edm.Identifier{{Scheme: "VAT", Value: "EL500000000"}},
		Address:     &edm.Address{Thoroughfare: "Odos Demo", LocatorDesignator: "1", PostCode: "10431", PostCityName: "Athina", Country: "EL"},
	}
	r.Representative = eleni()
	r.Representative.Gender = "Female"
	r.Representative.BirthName = "Georgiou"
	r.Representative.PlaceOfBirth = "Athina"
	r.Representative.CurrentAddress = &edm.Address{FullAddress: "Odos Demo 2, Athina", Country: "EL"}
	r.Representative.Nationalities = []string{"EL", "CY"}
	r.Representative.CountryOfBirth = "EL"
	r.Representative.TownOfBirth = "Athina"
	r.Representative.CountryOfResidence = "AT"
	r.Representative.PhoneNumber = "+30 210 0000000"
	r.Representative.EmailAddress = "eleni@example.gr"
	r.RepresentativeLegal = &edm.LegalPerson{LoA: edm.High, EIDASIdentifier: "EL/AT/5000000002", LegalName: "Demo Agents"}
	r.RepresentativePowerScope = "X1"
	return r
}

func success() *edm.Response {
	subject := *eleni()
	subject.LoA = ""
	authority := named(registry())
	conformance := diploma()
	conformance.ID, conformance.Distributions = "", nil
	requester := named(university())
	return &edm.Response{
		RequestID: requestID, Version: edm.V20, ID: "0b7c9d2e-4a51-4e6f-9c38-2d1e0f9a8b33", IssuedAt: issued.Add(time.Minute),
		Status: edm.Success, Providers: []edm.Agent{registry()}, Requester: requester,
		Packages: []edm.Package{{
			ID: "urn:uuid:2c7e1f60-0a3b-4c1d-8e2f-6b5a49383701",
			Documents: []edm.Document{{
				ObjectID:         "urn:uuid:2c7e1f60-0a3b-4c1d-8e2f-6b5a49383702",
				ClassificationID: "urn:uuid:2c7e1f60-0a3b-4c1d-8e2f-6b5a49383703",
				Kind:             edm.MainEvidence, ContentID: "diploma-el@localhost", Title: "Πτυχίο",
				Evidence: edm.Evidence{
					ID: "9e0d1c2b-3a49-4857-a665-748392a1b0c1", NaturalPerson: &subject, IssuingAuthority: &authority,
					Conformance: &conformance, IssuingDate: "2021-07-04",
					Distribution: edm.Distribution{Format: "application/pdf", Languages: []string{"EL"}},
					ValidFrom:    "2021-07-04", ValidUntil: "2031-07-03",
				},
			}},
		}},
	}
}

func translated() *edm.Response {
	r := success()
	r.Packages[0].Documents = append(r.Packages[0].Documents, edm.Document{
		ObjectID:         "urn:uuid:2c7e1f60-0a3b-4c1d-8e2f-6b5a49383704",
		ClassificationID: "urn:uuid:2c7e1f60-0a3b-4c1d-8e2f-6b5a49383705",
		AssociationID:    "urn:uuid:2c7e1f60-0a3b-4c1d-8e2f-6b5a49383706",
		Kind:             edm.Translation, ContentID: "diploma-en@localhost", Title: "Translation",
		Evidence: edm.Evidence{
			ID:           "9e0d1c2b-3a49-4857-a665-748392a1b0c2",
			Distribution: edm.Distribution{Format: "application/pdf", Languages: []string{"EN"}},
		},
	})
	return r
}

func empty() *edm.Response {
	r := success()
	r.Packages = nil
	return r
}

func deferred() *edm.Response {
	r := empty()
	r.Status = edm.Unavailable
	r.AvailableAt = issued.AddDate(0, 0, 2)
	return r
}

func failure(code edm.Code, detail string) *edm.ErrorResponse {
	provider, requester := registry(), named(university())
	provider.Class = edm.ErrorProvider
	return &edm.ErrorResponse{
		RequestID: requestID, Version: edm.V20, ID: "c4d8e0b2-1f4a-4f7b-8a55-0d6f3b7e2201", Provider: provider, Requester: &requester,
		Exceptions: []edm.Exception{{Code: code, Severity: edm.SeverityError, Detail: detail, At: issued.Add(4 * time.Second)}},
	}
}

func previewRequired() *edm.ErrorResponse {
	e := failure(edm.MissingAuthorization, "")
	e.Exceptions[0].Severity = edm.SeverityPreviewRequired
	e.Exceptions[0].Preview = &edm.Preview{
		Location:     "https://localhost:8442/preview/9sXh2mQ0b7dP4rTt1LkWcA",
		Descriptions: edm.Texts{{Lang: "EN", Value: "View and choose your diploma"}, {Lang: "EL", Value: "Δείτε και επιλέξτε το πτυχίο σας"}},
	}
	return e
}

// unreadable answers a request of which nothing was understood.
func unreadable() *edm.ErrorResponse {
	e := failure(edm.InvalidRequest, "R-EDM-REQ-S001")
	e.RequestID, e.Requester = "", nil
	return e
}
