package official_test

import (
	"fmt"
	"maps"
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
	"oots/internal/validator"
	"oots/rule"
	"oots/xml/xmltree"
)

// worked are the rules of the table as Schematron files, and their ids.
func worked(t testing.TB, line string) (*official.Suite, map[string]bool) {
	t.Helper()
	rules := map[string][]published.Rule{}
	ids := map[string]bool{}
	for _, row := range published.Rows(t) {
		if r, ok := published.Translate(row, line); ok && !strings.Contains(r.Context, "[1]") { // a position cannot be matched
			rules[row.Message] = append(rules[row.Message], r)
			ids[row.ID] = true
		}
	}
	files := fstest.MapFS{}
	for message, list := range rules {
		s := published.OfRules(list)
		files["EDM-"+message+".sch"] = &fstest.MapFile{Data: s.Schematron()}
	}
	suite, err := official.Load(files)
	if err != nil {
		t.Fatal(err)
	}
	return suite, ids
}

// pairs are the specimens of release line 2.0 with what they are.
var pairs = []struct {
	files string
	kind  validator.Kind
	doc   rule.Document
}{
	{"req20-*.xml", validator.Request, rule.Request},
	{"resp20-*.xml", validator.Response, rule.Response},
	{"err20-*.xml", validator.Error, rule.ErrorResponse},
	{"hdr20-*.xml", validator.Header, rule.Header},
}

// TestRules lets the XPath of the published rules judge our Go rules: on the specimens of release line 2.0 and on
// mutants of them whose structure is right, the same ids must be broken, but for what differs by decision.
func TestRules(t *testing.T) {
	t.Parallel()
	suite, ids := worked(t, "2.0")
	mutants := 200
	if testing.Short() {
		mutants = 20
	}
	documents, same, agreeing := 0, 0, map[string]bool{}
	explained := map[string]int{}
	for _, p := range pairs {
		files, err := filepath.Glob(filepath.Join(corpus.Path(t, "edm/own/valid"), p.files))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", p.files, len(files), err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range append(judge.Mutants(t, text, mutants), judge.Mutant{Kind: "itself", XML: text}) {
				report := validator.Validate(file, m.XML, validator.Options{Kind: p.kind, Version: "2.0"})
				if slices.ContainsFunc(report.Findings, func(f rule.Finding) bool { return strings.HasPrefix(string(f.Rule), "OOTS-") }) {
					continue // the structure is wrong, and contexts do not match what they are about
				}
				opinion, err := suite.Judge(p.doc, "2.0", m.XML)
				if err != nil {
					t.Fatal(err)
				}
				if len(opinion.Errors) > 0 {
					t.Errorf("%s, %s: %+v", filepath.Base(file), m.What, opinion.Errors)
				}
				documents++
				d := compareRules(report, opinion, ids)
				if d.doc, err = xmltree.Parse(m.XML, xmltree.Limits{}); err != nil {
					t.Fatal(err)
				}
				for id := range d.both {
					agreeing[id] = true
				}
				if len(d.ours)+len(d.theirs) == 0 {
					same++
				}
				for _, line := range d.unexplained(explained) {
					t.Errorf("%s, %s %s: %s", filepath.Base(file), m.Kind, m.What, line)
				}
			}
		}
	}
	for _, why := range slices.Sorted(maps.Keys(explained)) {
		t.Logf("%5d %s", explained[why], why)
	}
	t.Logf("%d rules translated; %d documents of right structure, %d with the same ids; %d rules were broken by both", len(ids), documents, same, len(agreeing))
	if len(ids) < 330 || !testing.Short() && len(agreeing) < 150 {
		t.Errorf("%d rules, %d broken by both", len(ids), len(agreeing))
	}
}

// A difference is what one side found on a document and the other did not, by id, with a place.
type difference struct {
	doc          *xmltree.Document
	both         map[string]bool
	ours, theirs map[string]string
	severity     map[string]string // of ours and theirs
	near         map[string]bool   // ids of ours that are fatal
}

func compareRules(r validator.Report, o official.Opinion, ids map[string]bool) difference {
	d := difference{both: map[string]bool{}, ours: map[string]string{}, theirs: map[string]string{}, severity: map[string]string{}, near: map[string]bool{}}
	for _, f := range r.Findings {
		id := string(f.Rule)
		if f.Severity == rule.Fatal {
			d.near[id] = true
		}
		if ids[id] {
			d.ours[id], d.severity[id] = f.Path, f.Severity.String()
		}
	}
	for _, f := range o.Findings {
		d.severity[f.ID] = f.Severity.String()
		if _, ok := d.ours[f.ID]; ok {
			d.both[f.ID] = true
		} else if !slices.Contains(optional, f.ID) {
			d.theirs[f.ID] = f.Path
		}
	}
	for id := range d.both {
		delete(d.ours, id)
	}
	return d
}

// unexplained lists what no decision explains, and counts the rest.
func (d *difference) unexplained(explained map[string]int) []string {
	var out []string
	for _, side := range []struct {
		name string
		ids  map[string]string
		why  func(*difference, string) string
	}{{"only the Go rules", d.ours, whyOurs}, {"only the XPath", d.theirs, whyTheirs}} {
		for _, id := range slices.Sorted(maps.Keys(side.ids)) {
			if why := side.why(d, id); why != "" {
				explained[why]++
				continue
			}
			out = append(out, fmt.Sprintf("%s: %s %s at %s", side.name, d.severity[id], id, side.ids[id]))
		}
	}
	return out
}
