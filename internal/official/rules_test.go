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

// specimens are valid messages of release lines, with what they are.
var specimens = []struct {
	line, files string
	kind        validator.Kind
	doc         rule.Document
}{
	{"2.0", "own/valid/req20-*.xml", validator.Request, rule.Request},
	{"2.0", "own/valid/resp20-*.xml", validator.Response, rule.Response},
	{"2.0", "own/valid/err20-*.xml", validator.Error, rule.ErrorResponse},
	{"2.0", "own/valid/hdr20-*.xml", validator.Header, rule.Header},
	{"1.2", "own/valid/req12-*.xml", validator.Request, rule.Request},
	{"1.2", "own/valid/resp12-*.xml", validator.Response, rule.Response},
	{"1.2", "own/valid/err12-*.xml", validator.Error, rule.ErrorResponse},
	{"1.2", "own/valid/hdr12-*.xml", validator.Header, rule.Header},
	{"1.0", "own/valid/resp10-*.xml", validator.Response, rule.Response},
	{"1.0", "tdd-1.0/examples/*-request.xml", validator.Request, rule.Request},
	{"1.0", "tdd-1.0/examples/*-response.xml", validator.Response, rule.Response},
}

// TestRules lets the XPath of the published rules judge our Go rules: on specimens of three release lines and on
// mutants of them whose structure is right, the same ids must be broken, but for what differs by decision.
func TestRules(t *testing.T) {
	t.Parallel()
	for line, least := range map[string]int{"2.0": 170, "1.2": 80, "1.0": 75} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			suite, ids := worked(t, line)
			x := comparison{suite: suite, ids: ids, agreeing: map[string]bool{}, explained: map[string]int{}}
			for _, s := range specimens {
				if s.line != line {
					continue
				}
				files, err := filepath.Glob(filepath.Join(corpus.Path(t, "edm"), s.files))
				if err != nil || len(files) == 0 {
					t.Fatalf("%s: %d files, %v", s.files, len(files), err)
				}
				for _, file := range files {
					x.file(t, file, line, s.kind, s.doc)
				}
			}
			for _, why := range slices.Sorted(maps.Keys(x.explained)) {
				t.Logf("%5d %s", x.explained[why], why)
			}
			t.Logf("%d rules translated; %d documents of right structure, %d with the same ids; %d rules were broken by both", len(ids), x.documents, x.same, len(x.agreeing))
			if !testing.Short() && len(x.agreeing) < least {
				t.Errorf("%d rules were broken by both", len(x.agreeing))
			}
		})
	}
}

// A comparison counts what both sides find in one release line.
type comparison struct {
	suite           *official.Suite
	ids             map[string]bool // of the rules that are translated
	documents, same int
	agreeing        map[string]bool
	explained       map[string]int
}

// file compares on one specimen and its mutants.
func (x *comparison) file(t *testing.T, name, line string, kind validator.Kind, document rule.Document) {
	t.Helper()
	mutants := 200
	if line != "2.0" {
		mutants = 500 // of fewer specimens
	}
	if testing.Short() {
		mutants = 20
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range append(judge.Mutants(t, text, mutants), judge.Mutant{Kind: "itself", XML: text}) {
		report := validator.Validate(name, m.XML, validator.Options{Kind: kind, Version: line})
		if slices.ContainsFunc(report.Findings, func(f rule.Finding) bool { return strings.HasPrefix(string(f.Rule), "OOTS-") }) {
			continue // the structure is wrong, and contexts do not match what they are about
		}
		opinion, err := x.suite.Judge(document, line, m.XML)
		if err != nil {
			t.Fatal(err)
		}
		if len(opinion.Errors) > 0 {
			t.Errorf("%s, %s: %+v", filepath.Base(name), m.What, opinion.Errors)
		}
		d := compareRules(report, opinion, x.ids)
		d.line = line
		if d.doc, err = xmltree.Parse(m.XML, xmltree.Limits{}); err != nil {
			t.Fatal(err)
		}
		x.documents++
		for id := range d.both {
			x.agreeing[id] = true
		}
		if len(d.ours)+len(d.theirs) == 0 {
			x.same++
		}
		for _, l := range d.unexplained(x.explained) {
			t.Errorf("%s, %s %s: %s", filepath.Base(name), m.Kind, m.What, l)
		}
	}
}

// A difference is what one side found on a document and the other did not, by id, with a place.
type difference struct {
	doc          *xmltree.Document
	line         string // of the release
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
