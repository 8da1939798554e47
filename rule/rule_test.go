package rule_test

import (
	"testing"

	"oots/rule"
)

func TestFindingString(t *testing.T) {
	t.Parallel()
	f := rule.Finding{Rule: "R-EDM-REQ-C003", Line: 15, Path: "/a/b", Got: "T9", Want: "a code of Procedures or 00"}
	if got, want := f.String(), `R-EDM-REQ-C003 FATAL line 15 at /a/b: want a code of Procedures or 00, got "T9"`; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := (rule.Finding{Rule: "X", Severity: rule.Caution}).String(); got != "X CAUTION" {
		t.Errorf("got %s", got)
	}
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	minor := []rule.Finding{{Rule: "W", Severity: rule.Warning}, {Rule: "C", Severity: rule.Caution}}
	if rule.Refuses(nil) || rule.Refuses(minor) || rule.First(minor) != (rule.Finding{}) {
		t.Error("refuses without a fatal finding")
	}
	all := append(minor, rule.Finding{Rule: "F"}, rule.Finding{Rule: "G"})
	if !rule.Refuses(all) || rule.First(all).Rule != "F" {
		t.Errorf("first fatal finding is %q", rule.First(all).Rule)
	}
}
