package rules_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"oots/codelist"
	"oots/directory"
	"oots/directory/rules"
	"oots/regrep"
	"oots/rule"
	"oots/xml/xmltree"
)

func read(t testing.TB, text string) *xmltree.Document {
	t.Helper()
	doc, err := xmltree.Parse([]byte(text), xmltree.Limits{Bytes: 1 << 24, Elements: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestRoot holds that a foreign root is one finding, not dozens, and belongs to no kind.
func TestRoot(t *testing.T) {
	t.Parallel()
	doc := read(t, `<QueryResponse/>`)
	if d := rules.Detect(doc); d != "" {
		t.Errorf("seems to be %q", d)
	}
	if fs := rules.CheckAnswer(doc, directory.V20); fs != nil {
		t.Errorf("judged what it does not know: %v", fs)
	}
	fs := rules.Check(doc, rule.DataServices, directory.V20)
	if len(fs) != 1 || fs[0].Rule != "R-DSD-RESP-S002" || fs[0].Line != 1 {
		t.Errorf("findings %v", fs)
	}
	if fs := rules.Check(doc, rule.Request, directory.V20); fs != nil {
		t.Errorf("judged an evidence request: %v", fs)
	}
}

// TestEmptyVersion holds that no version is the 1.0 shape, and an unknown one the newest.
func TestEmptyVersion(t *testing.T) {
	t.Parallel()
	for version, want := range map[directory.Version]bool{"": false, directory.V10: false, directory.V20: true, "oots-cs:v9.9": true} {
		doc := open(t, "dsd-resp-1")
		got := false
		for _, f := range rules.Check(doc, rule.DataServices, version) {
			got = got || f.Rule == "R-DSD-RESP-C003" // the host of 1.0
		}
		if got != want {
			t.Errorf("version %q: refused %v, want %v", version, got, want)
		}
	}
}

// TestLists holds that the code lists in force decide.
func TestLists(t *testing.T) {
	t.Parallel()
	var builtIn *codelist.Set
	judge := rules.Judge{Lists: builtIn.With(codelist.Edition{List: codelist.Procedures, Version: "next", Rows: []codelist.Row{{Code: "Z1"}}})}
	fs := judge.Check(open(t, "eb-req-2.0"), rule.Requirements, directory.V20)
	if len(fs) != 1 || fs[0].Rule != "R-EB-REQ-C012" || fs[0].Got != "V1" {
		t.Errorf("findings %v", fs)
	}
}

// TestOurAnswers judges what package query writes, in every release line.
func TestOurAnswers(t *testing.T) {
	t.Parallel()
	for _, line := range []string{"v1.0", "v1.1", "v1.2", "v2.0"} {
		for kind, want := range map[string]rule.Document{
			"evidence-types": rule.EvidenceTypes, "data-services": rule.DataServices,
			"question": rule.DirectoryError, "refusal": rule.BrokerFailure,
		} {
			file := kind + "-" + line
			doc := open(t, "../../query/testdata/"+file)
			if d := rules.Detect(doc); d != want {
				t.Errorf("%s seems to be %q", file, d)
			}
			if v := rules.Version(doc); v != directory.Version("oots-cs:"+line) {
				t.Errorf("%s seems to be of %s", file, v)
			}
			for _, f := range rules.CheckAnswer(doc, directory.Version("oots-cs:"+line)) {
				t.Errorf("%s: %s", file, f)
			}
		}
	}
}

// TestFlood holds that what a hostile document can make us keep is bounded.
func TestFlood(t *testing.T) {
	t.Parallel()
	text := `<query:QueryResponse xmlns:query="` + regrep.NamespaceQuery + `" xmlns:rim="` + regrep.NamespaceRIM + `" status="` +
		regrep.StatusSuccess + `"><rim:RegistryObjectList>` + strings.Repeat(`<rim:RegistryObject id="`+strings.Repeat("x", 200)+`"/>`, 20000) +
		`</rim:RegistryObjectList></query:QueryResponse>`
	fs := rules.CheckAnswer(read(t, text), directory.V20)
	if len(fs) == 0 || len(fs) > regrep.MaxFindings {
		t.Errorf("%d findings", len(fs))
	}
	for _, f := range fs {
		if len(f.Got) > 120 {
			t.Fatalf("a finding shows %d bytes", len(f.Got))
		}
	}
}

// TestWideRecord holds that the work grows with the document and not with its square.
func TestWideRecord(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(filepath.Join("testdata", "dsd-resp-2.0.xml"))
	if err != nil {
		t.Fatal(err)
	}
	form := "<sdg:DistributedAs><sdg:Format>application/xml</sdg:Format></sdg:DistributedAs>"
	text := strings.Replace(string(b), "<sdg:DistributedAs>", strings.Repeat(form, 100_000)+"<sdg:DistributedAs>", 1)
	if fs := rules.CheckAnswer(read(t, text), directory.V20); fs != nil { // the PDF of the record waives them
		t.Errorf("%d findings, first %v", len(fs), fs[0])
	}
}

// TestRequirementOutside holds that a submission may name a requirement that the broker has already.
func TestRequirementOutside(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(filepath.Join("testdata", "eb-sub-1.xml"))
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	at := strings.Index(text, `<rim:Slot name="Requirement">`)
	from := strings.LastIndex(text[:at], "<rim:RegistryObject ")
	to := at + strings.Index(text[at:], "</rim:RegistryObject>") + len("</rim:RegistryObject>")
	fs := rules.CheckSubmission(read(t, text[:from]+text[to:]), directory.V10)
	if len(fs) != 1 || fs[0].Rule != "R-EB-SUB-S046" || fs[0].Severity != rule.Warning {
		t.Errorf("findings %v, want one warning", fs)
	}
}

// TestPrefixes holds that names are compared, not prefixes.
func TestPrefixes(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(filepath.Join("testdata", "eb-sub-1.xml"))
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer("rim:", "ns3:", ":rim=", ":ns3=", "sdg:", "p4s:", ":sdg=", ":p4s=").Replace(string(b))
	text = strings.ReplaceAll(text, "xsd:ns3:4.0", "xsd:rim:4.0")
	if fs := rules.CheckSubmission(read(t, text), directory.V10); fs != nil {
		t.Errorf("findings %v", fs)
	}
}

func FuzzCheck(f *testing.F) {
	for _, s := range specimens() {
		b, err := os.ReadFile(filepath.Join("testdata", s.file+".xml"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		doc, err := xmltree.Parse(b, xmltree.Limits{})
		if err != nil {
			return
		}
		for _, d := range rule.Documents() {
			for _, v := range []directory.Version{directory.V10, directory.V11, directory.V12, directory.V20} {
				for _, finding := range rules.Check(doc, d, v) {
					if row, ok := rule.LookupIn(finding.Rule, strings.TrimPrefix(string(v), "oots-cs:v")); !ok || row.State != rule.Checked {
						t.Fatalf("%s fires in %s, where it is not checked", finding.Rule, v)
					}
				}
			}
		}
	})
}
