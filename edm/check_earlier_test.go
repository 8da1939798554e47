package edm_test

import (
	"strings"
	"testing"

	"oots/codelist"
	"oots/edm"
	"oots/rule"
)

// requestIn is a valid request of a line.
func requestIn(v edm.Version) *edm.Request {
	r := request()
	r.Version = v
	r.NaturalPerson.Identifier = "AT/EL/123456789"
	r.Evidence.Descriptions = edm.Texts{{Lang: "EN", Value: "Diploma of a university"}}
	if v == edm.V10 {
		r.Evidence.Classification = strings.Replace(r.Evidence.Classification, ".ec.", ".", 1)
	}
	return r
}

// TestLines holds what one release line takes and another refuses, and what an operator who is strict refuses.
func TestLines(t *testing.T) {
	t.Parallel()
	const (
		host, host10 = "https://sr.oots.tech.ec.europa.eu/", "https://sr.oots.tech.europa.eu/"
		uuid         = "5247bb6b-6bec-43fd-9b2e-f99be2dbae39"
	)
	strict := &edm.Rules{Strict: true}
	procedure := func(code string) func(*edm.Request) { return func(r *edm.Request) { r.Procedure = code } }
	requirement := func(url string) func(*edm.Request) { return func(r *edm.Request) { r.Requirements[0].ID = url } }
	evidence := func(url string) func(*edm.Request) { return func(r *edm.Request) { r.Evidence.Classification = url } }
	scheme := func(s string) func(*edm.Request) { return func(r *edm.Request) { r.Provider.ID.Scheme = s } }
	person := func(id string) func(*edm.Request) { return func(r *edm.Request) { r.NaturalPerson.Identifier = id } }
	form := func(d ...edm.Distribution) func(*edm.Request) {
		return func(r *edm.Request) { r.Evidence.Distributions = d }
	}
	model := func(v ...string) func(*edm.Request) {
		d := edm.Distribution{Format: "application/xml", ConformsTo: v[0]}
		if len(v) > 1 {
			d.Transformation = v[1]
		}
		return form(d)
	}
	mandate := func(scope string) func(*edm.Request) {
		return func(r *edm.Request) {
			p := *r.NaturalPerson
			p.Gender = "Female"
			r.Representative, r.RepresentativePowerScope = &p, scope
		}
	}
	concept := func(kind string) func(*edm.Request) {
		return func(r *edm.Request) {
			r.ProviderClassifications = []edm.ProviderClassification{{ID: uuid, Type: kind, Values: []string{"true"}}}
		}
	}
	twice := func(r *edm.Request) { r.Evidence.Titles = append(r.Evidence.Titles, r.Evidence.Titles[0]) }
	for _, tc := range []struct {
		name    string
		rules   *edm.Rules
		version edm.Version
		edit    func(*edm.Request)
		want    string
	}{
		{"no procedure", nil, edm.V10, procedure(""), "R-EDM-REQ-S007"},
		{"system check", nil, edm.V10, procedure("00"), "R-EDM-REQ-C003"},
		{"system check", nil, edm.V11, procedure("00"), ""},
		{"later procedure", nil, edm.V10, procedure("X9"), "R-EDM-REQ-C003"},
		{"no requirement", nil, edm.V10, func(r *edm.Request) { r.Requirements = nil }, "R-EDM-REQ-S011"},

		{"older host", nil, edm.V10, requirement(host10 + "requirements/urn:uuid:" + uuid), ""},
		{"newer host", nil, edm.V10, requirement(host + "requirements/" + uuid), ""},
		{"no host", nil, edm.V10, requirement("requirements/" + uuid), "R-EDM-REQ-C008"},
		{"older host", nil, edm.V12, requirement(host10 + "requirements/" + uuid), "R-EDM-REQ-C008"},
		{"urn in the path", nil, edm.V11, requirement(host + "requirements/urn:uuid:" + uuid), "R-EDM-REQ-C008"},
		{"older host", nil, edm.V10, evidence(host10 + "evidencetypeclassifications/xx/" + uuid), ""},
		{"newer host", nil, edm.V10, evidence(host + "evidencetypeclassifications/EL/" + uuid), ""},
		{"newer host, strict", strict, edm.V10, evidence(host + "evidencetypeclassifications/EL/" + uuid), "R-EDM-REQ-C027"},
		{"older host", nil, edm.V11, evidence(host10 + "evidencetypeclassifications/EL/" + uuid), "R-EDM-REQ-C027 R-EDM-REQ-C115"},
		{"unknown country", nil, edm.V12, evidence(host + "evidencetypeclassifications/XX/" + uuid), "R-EDM-REQ-C027"},

		{"free suffix", nil, edm.V10, scheme(edm.SchemeUnregistered + "oots-simulator"), ""},
		{"free suffix", nil, edm.V11, scheme(edm.SchemeUnregistered + "oots-simulator"), "R-EDM-REQ-C018"},
		{"something before", nil, edm.V12, scheme("x" + edm.SchemeEAS + "9914"), ""},
		{"something before, strict", strict, edm.V12, scheme("x" + edm.SchemeEAS + "9914"), "R-EDM-REQ-C018"},
		{"dropped code", nil, edm.V10, scheme(edm.SchemeEAS + "9901"), ""},
		{"dropped code", nil, edm.V12, scheme(edm.SchemeEAS + "9901"), "R-EDM-REQ-C018"},

		{"provider with address", nil, edm.V10, func(r *edm.Request) { r.Provider.Address = &edm.Address{Country: "EL"} }, ""},
		{"provider with address", nil, edm.V12, func(r *edm.Request) { r.Provider.Address = &edm.Address{Country: "EL"} }, "R-EDM-REQ-S043"},
		{"provider without name", nil, edm.V10, func(r *edm.Request) { r.Provider.Names = nil }, "R-EDM-REQ-S043 OOTS-EDM-AGENT"},
		{"requirement without name", nil, edm.V10, func(r *edm.Request) { r.Requirements[0].Names = nil }, "R-EDM-REQ-S038 OOTS-EDM-NAMED"},
		{"class in words", nil, edm.V10, func(r *edm.Request) { r.Requesters[0].Class = "ERRP or so" }, ""},
		{"class in words", nil, edm.V11, func(r *edm.Request) { r.Requesters[0].Class = "ERRP or so" }, "R-EDM-REQ-C014 R-EDM-REQ-C074"},
		{"requester without address", nil, edm.V12, func(r *edm.Request) { r.Requesters[0].Address = nil }, ""},
		{"requester without address", nil, edm.V20, func(r *edm.Request) { r.Requesters[0].Address = nil }, "R-EDM-REQ-C073"},
		{"two requesters", nil, edm.V10, func(r *edm.Request) { r.Requesters = append(r.Requesters, r.Requesters[0]) }, ""},

		{"no form", nil, edm.V12, form(), ""},
		{"no form", nil, edm.V10, form(), "R-EDM-REQ-S045"},
		{"two forms", nil, edm.V12, form(edm.Distribution{Format: "image/png"}, edm.Distribution{Format: "image/jpeg"}), "R-EDM-REQ-C032"},
		{"model beside PDF", nil, edm.V10, form(edm.Distribution{Format: "application/pdf", ConformsTo: host10 + "distributions/x"}), ""},
		{"model beside PDF", nil, edm.V11, form(edm.Distribution{Format: "application/pdf", ConformsTo: host + "distributions/x"}), "R-EDM-REQ-C107"},
		{"newer model", nil, edm.V10, model(host + "datamodels/x"), ""},
		{"newer model, strict", strict, edm.V10, model(host + "datamodels/x"), "R-EDM-REQ-C034"},
		{"older model", nil, edm.V12, model(host10 + "distributions/x"), "R-EDM-REQ-C034 R-EDM-REQ-C114"},
		{"transformation", nil, edm.V12, model(host+"datamodels/x", host+"distributions/x/y"), ""},
		{"transformation elsewhere", nil, edm.V12, model(host+"datamodels/x", "https://example.eu/y"), "R-EDM-REQ-C035 R-EDM-REQ-C113"},
		{"JSON without model", nil, edm.V10, form(edm.Distribution{Format: "application/json"}), "R-EDM-REQ-C070"},
		{"JSON without model", nil, edm.V12, form(edm.Distribution{Format: "application/json"}), "R-EDM-REQ-C071"},

		{"no identifier", nil, edm.V12, person(""), "R-EDM-REQ-C038"},
		{"no identifier", nil, edm.V20, person(""), ""},
		{"short identifier", nil, edm.V10, person("AT/EL/12345678"), "R-EDM-REQ-C039"},
		{"short identifier", nil, edm.V11, person("AT/EL/12345678"), ""},
		{"any countries", nil, edm.V10, person("GR/XX/123456789"), ""},
		{"number as gender", nil, edm.V12, func(r *edm.Request) { r.NaturalPerson.Gender = "2" }, "OOTS-EDM-CONTENT"},
		{"number as gender", nil, edm.V20, func(r *edm.Request) { r.NaturalPerson.Gender = "2" }, ""},
		{"unknown nationality", nil, edm.V10, func(r *edm.Request) { r.NaturalPerson.Nationalities = []string{"XX"} }, ""},
		{"unknown nationality", nil, edm.V11, func(r *edm.Request) { r.NaturalPerson.Nationalities = []string{"XX"} }, "R-EDM-REQ-C075"},

		{"mandate of two procedures", nil, edm.V12, mandate("T1, T2"), ""},
		{"mandate of two procedures, strict", strict, edm.V12, mandate("T1, T2"), "R-EDM-REQ-C081"},
		{"any mandate", nil, edm.V10, mandate("ALL"), ""},
		{"other attribute of a representative", nil, edm.V12, func(r *edm.Request) {
			mandate("T1")(r)
			r.Representative.Attributes = []edm.SectorAttribute{{Name: "IBAN", Value: "GR16"}}
		}, "R-EDM-REQ-C081"},
		{"type in another case", nil, edm.V11, concept("Boolean"), ""},
		{"type in another case, strict", strict, edm.V11, concept("Boolean"), "R-EDM-REQ-C095"},
		{"type in another case", nil, edm.V12, concept("Boolean"), "R-EDM-REQ-C095"},
		{"any type", nil, edm.V10, concept("Question"), ""},
		{"wish for a language", nil, edm.V12, func(r *edm.Request) { r.Lang = "el" }, "R-EDM-REQ-C069"},
		{"wish that 2.0 cannot say", nil, edm.V20, func(r *edm.Request) { r.Lang = "el" }, ""},
		{"a language twice", nil, edm.V12, twice, "OOTS-EDM-CONTENT"},
		{"preview without return", nil, edm.V12, func(r *edm.Request) { r.PreviewLocation = "https://x" }, ""},
	} {
		t.Run(tc.version.Line()+" "+tc.name, func(t *testing.T) {
			t.Parallel()
			r := requestIn(tc.version)
			want(t, tc.rules.CheckRequest(r), "")
			tc.edit(r)
			want(t, tc.rules.CheckRequest(r), tc.want)
		})
	}
}

// TestLanguageTwice holds that a text which comes twice in a language is a reason to refuse for the strict only.
func TestLanguageTwice(t *testing.T) {
	t.Parallel()
	r := request()
	r.Evidence.Titles = append(r.Evidence.Titles, r.Evidence.Titles[0])
	if fs := edm.CheckRequest(r); len(fs) != 1 || fs[0].Severity != rule.Warning || fs[0].Path != "EvidenceRequest/DataServiceEvidenceType/Title[2]" {
		t.Errorf("got %v", fs)
	}
	if fs := (&edm.Rules{Strict: true}).CheckRequest(r); !rule.Refuses(fs) {
		t.Errorf("strict got %v", fs)
	}
}

// TestOperator holds what an operator can change.
func TestOperator(t *testing.T) {
	t.Parallel()
	r := request()
	r.Procedure = "Y1"
	next := (*codelist.Set)(nil).With(codelist.Edition{
		List: codelist.Procedures, Version: "next", Rows: []codelist.Row{{Code: "Y1"}}, Extends: true,
	})
	want(t, (&edm.Rules{Lists: next}).CheckRequest(r), "")
	want(t, edm.CheckRequest(r), "R-EDM-REQ-C003")
	fs := (&edm.Rules{Severity: map[rule.ID]rule.Severity{"R-EDM-REQ-C003": rule.Caution}}).CheckRequest(r)
	if len(fs) != 1 || fs[0].Severity != rule.Caution {
		t.Errorf("got %v", fs)
	}
}
