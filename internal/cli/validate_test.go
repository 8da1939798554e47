package cli

import (
	"bytes"
	"context"
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
		"120 agree, 1 differ, 0 not in the manifest",
	}
	if got := strings.Split(strings.TrimSpace(out.String()), "\n"); code != exitNo || !slices.Equal(got, want) || errs.Len() > 0 {
		t.Errorf("exit %d\n%s\n%s", code, &out, &errs)
	}
}

// TestExpectByPolicy compares under the policies of operators: the one that takes C126 as it is published finds
// nothing that differs; the one that takes every rule so refuses a response of 1.0 for what only the artefacts of
// 2023 demand, the older host and a description.
func TestExpectByPolicy(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, policy string
		exit         int
		want         []string
	}{
		{"C126 as published", "severity:\n  R-EDM-REQ-C126: FATAL\n", exitDone, []string{"121 agree, 0 differ, 0 not in the manifest"}},
		{"strict", "strict: true\n", exitNo, []string{
			"differs: valid/resp10-flat.xml: verdict invalid, expected valid; R-EDM-RESP-C017 broken, not expected; R-EDM-RESP-S030 broken, not expected",
			"120 agree, 1 differ, 0 not in the manifest",
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			rules := filepath.Join(t.TempDir(), "rules.yaml")
			if err := os.WriteFile(rules, []byte(tc.policy), 0o600); err != nil {
				t.Fatal(err)
			}
			var out, errs bytes.Buffer
			code := Main(context.Background(), []string{"validate", "--rules", rules, "--expect", corpus.Path(t, "edm/own/manifest.csv")}, &out, &errs)
			if got := strings.Split(strings.TrimSpace(out.String()), "\n"); code != tc.exit || !slices.Equal(got, tc.want) {
				t.Errorf("exit %d\n%s\n%s", code, got, &errs)
			}
		})
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
