package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"oots/internal/corpus"
	"oots/internal/validator"
	"oots/rule"
)

// TestExpectCorpus compares with the manifest of the corpus. What differs is argued in edm.Softened: the rule
// on gender is enforced by nobody.
func TestExpectCorpus(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	code := Main(context.Background(), []string{"validate", "--expect", corpus.Path(t, "edm/own/manifest.csv")}, &out, &errs)
	want := []string{
		"differs: invalid/req-C126-gender-missing.xml: verdict valid with warning, expected invalid",
		"114 agree, 1 differ, 6 not judged, 0 not in the manifest",
	}
	var got []string
	for line := range strings.Lines(out.String()) {
		if !strings.HasPrefix(line, "not judged: ") {
			got = append(got, strings.TrimSpace(line))
		}
	}
	if code != exitNo || !slices.Equal(got, want) || errs.Len() > 0 {
		t.Errorf("exit %d\n%s\n%s", code, &out, &errs)
	}
}

// TestDiffers holds which differences count.
func TestDiffers(t *testing.T) {
	t.Parallel()
	breaks := func(severity rule.Severity, ids ...rule.ID) validator.Report {
		r := validator.Report{Verdict: validator.Invalid}
		for _, id := range ids {
			r.Findings = append(r.Findings, rule.Finding{Rule: id, Severity: severity})
		}
		return r
	}
	for _, tc := range []struct {
		name string
		row  expected
		got  validator.Report
		want string
	}{
		{"as expected", expected{verdict: "invalid", rules: []rule.ID{"R-A-S001"}}, breaks(rule.Fatal, "R-A-S001", "R-A-S001"), ""},
		{"caution on a valid one", expected{verdict: "valid"}, validator.Report{Verdict: validator.Cautioned}, ""},
		{"warning on a valid one", expected{verdict: "valid"}, validator.Report{Verdict: validator.Warned}, "verdict valid with warning, expected valid"},
		{"another rule", expected{verdict: "invalid", rules: []rule.ID{"R-A-S001"}}, breaks(rule.Fatal, "R-A-S002"),
			"R-A-S001 expected, not broken; R-A-S002 broken, not expected"},
		{"one that the note names", expected{verdict: "invalid", followers: []string{"S002"}}, breaks(rule.Fatal, "R-A-S002"), ""},
		{"one of ours", expected{verdict: "invalid"}, breaks(rule.Fatal, "OOTS-XSD-value-type"), ""},
		{"a further warning", expected{verdict: "invalid"}, breaks(rule.Warning, "R-A-S002"), ""},
	} {
		if got := tc.row.differs(tc.got); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

// TestValidateForms holds that both machine forms are one JSON document, without and with findings.
func TestValidateForms(t *testing.T) {
	t.Parallel()
	bad := filepath.Join(t.TempDir(), "a name ü.xml")
	if err := os.WriteFile(bad, []byte("<html/>"), 0o600); err != nil {
		t.Fatal(err)
	}
	const good = "../../edm/edmxml/testdata/request-first.xml"
	for _, tc := range []struct {
		files []string
		code  int
		found int
	}{{[]string{good}, exitDone, 0}, {[]string{bad, good, bad}, exitNo, 2}} {
		var out, errs bytes.Buffer
		if code := Main(context.Background(), append([]string{"validate", "--json"}, tc.files...), &out, &errs); code != tc.code {
			t.Fatalf("exit %d: %s", code, &errs)
		}
		var reports []jsonReport
		if err := json.Unmarshal(out.Bytes(), &reports); err != nil || len(reports) != len(tc.files) {
			t.Errorf("%d reports, %v", len(reports), err)
		}
		out.Reset()
		if code := Main(context.Background(), append([]string{"validate", "--sarif"}, tc.files...), &out, &errs); code != tc.code {
			t.Fatalf("exit %d: %s", code, &errs)
		}
		var log struct {
			Version string
			Runs    []struct {
				Tool    struct{ Driver struct{ Rules []sarifRule } }
				Results []sarifResult
			}
		}
		if err := json.Unmarshal(out.Bytes(), &log); err != nil || log.Version != "2.1.0" || len(log.Runs) != 1 {
			t.Fatalf("%v: %s", err, &out)
		}
		run := log.Runs[0]
		if len(run.Results) != tc.found || tc.found > 0 != (len(run.Tool.Driver.Rules) == 1) {
			t.Errorf("%s", &out)
		}
		for _, r := range run.Results {
			if uri := r.Locations[0].Physical.Artifact.URI; r.Level != "error" || !strings.HasSuffix(uri, "a%20name%20%C3%BC.xml") {
				t.Errorf("%+v", r)
			}
		}
	}
}

// TestClosest holds that a typing error leads to the rule.
func TestClosest(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"r-edm-req-c003": "R-EDM-REQ-C003", "R-EDM-REQ-C03": "R-EDM-REQ-C003", "R-EDM-RSP-S046": "R-EDM-RESP-S046", "ebms-017": "R-EDM-ebMS-017",
		"nothing of the kind": "", "": "",
	} {
		near := closest(typed, 5)
		if want == "" && len(near) > 0 || want != "" && (len(near) == 0 || near[0] != want) {
			t.Errorf("%q: %v, want %q first", typed, near, want)
		}
	}
}
