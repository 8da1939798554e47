package dsd

import (
	"errors"
	"testing"

	"oots/directory"
	"oots/directory/query"
	"oots/directory/query/querytest"
	"oots/internal/corpus"
)

// TestErrorCodes provokes every code of the directory in every release line, over the published record that asks
// for territory and concept. [TDD 3.1.4]
func TestErrorCodes(t *testing.T) {
	h := directoryOf(querytest.Read(t, corpus.Read(t, success+"Birth_Certificate.xml")))
	const (
		asks    = "/dsd/rest/search?queryId=" + string(query.DataServices)
		place   = "&jurisdiction-context-id=5ce148b9-5578-4049-aecf-af7bb55714b5"
		concept = "&" + residence + "=ApplicantHasBeenResidentInGermany"
	)
	// In 2.0 the identifier is that with ec. in the host.
	older, newer := asks+"&evidence-type-classification="+birthCertificate, asks+"&evidence-type-classification="+directory.Line{Version: directory.V20}.URL(birthCertificate)
	for _, tc := range []struct {
		rest string
		want [4]string // 1.0 1.1 1.2 2.0; "" for a success
	}{
		{"&country-code=AT", every("DSD:ERR:0001")},
		{"&country-code=DE&specification=oots-edm:v2.0", [4]string{"DSD:ERR:0003", "DSD:ERR:0001", "DSD:ERR:0001", "DSD:ERR:0001"}},
		{"&country-code=DE&" + residence + "=Nobody" + place + "&jurisdiction-admin-l3=11000000", [4]string{"DSD:ERR:0001", "DSD:ERR:0001", "DSD:ERR:0001", "DSD:ERR:0003"}},
		{"", every("DSD:ERR:0003")},
		{"&country-code=DE&depth=1", every("DSD:ERR:0003")},
		{"&country-code=DE&" + educationType + "=x", every("DSD:ERR:0003")},
		{"&country-code=DE", every("DSD:ERR:0005")},
		{"&country-code=DE" + concept, [4]string{"DSD:ERR:0005", "DSD:ERR:0005", "DSD:ERR:0005", ""}},
		{"&country-code=DE" + place + "&jurisdiction-admin-l3=11000000", [4]string{"DSD:ERR:0005", "DSD:ERR:0005", "DSD:ERR:0005", "DSD:ERR:0003"}},
		{"&country-code=DE" + concept + place + "&jurisdiction-admin-l2=DE3", [4]string{"DSD:ERR:0006", "DSD:ERR:0006", "DSD:ERR:0006", "DSD:ERR:0003"}},
		{"&country-code=DE" + concept + place + "&jurisdiction-admin-l3=11000000&evidence-type-id=" + residence, [4]string{"DSD:ERR:0006", "DSD:ERR:0006", "", "DSD:ERR:0003"}},
		{"&country-code=DE" + concept + place + "&jurisdiction-admin-l3=11000000", [4]string{"", "", "", "DSD:ERR:0003"}},
	} {
		for i, v := range []directory.Version{directory.V10, directory.V11, directory.V12, directory.V20} {
			target := older + tc.rest
			if v == directory.V20 {
				target = newer + tc.rest
			}
			if got := code(t, querytest.Get(t, h, v, target)); got != tc.want[i] {
				t.Errorf("%s in %s: got %q, want %q", tc.rest, v, got, tc.want[i])
			}
		}
	}
	for target, want := range map[string]string{
		asks + "&country-code=DE": "DSD:ERR:0003",
		asks + "&country-code=DE&evidence-type-classification=" + germany + "x": "DSD:ERR:0002",
		"/dsd/rest/search": "DSD:ERR:0004",
		"/dsd/rest/search?queryId=" + string(query.Requirements): "DSD:ERR:0004",
	} {
		if got := code(t, querytest.Get(t, h, "", target)); got != want {
			t.Errorf("%s: got %q, want %q", target, got, want)
		}
	}
}

func every(code string) [4]string { return [4]string{code, code, code, code} }

// code is the code of a failure, "" for a success.
func code(t *testing.T, b []byte) string {
	t.Helper()
	a, err := query.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	var r *directory.Refusal
	var q *directory.Question
	switch {
	case errors.As(a.Err, &q):
		return query.CodeQuestion
	case errors.As(a.Err, &r):
		return r.Code
	}
	return ""
}
