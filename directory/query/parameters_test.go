package query

import (
	"testing"

	"oots/directory"
)

// TestParametersPerLine is the table of parameters: y where the line has it. [TDD 3.1.4, 3.2.4]
func TestParametersPerLine(t *testing.T) {
	const (
		requirements = "queryId=" + string(Requirements) + "&country-code=DE"
		types        = "queryId=" + string(EvidenceTypes) + "&country-code=DE&requirement-id=x"
		services     = "queryId=" + string(DataServices) + "&country-code=DE&evidence-type-classification=x"
	)
	known := directory.NewIndex(testCatalogue())
	for _, tc := range []struct {
		service  Service
		raw, add string
		lines    string // 1.0 1.1 1.2 2.0
	}{
		{EB, requirements, "procedure-id=T2", "yyyy"},
		{EB, requirements, "jurisdiction-admin-l2=DE3", "yyyn"},
		{EB, requirements, "jurisdiction-admin-l2=DEF", "yyyn"},
		{EB, requirements, "jurisdiction-admin-l3=11000000", "yyyn"},
		{EB, requirements, "return-incomplete=true", "nnny"},
		{EB, requirements, "specification=oots-edm:v1.0", "nnnn"},
		{EB, types, "jurisdiction-admin-l2=DE3", "yyyn"},
		{EB, types, "jurisdiction-admin-l3=11000000", "yyyn"},
		{EB, types, "procedure-id=T2", "nnnn"},
		{DSD, services, "specification=oots-edm:v1.0", "nyyy"},
		{DSD, services, "evidence-type-id=" + officeID, "yyyn"},
		{DSD, services, "jurisdiction-context-id=" + officeID, "yyyn"},
		{DSD, services, "jurisdiction-admin-l2=DE3", "yyyn"},
		{DSD, services, "jurisdiction-admin-l3=11000000", "yyyn"},
		{DSD, services, officeID + "=A", "yyyy"},
		{DSD, services, "procedure-id=T2", "nnnn"},
	} {
		got := ""
		for _, v := range []directory.Version{directory.V10, directory.V11, directory.V12, directory.V20} {
			mark := "y"
			if _, err := Parse(tc.service, tc.raw+"&"+tc.add, accepting(string(v)), known); err != nil {
				mark = "n"
			}
			got += mark
		}
		if got != tc.lines {
			t.Errorf("%s %s: got %s, want %s", ID(tc.raw).Short(), tc.add, got, tc.lines)
		}
	}
}

// TestTerritoryParameters are the refusals of levels, which exist up to 1.2.
func TestTerritoryParameters(t *testing.T) {
	known := directory.NewIndex(testCatalogue())
	eb := "queryId=" + string(Requirements)
	dsd := "queryId=" + string(DataServices) + "&evidence-type-classification=x&country-code=DE"
	for _, tc := range []struct {
		name    string
		service Service
		raw     string
		want    string
	}{
		{"region without country", EB, eb + "&jurisdiction-admin-l2=DE3", "EB:ERR:0003: jurisdiction-admin-l2"},
		{"municipality without country", EB, eb + "&jurisdiction-admin-l3=11000000", "EB:ERR:0003: jurisdiction-admin-l3"},
		{"region of another country", EB, eb + "&country-code=AT&jurisdiction-admin-l2=DE3", "EB:ERR:0004: jurisdiction-admin-l2"},
		{"unknown region", EB, eb + "&country-code=DE&jurisdiction-admin-l2=DEY", "EB:ERR:0004: jurisdiction-admin-l2"},
		{"a country is no region", EB, eb + "&country-code=DE&jurisdiction-admin-l2=DE", "EB:ERR:0004: jurisdiction-admin-l2"},
		{"malformed municipality", EB, eb + "&country-code=DE&jurisdiction-admin-l3=11-00", "EB:ERR:0004: jurisdiction-admin-l3"},
		{"country before region", EB, eb + "&country-code=GR&jurisdiction-admin-l2=DE3", "EB:ERR:0006: country-code"},
		{"malformed region", DSD, dsd + "&jurisdiction-admin-l2=d3", "DSD:ERR:0003: jurisdiction-admin-l2"},
		{"malformed municipality", DSD, dsd + "&jurisdiction-admin-l3=x", "DSD:ERR:0003: jurisdiction-admin-l3"},
		{"unknown region is a wrong answer, later", DSD, dsd + "&jurisdiction-admin-l2=DEY", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Parse(tc.service, tc.raw, accepting(""), known)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestAcceptable(t *testing.T) {
	for _, tc := range []struct {
		lines []string
		want  bool
	}{
		{nil, true},
		{[]string{""}, true},
		{[]string{"application/x-ebrs+xml"}, true},
		{[]string{"Application/X-EBRS+XML; charset=utf-8"}, true},
		{[]string{"application/xml"}, true},
		{[]string{"text/xml;q=0.1"}, true},
		{[]string{"application/*"}, true},
		{[]string{"text/html", "application/xhtml+xml,*/*;q=0.8"}, true},
		{[]string{"text/html"}, false},
		{[]string{"application/json"}, false},
		{[]string{"*/*;q=0"}, false},
		{[]string{"*/*;q=x"}, false},
		{[]string{"//;;"}, false},
	} {
		if got := Acceptable(tc.lines); got != tc.want {
			t.Errorf("%q: got %v", tc.lines, got)
		}
	}
	h := accepting("oots-cs:v2.0")
	h.Set("Accept", "application/json")
	if _, err := Parse(EB, "queryId="+string(Requirements), h, directory.NewIndex(testCatalogue())); err == nil || err.Error() != "EB:ERR:0003: Accept" {
		t.Errorf("got %v", err)
	}
}

// TestDataServiceRequest: what a line has no parameter for is not sent.
func TestDataServiceRequest(t *testing.T) {
	q := directory.DataServiceQuery{Classification: typeURL, Country: "AT", Specification: "oots-edm:v2.0", EvidenceTypeID: "e", ContextID: "c", Region: "AT1", Municipality: "9", Answers: map[string]string{officeID: "A"}}
	for v, want := range map[directory.Version]string{
		directory.V10: "AT  e c AT1 9", directory.V11: "AT oots-edm:v2.0 e c AT1 9", directory.V12: "AT oots-edm:v2.0 e c AT1 9", directory.V20: "AT oots-edm:v2.0    ",
	} {
		r := DataServiceRequest(v, q)
		if got := r.Country + " " + r.Specification + " " + r.EvidenceTypeID + " " + r.ContextID + " " + r.Region + " " + r.Municipality; got != want {
			t.Errorf("%s: got %q, want %q", v, got, want)
		}
		if r.Query != DataServices || r.Version != v || r.Answers[officeID] != "A" {
			t.Errorf("%s: %+v", v, r)
		}
	}
}
