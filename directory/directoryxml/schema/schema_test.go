package schema

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"oots/directory"
	"oots/edm"
	vocabulary "oots/edm/edmxml/schema"
	"oots/internal/corpus"
	regrep "oots/regrep/schema"
	"oots/rule"
	"oots/xml/model"
	"oots/xml/xmltree"
)

func parse(t testing.TB, b []byte) *xmltree.Document {
	t.Helper()
	doc, err := xmltree.Parse(b, xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// kindOf tells the kind by the document element; "" if it is none of ours.
func kindOf(doc *xmltree.Document) Kind {
	switch doc.Root.Name {
	case regrep.QueryResponse():
		return Answer
	case regrep.SubmitObjectsRequest():
		return Submission
	case regrep.RegistryResponse():
		return Acknowledgement
	}
	return ""
}

// TestCompiles holds that the tables of every version are sound.
func TestCompiles(t *testing.T) {
	t.Parallel()
	for _, v := range []edm.Version{edm.V10, edm.V11, edm.V12, edm.V20} {
		if _, err := model.Compile(append(regrep.Tables(), vocabulary.Vocabulary(v))...); err != nil {
			t.Errorf("%s: %v", v, err)
		}
	}
}

// TestCorpus holds the verdict on every answer and submission of the corpus in its version.
func TestCorpus(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		dir     string
		version directory.Version
		least   int
		invalid []string // names of those that are not valid
	}{
		{"common-services/tdd-2023-04", directory.V10, 24, nil},
		{"common-services/oots-france/responses", directory.V20, 7, nil},
		// drafts of 2022, older than 1.0
		{"common-services/governikus", "", 8, []string{"Regrep-DSD-exception_more_provider_attributes.xml", "DSD-LCM-Bulk-SubmitObjects.xml"}},
	} {
		t.Run(tc.dir, func(t *testing.T) {
			t.Parallel()
			seen := 0
			var invalid []string
			err := filepath.WalkDir(corpus.Path(t, tc.dir), func(path string, d os.DirEntry, err error) error {
				if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" {
					return err
				}
				b, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				doc, err := xmltree.Parse(b, xmltree.Limits{})
				if err != nil || kindOf(doc) == "" {
					return nil
				}
				seen++
				if fs := Check(doc, kindOf(doc), tc.version); len(fs) > 0 {
					invalid = append(invalid, d.Name())
					if len(tc.invalid) == 0 {
						t.Errorf("%s: %v", path, fs)
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if seen < tc.least || strings.Join(invalid, " ") != strings.Join(tc.invalid, " ") {
				t.Errorf("%d documents, invalid: %v, want %v", seen, invalid, tc.invalid)
			}
		})
	}
}

// TestOurWriters holds that the golden answers of our directories have the structure of their release line.
func TestOurWriters(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../query/testdata/*.xml")
	if err != nil || len(files) != 16 {
		t.Fatal(files, err)
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		line := name[strings.LastIndexByte(name, '-')+1 : len(name)-len(".xml")]
		if fs := Check(parse(t, b), Answer, directory.Version("oots-cs:"+line)); len(fs) > 0 {
			t.Errorf("%s: %v", name, fs)
		}
	}
}

// TestVersions holds what one version takes and another does not.
func TestVersions(t *testing.T) {
	t.Parallel()
	answer := func(record string) string {
		return `<query:QueryResponse xmlns:query="urn:oasis:names:tc:ebxml-regrep:xsd:query:4.0" xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:4.0"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://data.europa.eu/p4s" status="s"><rim:RegistryObjectList><rim:RegistryObject id="i">
 <rim:Slot name="n"><rim:SlotValue xsi:type="rim:AnyValueType">` + record + `</rim:SlotValue></rim:Slot></rim:RegistryObject></rim:RegistryObjectList></query:QueryResponse>`
	}
	const text = `<Identifier>i</Identifier><Name lang="EN">n</Name>`
	publisher := func(more string) string {
		return `<Publisher>` + text + `<Address><AdminUnitLevel1>AT</AdminUnitLevel1></Address><Jurisdiction><AdminUnitLevel1>AT</AdminUnitLevel1></Jurisdiction>` + more + `</Publisher>`
	}
	const concept = `<ClassificationConcept><Identifier>c</Identifier></ClassificationConcept>`
	all := []directory.Version{directory.V10, directory.V11, directory.V12, directory.V20}
	for _, tc := range []struct {
		name, record string
		valid        string // one letter for each version: y or n
	}{
		{"plain", `<Requirement>` + text + `</Requirement>`, "yyyy"},
		{"description of a requirement", `<Requirement>` + text + `<Description lang="EN">d</Description></Requirement>`, "nyyy"},
		{"levels of a jurisdiction", `<Jurisdiction><AdminUnitLevel1>AT</AdminUnitLevel1><AdminUnitLevel2>AT1</AdminUnitLevel2></Jurisdiction>`, "yyyn"},
		{"additional classification", `<Jurisdiction><AdminUnitLevel1>AT</AdminUnitLevel1><AdditionalJurisdictionClassification listID="l">1</AdditionalJurisdictionClassification></Jurisdiction>`, "nnny"},
		{"no match", `<EvidenceTypeList><Identifier>i</Identifier><MatchType>NoMatch</MatchType><MatchDescription lang="EN">m</MatchDescription></EvidenceTypeList>`, "nnny"},
		{"two versions of the exchange", `<AccessService><Identifier>i</Identifier><ConformsTo>a</ConformsTo><ConformsTo>b</ConformsTo>` + publisher("") + `</AccessService>`, "nnyy"},
		{"name of an access service", `<AccessService>` + text + `<ConformsTo>a</ConformsTo>` + publisher("") + `</AccessService>`, "nyyy"},
		{"access service without publisher", `<AccessService><Identifier>i</Identifier><ConformsTo>a</ConformsTo></AccessService>`, "nyyy"},
		{"concepts of a publisher", `<AccessService><Identifier>i</Identifier><ConformsTo>a</ConformsTo>` + publisher(concept) + `</AccessService>`, "yynn"},
		{"language of a distribution", `<DataServiceEvidenceType><Identifier>i</Identifier><EvidenceTypeClassification>e</EvidenceTypeClassification><Title>t</Title>
 <DistributedAs><Format>f</Format><Language>EN</Language></DistributedAs></DataServiceEvidenceType>`, "nnny"},
		{"transformation", `<DataServiceEvidenceType><Identifier>i</Identifier><EvidenceTypeClassification>e</EvidenceTypeClassification><Title>t</Title>
 <DistributedAs><Format>f</Format><Transformation>urn:t</Transformation></DistributedAs></DataServiceEvidenceType>`, "yyyn"},
		{"record without identifier", `<DataServiceEvidenceType><EvidenceTypeClassification>e</EvidenceTypeClassification><Title>t</Title>
 <DistributedAs><Format>f</Format></DistributedAs></DataServiceEvidenceType>`, "nnyy"},
		{"note", `<DataServiceEvidenceType><Identifier>i</Identifier><EvidenceTypeClassification>e</EvidenceTypeClassification><Title>t</Title>
 <DistributedAs><Format>f</Format></DistributedAs><Note lang="EN">n</Note></DataServiceEvidenceType>`, "nyyy"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			doc := parse(t, []byte(answer(tc.record)))
			for i, v := range all {
				if fs := Check(doc, Answer, v); (len(fs) == 0) != (tc.valid[i] == 'y') {
					t.Errorf("%s: %v", v, fs)
				}
			}
		})
	}
}

// TestKind holds that a document of another kind is refused with one finding.
func TestKind(t *testing.T) {
	t.Parallel()
	doc := parse(t, corpus.Read(t, "common-services/oots-france/responses/eb_requirements_vides.xml"))
	if fs := Check(doc, Submission, directory.V20); len(fs) != 1 || fs[0].Rule != model.RootUnexpected || fs[0].Want != "lcm:SubmitObjectsRequest" {
		t.Errorf("%v", fs)
	}
	if fs := Check(doc, Acknowledgement, "oots-cs:v9.9"); rule.First(fs).Rule != model.RootUnexpected {
		t.Errorf("%v", fs)
	}
	if fs := Check(doc, Answer, "oots-cs:v9.9"); len(fs) != 0 {
		t.Errorf("%v", fs)
	}
}

// BenchmarkCatalogue checks the largest answer there is, 619 kB.
func BenchmarkCatalogue(b *testing.B) {
	text := corpus.Read(b, "common-services/oots-france/responses/eb_requirements_catalogue.xml")
	doc, s := parse(b, text), Of(Answer, directory.V20)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if fs := s.Check(doc); len(fs) != 0 {
			b.Fatal(fs)
		}
	}
}

// BenchmarkParseCatalogue is the yardstick: reading the same answer.
func BenchmarkParseCatalogue(b *testing.B) {
	text := corpus.Read(b, "common-services/oots-france/responses/eb_requirements_catalogue.xml")
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		parse(b, text)
	}
}
