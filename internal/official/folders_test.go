package official_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"oots/internal/corpus"
	"oots/internal/official"
	"oots/rule"
)

// TestFolders judges the folders of the directories by the schemas that they come with: RegRep of OASIS, and the
// schema of the exchange 1.0.0 or its draft. The verdicts are those of the README of the corpus.
func TestFolders(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, schema, files string
		n                   int
		refused             []string // words in the names of documents that do not suit
	}{
		{"examples of 1.0", "tdd-2023-04/xsd", "tdd-2023-04/*/*.xml", 25, nil},
		{"answers of 2.0 have elements that 1.0.0 does not know", "tdd-2023-04/xsd", "oots-france/responses/*.xml", 7, []string{"catalogue", "_fi", "requirements_fr", "types_fr"}},
		{"drafts", "governikus/xsd", "governikus/*/*.xml", 0, []string{"Regrep-DSD-exception_more_provider_attributes", "DSD-LCM-Bulk-SubmitObjects"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			files := fstest.MapFS{}
			for _, dir := range []string{"oasis/regrep4", "oasis/xml", tc.schema} {
				found, err := filepath.Glob(filepath.Join(corpus.Path(t, "common-services"), dir, "*.xsd"))
				if err != nil || len(found) == 0 {
					t.Fatalf("%s: %d schemas, %v", dir, len(found), err)
				}
				for _, f := range found {
					files[dir+"/"+filepath.Base(f)] = &fstest.MapFile{Data: read(t, f)}
				}
			}
			suite, err := official.Load(files)
			if err != nil {
				t.Fatal(err)
			}
			documents, err := filepath.Glob(filepath.Join(corpus.Path(t, "common-services"), tc.files))
			if err != nil || len(documents) == 0 || tc.n > 0 && len(documents) != tc.n {
				t.Fatalf("%d documents, %v", len(documents), err)
			}
			for _, f := range documents {
				o, err := suite.Judge(rule.Requirements, "1.0", read(t, f))
				if err != nil {
					t.Fatalf("%s: %v", f, err)
				}
				refused := false
				for _, word := range tc.refused {
					refused = refused || strings.Contains(filepath.Base(f), word) && !strings.Contains(filepath.Base(f), "aucun")
				}
				if o.Refuses() != refused || !o.Schema {
					t.Errorf("%s: %+v", filepath.Base(f), o.Findings)
				}
			}
		})
	}
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
