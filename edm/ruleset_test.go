package edm_test

import (
	"testing"

	"oots/codelist"
	"oots/edm"
	"oots/rule"
)

// TestWeigh holds the order of who decides on a severity: the release line, our policy, the operator.
func TestWeigh(t *testing.T) {
	t.Parallel()
	const procedure, region = "R-EDM-REQ-S007", "R-EDM-REQ-C016" // recommended in 1.0; softened in 2.0
	own := &edm.Rules{Severity: map[rule.ID]rule.Severity{procedure: rule.Caution, region: rule.Fatal}}
	for _, tc := range []struct {
		rules    *edm.Rules
		version  edm.Version
		id       rule.ID
		severity rule.Severity
		reported bool
	}{
		{nil, edm.V10, procedure, rule.Warning, true},
		{nil, edm.V11, procedure, rule.Fatal, true},
		{nil, "oots-edm:v3.0", procedure, rule.Fatal, true},
		{own, edm.V11, procedure, rule.Caution, true},
		{nil, edm.V20, region, rule.Warning, true},
		{&edm.Rules{Strict: true}, edm.V20, region, rule.Fatal, true},
		{own, edm.V20, region, rule.Fatal, true},
		{nil, edm.V12, region, rule.Fatal, false}, // only in 2.0
		{&edm.Rules{As: edm.V20}, edm.V12, region, rule.Warning, true},
		{nil, edm.V20, "R-EDM-REQ-S054", rule.Fatal, false}, // of unknown text
		{nil, edm.V20, "R-DSD-RESP-S013", rule.Fatal, false},
	} {
		severity, reported := tc.rules.In(tc.version).Weigh(tc.id, rule.Fatal)
		if severity != tc.severity || reported != tc.reported {
			t.Errorf("%s in %s: %s, reported %v; want %s, %v", tc.id, tc.version, severity, reported, tc.severity, tc.reported)
		}
	}
	if s, ok := (edm.Ruleset{}).Weigh(edm.RuleContent, rule.Warning); s != rule.Warning || !ok {
		t.Errorf("a rule of ours: %s, %v; the check decides", s, ok)
	}
}

// TestListsInForce holds whose edition of a list counts: the operator's, else that of the release line.
func TestListsInForce(t *testing.T) {
	t.Parallel()
	own := &edm.Rules{Lists: (*codelist.Set)(nil).With(codelist.Edition{
		List: codelist.EAS, Version: "next", Rows: []codelist.Row{{Code: "0300"}}, Extends: true,
	})}
	for _, tc := range []struct {
		rules   *edm.Rules
		version edm.Version
		list    codelist.List
		code    string
		want    bool
	}{
		{nil, edm.V20, codelist.EAS, "9901", false},
		{nil, edm.V10, codelist.EAS, "9901", true},
		{own, edm.V10, codelist.EAS, "9901", false},
		{own, edm.V10, codelist.EAS, "0300", true},
		{nil, edm.V10, codelist.Procedures, "00", false},
		{nil, edm.V11, codelist.Procedures, "00", true},
		{nil, edm.V12, codelist.Genders, "9", false},
		{nil, edm.V20, codelist.Genders, "9", true},
		{nil, "", codelist.Genders, "9", true},
		{nil, edm.V10, codelist.OOTSCountries, "EL", true},
	} {
		if got := tc.rules.In(tc.version).Has(tc.list, tc.code); got != tc.want {
			t.Errorf("%s %s in %q: %v", tc.list, tc.code, tc.version, got)
		}
	}
}

// TestValidCostsNoMore holds that judging a valid request allocates next to nothing: the checker escapes.
func TestValidCostsNoMore(t *testing.T) {
	r := request()
	if n := testing.AllocsPerRun(100, func() { edm.CheckRequest(r) }); n > 12 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkCheckRequest(b *testing.B) {
	r := request()
	b.ReportAllocs()
	for b.Loop() {
		if findings := edm.CheckRequest(r); findings != nil {
			b.Fatal(findings)
		}
	}
}
