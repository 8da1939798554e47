package directory

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"oots/edm"
	"oots/rule"
)

const (
	sr      = "https://sr.oots.tech.ec.europa.eu/"
	diploma = sr + "evidencetypeclassifications/EL/7d41f6c3-20a9-4b57-8e1c-93b6f0d8a422"
	birth   = sr + "evidencetypeclassifications/EL/c95f03e1-7a4d-4c68-a1b2-64d8e7f05b44"
	reqA    = sr + "requirements/0a000000-0000-4000-8000-000000000001"
	reqB    = sr + "requirements/0b000000-0000-4000-8000-000000000002"
	town    = "5d0e7c91-3f24-4b6a-9e88-d1c2b3a49f77"
	towns   = sr + "codelists/EL/Towns"
	isOpen  = "6e0e7c91-3f24-4b6a-9e88-d1c2b3a49f78"
)

func framework(n, country string, procedures ...string) ReferenceFramework {
	return ReferenceFramework{ID: "f0000000-0000-4000-8000-00000000000" + n, Titles: en("Framework"), Procedures: procedures, Jurisdiction: Jurisdiction{Country: country}}
}

func list(n, country string, classification string) EvidenceTypeList {
	l := EvidenceTypeList{ID: "10000000-0000-4000-8000-00000000000" + n, Names: en("List"), Jurisdiction: Jurisdiction{Country: country}}
	if classification == "" {
		l.MatchType = NoMatch
		return l
	}
	l.Types = []EvidenceType{{Classification: classification, Titles: en("Type")}}
	return l
}

func en(s string) edm.Texts { return edm.Texts{{Lang: "EN", Value: s}} }

func service(n, country, provider string, concepts ...Concept) DataService {
	scheme := "urn:oasis:names:tc:ebcore:partyid-type:unregistered:" + country
	return DataService{
		ID: "d0000000-0000-4000-8000-00000000000" + n, Classification: diploma, Titles: en("Diploma"),
		Distributions: []edm.Distribution{{Format: "application/pdf"}},
		AccessPoint:   edm.Identifier{Scheme: scheme, Value: "AP_" + country},
		ConformsTo:    []edm.Version{edm.V20},
		Publisher: Publisher{ID: edm.Identifier{Scheme: scheme, Value: provider}, Names: en(provider),
			Address: edm.Address{Country: country}, Jurisdiction: Jurisdiction{Country: country}},
		LoA: edm.Substantial, Classifications: concepts,
	}
}

func townConcept(values ...string) Concept {
	return Concept{ID: town, CodeList: towns, Type: ConceptCodeList, ValueExpression: towns, Descriptions: en("Which town?"), SupportedValues: values}
}

func openConcept(values ...string) Concept {
	return Concept{ID: isOpen, Type: ConceptBoolean, Descriptions: en("Open?"), SupportedValues: values}
}

func catalogue() Catalogue {
	return Catalogue{
		Requirements: []Requirement{
			{ID: reqA, Names: en("A"), Frameworks: []ReferenceFramework{framework("1", "AT", "T1", "T3"), framework("2", "EL", "T3"), framework("3", "AT", "R1")},
				Lists: []EvidenceTypeList{list("1", "AT", sr+"evidencetypeclassifications/AT/3c0d8a52-6b8e-4f0e-9c47-0a1f5d2e7b11"), list("2", "EL", diploma), list("3", "EL", birth)}},
			{ID: reqB, Names: en("B"), Frameworks: []ReferenceFramework{framework("1", "AT", "T3")}, Lists: []EvidenceTypeList{list("4", "EL", "")}},
		},
		Services:  []DataService{service("1", "EL", "ATH", townConcept("ATH")), service("2", "EL", "THE", townConcept("THE"))},
		CodeLists: []CodeList{{URL: towns, Codes: []Code{{Code: "ATH"}, {Code: "THE"}, {Code: "PAT"}}}},
	}
}

func TestRequirements(t *testing.T) {
	c := catalogue()
	for _, tc := range []struct {
		name, procedure, country string
		want                     string // requirement:number of frameworks
		code                     string
	}{
		{"everything", "", "", "A:3 B:1", ""},
		{"procedure and country", "T3", "AT", "A:1 B:1", ""},
		{"country keeps only its frameworks", "", "EL", "A:1", ""},
		{"procedure of any country", "T3", "", "A:2 B:1", ""},
		{"nothing", "W1", "AT", "", "EB:ERR:0001"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := NewIndex(&c).Requirements(RequirementQuery{Procedure: tc.procedure, Country: tc.country})
			wantRefusal(t, err, tc.code)
			var b []string
			for _, r := range got {
				b = append(b, r.Names.In("EN").Value+":"+string(rune('0'+len(r.Frameworks))))
				if r.Lists != nil {
					t.Error("a requirements answer holds lists [R-EB-REQ-S016]")
				}
			}
			if s := strings.Join(b, " "); s != tc.want {
				t.Errorf("got %q, want %q", s, tc.want)
			}
		})
	}
}

func TestEvidenceTypes(t *testing.T) {
	c := catalogue()
	for _, tc := range []struct {
		name, requirement, country string
		lists, frameworks          int
		code                       string
	}{
		{"one country, all frameworks", reqA, "EL", 2, 3, ""},
		{"all countries", reqA, "", 3, 3, ""},
		{"NoMatch is an answer", reqB, "EL", 1, 1, ""},
		{"country without list", reqA, "FI", 0, 0, "EB:ERR:0001"},
		{"unknown requirement", reqA + "0", "EL", 0, 0, "EB:ERR:0002"},
		{"other environment is another identifier", strings.Replace(reqA, "sr.", "sr.acc.", 1), "EL", 0, 0, "EB:ERR:0002"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := NewIndex(&c).EvidenceTypes(Line{Version: V20}, EvidenceTypeQuery{Requirement: tc.requirement, Country: tc.country})
			wantRefusal(t, err, tc.code)
			if len(got.Lists) != tc.lists || len(got.Frameworks) != tc.frameworks {
				t.Errorf("got %d lists and %d frameworks, want %d and %d", len(got.Lists), len(got.Frameworks), tc.lists, tc.frameworks)
			}
		})
	}
	if len(c.Requirements[0].Lists) != 3 {
		t.Error("a selection changed the catalogue")
	}
}

func TestDataServices(t *testing.T) {
	ask := func(edit func(*DataServiceQuery)) DataServiceQuery {
		q := DataServiceQuery{Classification: diploma, Country: "EL", Specification: edm.V20}
		if edit != nil {
			edit(&q)
		}
		return q
	}
	answer := func(pairs ...string) func(*DataServiceQuery) {
		return func(q *DataServiceQuery) {
			q.Answers = map[string]string{}
			for i := 0; i < len(pairs); i += 2 {
				q.Answers[pairs[i]] = pairs[i+1]
			}
		}
	}
	base := func(*Catalogue) {}
	both := func(c *Catalogue) {
		c.Services[0].Classifications = append(c.Services[0].Classifications, openConcept("true"))
	}
	for _, tc := range []struct {
		name  string
		edit  func(*Catalogue)
		query DataServiceQuery
		want  string // publishers
		asks  string // concepts of the question
		code  string
	}{
		{"no answer asks", base, ask(nil), "", town, ""},
		{"an answer chooses", base, ask(answer(town, "THE")), "THE", "", ""},
		{"concepts compare without case", base, ask(answer(strings.ToUpper(town), "ATH")), "ATH", "", ""},
		{"a code nobody serves is nothing", base, ask(answer(town, "PAT")), "", "", "DSD:ERR:0001"},
		{"a code outside the list is wrong", base, ask(answer(town, "XXX")), "", "", "DSD:ERR:0006"},
		{"without the list nothing is wrong", func(c *Catalogue) { c.CodeLists = nil }, ask(answer(town, "XXX")), "", "", "DSD:ERR:0001"},
		{"an answer to no question", base, ask(answer(isOpen, "true")), "", "", "DSD:ERR:0003"},
		{"all questions at once", both, ask(nil), "", town + " " + isOpen, ""},
		{"only what is missing is asked", both, ask(answer(town, "ATH")), "", isOpen, ""},
		{"booleans compare as booleans", both, ask(answer(town, "ATH", isOpen, "1")), "ATH", "", ""},
		{"a boolean of wrong type", both, ask(answer(town, "ATH", isOpen, "yes")), "", "", "DSD:ERR:0006"},
		{"wrong comes before missing", both, ask(answer(isOpen, "yes")), "", "", "DSD:ERR:0006"},
		{"a record without concept fits every answer", func(c *Catalogue) { c.Services = append(c.Services, service("3", "EL", "ALL")) },
			ask(answer(town, "ATH")), "ATH ALL", "", ""},
		{"one provider without concept answers at once", func(c *Catalogue) { c.Services = c.Services[:1]; c.Services[0].Classifications = nil }, ask(nil), "ATH", "", ""},
		{"known type, other country", base, ask(func(q *DataServiceQuery) { q.Country = "AT" }), "", "", "DSD:ERR:0001"},
		{"known type, other specification", base, ask(func(q *DataServiceQuery) { q.Specification = edm.V12 }), "", "", "DSD:ERR:0001"},
		{"no specification keeps all", base, ask(func(q *DataServiceQuery) { q.Specification = ""; q.Answers = map[string]string{town: "ATH"} }), "ATH", "", ""},
		{"type known to the broker only", base, ask(func(q *DataServiceQuery) { q.Classification = birth }), "", "", "DSD:ERR:0001"},
		{"unknown type", base, ask(func(q *DataServiceQuery) { q.Classification = diploma + "0" }), "", "", "DSD:ERR:0002"},
		{"unknown type comes before its answers", base, ask(func(q *DataServiceQuery) {
			q.Classification = diploma + "0"
			q.Answers = map[string]string{town: "ATH"}
		}), "", "", "DSD:ERR:0002"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := catalogue()
			tc.edit(&c)
			got, err := NewIndex(&c).DataServices(Line{Version: V20}, tc.query)
			var q *Question
			if tc.asks != "" {
				if !errors.As(err, &q) {
					t.Fatalf("got %v, want a question", err)
				}
				var ids []string
				for _, k := range q.Concepts {
					ids = append(ids, k.ID)
					if k.SupportedValues != nil {
						t.Error("a question lists values [R-DSD-ERR-S023]")
					}
				}
				if s := strings.Join(ids, " "); s != tc.asks {
					t.Errorf("asks %q, want %q", s, tc.asks)
				}
				return
			}
			wantRefusal(t, err, tc.code)
			var names []string
			for _, s := range got {
				names = append(names, s.Publisher.ID.Value)
			}
			if s := strings.Join(names, " "); s != tc.want {
				t.Errorf("got %q, want %q", s, tc.want)
			}
		})
	}
}

func wantRefusal(t *testing.T, err error, code string) {
	t.Helper()
	var r *Refusal
	if code == "" {
		if err != nil {
			t.Fatalf("refused: %v", err)
		}
		return
	}
	if !errors.As(err, &r) || r.Code != code {
		t.Fatalf("got %v, want %s", err, code)
	}
}

func TestMerge(t *testing.T) {
	a, b := catalogue(), catalogue()
	a.Requirements[0], a.Requirements[1] = a.Requirements[1], a.Requirements[0]
	b.Requirements = b.Requirements[:1]
	b.Requirements[0].Frameworks = []ReferenceFramework{framework("9", "FI", "T1"), framework("2", "EL", "T1")}
	b.Requirements[0].Names = en("A again")
	b.Requirements[0].Lists = nil
	m := a.Merge(b)
	want := Counts{Requirements: 2, Frameworks: 5, Countries: 3, Lists: 4, Services: 2}
	if got := m.Counts(); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if m.Requirements[0].ID != reqA || m.Requirements[0].Names.In("EN").Value != "A again" {
		t.Errorf("got %+v first", m.Requirements[0].Names)
	}
	if f := m.Requirements[0].Frameworks[1]; !slices.Equal(f.Procedures, []string{"T1"}) {
		t.Errorf("the newer framework does not stand: %v", f)
	}
	again := m.Merge(m)
	if got := again.Counts(); got != want {
		t.Errorf("merging a catalogue with itself gives %+v", got)
	}
}

func TestCheck(t *testing.T) {
	for _, tc := range []struct {
		want rule.ID
		edit func(*Catalogue)
	}{
		{"", func(*Catalogue) {}},
		{"R-EB-REQ-C001", func(c *Catalogue) { c.Requirements[0].ID = strings.ToUpper(reqA) }},
		{"R-EB-REQ-C002", func(c *Catalogue) { c.Requirements[0].Names[0].Lang = "en" }},
		{"R-EB-REQ-C003", func(c *Catalogue) { c.Requirements[0].Names[0].Lang = "" }},
		{"R-EB-REQ-S017", func(c *Catalogue) { c.Requirements[0].Frameworks = nil }},
		{"R-EB-REQ-C004", func(c *Catalogue) { c.Requirements[0].Frameworks[0].ID = "x" }},
		{"R-EB-REQ-C006", func(c *Catalogue) { c.Requirements[0].Frameworks[0].Titles[0].Lang = "" }},
		{"R-EB-REQ-S020", func(c *Catalogue) { c.Requirements[0].Frameworks[0].Procedures = nil }},
		{"R-EB-REQ-C012", func(c *Catalogue) { c.Requirements[0].Frameworks[0].Procedures = []string{"T0"} }},
		{"R-EB-REQ-S021", func(c *Catalogue) { c.Requirements[0].Frameworks[0].Jurisdiction.Country = "" }},
		{"R-EB-REQ-C009", func(c *Catalogue) { c.Requirements[0].Frameworks[0].Jurisdiction.Country = "gr" }},
		{"R-EB-EVI-C013", func(c *Catalogue) { c.Requirements[0].Lists[0].ID = "" }},
		{"R-EB-EVI-S015", func(c *Catalogue) { c.Requirements[0].Lists[0].Types = nil }},
		{"R-EB-EVI-C043", func(c *Catalogue) { c.Requirements[0].Lists[0].MatchType = "PartialMatch" }},
		{"R-EB-EVI-C045", func(c *Catalogue) { c.Requirements[1].Lists[0].MatchDescriptions = edm.Texts{{Value: "none"}} }},
		{"R-EB-EVI-C016", func(c *Catalogue) { c.Requirements[0].Lists[0].Types[0].Classification = diploma + "0" }},
		{"R-EB-EVI-C018", func(c *Catalogue) { c.Requirements[0].Lists[0].Types[0].Titles[0].Lang = "" }},
		{"R-EB-EVI-C021", func(c *Catalogue) { c.Requirements[0].Lists[0].Jurisdiction.Country = "" }},
		{"R-EB-EVI-C022", func(c *Catalogue) { c.Requirements[0].Lists[0].Jurisdiction.Country = "GR" }},
		{"R-DSD-RESP-C002", func(c *Catalogue) { c.Services[0].ID = "urn:uuid:" + c.Services[0].ID }},
		{"R-DSD-RESP-C003", func(c *Catalogue) { c.Services[0].Classification = "x" }},
		{"R-DSD-RESP-S027", func(c *Catalogue) { c.Services[0].Distributions = nil }},
		{"R-DSD-RESP-C009", func(c *Catalogue) { c.Services[0].Distributions[0].Format = "text/plain" }},
		{"R-DSD-RESP-C039", func(c *Catalogue) { c.Services[0].Distributions[0].Format = "application/xml" }},
		{"R-DSD-RESP-C041", func(c *Catalogue) { c.Services[0].Distributions[0].Format = "application/json" }},
		{"R-DSD-RESP-C067", func(c *Catalogue) { c.Services[0].Distributions[0].ConformsTo = sr + "datamodels/x" }},
		{"R-DSD-RESP-C010", func(c *Catalogue) {
			c.Services[0].Distributions[0] = edm.Distribution{Format: "application/xml", ConformsTo: sr + "distributions/x"}
		}},
		{"R-DSD-RESP-S014", func(c *Catalogue) { c.Services[0].AccessPoint.Value = "" }},
		{"R-DSD-RESP-C012", func(c *Catalogue) { c.Services[0].AccessPoint.Scheme = "" }},
		{"R-DSD-RESP-C014", func(c *Catalogue) { c.Services[0].AccessPoint.Scheme = "urn:x" }},
		{"R-DSD-RESP-C015", func(c *Catalogue) { c.Services[0].ConformsTo[0] = "oots-cs:v2.0" }},
		{"R-DSD-RESP-C016", func(c *Catalogue) { c.Services[0].Publisher.ID.Scheme = "" }},
		{"R-DSD-RESP-C018", func(c *Catalogue) { c.Services[0].Publisher.Address.Country = "" }},
		{"R-DSD-RESP-C020", func(c *Catalogue) { c.Services[0].Publisher.Jurisdiction.Country = "" }},
		{"R-DSD-RESP-C008", func(c *Catalogue) { c.Services[0].LoA = "Medium" }},
		{"R-DSD-RESP-S013", func(c *Catalogue) { c.Services[0].Classifications[0].SupportedValues = nil }},
		{"R-DSD-RESP-C029", func(c *Catalogue) { c.Services[0].Classifications[0].ID = "town" }},
		{"R-DSD-RESP-C030", func(c *Catalogue) { c.Services[0].Classifications[0].Type = "" }},
		{"R-DSD-ERR-C031", func(c *Catalogue) { c.Services[0].Classifications[0].Type = "Codelist" }},
		{"R-DSD-RESP-C031", func(c *Catalogue) { c.Services[0].Classifications[0].Descriptions = nil }},
		{"R-DSD-ERR-C032", func(c *Catalogue) { c.Services[0].Classifications[0].CodeList = "" }},
		{"R-DSD-ERR-C033", func(c *Catalogue) { c.Services[0].Classifications[0].CodeList = sr + "codelists/el/Towns" }},
		{"R-DSD-ERR-C037", func(c *Catalogue) { c.Services[0].Classifications[0].ValueExpression = "" }},
		{"R-DSD-ERR-C038", func(c *Catalogue) { c.Services[0].Classifications[0].ValueExpression = "http://example.test/" }},
	} {
		t.Run(string(tc.want), func(t *testing.T) {
			c := catalogue()
			tc.edit(&c)
			fs := c.Check()
			if tc.want == "" {
				if len(fs) > 0 {
					t.Fatalf("a sound catalogue breaks %v", fs)
				}
				return
			}
			if len(fs) != 1 || fs[0].Rule != tc.want {
				t.Errorf("got %v, want %s alone", fs, tc.want)
			}
		})
	}
}
