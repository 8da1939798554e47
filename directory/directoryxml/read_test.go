package directoryxml

import (
	"errors"
	"strings"
	"testing"

	"oots/directory"
	"oots/regrep"
	"oots/xml/xmltree"
)

const ns = ` xmlns="http://data.europa.eu/p4s" `

func parse(t *testing.T, s string) *xmltree.Element {
	t.Helper()
	doc, err := xmltree.Parse([]byte(s), xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return doc.Root
}

func TestReadRequirement(t *testing.T) {
	r, err := ReadRequirement(parse(t, `<p:Requirement xmlns:p="http://data.europa.eu/p4s" xmlns:o="urn:other">
  <p:Identifier>
     req
  </p:Identifier>
  <o:Identifier>other namespace</o:Identifier>
  <p:Name lang="EN"> Name </p:Name><p:Name>No language</p:Name><p:Name lang="DE"></p:Name>
  <p:UserIdentityAttribute>x</p:UserIdentityAttribute>
  <p:ReferenceFramework><p:Identifier>f</p:Identifier><p:RelatedTo><p:Identifier>T1</p:Identifier></p:RelatedTo>
    <p:RelatedTo><p:Identifier>T2</p:Identifier></p:RelatedTo>
    <p:Jurisdiction><p:AdminUnitLevel1>SE</p:AdminUnitLevel1>
      <p:AdditionalJurisdictionClassification listID="l">AB</p:AdditionalJurisdictionClassification>
      <p:AdditionalJurisdictionClassification listID="l">C</p:AdditionalJurisdictionClassification></p:Jurisdiction></p:ReferenceFramework>
  <p:EvidenceTypeList><p:Identifier>l</p:Identifier><p:EvidenceType><p:EvidenceTypeClassification>c</p:EvidenceTypeClassification>
    <p:Jurisdiction><p:AdminUnitLevel1>DE</p:AdminUnitLevel1></p:Jurisdiction></p:EvidenceType></p:EvidenceTypeList>
  <p:EvidenceTypeList><p:Identifier>n</p:Identifier><p:MatchType>NoMatch</p:MatchType><p:MatchDescription lang="EN">none</p:MatchDescription></p:EvidenceTypeList>
</p:Requirement>`))
	if err != nil {
		t.Fatal(err)
	}
	if r.ID != "req" || len(r.Names) != 2 || r.Names[0].Value != "Name" || r.Names[1].Lang != "" {
		t.Errorf("id %q, names %v", r.ID, r.Names)
	}
	f := r.Frameworks[0]
	if strings.Join(f.Procedures, " ") != "T1 T2" || f.Jurisdiction.Country != "SE" || len(f.Jurisdiction.Additional) != 2 || f.Jurisdiction.Additional[1] != (directory.Coded{List: "l", Code: "C"}) {
		t.Errorf("framework %+v", f)
	}
	if l := r.Lists[0]; l.Jurisdiction.Country != "DE" {
		t.Errorf("the jurisdiction of a 1.x evidence type is lost: %+v", l)
	}
	if l := r.Lists[1]; l.MatchType != directory.NoMatch || l.MatchDescriptions.In("EN").Value != "none" {
		t.Errorf("list %+v", l)
	}
}

// TestReadDataServices10 reads the shape of 1.0: two access services in a record, values with the publisher.
func TestReadDataServices10(t *testing.T) {
	access := func(n, value string) string {
		return `<AccessService><Identifier schemeID="s">` + n + `</Identifier><ConformsTo>oots-edm:v1.0</ConformsTo><Publisher><Identifier schemeID="s">P` + n + `</Identifier>
<Name>n</Name><Address><AdminUnitLevel1>DE</AdminUnitLevel1></Address><Jurisdiction><AdminUnitLevel1>DE</AdminUnitLevel1><AdminUnitLevel2>DE1</AdminUnitLevel2></Jurisdiction>
<ClassificationConcept><Identifier>K</Identifier><SupportedValue><StringValue>` + value + `</StringValue></SupportedValue></ClassificationConcept></Publisher></AccessService>`
	}
	ds, err := ReadDataServices(parse(t, `<DataServiceEvidenceType`+ns+`><Identifier>i</Identifier><EvidenceTypeClassification>c</EvidenceTypeClassification>
<DistributedAs><Format>application/xml</Format><Format>application/pdf</Format></DistributedAs>`+access("1", "a")+access("2", "b")+`
<EvidenceProviderClassification><Identifier>k</Identifier><Type>stringValue</Type><Description lang="EN">?</Description></EvidenceProviderClassification></DataServiceEvidenceType>`))
	if err != nil {
		t.Fatal(err)
	}
	if len(ds) != 2 || len(ds[0].Distributions) != 2 {
		t.Fatalf("got %d records", len(ds))
	}
	for i, want := range []string{"a", "b"} {
		k := ds[i].Classifications
		if len(k) != 1 || k[0].ID != "k" || k[0].Type != directory.ConceptString || len(k[0].SupportedValues) != 1 || k[0].SupportedValues[0] != want {
			t.Errorf("record %d has the concepts %+v", i, k)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	requirement := func(e *xmltree.Element) error { _, err := ReadRequirement(e); return err }
	services := func(e *xmltree.Element) error { _, err := ReadDataServices(e); return err }
	concept := func(e *xmltree.Element) error { _, err := ReadConcept(e); return err }
	for _, tc := range []struct {
		name, in string
		read     func(*xmltree.Element) error
		line     int
	}{
		{"other namespace", `<Requirement/>`, requirement, 1},
		{"no identifier", `<Requirement` + ns + `/>`, requirement, 1},
		{"framework without identifier", "<Requirement" + ns + ">\n<Identifier>r</Identifier>\n<ReferenceFramework/></Requirement>", requirement, 3},
		{"list without identifier", "<Requirement" + ns + ">\n<Identifier>r</Identifier>\n<EvidenceTypeList/></Requirement>", requirement, 3},
		{"type without classification", "<Requirement" + ns + "><Identifier>r</Identifier><EvidenceTypeList><Identifier>l</Identifier>\n<EvidenceType/></EvidenceTypeList></Requirement>", requirement, 2},
		{"record without access service", "<DataServiceEvidenceType" + ns + "><Identifier>r</Identifier><EvidenceTypeClassification>c</EvidenceTypeClassification></DataServiceEvidenceType>", services, 1},
		{"access service without publisher", "<DataServiceEvidenceType" + ns + "><Identifier>r</Identifier><EvidenceTypeClassification>c</EvidenceTypeClassification>\n<AccessService><Identifier>a</Identifier></AccessService></DataServiceEvidenceType>", services, 2},
		{"concept without identifier", "<EvidenceProviderClassification" + ns + "/>", concept, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			err := tc.read(parse(t, tc.in))
			var e *Error
			if !errors.As(err, &e) || e.Line != tc.line {
				t.Errorf("got %v, want an error of line %d", err, tc.line)
			}
		})
	}
	if err := requirement(nil); err == nil {
		t.Error("nothing reads as a requirement")
	}
}

// TestConceptValues writes each kind of value under its name.
func TestConceptValues(t *testing.T) {
	for _, tc := range []struct {
		concept directory.Concept
		want    string
	}{
		{directory.Concept{ID: "k", Type: directory.ConceptString, SupportedValues: []string{"a"}}, "<sdg:StringValue>a</sdg:StringValue>"},
		{directory.Concept{ID: "k", Type: directory.ConceptBoolean, SupportedValues: []string{"true"}}, "<sdg:BooleanValue>true</sdg:BooleanValue>"},
		{directory.Concept{ID: "k", Type: directory.ConceptString, Dates: true, SupportedValues: []string{"2026-01-01"}}, "<sdg:DateValue>2026-01-01</sdg:DateValue>"},
	} {
		w := regrep.NewWriter(nil)
		Concept(w, directory.Line{Version: directory.V20}, &tc.concept)
		if !strings.Contains(string(w.Bytes), tc.want) {
			t.Errorf("no %s in %s", tc.want, w.Bytes)
		}
	}
}
