package rules_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"oots/directory"
	"oots/directory/rules"
	"oots/internal/mutation"
	"oots/regrep"
	"oots/rule"
	"oots/xml/xmltree"
)

var update = flag.Bool("update", false, "write testdata/cases.tsv anew")

// A specimen is a document that breaks no rule, in the release lines whose shape it has.
type specimen struct {
	file     string
	document rule.Document
	versions string
}

func specimens() []specimen {
	return []specimen{
		{"eb-req-1", rule.Requirements, "1.0 1.1 1.2"},
		{"eb-req-2.0", rule.Requirements, "2.0"},
		{"eb-evi-1", rule.EvidenceTypes, "1.0 1.1 1.2"},
		{"eb-evi-2.0", rule.EvidenceTypes, "2.0"},
		{"eb-err", rule.BrokerFailure, "1.0 1.1 1.2 2.0"},
		{"dsd-resp-1", rule.DataServices, "1.0 1.1"},
		{"dsd-resp-1.2", rule.DataServices, "1.2"},
		{"dsd-resp-2.0", rule.DataServices, "2.0"},
		{"dsd-err-refusal", rule.DirectoryError, "1.0 1.1 1.2 2.0"},
		{"dsd-err-question-1", rule.DirectoryError, "1.0 1.1 1.2"},
		{"dsd-err-territory-1", rule.DirectoryError, "1.0 1.1 1.2"},
		{"dsd-err-question-2.0", rule.DirectoryError, "2.0"},
		{"eb-sub-1", rule.BrokerSubmit, "1.0 1.1 1.2"},
		{"eb-sub-2.0", rule.BrokerSubmit, "2.0"},
		{"dsd-sub-1.0", rule.DirectorySubmit, "1.0"},
		{"dsd-sub-1.1", rule.DirectorySubmit, "1.1 1.2"},
		{"dsd-sub-2.0", rule.DirectorySubmit, "2.0"},
		{"lcm-suc", rule.SubmitSuccess, "1.0 1.1 1.2 2.0"},
		{"lcm-err", rule.SubmitFailure, "1.0 1.1 1.2 2.0"},
	}
}

func open(t *testing.T, file string) *xmltree.Document {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", file+".xml"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := xmltree.Parse(b, xmltree.Limits{})
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return doc
}

// vocabulary is what the edits of a specimen put in: wrong values of each kind, and elements that belong
// elsewhere.
func vocabulary(doc *xmltree.Document) mutation.Vocabulary {
	v := mutation.Vocabulary{
		Values: []string{"x", "en", "GR", "application/pdf", "rim:StringValueType", "DSD:ERR:0005",
			"urn:oasis:names:tc:ebxml-regrep:AssociationType:RelatedTo", regrep.SeverityWarning},
		Elements: []xmltree.Name{
			{Space: regrep.NamespaceRS, Local: "Exception"}, {Space: regrep.NamespaceRIM, Local: "RegistryObjectList"},
			{Space: regrep.NamespaceRIM, Local: "Slot"}, {Space: regrep.NamespaceSDG, Local: "EvidenceTypeList"},
			{Space: regrep.NamespaceSDG, Local: "EvidenceType"}, {Space: regrep.NamespaceSDG, Local: "Distribution"},
			{Space: regrep.NamespaceSDG, Local: "SupportedValue"}, {Space: regrep.NamespaceSDG, Local: "ConformsTo"},
			{Space: regrep.NamespaceSDG, Local: "AccessService"},
		},
	}
	// The ids of a submission stand for each other: an association that names the wrong object.
	for o := range doc.Root.First(regrep.NamespaceRIM, "RegistryObjectList").Elements() {
		if id, ok := o.Attr("", "id"); ok && doc.Root.Is(regrep.NamespaceLCM, "SubmitObjectsRequest") {
			v.Values = append(v.Values, id)
		}
	}
	return v
}

// breaches finds a single edit for every rule that the specimen can break in a release line.
func breaches(doc *xmltree.Document, d rule.Document, version string) map[rule.ID]mutation.Edit {
	found := map[rule.ID]mutation.Edit{}
	check := func(e mutation.Edit) {
		for _, f := range rules.Check(doc, d, directory.Version("oots-cs:v"+version)) {
			if _, seen := found[f.Rule]; !seen {
				found[f.Rule] = e
			}
		}
	}
	for e := range mutation.Edits(doc, vocabulary(doc)) {
		check(e)
	}
	space := doc.Root.Name.Space
	doc.Root.Name.Space = "urn:x"
	check(mutation.Edit{What: "move the root to another namespace", Line: doc.Root.Line})
	doc.Root.Name.Space = space
	return found
}

// TestCases breaks every rule that the catalogue calls checked by one edit of a specimen that breaks none,
// in every release line, and compares the edits with testdata/cases.tsv. No other rule may fire. Rules on the
// state of the directories are not among them.
func TestCases(t *testing.T) {
	cases := map[[2]string]string{}
	for _, s := range specimens() {
		for version := range strings.FieldsSeq(s.versions) {
			doc := open(t, s.file)
			if got := rules.Detect(doc); got != s.document {
				t.Errorf("%s seems to be %q", s.file, got)
			}
			if line := strings.TrimPrefix(string(rules.Version(doc)), "oots-cs:v"); !strings.Contains(s.versions, line) {
				t.Errorf("%s seems to be of %q", s.file, line)
			}
			for _, f := range rules.Check(doc, s.document, directory.Version("oots-cs:v"+version)) {
				t.Errorf("%s breaks in %s: %s", s.file, version, f)
			}
			for id, e := range breaches(doc, s.document, version) {
				row, ok := rule.LookupIn(id, version)
				if !ok || row.Document != s.document || row.State != rule.Checked {
					t.Errorf("%s fires in %s on %s, where the catalogue does not have it", id, version, s.file)
				}
				if key := [2]string{version, string(id)}; cases[key] == "" {
					cases[key] = fmt.Sprintf("%s\t%s\t%s.xml:%d\t%s", version, id, s.file, e.Line, e.What)
				}
			}
		}
	}
	lines := []string{}
	for _, d := range rule.Documents() {
		for _, version := range []string{"1.0", "1.1", "1.2", "2.0"} {
			for _, r := range rule.Rows(d, version) {
				line, fired := cases[[2]string{version, string(r.ID)}]
				if d.CommonServices() && r.State == rule.Checked && !fired && !stateful(r.ID) {
					t.Errorf("no edit breaks %s in %s", r.ID, version)
				}
				if fired {
					lines = append(lines, line)
				}
			}
		}
	}
	compare(t, lines)
}

// stateful reports whether a rule judges a submission beside what is in force, which no document shows: a test of
// internal/lifecycle breaks those in every release line.
func stateful(id rule.ID) bool { return strings.HasPrefix(string(id), "OOTS-LCM-") }

func compare(t *testing.T, lines []string) {
	t.Helper()
	const file = "testdata/cases.tsv"
	got := "# One edit that breaks a rule: release line, rule, specimen and line, edit.\n" + strings.Join(lines, "\n") + "\n"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		old := strings.Split(string(want), "\n")
		for _, l := range strings.Split(got, "\n") {
			if !slices.Contains(old, l) {
				t.Errorf("not in %s, rerun with -update: %s", file, l)
			}
		}
		if len(old) != len(lines)+2 {
			t.Errorf("%s has %d lines, now there are %d", file, len(old), len(lines)+2)
		}
	}
}
