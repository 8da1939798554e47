package convert_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"oots/edm"
	"oots/edm/convert"
	"oots/edm/edmxml"
	"oots/internal/corpus"
	"oots/rule"
)

// lacks names messages of 1.0 that do not say what later lines demand, and the rule.
var lacks = map[string]string{"birth-request.xml": "R-EDM-REQ-C096"}

// TestCorpus converts real and reference messages that are valid in their own line into every line.
func TestCorpus(t *testing.T) {
	t.Parallel()
	n := 0
	for _, dir := range []string{"edm/own/valid", "edm/oots-france/reference-messages", "edm/tdd-1.0/examples"} {
		files, err := filepath.Glob(filepath.Join(corpus.Path(t, dir), "*.xml"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", dir, len(files), err)
		}
		for _, name := range files {
			b, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, _, err := edmxml.ParseRequest(b); err != nil {
				if _, _, _, err := edmxml.ParseResponse(b); err != nil {
					continue // a header, or a document of the evidence
				}
			}
			m, findings := parse(t, b)
			if rule.Refuses(findings) || rule.Refuses(m.check()) {
				continue
			}
			for _, v := range edm.Versions() {
				n++
				if want, short := lacks[filepath.Base(name)]; short && v != m.version() {
					_, losses := m.to(v)
					if !slices.ContainsFunc(losses, func(l convert.Loss) bool { return l.Kind == convert.Missing && strings.Contains(l.Why, want) }) {
						t.Errorf("%s to %s: %+v", name, v.Line(), losses)
					}
					continue
				}
				t.Run(filepath.Base(name)+" to "+v.Line(), func(t *testing.T) { hold(t, m, v) })
			}
		}
	}
	if n < 60 {
		t.Errorf("only %d conversions", n)
	}
	t.Logf("%d conversions", n)
}
