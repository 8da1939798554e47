package query

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"oots/directory"
	"oots/edm"
	"oots/internal/corpus"
	"oots/xml/xmltree"
)

var update = flag.Bool("update", false, "rewrite the golden answers")

const captured = "common-services/oots-france/responses/"

func TestReadCaptured(t *testing.T) {
	for _, tc := range []struct {
		name                               string
		requirements, frameworks, services int
		countries, additional, lists       int
		refusal                            string
	}{
		{"eb_requirements_catalogue", 53, 687, 0, 27, 12, 0, ""},
		{"eb_requirements_fr", 1, 1, 0, 1, 0, 0, ""},
		{"eb_requirements_vides", 0, 0, 0, 0, 0, 0, "EB:ERR:0001: EMPTY_RESULT"},
		{"eb_evidence_types_fi", 1, 41, 0, 24, 0, 1, ""},
		{"eb_evidence_types_fr", 1, 41, 0, 24, 0, 1, ""},
		{"dsd_data_services_fi", 0, 0, 1, 1, 0, 0, ""},
		{"dsd_aucun_service_fr", 0, 0, 0, 0, 0, 0, "DSD:ERR:0001: DS_NOT_FOUND"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a, err := Read(corpus.Read(t, captured+tc.name+".xml"))
			if err != nil {
				t.Fatal(err)
			}
			if a.Version != directory.V20 {
				t.Errorf("version %q", a.Version)
			}
			if tc.refusal != "" {
				if a.Err == nil || a.Err.Error() != tc.refusal {
					t.Errorf("got %v, want %s", a.Err, tc.refusal)
				}
				return
			}
			if a.Err != nil {
				t.Fatal(a.Err)
			}
			c := directory.Catalogue{Requirements: a.Requirements, Services: a.DataServices}
			n := c.Counts()
			want := directory.Counts{Requirements: tc.requirements, Frameworks: tc.frameworks, Countries: tc.countries, Lists: tc.lists, Services: tc.services}
			if n != want {
				t.Errorf("got %+v, want %+v", n, want)
			}
			additional := 0
			for _, r := range a.Requirements {
				for _, f := range r.Frameworks {
					additional += len(f.Jurisdiction.Additional)
				}
			}
			if additional != tc.additional {
				t.Errorf("%d additional jurisdictions, want %d", additional, tc.additional)
			}
			if fs := c.Check(); len(fs) > 0 {
				t.Errorf("breaks %d rules, first %v", len(fs), fs[0])
			}
		})
	}
}

func TestReadCapturedDataService(t *testing.T) {
	a, err := Read(corpus.Read(t, captured+"dsd_data_services_fi.xml"))
	if err != nil {
		t.Fatal(err)
	}
	s := a.DataServices[0]
	got := strings.Join([]string{s.AccessPoint.Scheme, s.AccessPoint.Value, s.Publisher.ID.Value, string(s.LoA), s.Country(),
		s.Distributions[0].Format, s.Distributions[0].Languages[0], string(s.ConformsTo[0]), s.Titles.In("FI").Value}, "|")
	want := "urn:oasis:names:tc:ebcore:partyid-type:unregistered:FI|AP_FI_03|FIKEHA02|Substantial|FI|application/pdf|EN|oots-edm:v2.0|Testi-PDF"
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// TestWriteAsCaptured writes what was read and compares element by element with the capture: names, order,
// attributes and trimmed text are the same; only the ids of registry objects differ.
func TestWriteAsCaptured(t *testing.T) {
	for _, name := range []string{"eb_requirements_catalogue", "eb_requirements_fr", "eb_requirements_vides",
		"eb_evidence_types_fi", "eb_evidence_types_fr", "dsd_data_services_fi", "dsd_aucun_service_fr"} {
		t.Run(name, func(t *testing.T) {
			raw := corpus.Read(t, captured+name+".xml")
			a, err := Read(raw)
			if err != nil {
				t.Fatal(err)
			}
			want, got := lines(t, raw), lines(t, write(a))
			for i := range min(len(want), len(got)) {
				if want[i] != got[i] {
					t.Fatalf("element %d: got %s, want %s", i, got[i], want[i])
				}
			}
			if len(want) != len(got) {
				t.Errorf("got %d elements, want %d", len(got), len(want))
			}
		})
	}
}

// write is the answer again.
func write(a *Answer) []byte {
	l := directory.Line{Version: a.Version}
	switch {
	case a.Err != nil:
		b, _ := AppendFailure(nil, l, a.Err)
		return b
	case len(a.DataServices) > 0:
		return AppendDataServices(nil, l, a.DataServices, "")
	}
	return AppendRequirements(nil, l, a.Requirements)
}

// lines gives one line for each element: expanded name, attributes in order of name, trimmed text.
func lines(t *testing.T, b []byte) []string {
	t.Helper()
	doc, err := xmltree.Parse(b, limits)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	var walk func(e *xmltree.Element, depth int)
	walk = func(e *xmltree.Element, depth int) {
		line := fmt.Sprintf("%d %s", depth, e.Name)
		var attrs []string
		for _, a := range e.Attrs {
			if a.Name.Local == "id" {
				continue
			}
			attrs = append(attrs, a.Name.Local+"="+a.Value)
		}
		slices.Sort(attrs)
		out = append(out, line+" "+strings.Join(attrs, " ")+" "+e.Value())
		for c := range e.Elements() {
			walk(c, depth+1)
		}
	}
	walk(doc.Root, 0)
	return out
}

// TestReadOlderLines reads the published examples of the 1.0 line and drafts before it.
func TestReadOlderLines(t *testing.T) {
	for _, dir := range []string{"common-services/tdd-2023-04/EB", "common-services/tdd-2023-04/DSD"} {
		files, err := filepath.Glob(filepath.Join(corpus.Path(t, dir), "*.xml"))
		if err != nil || len(files) < 8 {
			t.Fatalf("%d files in %s (%v)", len(files), dir, err)
		}
		for _, f := range files {
			t.Run(filepath.Base(f), func(t *testing.T) {
				b, err := os.ReadFile(f)
				if err != nil {
					t.Fatal(err)
				}
				a, err := Read(b)
				if err != nil {
					t.Fatal(err)
				}
				if failure := strings.Contains(string(b), "ResponseStatusType:Failure"); failure != (a.Err != nil) {
					t.Errorf("error is %v", a.Err)
				}
				var r *directory.Refusal
				if errors.As(a.Err, &r) && !strings.HasPrefix(r.Code, "EB:ERR:") && !strings.HasPrefix(r.Code, "DSD:ERR:") {
					t.Errorf("code %q", r.Code)
				}
				for _, s := range a.DataServices {
					if s.AccessPoint.Value == "" || s.Publisher.ID.Value == "" || len(s.ConformsTo) == 0 {
						t.Errorf("lost the parties of %s", s.ID)
					}
					for _, c := range s.Classifications {
						if len(c.SupportedValues) == 0 {
							t.Errorf("concept %s lost the values of its publisher", c.ID)
						}
					}
				}
			})
		}
	}
}

const (
	head = `<q:QueryResponse xmlns:q="urn:oasis:names:tc:ebxml-regrep:xsd:query:4.0" xmlns:r="urn:oasis:names:tc:ebxml-regrep:xsd:rim:4.0"
  xmlns:e="urn:oasis:names:tc:ebxml-regrep:xsd:rs:4.0" xmlns="http://data.europa.eu/p4s" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" status="urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:`
	tail     = `</q:QueryResponse>`
	version2 = `<r:Slot name="SpecificationIdentifier"><r:SlotValue i:type="r:StringValueType"><r:Value> oots-cs:v2.0
</r:Value></r:SlotValue></r:Slot>`
	ask = `<e:Exception i:type="e:ObjectNotFoundExceptionType" code="DSD:ERR:0005" detail="more" message="m" severity="s">
 <r:Slot name="DataServiceEvidenceType"><r:SlotValue i:type="r:AnyValueType"><DataServiceEvidenceType>
  <EvidenceTypeClassification>c</EvidenceTypeClassification><Title>t</Title></DataServiceEvidenceType></r:SlotValue></r:Slot>
 <r:Slot name="UserRequestedClassificationConcepts"><r:SlotValue i:type="r:CollectionValueType">%s</r:SlotValue></r:Slot>%s
</e:Exception>`
	concept   = `<r:Element i:type="r:AnyValueType"><EvidenceProviderClassification><Identifier>5d0e7c91-3f24-4b6a-9e88-d1c2b3a49f77</Identifier><Type>Codelist</Type><Note/></EvidenceProviderClassification></r:Element>`
	territory = `<r:Slot name="JurisdictionDetermination"><r:SlotValue i:type="r:AnyValueType"><EvidenceProviderJurisdictionDetermination/></r:SlotValue></r:Slot>`
)

func TestReadTolerantAndStrict(t *testing.T) {
	record := func(inner string) string {
		return head + `Success">` + version2 + `<r:RegistryObjectList><r:RegistryObject id="x"><r:Slot name="Requirement"><r:SlotValue i:type="r:AnyValueType">` +
			inner + `</r:SlotValue></r:Slot></r:RegistryObject></r:RegistryObjectList>` + tail
	}
	for _, tc := range []struct {
		name, in string
		want     string // "success", a refusal, "question", or the end of the format error
	}{
		{"free prefixes and unknown elements", record("<Requirement><NoOotsRequirement/><Identifier>\n  id </Identifier><Name lang='EN'>n</Name></Requirement>"), "success"},
		{"requirement without identifier", record("<Requirement><Name lang='EN'>n</Name></Requirement>"), "Requirement without sdg:Identifier"},
		{"slot without its record", record("<Other/>"), "element Other where sdg:Requirement is expected"},
		{"slot without anything", record(""), "no element sdg:Requirement"},
		{"success with nothing", head + `Success"><r:RegistryObjectList/>` + tail, "a success without records"},
		{"success with an exception", head + `Success"><e:Exception code="EB:ERR:0001"/>` + tail, "an exception in a success"},
		{"another status", head + `Unavailable">` + tail, "neither Success nor Failure"},
		{"failure without exception", head + `Failure">` + tail, "a failure without exception"},
		{"not RegRep", `<html/>`, "the root is not query:QueryResponse"},
		{"JSON", `{"error":"no"}`, "no answer of a directory"},
		{"entities", `<!DOCTYPE q [<!ENTITY a "b">]><q/>`, "no answer of a directory"},
		{"code is left out", head + `Failure"><e:Exception i:type="e:InvalidRequestExceptionType" message="m"/>` + tail, "rs:InvalidRequestExceptionType"},
		{"unknown code", head + `Failure"><e:Exception code="EB:ERR:0099" detail="d"/>` + tail, "EB:ERR:0099: d"},
		{"question", head + `Failure">` + version2 + fmt.Sprintf(ask, concept, "") + tail, "question"},
		{"surplus slot of v2.0", head + `Failure">` + version2 + fmt.Sprintf(ask, concept, territory) + tail, "question"},
		{"territory question of 1.x", head + `Failure">` + fmt.Sprintf(ask, concept, territory) + tail, "DSD:ERR:0005: more"},
		{"question of which a part is unreadable", head + `Failure">` + version2 + fmt.Sprintf(ask, concept+`<r:Element i:type="r:AnyValueType"><EvidenceProviderClassification/></r:Element>`, "") + tail, "DSD:ERR:0005: more"},
		{"question that asks nothing", head + `Failure">` + version2 + fmt.Sprintf(ask, "", "") + tail, "DSD:ERR:0005: more"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			a, err := Read([]byte(tc.in))
			if err != nil {
				var f *FormatError
				if !errors.As(err, &f) || !strings.Contains(err.Error(), tc.want) {
					t.Fatalf("got %v, want %s", err, tc.want)
				}
				if a != nil {
					t.Error("a result beside an error")
				}
				return
			}
			got := "success"
			var q *directory.Question
			if errors.As(a.Err, &q) {
				got = "question"
				if q.Concepts[0].Type != directory.ConceptCodeList || q.EvidenceType.Classification != "c" {
					t.Errorf("read %+v", q)
				}
			} else if a.Err != nil {
				got = a.Err.Error()
			}
			if got != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

// sample holds every field that the writers know.
func sample() (directory.Requirement, directory.DataService, *directory.Question) {
	at := directory.Jurisdiction{Country: "AT", Region: "AT13", Municipality: "90001", Additional: []directory.Coded{{List: "https://sr.oots.tech.ec.europa.eu/codelists/AT/Laender", Code: "AT13"}}}
	et := directory.EvidenceType{Classification: "https://sr.oots.tech.ec.europa.eu/evidencetypeclassifications/AT/3c0d8a52-6b8e-4f0e-9c47-0a1f5d2e7b11",
		Titles: edm.Texts{{Lang: "DE", Value: "Diplom & Zeugnis"}}, Descriptions: edm.Texts{{Lang: "EN", Value: "<Degree>"}}}
	r := directory.Requirement{
		ID: "https://sr.oots.tech.ec.europa.eu/requirements/5247bb6b-6bec-43fd-9b2e-f99be2dbae39", Names: edm.Texts{{Lang: "EN", Value: "Degree"}, {Lang: "EL", Value: "Πτυχίο"}},
		Descriptions: edm.Texts{{Lang: "EN", Value: "Shows a degree"}},
		Frameworks: []directory.ReferenceFramework{{ID: "d0b0a2d8-7b2b-4a55-8a4b-2b1f4a3b9c77", Titles: edm.Texts{{Lang: "EN", Value: "Study"}},
			Descriptions: edm.Texts{{Lang: "EN", Value: "To study"}}, Procedures: []string{"T1", "T2"}, Jurisdiction: at}},
		Lists: []directory.EvidenceTypeList{
			{ID: "5f4de7bf-6f0b-4a6f-8f2e-0f8a2d6f1b20", Names: edm.Texts{{Lang: "EN", Value: "Diploma"}}, Types: []directory.EvidenceType{et}, Jurisdiction: at},
			{ID: "71a0c1de-93f1-4a47-b7b0-5a6a7e2b9d53", MatchType: directory.NoMatch, MatchDescriptions: edm.Texts{{Lang: "EN", Value: "None here"}}, Jurisdiction: directory.Jurisdiction{Country: "BE"}},
		},
	}
	party := func(v string) edm.Identifier {
		return edm.Identifier{Scheme: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:AT", Value: v}
	}
	list := "https://sr.oots.tech.ec.europa.eu/codelists/AT/Offices"
	s := directory.DataService{
		ID: "e5a7c1d2-8b4f-4d3a-9e6c-7f8091a2b3c4", Classification: et.Classification, Titles: et.Titles, Descriptions: et.Descriptions,
		Distributions: []edm.Distribution{{Format: "application/pdf", Languages: []string{"DE", "EN"}},
			{Format: "application/xml", ConformsTo: "https://sr.oots.tech.ec.europa.eu/datamodels/degree-1.0.0"},
			{Format: "application/xml", ConformsTo: "https://sr.oots.tech.ec.europa.eu/datamodels/degree-1.0.0", Transformation: "https://sr.oots.tech.ec.europa.eu/datamodels/degree-1.0.0/passed"}},
		AccessPoint: party("AP_AT"), AccessName: edm.Texts{{Lang: "EN", Value: "Access point"}}, ConformsTo: []edm.Version{edm.V12, edm.V20},
		Publisher: directory.Publisher{ID: party("OFFICE"), Names: edm.Texts{{Lang: "DE", Value: "Amt"}}, Descriptions: edm.Texts{{Lang: "DE", Value: "Ein Amt"}},
			Address:      edm.Address{FullAddress: "Ring 1, Wien", LocatorDesignator: "1", PostCode: "1010", PostCityName: "Wien", Thoroughfare: "Ring", Country: "AT", Region: "AT13"},
			Jurisdiction: at},
		LoA:           edm.Substantial,
		Notes:         edm.Texts{{Lang: "EN", Value: "Closed at night"}},
		Determination: &directory.Determination{ContextID: "8d0e7c91-3f24-4b6a-9e88-d1c2b3a49f80", Contexts: edm.Texts{{Lang: "EN", Value: "Place of study"}}, Level: directory.LevelNUTS2},
		Classifications: []directory.Concept{
			{ID: "5d0e7c91-3f24-4b6a-9e88-d1c2b3a49f77", CodeList: list, Type: directory.ConceptCodeList, ValueExpression: list, Descriptions: edm.Texts{{Lang: "EN", Value: "Which office?"}}, SupportedValues: []string{"A", "B"}},
			{ID: "6d0e7c91-3f24-4b6a-9e88-d1c2b3a49f78", Type: directory.ConceptBoolean, Descriptions: edm.Texts{{Lang: "EN", Value: "Abroad?"}}, SupportedValues: []string{"true"}},
			{ID: "7d0e7c91-3f24-4b6a-9e88-d1c2b3a49f79", Type: directory.ConceptString, Descriptions: edm.Texts{{Lang: "EN", Value: "Since when?"}}, SupportedValues: []string{"2020-01-01"}, Dates: true},
		},
	}
	q := &directory.Question{ID: s.ID, EvidenceType: et, Distributions: s.Distributions, LoA: edm.Substantial, Determination: s.Determination}
	for _, c := range s.Classifications {
		c.SupportedValues, c.Dates = nil, false
		q.Concepts = append(q.Concepts, c)
	}
	return r, s, q
}

// line is the release line of a version.
func line(v directory.Version) directory.Line { return directory.Line{Version: v} }

// TestGolden keeps one readable answer of each kind and release line; reading it gives the records back.
func TestGolden(t *testing.T) {
	r, s, q := sample()
	failure := func(v directory.Version, err error) []byte { b, _ := AppendFailure(nil, line(v), err); return b }
	for _, v := range versions {
		short := strings.TrimPrefix(string(v), "oots-cs:")
		for name, got := range map[string][]byte{
			"evidence-types": write(&Answer{Version: v, Requirements: []directory.Requirement{r}}),
			"data-services":  write(&Answer{Version: v, DataServices: []directory.DataService{s}}),
			"question":       failure(v, q),
			"refusal":        failure(v, &directory.Refusal{Code: "EB:ERR:0005", Detail: "procedure-id"}),
		} {
			t.Run(short+" "+name, func(t *testing.T) {
				golden(t, filepath.Join("testdata", name+"-"+short+".xml"), got)
				a, err := Read(got)
				if err != nil {
					t.Fatal(err)
				}
				if again := write(a); string(again) != string(got) {
					t.Errorf("reading and writing gives\n%s", again)
				}
			})
		}
	}
}

func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("differs from %s:\n%s", path, got)
	}
}

func TestFailureHidesCauses(t *testing.T) {
	b, code := AppendFailure(nil, line(directory.V20), errors.New("table persons is locked"))
	if code != CodeGeneric || strings.Contains(string(b), "persons") {
		t.Errorf("%s: %s", code, b)
	}
	b, _ = AppendFailure(nil, line(""), &directory.Refusal{Code: "EB:ERR:0003", Detail: HeaderAcceptVersion})
	if strings.Contains(string(b), slotIdentifier) {
		t.Error("a refusal without version announces one")
	}
}

func TestTableAgainstPublishedCodes(t *testing.T) {
	for _, name := range []string{"EBErrorCodes", "DSDErrorCodes"} {
		b := string(corpus.Read(t, "common-services/tdd-2023-04/codelists/"+name+"-CodeList.gc"))
		for _, row := range Table {
			if strings.HasPrefix(row.Code, strings.TrimSuffix(name, "ErrorCodes")+":") && (!strings.Contains(b, row.Code) || !strings.Contains(b, row.Type)) {
				t.Errorf("%s has no %s of type %s", name, row.Code, row.Type)
			}
		}
	}
}

// FuzzRead: whatever is read writes to bytes that read the same again.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"evidence-types", "data-services", "question", "refusal"} {
		b, err := os.ReadFile(filepath.Join("testdata", name+"-v2.0.xml"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(head + `Failure">` + fmt.Sprintf(ask, concept, territory) + tail))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := Read(b)
		if err != nil {
			if a != nil {
				t.Fatal("a result beside an error")
			}
			return
		}
		if len(a.Requirements) > 0 && len(a.DataServices) > 0 {
			return // no answer of ours mixes them
		}
		var r *directory.Refusal
		if errors.As(a.Err, &r) {
			return // unknown codes do not survive
		}
		for _, v := range versions {
			a.Version = v
			once := write(a)
			again, err := Read(once)
			if err != nil {
				t.Fatalf("own answer does not read: %v\n%s", err, once)
			}
			if twice := write(again); string(twice) != string(once) {
				t.Fatalf("does not survive a round trip:\n%s\n%s", once, twice)
			}
		}
	})
}

func BenchmarkRead(b *testing.B) {
	raw := corpus.Read(b, captured+"eb_requirements_catalogue.xml")
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(raw); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendRequirements(b *testing.B) {
	a, err := Read(corpus.Read(b, captured+"eb_requirements_catalogue.xml"))
	if err != nil {
		b.Fatal(err)
	}
	var buf []byte
	b.ReportAllocs()
	for b.Loop() {
		buf = AppendRequirements(buf[:0], line(directory.V20), a.Requirements)
	}
	b.SetBytes(int64(len(buf)))
}
