package requester_test

import (
	"testing"

	"oots/directory"
	"oots/edm"
	"oots/internal/requester"
)

func TestDistribution(t *testing.T) {
	t.Parallel()
	const xml, json, pdf = "application/xml", "application/json", "application/pdf"
	structured := map[string][]string{requirement: {json, xml}}
	for _, tc := range []struct {
		name    string
		formats map[string][]string
		has     []string
		wished  string
		want    int
	}{
		{"people read PDF", nil, []string{xml, pdf}, "", 1},
		{"nothing but data", nil, []string{xml, json}, "", 0},
		{"the procedure reads data", structured, []string{pdf, xml}, "", 1},
		{"the better data", structured, []string{pdf, xml, json}, "", 2},
		{"data that it does not read", structured, []string{"text/csv", pdf}, "", 1},
		{"of another requirement", map[string][]string{"other": {xml}}, []string{xml, pdf}, "", 1},
		{"of every requirement", map[string][]string{requester.EveryRequirement: {xml}}, []string{pdf, xml}, "", 1},
		{"this one otherwise than every", map[string][]string{requester.EveryRequirement: {xml}, requirement: nil}, []string{xml, pdf}, "", 1},
		{"the user wants PDF", structured, []string{xml, pdf}, pdf, 1},
		{"the user wants what there is not", structured, []string{pdf, xml}, "image/png", 1},
		{"no form at all", structured, nil, "", 0},
	} {
		s := requester.Service{Deps: requester.Deps{Settings: requester.Settings{Formats: tc.formats}}}
		var d directory.DataService
		for _, f := range tc.has {
			d.Distributions = append(d.Distributions, edm.Distribution{Format: f})
		}
		if got := s.Distribution(requirement, d, tc.wished); got != tc.want {
			t.Errorf("%s: %d, want %d", tc.name, got, tc.want)
		}
	}
}
