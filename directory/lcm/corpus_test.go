package lcm_test

import (
	"os"
	"path/filepath"
	"testing"

	"oots/directory"
	"oots/directory/directoryxml/schema"
	"oots/directory/lcm"
	"oots/directory/rules"
	"oots/internal/corpus"
	"oots/rule"
	"oots/xml/xmltree"
)

// TestExamples reads the examples of the 1.0 line: all are accepted, and become what they say.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		file    string
		service directory.Service
		want    map[string]int
	}{
		{"5.4_LCM_Submit_Objects_to_the_Evidence_Broker-Birth_Certificate.xml", directory.EvidenceBroker,
			map[string]int{lcm.NodeRequirement: 1, lcm.NodeFramework: 1, lcm.NodeList: 1, lcm.NodeEvidenceType: 1}},
		{"5.4_LCM_Submit_Objects_to_the_Evidence_Broker-Bulk_submission.xml", directory.EvidenceBroker,
			map[string]int{lcm.NodeRequirement: 3, lcm.NodeFramework: 4, lcm.NodeList: 4, lcm.NodeEvidenceType: 7}},
		{"5.5_LCM_Submit_Objects_to_the_DSD-Birth_Certificate.xml", directory.DataServiceDirectory, map[string]int{lcm.NodeDataService: 2}},
		{"5.5_LCM_Submit_Objects_to_the_DSD-Bulk_submission.xml", directory.DataServiceDirectory, map[string]int{lcm.NodeDataService: 6}},
	} {
		t.Run(tc.file, func(t *testing.T) {
			t.Parallel()
			s, ps, fs := read(t, corpus.Read(t, "common-services/tdd-2023-04/LCM/"+tc.file))
			for _, f := range fs {
				t.Error(f)
			}
			st := lcm.State{Country: "DE", Lenient: true}
			for _, f := range s.Name(st.Check(ps)) {
				if f.Severity == rule.Fatal {
					t.Error(f)
				}
			}
			if len(ps) != 1 || ps[0].Service != tc.service || ps[0].Country != "DE" || s.Version != directory.V10 {
				t.Fatalf("partitions %+v of %s", ps, s.Version)
			}
			if got := lcm.Counts(ps[0].Catalogue); !equal(got, tc.want) {
				t.Errorf("records %v, want %v", got, tc.want)
			}
			again(t, ps, directory.V10)
		})
	}
}

// again writes partitions and reads them back.
func again(t *testing.T, ps []directory.Partition, v directory.Version) {
	t.Helper()
	b := lcm.AppendRequest(nil, ps, lcm.Form{ID: requestID, Line: directory.Line{Version: v}})
	_, back, fs := read(t, b)
	for _, f := range fs {
		if f.Severity == rule.Fatal {
			t.Errorf("as written in %s: %s", v, f)
		}
	}
	if len(back) != len(ps) {
		t.Fatalf("%d partitions, want %d\n%s", len(back), len(ps), b)
	}
	for i := range ps {
		for _, c := range lcm.Diff(ps[i], back[i]) {
			t.Errorf("through %s: %s", v, c)
		}
	}
}

// TestDrafts reads submissions of 2022, before any release: they are told apart from what is no submission, and
// refused with reasons that name their objects.
func TestDrafts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join(corpus.Path(t, "common-services/governikus/LCM"), "*.xml"))
	if err != nil || len(files) != 7 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		switch name := filepath.Base(file); name {
		case "LCM-Bulk-RegistryError.xml", "LCM-Bulk-RegistryResponse.xml":
			r, err := lcm.ParseResponse(b)
			if err != nil || r.Success != (name == "LCM-Bulk-RegistryResponse.xml") || r.Request == "" {
				t.Errorf("%s: %+v, %v", name, r, err)
			}
		default:
			s, err := lcm.Parse(b)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			fs := s.Check(nil)
			named := 0
			for _, f := range fs {
				if f.Object != "" {
					named++
				}
			}
			if !lcm.Refuses(fs) || named == 0 {
				t.Errorf("%s: %d findings, %d with an object", name, len(fs), named)
			}
			s.Partitions(nil) // tolerates what is wrong
			wantAnswer(t, s.ID, fs)
		}
	}
}

// TestResponses reads the answers of the 1.0 line.
func TestResponses(t *testing.T) {
	t.Parallel()
	r, err := lcm.ParseResponse(corpus.Read(t, "common-services/tdd-2023-04/LCM/3.3_The_Regrep_LCM_Successful_Response.xml"))
	if err != nil || !r.Success || r.Request != "urn:uuid:f7dc04fe-337c-4523-85c7-35a7ab95bbac" {
		t.Errorf("%+v, %v", r, err)
	}
	r, err = lcm.ParseResponse(corpus.Read(t, "common-services/tdd-2023-04/LCM/3.4_The_Regrep_LCM_Error_Response.xml"))
	if err != nil || r.Success || len(r.Exceptions) != 1 || lcm.Code(r.Exceptions[0].Code) != lcm.BadObject {
		t.Errorf("%+v, %v", r, err)
	}
}

// wantAnswer fails unless our answer keeps the rules on answers.
func wantAnswer(t *testing.T, request string, fs []lcm.Finding) {
	t.Helper()
	b := lcm.AppendResponse(nil, request, fs)
	doc, err := xmltree.Parse(b, xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []directory.Version{directory.V10, directory.V20} {
		for _, f := range append(schema.Check(doc, schema.Acknowledgement, v), rules.CheckSubmission(doc, v)...) {
			t.Errorf("our answer: %s\n%s", f, b)
		}
	}
}
