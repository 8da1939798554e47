package schema

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"oots/edm"
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

// TestCompiles holds that the tables of every line are sound.
func TestCompiles(t *testing.T) {
	t.Parallel()
	for _, v := range []edm.Version{edm.V10, edm.V11, edm.V12, edm.V20} {
		if _, err := model.Compile(append(regrep.Tables(), Vocabulary(v))...); err != nil {
			t.Errorf("%s: %v", v, err)
		}
	}
}

// TestManifest holds that of the messages written for this project only those break the structure that are made
// to, and how.
func TestManifest(t *testing.T) {
	t.Parallel()
	broken := map[string]string{
		"invalid/req-C002-1.xml":               "value-type",
		"invalid/req-C032-no-distribution.xml": "element-missing",
		"invalid/req-C043-1.xml":               "value-type",
		"invalid/req-S003-no-id.xml":           "attribute-missing",
		"invalid/resp-S046-two-lists.xml":      "element-unexpected",
	}
	f, err := os.Open(corpus.Path(t, "edm/own/manifest.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[string]Kind{"REQ": Request, "RESP": Response, "ERR": Error}
	seen := 0
	for _, row := range rows[1:] {
		kind, ok := kinds[row[1]]
		if !ok {
			continue // a header
		}
		seen++
		fs := Check(parse(t, corpus.Read(t, "edm/own/"+row[0])), kind, edm.Version("oots-edm:v"+row[2]))
		var got []string
		for _, f := range fs {
			got = append(got, strings.TrimPrefix(string(f.Rule), "OOTS-XSD-"))
		}
		if s := strings.Join(got, " "); s != broken[row[0]] {
			t.Errorf("%s: %v", row[0], fs)
		}
	}
	if seen < 100 {
		t.Errorf("%d messages", seen)
	}
}

// TestCorpus holds that messages of others are valid in their line.
func TestCorpus(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		dir     string
		version edm.Version
		least   int
	}{
		{"edm/oots-france/reference-messages", edm.V20, 7},
		{"edm/tdd-1.0/examples", edm.V10, 5},
		{"edm/governikus", edm.V10, 6},
	} {
		t.Run(tc.dir, func(t *testing.T) {
			t.Parallel()
			seen := 0
			err := filepath.WalkDir(corpus.Path(t, tc.dir), func(path string, d os.DirEntry, err error) error {
				if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" {
					return err
				}
				b, err := os.ReadFile(path)
				if err != nil {
					return err
				}
				doc, err := xmltree.Parse(b, xmltree.Limits{})
				if err != nil {
					return nil
				}
				kind := Response
				switch doc.Root.Name {
				case regrep.QueryRequest():
					kind = Request
				case regrep.QueryResponse():
				default:
					return nil
				}
				seen++
				if fs := Check(doc, kind, tc.version); len(fs) > 0 {
					t.Errorf("%s: %v", path, fs)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if seen < tc.least {
				t.Errorf("%d messages", seen)
			}
		})
	}
}

// TestOurWriters holds that the golden messages of our writers have the structure of their line.
func TestOurWriters(t *testing.T) {
	t.Parallel()
	announced := regexp.MustCompile(`>(oots-edm:v[0-9.]+)<`)
	seen := 0
	err := filepath.WalkDir("../testdata", func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		doc, version := parse(t, b), announced.FindSubmatch(b)
		if version == nil {
			t.Errorf("%s announces no version", path)
			return nil
		}
		kind := Response
		if doc.Root.Name == regrep.QueryRequest() {
			kind = Request
		}
		seen++
		if fs := Check(doc, kind, edm.Version(version[1])); len(fs) > 0 {
			t.Errorf("%s: %v", path, fs)
		}
		return nil
	})
	if err != nil || seen == 0 {
		t.Fatal(seen, err)
	}
}

// TestVersions holds what one line takes and another does not.
func TestVersions(t *testing.T) {
	t.Parallel()
	message := func(content string) string {
		return `<query:QueryResponse xmlns:query="urn:oasis:names:tc:ebxml-regrep:xsd:query:4.0" xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:4.0"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns="http://data.europa.eu/p4s" status="s">
 <rim:Slot name="n"><rim:SlotValue xsi:type="rim:AnyValueType">` + content + `</rim:SlotValue></rim:Slot></query:QueryResponse>`
	}
	person := func(more string) string {
		return `<Person><FamilyName>f</FamilyName><GivenName>g</GivenName><DateOfBirth>2000-01-01</DateOfBirth>` + more + `</Person>`
	}
	request := func(distribution string) string {
		return `<DataServiceEvidenceType><Identifier>i</Identifier><EvidenceTypeClassification>e</EvidenceTypeClassification><Title>t</Title>` + distribution + `</DataServiceEvidenceType>`
	}
	const attribute = `<SectorSpecificAttribute><AttributeName>n</AttributeName><AttributeURI>urn:u</AttributeURI><AttributeValue>v</AttributeValue></SectorSpecificAttribute>`
	all := []edm.Version{edm.V10, edm.V11, edm.V12, edm.V20}
	for _, tc := range []struct {
		name, content string
		valid         string // one letter for each line: y or n
	}{
		{"person", person(""), "yyyy"},
		{"gender of the list", person(`<Gender>Male</Gender>`), "yyyy"},
		{"gender of eIDAS 2", person(`<Gender>9</Gender>`), "nnny"},
		{"later elements in any order", person(`<EmailAddress>e</EmailAddress><Nationality>AT</Nationality><TownOfBirth>t</TownOfBirth><Nationality>DE</Nationality>`), "nyyy"},
		{"attributes between later elements", person(`<Nationality>AT</Nationality>` + attribute + attribute + `<PhoneNumber>1</PhoneNumber>`), "nyyy"},
		{"attributes", person(attribute + attribute), "yyyy"},
		{"original script", `<Person><FamilyName nonLatin="Παπαδοπούλου">Papadopoulou</FamilyName><GivenName>g</GivenName><DateOfBirth>2000-01-01</DateOfBirth></Person>`, "nyyy"},
		{"original script of a place", person(`<PlaceOfBirth nonLatin="Αθήνα">Athina</PlaceOfBirth>`), "nnnn"},
		{"typed in by the user", person(`<UserIdentityAttribute><AttributeName>n</AttributeName><AttributeValue>v</AttributeValue></UserIdentityAttribute>`), "nyyy"},
		{"two towns", person(`<TownOfBirth>t</TownOfBirth><TownOfBirth>t</TownOfBirth>`), "nnnn"},
		{"legal person", `<LegalPerson><LegalName>n</LegalName></LegalPerson>`, "yyyy"},
		{"reachable legal person", `<LegalPerson><LegalName>n</LegalName><LegalEmailAddress>e</LegalEmailAddress></LegalPerson>`, "nyyy"},
		{"no distribution", request(""), "nyyn"},
		{"distribution", request(`<DistributedAs><Format>f</Format><ConformsTo>urn:c</ConformsTo></DistributedAs>`), "yyyy"},
		{"language wish", request(`<DistributedAs><Format>f</Format><Language>DE</Language></DistributedAs>`), "nnny"},
		{"associated document", request(`<DistributedAs><Format>f</Format><AssociatedDocumentRequest>Annex</AssociatedDocumentRequest></DistributedAs>`), "nnny"},
		{"evidence of a translation", `<Evidence><Identifier>i</Identifier><Distribution><Format>f</Format></Distribution></Evidence>`, "nnny"},
		{"determination", `<EvidenceProviderJurisdictionDetermination><JurisdictionContextId>i</JurisdictionContextId><JurisdictionContext>c</JurisdictionContext><JurisdictionLevel>LAU</JurisdictionLevel></EvidenceProviderJurisdictionDetermination>`, "yyyy"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			doc := parse(t, []byte(message(tc.content)))
			for i, v := range all {
				if fs := Check(doc, Response, v); (len(fs) == 0) != (tc.valid[i] == 'y') {
					t.Errorf("%s: %v", v, fs)
				}
			}
		})
	}
}

// TestKind holds that a message of another kind is refused with one finding, and that an unknown version is
// checked as RegRep alone.
func TestKind(t *testing.T) {
	t.Parallel()
	doc := parse(t, corpus.Read(t, "edm/own/valid/req20-first.xml"))
	if fs := Check(doc, Response, edm.V20); len(fs) != 1 || fs[0].Rule != model.RootUnexpected || fs[0].Want != "query:QueryResponse" {
		t.Errorf("%v", fs)
	}
	if fs := Check(doc, Request, "oots-edm:v9.9"); len(fs) != 0 {
		t.Errorf("%v", fs)
	}
}

// TestPersonsAreNotQuoted holds that no value below a person gets into a finding.
func TestPersonsAreNotQuoted(t *testing.T) {
	t.Parallel()
	text := string(corpus.Read(t, "edm/own/valid/req20-first.xml"))
	start := strings.Index(text, "<sdg:DateOfBirth>") + len("<sdg:DateOfBirth>")
	text = text[:start] + "SECRET" + text[start+strings.Index(text[start:], "<"):]
	fs := Check(parse(t, []byte(text)), Request, edm.V20)
	if len(fs) != 1 || fs[0].Rule != model.ValueType {
		t.Fatalf("%v", fs)
	}
	if strings.Contains(rule.First(fs).String(), "SECRET") {
		t.Error("a value of a person is quoted")
	}
}

// TestFlood holds that a document of nothing but faults is done quickly and with bounded findings.
func TestFlood(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString(`<q:QueryRequest xmlns:q="urn:oasis:names:tc:ebxml-regrep:xsd:query:4.0" xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:4.0" id="i">`)
	for range 50_000 {
		b.WriteString(`<rim:Slot/><q:Query/>`)
	}
	b.WriteString(`</q:QueryRequest>`)
	if fs := Check(parse(t, []byte(b.String())), Request, edm.V20); len(fs) != model.MaxFindings {
		t.Errorf("%d findings", len(fs))
	}
}

func BenchmarkRequest(b *testing.B) {
	text := corpus.Read(b, "edm/own/valid/req20-first.xml")
	doc, s := parse(b, text), Of(Request, edm.V20)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if fs := s.Check(doc); len(fs) != 0 {
			b.Fatal(fs)
		}
	}
}

func BenchmarkParseRequest(b *testing.B) {
	text := corpus.Read(b, "edm/own/valid/req20-first.xml")
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		parse(b, text)
	}
}

func BenchmarkCompile(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		compile(Vocabulary(edm.V20))
	}
}
