package official_test

import (
	"slices"
	"strings"
	"testing"

	"oots/internal/official"
	"oots/rule"
)

// always is a Schematron file with one rule that never holds.
func always(id string) string {
	return sch(`<sch:pattern><sch:rule context="/*"><sch:assert id="` + id + `" test="false()"/></sch:rule></sch:pattern>`)
}

// TestReleases holds which files judge which document in which release line.
func TestReleases(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		files   []string
		doc     rule.Document
		version string
		want    []string // files
		err     string
	}{
		{"no numbers", []string{"sch/EDM-REQ-S.sch", "sch/EDM-REQ-C.sch", "sch/EDM-RESP-S.sch"}, rule.Request, "1.1", []string{"sch/EDM-REQ-C.sch", "sch/EDM-REQ-S.sch"}, ""},
		{"several lines", []string{"v1.0.5/EDM-REQ-S.sch", "v1.2.0/EDM-REQ-S.sch", "TDD-2.0.1/EDM-REQ-S.sch"}, rule.Request, "oots-edm:v2.0", []string{"TDD-2.0.1/EDM-REQ-S.sch"}, ""},
		{"one release in two folders", []string{"sch/2.0.1/EDM-REQ-S.sch", "more/2.0.1/EDM-REQ-C.sch"}, rule.Request, "2.0", []string{"more/2.0.1/EDM-REQ-C.sch", "sch/2.0.1/EDM-REQ-S.sch"}, ""},
		{"two of one line", []string{"2.0.0/EDM-REQ-S.sch", "2.0.1/EDM-REQ-S.sch"}, rule.Request, "2.0", nil, "several releases of line 2.0: 2.0.0, 2.0.1"},
		{"none of the line", []string{"1.0/EDM-REQ-S.sch"}, rule.Request, "2.0", nil, "it has no release of line 2.0, but 1.0"},
		{"shared by all", []string{"1.0/EDM-REQ-S.sch", "2.0/EDM-REQ-S.sch", "all/EDM-REQ-X.sch"}, rule.Request, "1.0", []string{"1.0/EDM-REQ-S.sch", "all/EDM-REQ-X.sch"}, ""},
		{"a number that is no line", []string{"ubl-2.3/EDM-REQ-S.sch"}, rule.Request, "1.0", []string{"ubl-2.3/EDM-REQ-S.sch"}, ""},
		{"the outer number counts", []string{"2.0/old-1.0/EDM-REQ-S.sch"}, rule.Request, "2.0", []string{"2.0/old-1.0/EDM-REQ-S.sch"}, ""},
		{"directory", []string{"DSD-RESP-S.sch", "DSD-ERR-S.sch"}, rule.DataServices, "1.0", []string{"DSD-RESP-S.sch"}, ""},
		{"header", []string{"EDM-ebMS.sch", "EB-REQ-S.sch"}, rule.Header, "1.0", []string{"EDM-ebMS.sch"}, ""},
		{"header, other name", []string{"ebms_header.sch"}, rule.Header, "1.0", []string{"ebms_header.sch"}, ""},
		{"nothing for it", []string{"EDM-REQ-S.sch"}, rule.Response, "1.0", nil, "No Schematron file of the folder is named after RESP."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			files := map[string]string{"notes/readme.txt": "no artefact"}
			for _, f := range tc.files {
				files[f] = always(f)
			}
			suite, err := official.Load(folder(files))
			if err != nil {
				t.Fatal(err)
			}
			o, err := suite.Judge(tc.doc, tc.version, []byte("<a/>"))
			if tc.err != "" {
				if err == nil || !strings.Contains(err.Error(), tc.err) {
					t.Errorf("%v, want %q", err, tc.err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range o.Findings {
				got = append(got, f.ID)
			}
			if !slices.Equal(got, tc.want) || !slices.Equal(o.Files, tc.want) {
				t.Errorf("%q of %q, want %q", got, o.Files, tc.want)
			}
		})
	}
}

// TestLoad holds that an empty folder is an error, and that files without a known name are told.
func TestLoad(t *testing.T) {
	t.Parallel()
	if _, err := official.Load(folder(map[string]string{"a.xml": "<a/>"})); err == nil {
		t.Error("a folder without artefacts is loaded")
	}
	suite, err := official.Load(folder(map[string]string{"1.0/EDM-REQ-S.sch": always("A"), "2.0/EDM-REQUEST.sch": always("B"), "2.0/parts.sch": always("C")}))
	if err != nil {
		t.Fatal(err)
	}
	if got := suite.Unused(); !slices.Equal(got, []string{"2.0/EDM-REQUEST.sch", "2.0/parts.sch"}) {
		t.Errorf("unused %q", got)
	}
	if got := suite.Releases(); !slices.Equal(got, []string{"1.0", "2.0"}) {
		t.Errorf("releases %q", got)
	}
}
