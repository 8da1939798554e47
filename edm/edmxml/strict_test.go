package edmxml_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"oots/edm"
	"oots/edm/edmxml"
	"oots/rule"
)

// TestWhiteSpaceAroundCodes holds that white space around a code is dropped, and that a strict operator has it
// compared as it stands.
func TestWhiteSpaceAroundCodes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		golden, code string // the code between its tags
		id           rule.ID
	}{
		{"request-first", "<rim:Value>T3<", "R-EDM-REQ-C003"},
		{"request-first", "<sdg:AdminUnitLevel1>AT<", "R-EDM-REQ-C015"},
		{"request-first", "<sdg:Format>application/pdf<", "R-EDM-REQ-C033"},
		{"request-first", "<sdg:LevelOfAssurance>High<", "R-EDM-REQ-C037"},
		{"request-company", "<sdg:Nationality>CY<", "R-EDM-REQ-C078"},
		{"request12-first", "<sdg:Format>application/pdf<", "R-EDM-REQ-C033"},
		{"response-one", "<sdg:Format>application/pdf<", "R-EDM-RESP-C023"},
		{"response12-one", "<sdg:AdminUnitLevel1>EL<", "R-EDM-RESP-C008"},
		{"error-0001", "<sdg:AdminUnitLevel1>EL<", "R-EDM-ERR-C005"},
	} {
		b, err := os.ReadFile("testdata/" + tc.golden + ".xml")
		if err != nil {
			t.Fatal(err)
		}
		tag, value, _ := strings.Cut(tc.code, ">")
		text := strings.ReplaceAll(string(b), tc.code, tag+">\n "+value)
		if text == string(b) {
			t.Errorf("%s: no %s", tc.golden, tc.code)
		}
		for _, strict := range []bool{false, true} {
			fired := slices.ContainsFunc(findings(t, tc.golden, text, &edm.Rules{Strict: strict}), func(f rule.Finding) bool { return f.Rule == tc.id })
			if fired != strict {
				t.Errorf("%s: strict %t: %s fired: %t", tc.golden, strict, tc.id, fired)
			}
		}
	}
}

// TestTypeWithoutPrefix holds that an xsi:type in the default namespace is read, and that a strict operator has it
// compared as text behind a colon.
func TestTypeWithoutPrefix(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile("testdata/request-first.xml")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(`xsi:type="rim:`, `xsi:type="`, "<query:QueryRequest ", `<query:QueryRequest xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:4.0" `).Replace(string(b))
	if fs := findings(t, "request", text, nil); len(fs) > 0 {
		t.Errorf("refused: %v", fs)
	}
	fs := findings(t, "request", text, &edm.Rules{Strict: true})
	for _, id := range []rule.ID{"R-EDM-REQ-S020", "R-EDM-REQ-S027"} {
		if !slices.ContainsFunc(fs, func(f rule.Finding) bool { return f.Rule == id }) {
			t.Errorf("strict: %s did not fire", id)
		}
	}
}

func findings(t *testing.T, name, text string, rules *edm.Rules) []rule.Finding {
	t.Helper()
	var fs []rule.Finding
	var err error
	if strings.HasPrefix(name, "request") {
		_, fs, err = edmxml.ParseRequestWith([]byte(text), rules)
	} else {
		_, _, fs, err = edmxml.ParseResponseWith([]byte(text), rules)
	}
	if err != nil {
		t.Fatal(err)
	}
	return fs
}
