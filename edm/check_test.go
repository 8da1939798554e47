package edm_test

import (
	"strings"
	"testing"
	"time"

	"oots/edm"
	"oots/rule"
)

var now = time.Date(2026, 9, 14, 8, 30, 0, 0, time.UTC)

func agent(country string, class edm.AgentClass) edm.Agent {
	a := edm.Agent{
		ID:    edm.Identifier{Scheme: edm.SchemeUnregistered + country, Value: "DEMO-" + country},
		Names: edm.Texts{{Lang: "EN", Value: "Demo authority"}},
		Class: class,
	}
	if class != "" {
		a.Address = &edm.Address{Country: country}
	}
	return a
}

func request() *edm.Request {
	return &edm.Request{
		ID: "urn:uuid:5f0c2f53-7d15-4c8d-9a1b-30b4f6a7c101", Version: edm.V20, IssuedAt: now, Procedure: "T3",
		Requirements: []edm.Requirement{{
			ID:    "https://sr.oots.tech.ec.europa.eu/requirements/5247bb6b-6bec-43fd-9b2e-f99be2dbae39",
			Names: edm.Texts{{Lang: "EN", Value: "Degree"}},
		}},
		Requesters: []edm.Agent{agent("AT", edm.EvidenceRequester)},
		Provider:   agent("EL", ""),
		Evidence: edm.EvidenceType{
			ID:             "8f3d2a44-1b0c-4a6e-9d54-77f0a1c2e311",
			Classification: "https://sr.oots.tech.ec.europa.eu/evidencetypeclassifications/EL/7d41f6c3-20a9-4b57-8e1c-93b6f0d8a422",
			Titles:         edm.Texts{{Lang: "EN", Value: "Diploma"}},
			Distributions:  []edm.Distribution{{Format: "application/pdf"}},
		},
		NaturalPerson: &edm.Person{LoA: edm.High, FamilyName: "Meier", GivenName: "Hans", DateOfBirth: "1995-04-18"},
	}
}

func response() *edm.Response {
	authority := agent("EL", "")
	return &edm.Response{
		RequestID: "urn:uuid:5f0c2f53-7d15-4c8d-9a1b-30b4f6a7c101", Version: edm.V20, ID: "0b7c9d2e-4a51-4e6f-9c38-2d1e0f9a8b33",
		IssuedAt: now, Status: edm.Success, Providers: []edm.Agent{agent("EL", edm.EvidenceProvider)}, Requester: agent("AT", ""),
		Packages: []edm.Package{{ID: "urn:uuid:2c7e1f60-0a3b-4c1d-8e2f-6b5a49383701", Documents: []edm.Document{{
			ObjectID: "urn:uuid:2c7e1f60-0a3b-4c1d-8e2f-6b5a49383702", ClassificationID: "urn:uuid:2c7e1f60-0a3b-4c1d-8e2f-6b5a49383703",
			Kind: edm.MainEvidence, ContentID: "a@b", Title: "Diploma",
			Evidence: edm.Evidence{
				ID:               "9e0d1c2b-3a49-4857-a665-748392a1b0c1",
				NaturalPerson:    &edm.Person{Identifier: "EL/AT/DEMO1001", FamilyName: "Meier", GivenName: "Hans", DateOfBirth: "1995-04-18"},
				IssuingAuthority: &authority,
				Conformance:      &edm.EvidenceType{Classification: request().Evidence.Classification, Titles: request().Evidence.Titles},
				IssuingDate:      "2021-07-04", Distribution: edm.Distribution{Format: "application/pdf"},
			},
		}}}},
	}
}

func failure() *edm.ErrorResponse {
	requester := agent("AT", "")
	return &edm.ErrorResponse{
		RequestID: "urn:uuid:5f0c2f53-7d15-4c8d-9a1b-30b4f6a7c101", Version: edm.V20, ID: "c4d8e0b2-1f4a-4f7b-8a55-0d6f3b7e2201",
		Provider: agent("EL", edm.ErrorProvider), Requester: &requester,
		Exceptions: []edm.Exception{{Code: edm.ObjectNotFound, Severity: edm.SeverityError, At: now}},
	}
}

// want fails unless the findings name exactly the rules; "" means none.
func want(t *testing.T, findings []rule.Finding, ids string) {
	t.Helper()
	seen := map[rule.ID]bool{}
	for id := range strings.FieldsSeq(ids) {
		seen[rule.ID(id)] = false
	}
	for _, f := range findings {
		if _, ok := seen[f.Rule]; !ok {
			t.Errorf("also: %s", f)
		}
		seen[f.Rule] = true
	}
	for id, ok := range seen {
		if !ok {
			t.Errorf("%s did not fire", id)
		}
	}
}

// The rules that the XML decides for messages of others are decided on the model for ours.
func TestCheckRequest(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		edit func(*edm.Request)
		want string
	}{
		{"ok", func(*edm.Request) {}, ""},
		{"nothing", func(r *edm.Request) { *r = edm.Request{} },
			"R-EDM-REQ-S003 R-EDM-REQ-S005 R-EDM-REQ-S006 R-EDM-REQ-S007 R-EDM-REQ-S011 R-EDM-REQ-S012 R-EDM-REQ-S013 R-EDM-REQ-S015 R-EDM-REQ-S016"},
		{"two subjects", func(r *edm.Request) {
			r.LegalPerson = &edm.LegalPerson{LoA: edm.Low, EIDASIdentifier: "EL/AT/123456", LegalName: "Demo"}
		}, "R-EDM-REQ-S016"},
		{"preview without return", func(r *edm.Request) { r.PreviewLocation = "https://x" }, "R-EDM-REQ-S062"},
		{"provider with address", func(r *edm.Request) { r.Provider.Address = &edm.Address{Country: "EL"} }, "R-EDM-REQ-S043"},
		{"boolean answer", func(r *edm.Request) {
			r.ProviderClassifications = []edm.ProviderClassification{{ID: "5d0e7c91-3f24-4b6a-9e88-d1c2b3a49f78", Type: "boolean", Values: []string{"ATH"}}}
		}, "R-EDM-REQ-C104"},
		{"short original name", func(r *edm.Request) { r.NaturalPerson.GivenNameOriginal = "Ή" }, "R-EDM-REQ-C092"},
		{"short text of the user", func(r *edm.Request) {
			r.NaturalPerson.UserAttributes = []edm.UserAttribute{{Name: "n", Value: "value"}}
		}, "R-EDM-REQ-C092"},
		{"short text", func(r *edm.Request) { r.Requirements[0].Names[0].Value = " x " }, "R-EDM-REQ-C092"},
		{"one letter family name", func(r *edm.Request) { r.NaturalPerson.FamilyName = "O" }, ""},
		{"blank family name", func(r *edm.Request) { r.NaturalPerson.FamilyName = " " }, "OOTS-EDM-PERSON"},
		{"mandate of two procedures", func(r *edm.Request) { r.Representative, r.RepresentativePowerScope = r.NaturalPerson, "T1, T2" }, ""},
		{"mandate of an unknown one", func(r *edm.Request) { r.Representative, r.RepresentativePowerScope = r.NaturalPerson, "T1,ALL" }, "R-EDM-REQ-C081"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := request()
			tc.edit(r)
			want(t, edm.CheckRequest(r), tc.want)
		})
	}
}

func TestCheckResponse(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		edit func(*edm.Response)
		want string
	}{
		{"ok", func(*edm.Response) {}, ""},
		{"empty", func(r *edm.Response) { r.Packages = nil }, ""},
		{"nothing", func(r *edm.Response) { *r = edm.Response{} },
			"R-EDM-RESP-S003 R-EDM-RESP-S005 R-EDM-RESP-S009 R-EDM-RESP-S010 R-EDM-RESP-S011 R-EDM-RESP-S012 R-EDM-RESP-S013"},
		{"unavailable without date", func(r *edm.Response) { r.Status = edm.Unavailable }, "R-EDM-RESP-S045"},
		{"date on success", func(r *edm.Response) { r.AvailableAt = now }, "R-EDM-RESP-S014"},
		{"empty package", func(r *edm.Response) { r.Packages[0].Documents = nil }, "R-EDM-RESP-S047"},
		{"model beside PDF", func(r *edm.Response) {
			r.Packages[0].Documents[0].Evidence.Distribution.ConformsTo = "https://sr.oots.tech.ec.europa.eu/datamodels/x"
		}, "R-EDM-RESP-C050"},
		{"level of assurance in subject", func(r *edm.Response) { r.Packages[0].Documents[0].Evidence.NaturalPerson.LoA = edm.High }, "R-EDM-RESP-S041"},
		{"no subject", func(r *edm.Response) { r.Packages[0].Documents[0].Evidence.NaturalPerson = nil }, "R-EDM-RESP-S062"},
		{"annex with all", func(r *edm.Response) {
			annex := r.Packages[0].Documents[0]
			annex.Kind, annex.ObjectID, annex.ClassificationID = edm.Annex, "urn:uuid:2c7e1f60-0a3b-4c1d-8e2f-6b5a49383704", "urn:uuid:2c7e1f60-0a3b-4c1d-8e2f-6b5a49383705"
			r.Packages[0].Documents = append(r.Packages[0].Documents, annex)
		}, "R-EDM-RESP-S050 R-EDM-RESP-S063"},
		{"same object twice", func(r *edm.Response) { r.Packages = append(r.Packages, r.Packages[0]) }, "OOTS-EDM-UNIQUE-ID"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := response()
			tc.edit(r)
			want(t, edm.CheckResponse(r), tc.want)
		})
	}
}

func TestCheckError(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		edit func(*edm.ErrorResponse)
		want string
	}{
		{"ok", func(*edm.ErrorResponse) {}, ""},
		{"unreadable request", func(e *edm.ErrorResponse) {
			e.RequestID, e.Requester, e.Exceptions[0].Code = "", nil, edm.InvalidRequest
		},
			"R-EDM-ERR-S003 R-EDM-ERR-S012"},
		{"no request id", func(e *edm.ErrorResponse) { e.RequestID = "" }, "R-EDM-ERR-S003 R-EDM-ERR-C025"},
		{"no exception", func(e *edm.ErrorResponse) { e.Exceptions = nil }, "R-EDM-ERR-S008 R-EDM-ERR-C011"},
		{"no provider", func(e *edm.ErrorResponse) { e.Provider = edm.Agent{} }, "R-EDM-ERR-S011"},
		{"no time", func(e *edm.ErrorResponse) { e.Exceptions[0].At = time.Time{} }, "R-EDM-ERR-S013"},
		{"preview with another code", func(e *edm.ErrorResponse) { e.Exceptions[0].Preview = &edm.Preview{Location: "https://x"} }, "R-EDM-ERR-C022"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := failure()
			tc.edit(e)
			want(t, edm.CheckError(e), tc.want)
		})
	}
}

func TestPathsAndSeverity(t *testing.T) {
	t.Parallel()
	r := request()
	r.Requesters = append(r.Requesters, agent("AT", edm.IntermediaryPlatform))
	r.Requesters[1].Names[0].Lang = "en"
	r.Requesters[0].Address.Region = "AT99"
	fs := edm.CheckRequest(r)
	if len(fs) != 2 {
		t.Fatalf("got %v", fs)
	}
	if f := fs[0]; f.Rule != "R-EDM-REQ-C016" || f.Severity != rule.Warning || f.Path != "EvidenceRequester/Agent[1]/Address/AdminUnitLevel2" || f.Got != "AT99" {
		t.Errorf("got %+v", f)
	}
	if f := fs[1]; f.Rule != "R-EDM-REQ-C108" || f.Severity != rule.Fatal || f.Path != "EvidenceRequester/Agent[2]/Name[1]/@lang" || f.Got != "en" {
		t.Errorf("got %+v", f)
	}
	if _, ok := edm.Softened("R-EDM-REQ-C016"); !ok {
		t.Error("no reason is given for the softer severity")
	}
}
