package lcm_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"oots/directory"
	"oots/directory/lcm"
	"oots/edm"
	"oots/rule"
)

const (
	requestID   = "urn:uuid:0f0a7c0e-95a0-4f06-8f8c-5c5a3e7a1001"
	sr          = "https://sr.oots.tech.ec.europa.eu/"
	birth       = sr + "requirements/528adc38-092d-40ce-a3af-d838ec06a349"
	residence   = sr + "requirements/6a8e2e9c-7c74-4a0c-9a1f-0a8d0f6b1c01"
	certificate = sr + "evidencetypeclassifications/LU/0f0a7c0e-95a0-4f06-8f8c-5c5a3e7a1003"
	communes    = sr + "codelists/LU/Communes"
	scheme      = "urn:cef.eu:names:identifier:EAS:9938"
)

func en(s string) edm.Texts { return edm.Texts{{Lang: "EN", Value: s}} }

func uuid(n int) string { return fmt.Sprintf("0f0a7c0e-95a0-4f06-8f8c-%012d", n) }

var luxembourg = directory.Jurisdiction{Country: "LU"}

// broker is what Luxembourg says to the Evidence Broker.
func broker() directory.Partition {
	kind := directory.EvidenceType{Classification: certificate, Titles: en("Birth certificate")}
	framework := directory.ReferenceFramework{ID: uuid(9), Titles: en("Change of address"), Procedures: []string{"V1"}, Jurisdiction: luxembourg}
	return directory.Partition{Country: "LU", Service: directory.EvidenceBroker, Catalogue: directory.Catalogue{Requirements: []directory.Requirement{
		{ID: birth, Names: en("Birth"), Frameworks: []directory.ReferenceFramework{framework},
			Lists: []directory.EvidenceTypeList{{ID: uuid(6), Names: en("Birth in Luxembourg"), Types: []directory.EvidenceType{kind}, Jurisdiction: luxembourg}}},
		{ID: residence, Names: en("Residence"), Frameworks: []directory.ReferenceFramework{framework},
			Lists: []directory.EvidenceTypeList{{ID: uuid(7), MatchType: directory.NoMatch, MatchDescriptions: en("None"), Jurisdiction: luxembourg}}},
	}}}
}

// services is what Luxembourg says to the Data Service Directory: a type at two communes behind one access service,
// and at a register behind another.
func services() directory.Partition {
	service := func(publisher, access string, communes ...string) directory.DataService {
		return directory.DataService{
			ID: uuid(5), Classification: certificate, Titles: en("Birth certificate"),
			Distributions: []edm.Distribution{{Format: "application/pdf", Languages: []string{"FR"}}},
			AccessPoint:   edm.Identifier{Scheme: scheme, Value: access}, ConformsTo: []edm.Version{edm.V20}, LoA: edm.Substantial,
			Publisher: directory.Publisher{ID: edm.Identifier{Scheme: scheme, Value: publisher}, Names: en(publisher),
				Address: edm.Address{Country: "LU"}, Jurisdiction: luxembourg},
			Classifications: []directory.Concept{{ID: uuid(8), CodeList: sr + "codelists/LU/Communes", Type: directory.ConceptCodeList,
				ValueExpression: sr + "codelists/LU/Communes", Descriptions: en("Commune of birth"), SupportedValues: communes}},
		}
	}
	all := []directory.DataService{service("LU1", "AP1", "esch"), service("LU2", "AP1", "vianden"), service("LU3", "AP2", "esch", "vianden")}
	return directory.Partition{Country: "LU", Service: directory.DataServiceDirectory, Catalogue: directory.Catalogue{Services: all}}
}

// schemes is what Luxembourg publishes as code lists.
func schemes(version string, codes ...string) directory.Partition {
	l := directory.CodeList{URL: communes, Version: version}
	for _, c := range codes {
		l.Codes = append(l.Codes, directory.Code{Code: c, Names: edm.Texts{{Lang: "EN", Value: "Commune " + c}, {Lang: "FR", Value: "Commune de " + c}}})
	}
	return directory.Partition{Country: "LU", Service: directory.SemanticRepository, Catalogue: directory.Catalogue{CodeLists: []directory.CodeList{l}}}
}

func read(t testing.TB, b []byte) (*lcm.Submission, []directory.Partition, []lcm.Finding) {
	t.Helper()
	s, err := lcm.Parse(b)
	if err != nil {
		t.Fatalf("%v\n%s", err, b)
	}
	ps, more := s.Partitions(func(u string) string {
		for _, id := range []string{birth, residence} {
			if lcm.RequirementUUID(id) == u {
				return id
			}
		}
		return ""
	})
	return s, ps, append(s.Check(nil), more...)
}

func equal(a, b map[string]int) bool { return maps.Equal(a, b) }

// TestRoundTrip writes partitions in each line and reads them again: nothing is lost but what the line has no place
// for.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		v    directory.Version
		ps   []directory.Partition
	}{
		{"broker", directory.V20, []directory.Partition{broker()}},
		{"directory", directory.V20, []directory.Partition{services()}},
		{"combined", directory.V20, []directory.Partition{broker(), services(), schemes("1.0", "esch", "vianden")}},
		{"only a declaration that there is nothing", directory.V20, []directory.Partition{{Country: "LU", Service: directory.EvidenceBroker,
			Catalogue: directory.Catalogue{Requirements: broker().Requirements[1:]}}}},
		{"directory", directory.V12, []directory.Partition{old(services(), directory.V12)}},
		{"directory", directory.V11, []directory.Partition{old(services(), directory.V11)}},
		{"directory", directory.V10, []directory.Partition{old(services(), directory.V10)}},
		{"broker", directory.V12, []directory.Partition{oldBroker()}},
		{"broker", directory.V10, []directory.Partition{oldBroker()}},
	} {
		t.Run(tc.name+" "+string(tc.v), func(t *testing.T) {
			t.Parallel()
			again(t, tc.ps, tc.v)
		})
	}
}

// old is a partition of the directory as an older line has it.
func old(p directory.Partition, v directory.Version) directory.Partition {
	for i := range p.Services {
		s := &p.Services[i]
		s.Distributions[0].Languages = nil
		s.ConformsTo = []edm.Version{edm.V10}
		s.Notes = nil
		if v >= directory.V11 {
			s.Notes = en("Office hours only")
		}
		s.Publisher.Jurisdiction.Region, s.Publisher.Jurisdiction.Municipality = "LU000", "0000"
		s.Determination = &directory.Determination{ContextID: uuid(20), Contexts: en("Place of birth"), Level: "LAU"}
		if v < directory.V12 {
			s.Classifications[0].CodeList = ""
		}
	}
	return p
}

// oldBroker has its jurisdictions in the types, and no declaration.
func oldBroker() directory.Partition {
	p := broker()
	p.Requirements = p.Requirements[:1]
	l := &p.Requirements[0].Lists[0]
	l.Jurisdiction = directory.Jurisdiction{}
	l.Types[0].Jurisdictions = []directory.Jurisdiction{{Country: "LU", Region: "LU000"}, {Country: "LU", Municipality: "0102"}}
	return p
}

// TestKnownRequirement refers to a requirement by its UUID alone.
func TestKnownRequirement(t *testing.T) {
	t.Parallel()
	p := broker()
	p.Requirements[0].Names = nil
	again(t, []directory.Partition{p}, directory.V20)
	p.Requirements[0].ID = sr + "requirements/00000000-0000-0000-0000-00000000beef"
	b := lcm.AppendRequest(nil, []directory.Partition{p}, lcm.Form{ID: requestID, Line: directory.Line{Version: directory.V20}})
	_, _, fs := read(t, b)
	wantFinding(t, fs, lcm.RuleReference, lcm.BadDataset, "urn:uuid:")
}

// wantFinding fails unless a rule was broken at an object whose id begins so.
func wantFinding(t *testing.T, fs []lcm.Finding, id rule.ID, code lcm.Code, object string) {
	t.Helper()
	for _, f := range fs {
		if f.Rule == id && f.Code == code && f.Severity == rule.Fatal && strings.HasPrefix(f.Object, object) {
			return
		}
	}
	t.Errorf("%s %s at %q is not among %d findings: %v", id, code, object, len(fs), fs)
}

// TestDocuments breaks one submission in many ways.
func TestDocuments(t *testing.T) {
	t.Parallel()
	ps := []directory.Partition{broker(), services(), schemes("1.0", "esch", "vianden")}
	good := string(lcm.AppendRequest(nil, ps, lcm.Form{ID: requestID, Line: directory.Line{Version: directory.V20}}))
	if _, _, fs := read(t, []byte(good)); len(fs) > 0 {
		t.Fatalf("%v\n%s", fs, good)
	}
	for _, tc := range []struct {
		name, from, to string
		id             rule.ID
		code           lcm.Code
		object         string
	}{
		{"line unknown", "oots-lcm:v2.0", "oots-lcm:v9.9", lcm.RuleVersion, lcm.BadObject, ""},
		{"structure", "<sdg:MatchType>NoMatch</sdg:MatchType>", "<sdg:Match>NoMatch</sdg:Match>", "OOTS-XSD-element-unexpected", lcm.BadObject, "urn:uuid:"},
		{"an object", uuid(6), "six", "R-EB-SUB-C009", lcm.BadObject, "urn:uuid:"},
		{"procedure", "<sdg:Identifier>V1</sdg:Identifier>", "<sdg:Identifier>V0</sdg:Identifier>", "R-EB-SUB-C023", lcm.BadObject, "urn:uuid:"},
		{"an object of the directory", "<sdg:Format>application/pdf<", "<sdg:Format>text/plain<", "R-DSD-SUB-C007", lcm.BadObject, "urn:uuid:"},
		{"an association", "AssociationType:ContainsEvidence", "AssociationType:FulfillsRequirement", "R-EB-SUB-S037", lcm.BadAssociation, "urn:uuid:"},
		{"scheme", `<CanonicalUri>` + communes, `<CanonicalUri>` + sr + "codelists/towns", lcm.RuleScheme, lcm.BadObject, "urn:uuid:"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if !strings.Contains(good, tc.from) {
				t.Fatalf("%q is not in it", tc.from)
			}
			_, _, fs := read(t, []byte(strings.Replace(good, tc.from, tc.to, 1)))
			wantFinding(t, fs, tc.id, tc.code, tc.object)
			wantAnswer(t, requestID, fs)
		})
	}
	wantAnswer(t, requestID, nil)
}

// TestSpellings reads associations as drafts spelt them, and providers by both names.
func TestSpellings(t *testing.T) {
	t.Parallel()
	ps := []directory.Partition{broker(), services()}
	good := string(lcm.AppendRequest(nil, ps, lcm.Form{ID: requestID, Line: directory.Line{Version: directory.V20}}))
	for from, to := range map[string]string{
		"AssociationType:ContainsEvidence": "AssociationType:containsEvidence", "sdg:EvidenceProvider>": "sdg:Publisher>",
		"AssociationType:UsesAccessService": "AssociationType:usesAccessService",
	} {
		_, back, fs := read(t, []byte(strings.ReplaceAll(good, from, to)))
		if len(fs) > 0 || len(back) != 2 || len(lcm.Diff(ps[0], back[0]))+len(lcm.Diff(ps[1], back[1])) > 0 {
			t.Errorf("%s: %v", to, fs)
		}
	}
}

// TestLost refuses objects that would be part of no record.
func TestLost(t *testing.T) {
	t.Parallel()
	good := string(lcm.AppendRequest(nil, []directory.Partition{services()}, lcm.Form{ID: requestID, Line: directory.Line{Version: directory.V20}}))
	kept := slices.DeleteFunc(strings.SplitAfter(good, "\n"), func(l string) bool { return strings.Contains(l, "UsesAccessService") })
	_, _, fs := read(t, []byte(strings.Join(kept, "")))
	wantFinding(t, fs, lcm.RuleReference, lcm.BadDataset, "urn:uuid:")
}

// TestParseRefuses reads what is no submission.
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ name, in, request string }{
		{"nothing", "", ""},
		{"not well formed", `<lcm:SubmitObjectsRequest xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:4.0" id="` + requestID + `"><`, requestID},
		{"a removal", `<lcm:RemoveObjectsRequest xmlns:lcm="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:4.0" id="` + requestID + `"/>`, requestID},
		{"entities", `<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, err := lcm.Parse([]byte(tc.in))
			e, ok := err.(*lcm.Error)
			if s != nil || !ok || e.Request != tc.request {
				t.Fatalf("%v, %v", s, err)
			}
			r, err := lcm.ParseResponse(lcm.AppendResponse(nil, e.Request, []lcm.Finding{e.Finding()}))
			wantAnswer(t, e.Request, []lcm.Finding{e.Finding()})
			if err != nil || r.Success || r.Request != tc.request || lcm.Code(r.Exceptions[0].Code) != lcm.BadDataset {
				t.Errorf("%+v, %v", r, err)
			}
		})
	}
}

// TestPlaceOfTypes finds the country of a list whose types name no jurisdiction in their identifiers.
func TestPlaceOfTypes(t *testing.T) {
	t.Parallel()
	p := oldBroker()
	p.Requirements[0].Lists[0].Types[0].Jurisdictions = nil
	for v, want := range map[directory.Version]string{directory.V10: "LU", directory.V12: "LU", directory.V20: ""} {
		_, ps, _ := read(t, written(v, p))
		if got := ps[0].Requirements[0].Lists[0].Place().Country; got != want {
			t.Errorf("%s: in %q, want %q", v, got, want)
		}
	}
}
