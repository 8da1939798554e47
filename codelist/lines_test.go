package codelist_test

import (
	"regexp"
	"strings"
	"testing"

	"oots/codelist"
	"oots/internal/corpus"
)

// TestLists10 holds the lists of 1.0 against the codes of its artefacts.
func TestLists10(t *testing.T) {
	t.Parallel()
	procedures := corpus.Read(t, "edm/tdd-1.0/codelists/Procedures-CodeList.gc")
	for _, m := range regexp.MustCompile(`<SimpleValue>([A-Z][A-Z]?[0-9]+)</SimpleValue>`).FindAllSubmatch(procedures, -1) {
		if !codelist.Procedures.HasIn("1.0", string(m[1])) {
			t.Errorf("Procedures of 1.0 lack %s", m[1])
		}
	}
	n := 0
	for _, line := range strings.Fields(string(corpus.Read(t, "edm/codes/eas-1.0.txt"))) {
		n++
		if !codelist.EAS.HasIn("1.0", line) {
			t.Errorf("EAS of 1.0 lacks %s", line)
		}
	}
	if n < 80 {
		t.Errorf("only %d codes", n)
	}
}

func TestHasIn(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		list             codelist.List
		code             string
		v10, v11, latest bool
	}{
		{codelist.EAS, "9907", true, false, false},
		{codelist.EAS, "0240", false, true, true},
		{codelist.EAS, "", false, false, false},
		{codelist.Procedures, "V4", true, true, true},
		{codelist.Procedures, "V5", false, true, true},
		{codelist.Procedures, "00", false, true, true},
		{codelist.Genders, "Unspecified", true, true, true},
		{codelist.Genders, "1", false, false, true},
		{codelist.Languages, "EL", true, true, true},
	} {
		for line, want := range map[string]bool{"1.0": tc.v10, "1.1": tc.v11, "2.0": tc.latest} {
			if got := tc.list.HasIn(line, tc.code); got != want {
				t.Errorf("%s %q in %s: %v", tc.list, tc.code, line, got)
			}
		}
	}
	if v := codelist.EAS.VersionIn("1.0"); v == codelist.EAS.Version() || v == "" {
		t.Errorf("EAS of 1.0 is of edition %q", v)
	}
	if v := codelist.EAS.VersionIn("1.2"); v != codelist.EAS.Version() {
		t.Errorf("EAS of 1.2 is of edition %q", v)
	}
}
