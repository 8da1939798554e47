package edmxml_test

import (
	"testing"

	"oots/edm"
	"oots/internal/corpus"
	"oots/internal/judge"
	"oots/rule"
)

// TestPublishedRequestsOf10 reads the examples of the chapter in 1.0. They are valid there, but for what the rules
// of the same release only warn of or we do; other lines refuse them.
func TestPublishedRequestsOf10(t *testing.T) {
	t.Parallel()
	for file, warned := range map[string][]rule.ID{
		"birth-request.xml": nil,
		// Greece is written GR, which the list does not have.
		"tax-legalperson-request.xml": {"R-EDM-REQ-C067"},
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			b := corpus.Read(t, "edm/tdd-1.0/examples/"+file)
			m, findings, err := read(b)
			if err != nil {
				t.Fatal(err)
			}
			if rule.Refuses(findings) || len(findings) != len(warned) {
				t.Errorf("findings %v", findings)
			}
			for _, id := range warned {
				if fired(findings)[id] != rule.Warning {
					t.Errorf("no warning of %s", id)
				}
			}
			stable(t, m)
			for _, v := range []edm.Version{edm.V11, edm.V12, edm.V20} {
				if _, findings, err = readWith(b, &edm.Rules{As: v}); err != nil || !rule.Refuses(findings) {
					t.Errorf("accepted as %s: %v, %v", v, findings, err)
				}
			}
		})
	}
}

// TestDraftRequests reads the samples of a draft that call themselves 1.0, and finds what they are known to break.
func TestDraftRequests(t *testing.T) {
	t.Parallel()
	for file, broken := range map[string][]rule.ID{
		"birth-certificate/oots_request.xml": {
			"R-EDM-REQ-S004", "R-EDM-REQ-C003", "R-EDM-REQ-C004", "R-EDM-REQ-C012", "R-EDM-REQ-C014", "R-EDM-REQ-C018", "R-EDM-REQ-C027",
		},
		"secondary-education/oots_request1_preview.xml": {
			"R-EDM-REQ-S004", "R-EDM-REQ-S045", "R-EDM-REQ-C003", "R-EDM-REQ-C012", "R-EDM-REQ-C014", "R-EDM-REQ-C018", "R-EDM-REQ-C027",
			"R-EDM-REQ-C034", "R-EDM-REQ-C039",
		},
		"secondary-education/oots_request2_after_preview.xml": {
			"R-EDM-REQ-S004", "R-EDM-REQ-S045", "R-EDM-REQ-C003", "R-EDM-REQ-C012", "R-EDM-REQ-C014", "R-EDM-REQ-C018", "R-EDM-REQ-C027",
		},
	} {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			m, findings, err := read(corpus.Read(t, "edm/governikus/"+file))
			if err != nil {
				t.Fatal(err)
			}
			got := fired(findings)
			for _, id := range broken {
				if _, ok := got[id]; !ok {
					t.Errorf("%s did not fire", id)
				}
			}
			if m.request.Version != edm.V10 || m.request.NaturalPerson.FamilyName == "" || m.request.Evidence.ID == "" {
				t.Errorf("read otherwise: %+v", m.request)
			}
			stable(t, m)
			t.Logf("%d findings", len(findings))
		})
	}
}

// TestRequestsAgainstSchemaOf10 asks xmllint, with the published schema, about the requests that we write in 1.0.
// It is not that of 1.1 and 1.2, which say more of persons and requirements.
func TestRequestsAgainstSchemaOf10(t *testing.T) {
	t.Parallel()
	var names []string
	var docs [][]byte
	for _, m := range earlierRequests() {
		if m.request.Version == edm.V10 {
			b, err := m.append(nil)
			if err != nil {
				t.Fatal(err)
			}
			names, docs = append(names, m.name), append(docs, b)
		}
	}
	for i, v := range judge.Xmllint(t, corpus.Path(t, "edm/tdd-1.0/xsd/sdg/oots_driver_v1.0.0.xsd"), docs) {
		if !v.Valid {
			t.Errorf("%s: %v", names[i], v.Messages)
		}
	}
}
