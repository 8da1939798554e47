package codelist_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"oots/codelist"
	"oots/internal/corpus"
)

func TestHas(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		list codelist.List
		code string
		want bool
	}{
		{codelist.OOTSCountries, "EL", true},
		{codelist.OOTSCountries, "EU", true},
		{codelist.OOTSCountries, "GR", false},
		{codelist.Countries, "GB", true},
		{codelist.Countries, "GR", false},
		{codelist.Countries, "EU", false},
		{codelist.Countries, "AUT", true},
		{codelist.Languages, "EN", true},
		{codelist.Languages, "en", false},
		{codelist.Languages, "ENG", true},
		{codelist.Languages, "", false},
		{codelist.Languages, " EN", false},
		{codelist.Procedures, "00", true},
		{codelist.Procedures, "X8", false},
		{codelist.EAS, "9914", true},
		{codelist.EAS, "9901", false},
		{codelist.EAS, "9914 9915", false},
		{codelist.AssociatedKinds, "MainEvidence", false},
		{codelist.DocumentKinds, "MainEvidence", true},
		{codelist.Genders, "9", true},
		{codelist.NUTS, "AT13", true},
		{codelist.NUTS, "AT99", false},
		{"NoSuchList", "AT", false},
	} {
		if got := tc.list.Has(tc.code); got != tc.want {
			t.Errorf("%s has %q: got %v, want %v", tc.list, tc.code, got, tc.want)
		}
	}
}

func TestLabel(t *testing.T) {
	t.Parallel()
	if got := codelist.Countries.Label("EL"); got != "Greece" {
		t.Errorf("EL is called %q", got)
	}
	if got := codelist.Languages.Label("EL"); got != "Greek" {
		t.Errorf("the language EL is called %q", got)
	}
	if got := codelist.Procedures.Label("T2"); got != "Admission to tertiary education" {
		t.Errorf("T2 is called %q", got)
	}
}

// TestTables holds what look-ups rely on: no code twice, a version for each list, every code found.
func TestTables(t *testing.T) {
	t.Parallel()
	for _, l := range codelist.Lists() {
		codes := l.Codes()
		if l.Version() == "" || len(codes) == 0 {
			t.Errorf("%s: version %q, %d codes", l, l.Version(), len(codes))
		}
		seen := map[string]bool{}
		for _, c := range codes {
			if seen[c] {
				t.Errorf("%s holds %q twice", l, c)
			}
			seen[c] = true
			if !l.Has(c) {
				t.Errorf("%s does not find its own %q", l, c)
			}
		}
	}
}

func TestRowsAreACopy(t *testing.T) {
	t.Parallel()
	codelist.Genders.Rows()[0].Code = "changed"
	if !codelist.Genders.Has("Male") {
		t.Error("a caller changed the list")
	}
}

// TestAgainstPublishedCodes compares with the values collected from the published lists.
func TestAgainstPublishedCodes(t *testing.T) {
	for _, tc := range []struct {
		list  codelist.List
		file  string
		extra string // ours beyond the file
	}{
		{codelist.EAS, "edm/codes/eas-2.0.1.txt", ""},
		{codelist.OOTSCountries, "edm/codes/oots-country-2.0.1.txt", ""},
		{codelist.Procedures, "edm/codes/procedures-2.0.1.txt", "00"},
		{codelist.NUTS, "edm/codes/nuts-2016.txt", ""},
	} {
		want := strings.Fields(string(corpus.Read(t, tc.file)))
		if tc.extra != "" {
			want = append(want, tc.extra)
		}
		got := tc.list.Codes()
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s differs from %s:\n got %v\nwant %v", tc.list, tc.file, got, want)
		}
	}
}

// TestAgainstGenericode compares with the published files that have that form. Codes with a remark in them,
// such as "ALB (B) SQI (T)", are left out on purpose.
func TestAgainstGenericode(t *testing.T) {
	code := regexp.MustCompile(`ColumnRef="code">\s*<SimpleValue>([^<]*)</SimpleValue>`)
	for file, list := range map[string]codelist.List{
		"LanguageCode-2.3.gc":              codelist.Languages,
		"CountryIdentificationCode-2.3.gc": codelist.Countries,
		"AgentClassification-CodeList.gc":  codelist.AgentClasses,
		"IdentifierSchemes-CodeList.gc":    codelist.LegalIdentifiers,
		"LevelsOfAssurance-CodeList.gc":    codelist.LevelsOfAssurance,
		"OOTSMediaTypes-CodeList.gc":       codelist.MediaTypes,
	} {
		b, err := os.ReadFile(corpus.Path(t, "edm/tdd-1.0/codelists/"+file))
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, m := range code.FindAllStringSubmatch(string(b), -1) {
			c := strings.TrimSpace(m[1])
			if strings.ContainsAny(c, " -") {
				continue
			}
			n++
			if !list.Has(c) {
				t.Errorf("%s lacks %q", list, c)
			}
		}
		if n == 0 {
			t.Errorf("%s: no code recognised", file)
		}
	}
}
