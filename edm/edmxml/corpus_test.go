package edmxml_test

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"oots/edm"
	"oots/edm/edmxml"
	"oots/internal/corpus"
	"oots/regrep"
	"oots/rule"
	"oots/xml/xmltree"
)

// fired returns the rules of the findings by severity.
func fired(findings []rule.Finding) map[rule.ID]rule.Severity {
	all := map[rule.ID]rule.Severity{}
	for _, f := range findings {
		all[f.Rule] = f.Severity
	}
	return all
}

// lenient are files that the corpus calls invalid and that we accept with a Warning; edm.Softened says why.
var lenient = map[string]rule.ID{
	"invalid/req-C126-gender-missing.xml": "R-EDM-REQ-C126",
}

// followers are Fatal rules that break together with the listed one, as the corpus notes say or because one
// fault shows twice.
var followers = map[string][]rule.ID{
	"invalid/req-S005-no-SpecificationIdentifier.xml": nil,
	"invalid/req-C109-1.xml":                          {"R-EDM-REQ-C108"},
	"invalid/req-C011-1.xml":                          {"R-EDM-REQ-C012"},
	"invalid/req-C014-1.xml":                          {"R-EDM-REQ-C074"},
	"invalid/req-C013-1.xml":                          {"R-EDM-REQ-C074"},
	"invalid/resp-S020-provider-single.xml":           {"R-EDM-RESP-C046"},
	"invalid/resp-S046-two-lists.xml":                 {"R-EDM-RESP-S047"},
	"invalid/resp-S050-no-association.xml":            {"R-EDM-RESP-S060"},
	"invalid/resp-C011-1.xml":                         {"R-EDM-RESP-C046"},
	"invalid/err-C014.xml":                            {"R-EDM-ERR-C015"},
}

// TestCorpusVerdicts compares with the verdicts of the messages written for the project: every rule listed
// fires, no other Fatal one does, and the document is accepted or refused as it says.
func TestCorpusVerdicts(t *testing.T) {
	f, err := os.Open(corpus.Path(t, "edm/own/manifest.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, row := range rows[1:] {
		file, kind, version, verdict, rules := row[0], row[1], row[2], row[3], row[4]
		if kind == "EBMS" {
			continue
		}
		n++
		t.Run(file, func(t *testing.T) {
			_, findings, err := readWith(corpus.Read(t, "edm/own/"+file), &edm.Rules{As: edm.Version("oots-edm:v" + version)})
			if err != nil {
				t.Fatal(err)
			}
			got := fired(findings)
			if verdict != "invalid" {
				for _, f := range findings {
					if f.Severity != rule.Caution {
						t.Errorf("valid, but breaks %s", f)
					}
				}
				return
			}
			want := map[rule.ID]bool{}
			for id := range strings.SplitSeq(rules, ";") {
				want[rule.ID(id)] = true
				if _, ok := got[rule.ID(id)]; !ok {
					t.Errorf("%s did not fire; fired: %v", id, slices.Sorted(maps.Keys(got)))
				}
			}
			if softened := lenient[file]; softened != "" {
				if rule.Refuses(findings) || got[softened] != rule.Warning {
					t.Errorf("want a warning %s and no refusal, got %v", softened, findings)
				}
				return
			}
			if !rule.Refuses(findings) {
				t.Error("not refused")
			}
			for _, f := range findings {
				if f.Severity == rule.Fatal && !want[f.Rule] && !slices.Contains(followers[file], f.Rule) {
					t.Errorf("also breaks %s", f)
				}
				if f.Line == 0 || f.Path == "" || f.Want == "" {
					t.Errorf("finding without line, path or wish: %+v", f)
				}
			}
		})
	}
	if n < 100 {
		t.Errorf("only %d messages", n)
	}
}

// TestReferenceMessages reads the messages that their authors validated with the official rules.
func TestReferenceMessages(t *testing.T) {
	dir := corpus.Path(t, "edm/oots-france/reference-messages")
	files, err := filepath.Glob(filepath.Join(dir, "*.xml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	n := 0
	for _, file := range files {
		if strings.HasSuffix(file, ".entete.xml") {
			continue
		}
		n++
		t.Run(filepath.Base(file), func(t *testing.T) {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			m, findings, err := read(bytes.TrimSpace(b))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range findings {
				if f.Severity != rule.Caution {
					t.Errorf("breaks %s", f)
				}
			}
			if out, err := m.append(nil); err != nil {
				t.Error(err)
			} else if _, findings, err := read(out); err != nil || rule.Refuses(findings) {
				t.Errorf("written again: %v %v", err, findings)
			}
		})
	}
	if n != 7 {
		t.Errorf("%d messages, want 7", n)
	}
}

// TestSlotOrder compares the slots of our request with those of a request in use.
func TestSlotOrder(t *testing.T) {
	want := slotNames(t, corpus.Read(t, "edm/oots-france/reference-messages/requete.xml"))
	r := firstRequest()
	r.Requesters = append(r.Requesters, edm.Agent{Class: edm.IntermediaryPlatform})
	ours, err := edmxml.AppendRequest(nil, r)
	if err != nil {
		t.Fatal(err)
	}
	if got := slotNames(t, ours); !slices.Equal(got, want) {
		t.Errorf("our slots %v\ntheir slots %v", got, want)
	}
}

func slotNames(t *testing.T, b []byte) []string {
	t.Helper()
	doc, err := xmltree.Parse(bytes.TrimSpace(b), xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, at := range []*xmltree.Element{doc.Root, doc.Root.First(regrep.NamespaceQuery, "Query")} {
		for _, s := range regrep.ReadSlots(at).List {
			names = append(names, s.Name+" "+string(s.Type))
		}
	}
	return names
}

// TestIncoming reads messages as another system met them, most of them not conformant.
func TestIncoming(t *testing.T) {
	payload := regexp.MustCompile(`<value>([^<]*)</value>`)
	for _, tc := range []struct {
		file string
		want []rule.ID // among others
		see  func(message) bool
	}{
		{"requete.xml", []rule.ID{"R-EDM-REQ-S050"}, func(m message) bool {
			return m.request.Procedure == edm.ProcedureSystemCheck && m.request.NaturalPerson.FamilyName == "Dupont"
		}},
		{"requete.demarcheInconnue.xml", []rule.ID{"R-EDM-REQ-S050"}, func(m message) bool { return m.request.Procedure == "T3" }},
		{"requete.sansProcedure.xml", []rule.ID{"R-EDM-REQ-S007"}, func(m message) bool { return m.request.Procedure == "" }},
		// Without the slot the rule on its agents has nothing to judge; S012 refuses.
		{"requete.sansRequeteur.xml", []rule.ID{"R-EDM-REQ-S012"}, func(m message) bool { return m.request.Requester() == nil }},
		{"reponseAvecPieceJointe.xml", nil, func(m message) bool {
			return m.response.Packages[0].Main().ContentID == "11111111-1111-1111-1111-111111111111@pdf.oots.eu"
		}},
		{"erreurAutorisationRequise.xml", []rule.ID{"R-EDM-ERR-S009", "R-EDM-ERR-S010", "R-EDM-ERR-S011"}, func(m message) bool {
			return m.failure.PreviewRequired().Preview.Location == "https://previsualisation.example.si/espace?jeton=abc"
		}},
		{"erreurObjetIntrouvable.xml", nil, func(m message) bool { return m.failure.Exceptions[0].Code == edm.ObjectNotFound }},
		{"erreurSansCode.xml", []rule.ID{"R-EDM-ERR-C026"}, func(m message) bool {
			return m.failure.Exceptions[0].Code == edm.MissingAuthorization
		}},
	} {
		t.Run(tc.file, func(t *testing.T) {
			found := payload.FindSubmatch(corpus.Read(t, "edm/oots-france/incoming/"+tc.file))
			if found == nil {
				t.Fatal("no payload")
			}
			body, err := base64.StdEncoding.DecodeString(string(found[1]))
			if err != nil {
				t.Fatal(err)
			}
			m, findings, err := read(bytes.TrimSpace(body))
			if err != nil {
				t.Fatal(err)
			}
			got := fired(findings)
			for _, id := range tc.want {
				if severity, ok := got[id]; !ok || severity != rule.Fatal {
					t.Errorf("%s did not fire: %v", id, slices.Sorted(maps.Keys(got)))
				}
			}
			if !tc.see(m) {
				t.Errorf("read otherwise: %+v", m)
			}
		})
	}
}

// TestForeignDocuments holds that readers judge other lines and drafts without failing, and refuse them.
func TestForeignDocuments(t *testing.T) {
	for _, file := range []string{
		"own/valid/req12-lang.xml", "own/valid/resp12-flat.xml", "own/valid/resp10-flat.xml", "own/valid/err12-preview-required.xml",
		"tdd-1.0/examples/birth-request.xml", "tdd-1.0/examples/birth-response.xml", "tdd-1.0/examples/education-error-preview.xml",
		"tdd-1.0/examples/tax-legalperson-request.xml", "tdd-1.0/examples/tax-legalperson-response.xml",
		"governikus/birth-certificate/oots_request.xml", "governikus/birth-certificate/oots_response.xml",
		"governikus/secondary-education/oots_exception_preview.xml", "governikus/secondary-education/oots_request2_after_preview.xml",
	} {
		t.Run(file, func(t *testing.T) {
			_, findings, err := readWith(corpus.Read(t, "edm/"+file), &edm.Rules{As: edm.V20})
			if err != nil {
				t.Fatal(err)
			}
			if !rule.Refuses(findings) {
				t.Error("accepted as 2.0")
			}
		})
	}
}
