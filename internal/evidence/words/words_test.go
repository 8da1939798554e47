package words

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"oots/edm"
)

// TestTexts: every language has the same keys, no text is empty, twelve months, and a date with day, month and year.
func TestTexts(t *testing.T) {
	t.Parallel()
	read := func(lang string) map[string]string {
		b, err := Files.ReadFile("texts/" + lang + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]string
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatalf("%s: %v", lang, err)
		}
		return m
	}
	english := read("en")
	for _, code := range Languages() {
		lang := strings.ToLower(code)
		m := read(lang)
		for key := range english {
			if strings.TrimSpace(m[key]) == "" {
				t.Errorf("%s has no %s", lang, key)
			}
		}
		for key := range m {
			if _, ok := english[key]; !ok {
				t.Errorf("%s has %s, which nobody uses", lang, key)
			}
		}
		if months := strings.Split(m["months"], "|"); len(months) != 12 || slices.Contains(months, "") {
			t.Errorf("%s has %d months", lang, len(months))
		}
		for _, part := range []string{"D", "M", "Y"} {
			if strings.Count(m["date"], part) != 1 {
				t.Errorf("%s writes dates as %q", lang, m["date"])
			}
		}
		if !KnownLanguage(code) {
			t.Errorf("%s is no official language", code)
		}
	}
}

func TestDate(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		lang string
		date edm.Date
		want string
	}{
		{"EL", "1998-03-25", "25 Μαρτίου 1998"},
		{"de-AT", "2026-01-05", "5. Jänner 2026"},
		{"EN", "2026-12-31", "31 December 2026"},
		{"XX", "2026-12-31", "31 December 2026"},
		{"EN", "2026-13-31", "2026-13-31"},
		{"EN", "1950", "1950"},
		{"EN", "1950-04", "04/1950"},
		{"EN", "", ""},
		{"EN", "yesterday", "yesterday"},
	} {
		if got := In(tc.lang).Date(tc.date); got != tc.want {
			t.Errorf("%s in %s: %q, want %q", tc.date, tc.lang, got, tc.want)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	de := In("DE")
	for _, tc := range []struct{ got, want string }{
		{de.Country("EL"), "Griechenland"}, {de.Country("ESP"), "Spanien"}, {de.Country("AT"), "Österreich"}, {de.Country("Linz"), "Linz"}, {de.Country("1A"), "1A"},
		{de.Language("el"), "Griechisch"}, {de.Language("Latin"), "Latin"},
		{de.Status("Economically active"), "wirtschaftlich aktiv"}, {de.Status("moved"), "moved"},
		{de.T("no such key"), "no such key"},
	} {
		if tc.got != tc.want {
			t.Errorf("got %q, want %q", tc.got, tc.want)
		}
	}
}
