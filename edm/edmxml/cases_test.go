package edmxml_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"oots/edm"
	"oots/rule"
)

// TestCases holds that each rule that the catalogue calls checked in a release line has a document that breaks it,
// one edit away from a golden message of that line, which breaks nothing. The severity is the one that is published
// for the line, unless we soften it. testdata/cases.tsv keeps what was found, for the conformance page.
func TestCases(t *testing.T) {
	var b bytes.Buffer
	b.WriteString("# A rule that one edit of a golden message breaks: release line, rule, message.\n")
	for _, v := range edm.Versions() {
		for _, d := range []rule.Document{rule.Request, rule.Response, rule.ErrorResponse} {
			for _, row := range rule.Rows(d, v.Line()) {
				golden, severity := broken(t, row.ID, v)
				published := strings.HasPrefix(string(row.ID), "R-")
				_, soft := edm.Softened(row.ID)
				switch {
				case modelOnly(row.ID, v):
				case golden == "" && published && row.State == rule.Checked:
					t.Errorf("%s in %s: no edit breaks it", row.ID, v.Line())
				case golden != "" && row.State != rule.Checked:
					t.Errorf("%s in %s is %s, and %s breaks it", row.ID, v.Line(), row.State, golden)
				case golden != "" && published && severity != row.Severity && !(soft && severity == rule.Warning):
					t.Errorf("%s in %s: reported as %s, published as %s", row.ID, v.Line(), severity, row.Severity)
				}
				if golden != "" {
					fmt.Fprintf(&b, "%s\t%s\t%s\n", v.Line(), row.ID, golden)
				}
			}
		}
	}
	const file = "testdata/cases.tsv"
	if *update {
		if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if want, err := os.ReadFile(file); err != nil || !bytes.Equal(want, b.Bytes()) {
		t.Errorf("%s is stale: run the test with -update (%v)", file, err)
	}
}

// modelOnly reports whether a rule is judged on our own messages only; package edm tests it.
func modelOnly(id rule.ID, v edm.Version) bool { return id == "R-EDM-RESP-C050" && v == edm.V20 }

// broken looks for an edit that breaks the rule in a line, and gives the message and the severity.
func broken(t *testing.T, id rule.ID, v edm.Version) (golden string, severity rule.Severity) {
	t.Helper()
	for _, m := range mutantsIn(v) {
		if m.id != id {
			continue
		}
		name := goldenIn(m.golden, v)
		b, err := os.ReadFile(filepath.Join("testdata", name+".xml"))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		_, findings, err := read([]byte(m.edit(string(b))))
		if err != nil {
			t.Fatal(err)
		}
		if severity, ok := fired(findings)[id]; ok {
			return name, severity
		}
	}
	return "", 0
}

// goldenIn is the name of a golden message of 2.0 in another line.
func goldenIn(name string, v edm.Version) string {
	if v == edm.V20 {
		return name
	}
	return strings.Replace(name, "-", strings.ReplaceAll(v.Line(), ".", "")+"-", 1)
}

// mutantsIn returns the mutants of a line, before them its own: those of 2.0 are tried in every line.
func mutantsIn(v edm.Version) []mutant {
	var all []mutant
	for _, m := range slices.Concat(earlierRequestMutants(), earlierAnswerMutants()) {
		if slices.Contains(m.in, v) {
			all = append(all, m.mutant)
		}
	}
	return slices.Concat(all, requestMutants(), subjectMutants(), responseMutants(), packageMutants(), errorMutants())
}
