package validator_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"oots/internal/corpus"
	"oots/internal/validator"
	"oots/rule"
)

// TestFolders judges the folders of the corpus that others made, each document with nothing given: kind, release
// line and verdict are those of its README. Where a rule is named, it is among those that break.
func TestFolders(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, files, not string // patterns
		n                int    // documents
		kinds            []validator.Kind
		version          string
		refused          bool
		rules            []rule.ID // broken by one of the documents at least
	}{
		{name: "reference messages", files: "edm/oots-france/reference-messages/*.xml", n: 14, version: "2.0",
			kinds: []validator.Kind{validator.Request, validator.Response, validator.Error, validator.Header}},
		{name: "examples of 1.0", files: "edm/tdd-1.0/examples/*-re[qs]*.xml", not: ".header.xml", n: 4, version: "1.0",
			kinds: []validator.Kind{validator.Request, validator.Response}},
		{name: "example with a control character", files: "edm/tdd-1.0/examples/education-error-preview.xml", n: 1, version: "1.0", refused: true,
			kinds: []validator.Kind{validator.Error}, rules: []rule.ID{"R-EDM-ERR-C014"}},
		{name: "drafts of messages", files: "edm/governikus/*/oots_*.xml", not: "header", n: 6, version: "1.0", refused: true,
			kinds: []validator.Kind{validator.Request, validator.Response, validator.Error},
			rules: []rule.ID{"R-EDM-REQ-S004", "R-EDM-REQ-C003", "R-EDM-REQ-C012", "R-EDM-REQ-C014", "R-EDM-REQ-C027", "R-EDM-RESP-S004", "R-EDM-RESP-C007",
				"R-EDM-RESP-C011", "R-EDM-RESP-C017", "R-EDM-ERR-S004", "R-EDM-ERR-C004", "R-EDM-ERR-C008", "R-EDM-ERR-C014"}},
		{name: "captured answers", files: "common-services/oots-france/responses/*.xml", n: 7, version: "2.0", kinds: []validator.Kind{validator.Answer}},
		{name: "answers of 1.0", files: "common-services/tdd-2023-04/[ED][BS]*/*.xml", n: 19, version: "1.0", kinds: []validator.Kind{validator.Answer}},
		{name: "submissions of 1.0", files: "common-services/tdd-2023-04/LCM/*.xml", n: 6, version: "1.0", kinds: []validator.Kind{validator.Submission, validator.Acknowledgement}},
		{name: "drafts that break the schema", files: "common-services/governikus/*/{Regrep-DSD-exception_more_provider_attributes,DSD-LCM-Bulk-SubmitObjects}.xml", n: 2, version: "1.0", refused: true,
			kinds: []validator.Kind{validator.Answer, validator.Submission}, rules: []rule.ID{"OOTS-XSD-element-unexpected", "OOTS-XSD-element-missing"}},
		{name: "code lists of OASIS", files: "common-services/oasis/codelists/*.gc", n: 2, kinds: []validator.Kind{validator.CodeList}},
		{name: "a code list with a broken tag", files: "common-services/tdd-2023-04/codelists/EDMErrorCodes-CodeList.gc", n: 1, refused: true,
			kinds: []validator.Kind{""}, rules: []rule.ID{validator.RuleUnreadable}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			files := matching(t, tc.files, tc.not)
			if len(files) != tc.n {
				t.Errorf("%d documents, want %d", len(files), tc.n)
			}
			broken, kinds := map[rule.ID]bool{}, map[validator.Kind]bool{}
			for _, file := range files {
				b, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				r := validator.Validate(filepath.Base(file), b, validator.Options{})
				kinds[r.Kind] = true
				if !slices.Contains(tc.kinds, r.Kind) || r.Version != tc.version || r.Refuses() != tc.refused {
					t.Errorf("%s: %s as %s of %s: %v", r.Name, r.Verdict, r.Kind, r.Version, r.Findings)
				}
				for _, f := range r.Findings {
					broken[f.Rule] = true
				}
			}
			if len(kinds) != len(tc.kinds) {
				t.Errorf("kinds %v, want %v", kinds, tc.kinds)
			}
			for _, id := range tc.rules {
				if !broken[id] {
					t.Errorf("nothing breaks %s", id)
				}
			}
		})
	}
}

// matching lists files of the corpus by patterns that may have alternatives in braces, but those with a word.
func matching(t *testing.T, pattern, not string) []string {
	t.Helper()
	patterns := []string{pattern}
	if head, rest, ok := strings.Cut(pattern, "{"); ok {
		middle, tail, _ := strings.Cut(rest, "}")
		patterns = nil
		for m := range strings.SplitSeq(middle, ",") {
			patterns = append(patterns, head+m+tail)
		}
	}
	var files []string
	for _, p := range patterns {
		found, err := filepath.Glob(filepath.Join(corpus.Path(t, "."), p))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	return slices.DeleteFunc(files, func(f string) bool { return not != "" && strings.Contains(f, not) })
}
