package policy

import (
	"strings"
	"testing"

	"oots/rule"
)

// TestRead holds what a file may say, and that everything wrong in it is told.
func TestRead(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, file string
		strict     bool
		severity   map[rule.ID]rule.Severity
		wrong      []string // parts of the error
	}{
		{name: "empty"},
		{name: "comment", file: "# nothing\n"},
		{name: "strict", file: "strict: true\n", strict: true},
		{name: "severity", file: "severity: {R-EDM-REQ-C126: FATAL, R-EDM-REQ-C003: caution}", severity: map[rule.ID]rule.Severity{"R-EDM-REQ-C126": rule.Fatal, "R-EDM-REQ-C003": rule.Caution}},
		{name: "all mistakes", file: "severity: {R-EDM-REQ-C999: FATAL, R-EDM-REQ-C003: LOUD, OOTS-DOC-unreadable: CAUTION, R-EDM-REQ-C121: FATAL}", wrong: []string{"C999", "LOUD", "whatever its weight", "C121 is never reported"}},
		{name: "unknown field", file: "strikt: true", wrong: []string{"line 1: field strikt not found"}},
		{name: "another type", file: "strict: sometimes", wrong: []string{"line 1"}},
		{name: "twice", file: "strict: true\nstrict: false\n", wrong: []string{"already defined"}},
		{name: "two documents", file: "strict: true\n---\nstrict: false\n", wrong: []string{"second document"}},
		{name: "no YAML", file: "\x00", wrong: []string{"control characters"}},
		{name: "too long", file: strings.Repeat("#", MaxBytes+1), wrong: []string{"more than"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rules, err := Read(strings.NewReader(tc.file))
			if len(tc.wrong) > 0 {
				if err == nil || rules != nil {
					t.Fatalf("taken: %+v, %v", rules, err)
				}
				for _, part := range tc.wrong {
					if !strings.Contains(err.Error(), part) {
						t.Errorf("no %q in %v", part, err)
					}
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if rules.Strict != tc.strict || len(rules.Severity) != len(tc.severity) {
				t.Errorf("%+v", rules)
			}
			for id, want := range tc.severity {
				if rules.Severity[id] != want {
					t.Errorf("%s: %v", id, rules.Severity[id])
				}
			}
		})
	}
}
