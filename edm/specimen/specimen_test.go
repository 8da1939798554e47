package specimen_test

import (
	"testing"
	"time"

	"oots/edm"
	"oots/edm/convert"
	"oots/edm/specimen"
	"oots/rule"
)

var now = time.Date(2026, 9, 14, 8, 30, 0, 0, time.UTC)

func valid(t *testing.T, what string, findings []rule.Finding) {
	t.Helper()
	for _, f := range findings {
		if f.Severity != rule.Caution {
			t.Errorf("%s: %s", what, f)
		}
	}
}

// requests are those that the fields of Facts can make.
func requests() map[string]specimen.Facts {
	return map[string]specimen.Facts{
		"nothing given":  {At: now},
		"second":         {At: now, PreviewLocation: "https://preview.example.gr/s/1"},
		"company":        {At: now, Company: &specimen.Company{}, Representative: &specimen.Person{FamilyName: "Agent"}},
		"structured":     {At: now, Format: "application/json", Languages: []string{"EL", "EN"}},
		"no preview":     {At: now, NoPreview: true, Associated: []edm.DocumentKind{edm.Translation}},
		"other agents":   {At: now, Requester: specimen.Agent{Country: "PT", ID: "X"}, Provider: specimen.Agent{Scheme: edm.SchemeEAS + "9914", ID: "ATU1"}},
		"other evidence": {At: now, Procedure: "X1", DataService: "8f3d2a44-1b0c-4a6e-9d54-77f0a1c2e311", EvidenceTitle: "Extract"},
	}
}

// TestSpecimensAreValid holds it for every request, for every answer to it, and in every release line.
func TestSpecimensAreValid(t *testing.T) {
	t.Parallel()
	answers := map[string]specimen.Answer{
		"nothing given": {}, "two evidences": {Evidences: 2}, "with more": {Evidences: 1, Associated: []edm.DocumentKind{edm.Annex, edm.Translation}},
		"deferred": {Unavailable: true}, "refused": {Code: edm.TimedOut, Detail: "TDD 4.4"},
		"preview": {PreviewLocation: "https://preview.example.gr/s/1", Description: "View your diploma"},
	}
	for name, f := range requests() {
		r := specimen.Request(f)
		valid(t, name, edm.CheckRequest(r))
		for _, v := range edm.Versions() {
			out, _ := convert.Request(r, v, convert.Given{})
			refuses(t, name+" in "+v.Line(), edm.CheckRequest(out))
		}
		for how, a := range answers {
			a.At, a.NewID = now.Add(time.Minute), convert.Derive(name+how)
			response, failure := specimen.Response(r, a), specimen.Error(r, a)
			valid(t, name+", response "+how, edm.CheckResponse(response))
			valid(t, name+", error "+how, edm.CheckError(failure))
			for _, v := range edm.Versions() {
				out, _ := convert.Response(response, v, convert.Given{})
				refuses(t, name+", response "+how+" in "+v.Line(), edm.CheckResponse(out))
				refused, _ := convert.Error(failure, v)
				refuses(t, name+", error "+how+" in "+v.Line(), edm.CheckError(refused))
			}
		}
	}
}

func refuses(t *testing.T, what string, findings []rule.Finding) {
	t.Helper()
	if f := rule.First(findings); f.Rule != "" {
		t.Errorf("%s: %s", what, f)
	}
}
