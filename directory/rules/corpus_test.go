package rules_test

import (
	"os"
	"path/filepath"
	"testing"

	"oots/directory"
	"oots/directory/rules"
	"oots/internal/corpus"
	"oots/rule"
	"oots/xml/xmltree"
)

// TestCorpus judges documents that others made: the answers captured from the acceptance environment and
// the examples of the 1.0 line break nothing.
func TestCorpus(t *testing.T) {
	for _, tc := range []struct {
		dir     string
		version directory.Version
		want    map[rule.Document]int // files of each kind
	}{
		{"oots-france/responses", directory.V20, map[rule.Document]int{
			rule.Requirements: 2, rule.EvidenceTypes: 2, rule.BrokerFailure: 1, rule.DataServices: 1, rule.DirectoryError: 1}},
		{"tdd-2023-04/EB", directory.V10, map[rule.Document]int{rule.Requirements: 3, rule.EvidenceTypes: 3, rule.BrokerFailure: 3}},
		{"tdd-2023-04/DSD", directory.V10, map[rule.Document]int{rule.DataServices: 4, rule.DirectoryError: 6}},
		{"tdd-2023-04/LCM", directory.V10, map[rule.Document]int{
			rule.BrokerSubmit: 2, rule.DirectorySubmit: 2, rule.SubmitSuccess: 1, rule.SubmitFailure: 1}},
	} {
		t.Run(tc.dir, func(t *testing.T) {
			got := map[rule.Document]int{}
			for _, file := range files(t, tc.dir) {
				doc := parse(t, file)
				got[rules.Detect(doc)]++
				if v := rules.Version(doc); v != tc.version {
					t.Errorf("%s seems to be of %q", filepath.Base(file), v)
				}
				for _, f := range rules.CheckAnswer(doc, tc.version) {
					t.Errorf("%s: %s", filepath.Base(file), f)
				}
			}
			for d, n := range tc.want {
				if got[d] != n {
					t.Errorf("%d documents are %s, want %d", got[d], d, n)
				}
			}
		})
	}
}

// TestDrafts judges documents of 2022, before any release: their identifiers are no UUIDs, and that is what
// is found.
func TestDrafts(t *testing.T) {
	for file, want := range map[string]rule.ID{
		"EB/Response_for_Get_List_of_Requirements_Query.xml":          "R-EB-REQ-C001",
		"EB/Response_for_Get_Evidence_Type_for_Requirement_Query.xml": "R-EB-EVI-C001",
		"DSD/DSDQueryResponse.xml":                                    "R-DSD-RESP-C002",
		"LCM/LCM-EB-Bulk-SubmitObjects.xml":                           "R-EB-SUB-S043",
		"DSD/Regrep-DSD-exception_more_provider_attributes.xml":       "R-DSD-ERR-C025",
		"DSD/Regrep-DSD-dataservice_evidencetype.xml":                 "R-DSD-RESP-S015",
		"LCM/LCM-DSD-Bulk-SubmitObjects.xml":                          "R-DSD-SUB-S032",
	} {
		doc := parse(t, corpus.Path(t, "common-services/governikus/"+file))
		found := map[rule.ID]bool{}
		for _, f := range rules.CheckAnswer(doc, directory.V10) {
			found[f.Rule] = true
			if f.Line == 0 || f.Path == "" || f.Want == "" || len(f.Got) > 120 {
				t.Errorf("%s: %+v", file, f)
			}
		}
		if !found[want] {
			t.Errorf("%s (%s): %s does not fire, but %v", file, rules.Detect(doc), want, found)
		}
	}
}

func files(t *testing.T, dir string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(corpus.Path(t, "common-services/"+dir), "*.xml"))
	if err != nil || len(all) == 0 {
		t.Fatalf("%d files, %v", len(all), err)
	}
	return all
}

func parse(t *testing.T, file string) *xmltree.Document {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := xmltree.Parse(b, xmltree.Limits{Bytes: 1 << 24, Elements: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// BenchmarkCatalogue judges the whole catalogue of the acceptance environment, 619 kB.
func BenchmarkCatalogue(b *testing.B) {
	text := corpus.Read(b, "common-services/oots-france/responses/eb_requirements_catalogue.xml")
	doc, err := xmltree.Parse(text, xmltree.Limits{Bytes: 1 << 24, Elements: 1 << 20})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if fs := rules.CheckAnswer(doc, directory.V20); len(fs) > 0 {
			b.Fatal(fs)
		}
	}
}
