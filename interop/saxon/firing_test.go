package saxon

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"oots/internal/corpus"
	"oots/internal/judge"
	"oots/internal/judge/published"
	"oots/internal/official"
	"oots/rule"
	"oots/xml/xmltree"
)

// table is the rules of the table on one message in release line 2.0, a pattern each. How many rows are known is
// returned too.
func table(t testing.TB, message string) (s published.Schema, known int) {
	t.Helper()
	var rules []published.Rule
	for _, row := range published.Rows(t) {
		if row.Message != message || !row.In("2.0") || row.Test == "?" || strings.HasPrefix(row.ID, "PROSE") {
			continue
		}
		known++
		if r, ok := published.Translate(row, "2.0"); ok && !strings.Contains(r.Context, "[1]") {
			rules = append(rules, r)
		}
	}
	return published.OfRules(rules), known
}

// suite makes a folder of one file.
func suite(t testing.TB, s published.Schema) *official.Suite {
	t.Helper()
	out, err := official.Load(fstest.MapFS{"EDM-REQ.sch": &fstest.MapFile{Data: s.Schematron()}})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestFirings compares at which nodes which rules fire, on specimens and on mutants of them, however broken.
func TestFirings(t *testing.T) {
	j := start(t)
	mutants := 25
	if testing.Short() {
		mutants = 10
	}
	for _, tc := range []struct{ name, files string }{
		{"REQ", "edm/own/valid/req20-*.xml"}, {"RESP", "edm/own/valid/resp20-*.xml"}, {"ERR", "edm/own/valid/err20-*.xml"}, {"EBMS", "edm/own/valid/hdr20-*.xml"},
		{"features", "edm/own/valid/re*20-*.xml"},
	} {
		s := features()
		if tc.name != "features" {
			s, _ = table(t, tc.name)
		}
		walker := suite(t, s)
		sheet := j.file(t, tc.name+".xsl", s.XSLT())
		oneWalk := j.file(t, tc.name+"-one.xsl", s.OneWalk())
		files, err := filepath.Glob(filepath.Join(corpus.Path(t, "."), tc.files))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", tc.files, len(files), err)
		}
		documents, firings, errors, ids := 0, 0, 0, map[string]bool{}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for i, m := range append(judge.Mutants(t, text, mutants), judge.Mutant{Kind: "itself", XML: text}) {
				doc := j.file(t, "document.xml", m.XML)
				want := lines(j.ask(t, "fire", sheet, doc))
				got := walked(t, walker, m.XML)
				documents++
				firings += len(want)
				for _, line := range want {
					id, _, _ := strings.Cut(line, "\t")
					ids[id] = true
					if strings.HasPrefix(line, "error ") {
						errors++
					}
				}
				if d := differ(got, want); d != "" {
					t.Errorf("%s, %s %s: %s", filepath.Base(name), m.Kind, m.What, d)
				}
				if i%20 == 0 && tc.name != "features" { // the stylesheet of the benchmark does the same
					if d := differ(lines(j.ask(t, "fire", oneWalk, doc)), want); d != "" {
						t.Errorf("%s, %s: one walk: %s", filepath.Base(name), m.What, d)
					}
				}
			}
		}
		t.Logf("%s: %d rules, %d documents, %d firings of %d ids, %d of them errors", tc.name, len(s.Patterns), documents, firings, len(ids), errors)
		if firings < documents/10 {
			t.Errorf("%s: only %d firings", tc.name, firings)
		}
	}
}

// lines takes an answer of the judge apart, in order.
func lines(answer string) []string {
	out := strings.Split(strings.TrimSuffix(answer, "|"), "|")
	if answer == "" {
		out = nil
	}
	slices.Sort(out)
	return out
}

// walked gives the findings of the walker in the form of the judge.
func walked(t *testing.T, s *official.Suite, text []byte) []string {
	t.Helper()
	o, err := s.Judge(rule.Request, "2.0", text)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := xmltree.Parse(text, xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	at := map[string]string{"/": ""}
	number(at, doc.Root, "1")
	var out []string
	for _, f := range o.Findings {
		out = append(out, f.ID+"\t"+place(at, f.Path))
	}
	for _, e := range o.Errors {
		out = append(out, "error "+e.ID+"\t"+place(at, e.Path))
	}
	slices.Sort(out)
	return out
}

// number maps paths to the positions of elements among all siblings.
func number(at map[string]string, e *xmltree.Element, position string) {
	at[e.Path()] = position
	n := 0
	for c := range e.Elements() {
		n++
		number(at, c, fmt.Sprintf("%s/%d", position, n))
	}
}

func place(at map[string]string, path string) string {
	owner, last := path, ""
	if i := strings.LastIndex(path, "/@"); i >= 0 {
		owner, last = path[:i], path[i+1:]
		if _, local, ok := strings.Cut(last, ":"); ok {
			last = "@" + local
		}
	} else if p, ok := strings.CutSuffix(path, "/comment()"); ok {
		owner, last = p, "comment"
	}
	return strings.TrimPrefix(strings.TrimSuffix(at[owner]+"/"+last, "/"), "/")
}

// differ tells the first line that only one side has; "" when there is none.
func differ(got, want []string) string {
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			return "only Saxon: " + want[i]
		case i >= len(want):
			return "only the walker: " + got[i]
		case got[i] < want[i]:
			return "only the walker: " + got[i]
		case got[i] > want[i]:
			return "only Saxon: " + want[i]
		}
	}
	return ""
}
