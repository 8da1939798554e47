package validator_test

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"

	"oots/edm"
	"oots/internal/corpus"
	"oots/internal/validator"
	"oots/rule"
)

// kinds translates the message column of the manifest.
var kinds = map[string]validator.Kind{"REQ": validator.Request, "RESP": validator.Response, "ERR": validator.Error, "EBMS": validator.Header}

// lenient are files that the manifest calls invalid and that we accept with a warning, unless the operator wants
// every rule as published.
var lenient = map[string]bool{"invalid/req-C126-gender-missing.xml": true}

// followers are FATAL rules that break together with the listed one, as the notes of the manifest say or because
// one fault shows twice.
var followers = map[string][]rule.ID{
	"invalid/req-C011-1.xml":                {"R-EDM-REQ-C012"},
	"invalid/req-C013-1.xml":                {"R-EDM-REQ-C074"},
	"invalid/req-C014-1.xml":                {"R-EDM-REQ-C074"},
	"invalid/req-C109-1.xml":                {"R-EDM-REQ-C108"},
	"invalid/resp-S020-provider-single.xml": {"R-EDM-RESP-C046"},
	"invalid/resp-S046-two-lists.xml":       {"R-EDM-RESP-S047"},
	"invalid/resp-S050-no-association.xml":  {"R-EDM-RESP-S060"},
	"invalid/resp-C011-1.xml":               {"R-EDM-RESP-C046"},
	"invalid/err-C014.xml":                  {"R-EDM-ERR-C015"},
}

// TestManifest judges every row, with the kind left to be detected and the line given: the verdict is that of the
// manifest, every rule listed fires and no other published rule of severity FATAL.
func TestManifest(t *testing.T) {
	t.Parallel()
	f, err := os.Open(corpus.Path(t, "edm/own/manifest.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 122 {
		t.Errorf("%d rows, want 121 and a head", len(rows))
	}
	for _, row := range rows[1:] {
		file, message, version, verdict, rules := row[0], row[1], row[2], row[3], row[4]
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			b := corpus.Read(t, "edm/own/"+file)
			r := validator.Validate(file, b, validator.Options{Version: version, Rules: &edm.Rules{Strict: lenient[file]}})
			if r.Kind != kinds[message] || r.Version != version {
				t.Errorf("read as %s of %s", r.Kind, r.Version)
			}
			if verdictOf(r) != verdict {
				t.Errorf("%s, want %s: %v", r.Verdict, verdict, r.Findings)
			}
			listed(t, r, strings.FieldsFunc(rules, func(c rune) bool { return c == ';' }), followers[file])
			if lenient[file] {
				if r := validator.Validate(file, b, validator.Options{Version: version}); r.Verdict != validator.Warned {
					t.Errorf("%s without being strict, want a warning", r.Verdict)
				}
			}
		})
	}
}

// verdictOf is the verdict as the manifest has it, which does not tell cautions from none.
func verdictOf(r validator.Report) string {
	if r.Verdict == validator.Cautioned {
		return string(validator.Valid)
	}
	return string(r.Verdict)
}

// listed compares the findings with the rules of a row.
func listed(t *testing.T, r validator.Report, rules []string, followers []rule.ID) {
	t.Helper()
	broken := map[rule.ID]bool{}
	for _, f := range r.Findings {
		broken[f.Rule] = true
		if f.Line == 0 || f.Path == "" || f.Want == "" {
			t.Errorf("finding without line, path or wish: %+v", f)
		}
		published := strings.HasPrefix(string(f.Rule), "R-")
		if published && f.Severity == rule.Fatal && !slices.Contains(rules, string(f.Rule)) && !slices.Contains(followers, f.Rule) {
			t.Errorf("also breaks %s", f)
		}
	}
	for _, id := range rules {
		if !broken[rule.ID(id)] {
			t.Errorf("%s did not fire: %v", id, r.Findings)
		}
	}
}

// TestAnnounced judges valid messages with nothing given: kind and line are those of the manifest.
func TestAnnounced(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]validator.Report{
		"req20-first.xml":                {Kind: validator.Request, Document: rule.Request, Version: "2.0"},
		"req12-lang.xml":                 {Kind: validator.Request, Document: rule.Request, Version: "1.2"},
		"resp20-package-translation.xml": {Kind: validator.Response, Document: rule.Response, Version: "2.0"},
		"resp10-flat.xml":                {Kind: validator.Response, Document: rule.Response, Version: "1.0"},
		"err20-0001.xml":                 {Kind: validator.Error, Document: rule.ErrorResponse, Version: "2.0"},
		"err12-preview-required.xml":     {Kind: validator.Error, Document: rule.ErrorResponse, Version: "1.2"},
		"hdr20-request.xml":              {Kind: validator.Header, Document: rule.Header, Version: "2.0"},
		"hdr12-request.xml":              {Kind: validator.Header, Document: rule.Header, Version: "1.2"},
	} {
		r := validator.Validate(file, corpus.Read(t, "edm/own/valid/"+file), validator.Options{})
		if r.Kind != want.Kind || r.Document != want.Document || r.Version != want.Version || r.Verdict == validator.Invalid {
			t.Errorf("%s: %+v", file, r)
		}
	}
}
