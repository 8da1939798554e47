package cross

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"oots/internal/corpus"
	"oots/internal/validator"
	"oots/rule"
)

// TestCorpus compares real messages with each other. Where they contradict each other they really do: most
// published examples were written one by one.
func TestCorpus(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		dir   string
		pairs int
		want  []rule.ID
	}{
		{"edm/oots-france/reference-messages", 6, nil},
		{"edm/governikus/birth-certificate", 1, nil},
		// Issued years before the requests; titles of the second document are another evidence type's.
		{"edm/governikus/secondary-education", 4, []rule.ID{"OOTS-X-REQ_ERR-05", "OOTS-X-REQ_RESP-05", "OOTS-X-REQ_RESP-13"}},
		// Headers older than their messages; one message id for a request and its answer; an error of another
		// exchange under the id of the birth request.
		{"edm/tdd-1.0/examples", 5, []rule.ID{"OOTS-X-EBMS-REQ_EBMS-ANS-08", "OOTS-X-EBMS_REQ-07", "OOTS-X-EBMS_RESP-07",
			"OOTS-X-REQ_ERR-03", "OOTS-X-REQ_ERR-04", "OOTS-X-REQ_ERR-05", "OOTS-X-REQ_ERR-06"}},
	} {
		files, err := filepath.Glob(filepath.Join(corpus.Path(t, tc.dir), "*.xml"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", tc.dir, len(files), err)
		}
		var docs []*Document
		for _, name := range files {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			r := validator.Validate(name, b, validator.Options{})
			if d, err := Read(name, r.Document, b); err == nil {
				docs = append(docs, d)
			}
		}
		result := Check(docs)
		var got []rule.ID
		for _, f := range findings(result, "") {
			got = append(got, f.Rule)
		}
		slices.Sort(got)
		if got = slices.Compact(got); !slices.Equal(got, tc.want) || len(result.Pairs) < tc.pairs {
			t.Errorf("%s: %d pairs, %v", tc.dir, len(result.Pairs), got)
		}
	}
}
