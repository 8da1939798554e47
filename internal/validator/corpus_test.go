package validator_test

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"

	"oots/internal/corpus"
	"oots/internal/validator"
	"oots/rule"
)

// kinds translates the message column of the manifest.
var kinds = map[string]validator.Kind{"REQ": validator.Request, "RESP": validator.Response, "ERR": validator.Error, "EBMS": validator.Header}

// lenient are files that the manifest calls invalid and that we accept with a warning: nobody enforces the rule.
var lenient = map[string]rule.ID{"invalid/req-C126-gender-missing.xml": "R-EDM-REQ-C126"}

// TestManifest judges every row of release line 2.0, with the kind left to be detected and the line given, and
// of the other lines only that they are not claimed to be valid.
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
	judged, earlier := 0, 0
	for _, row := range rows[1:] {
		file, message, version, verdict, rules := row[0], row[1], row[2], row[3], row[4]
		r := validator.Validate(file, corpus.Read(t, "edm/own/"+file), validator.Options{Version: version})
		if r.Kind != kinds[message] || r.Version != version {
			t.Errorf("%s: read as %s of %s", file, r.Kind, r.Version)
		}
		if version != "2.0" {
			earlier++
			if len(r.Notes) == 0 || r.Verdict != validator.NotJudged && r.Verdict != validator.Invalid {
				t.Errorf("%s: %s, %q: claims more than was checked", file, r.Verdict, r.Notes)
			}
			continue
		}
		judged++
		broken := map[rule.ID]bool{}
		for _, f := range r.Findings {
			broken[f.Rule] = true
			if f.Line == 0 || f.Path == "" || f.Want == "" {
				t.Errorf("%s: finding without line, path or wish: %+v", file, f)
			}
		}
		for id := range strings.FieldsFuncSeq(rules, func(c rune) bool { return c == ';' }) {
			if !broken[rule.ID(id)] {
				t.Errorf("%s: %s did not fire: %v", file, id, r.Findings)
			}
		}
		want := []validator.Verdict{validator.Verdict(verdict)}
		if verdict == "valid" {
			want = append(want, validator.Cautioned)
		}
		if lenient[file] != "" {
			want = []validator.Verdict{validator.Warned}
		}
		if !slices.Contains(want, r.Verdict) {
			t.Errorf("%s: %s, want %s: %v", file, r.Verdict, want, r.Findings)
		}
	}
	if judged < 100 || earlier < 5 {
		t.Errorf("%d rows of 2.0 and %d of earlier lines", judged, earlier)
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
