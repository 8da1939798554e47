// Package words is what certificates and renderings of evidence say, in the languages of the Union, with
// dates, countries and languages as people read them.
//
// It holds the labels of fields, never a value of evidence. English stands in for what a language lacks.
package words

import (
	"embed"
	"encoding/json"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"oots/edm"
)

// Files are the texts, one JSON object of key and text per language.
//
//go:embed texts/*.json
var Files embed.FS

// Words are the texts of one language.
type Words struct {
	lang      string
	texts     map[string]string
	months    []string
	regions   display.Namer
	languages display.Namer
	english   *Words // nil in English
}

var load = sync.OnceValue(func() map[string]*Words {
	out := make(map[string]*Words)
	entries, _ := Files.ReadDir("texts") // embedded: cannot fail
	for _, e := range entries {
		b, _ := Files.ReadFile("texts/" + e.Name())
		w := &Words{lang: strings.TrimSuffix(e.Name(), ".json")}
		if err := json.Unmarshal(b, &w.texts); err != nil {
			continue // TestTexts reads every file
		}
		w.months = strings.Split(w.texts["months"], "|")
		tag := language.Make(w.lang)
		w.regions, w.languages = display.Regions(tag), display.Languages(tag)
		out[w.lang] = w
	}
	for lang, w := range out {
		if lang != "en" {
			w.english = out["en"]
		}
	}
	return out
})

// In returns the words of lang, a code of LanguageCode or a BCP 47 tag in any case; English for any other.
func In(lang string) *Words {
	all := load()
	primary, _, _ := strings.Cut(strings.ToLower(lang), "-")
	if w := all[primary]; w != nil {
		return w
	}
	return all["en"]
}

// Languages are the languages that there are, as codes of LanguageCode.
func Languages() []string {
	var out []string
	entries, _ := Files.ReadDir("texts")
	for _, e := range entries {
		out = append(out, strings.ToUpper(strings.TrimSuffix(e.Name(), ".json")))
	}
	return out
}

// Lang is the language of w, a BCP 47 tag in lower case.
func (w *Words) Lang() string { return w.lang }

// T returns the text of key, in English when the language has none, and the key when nobody has.
func (w *Words) T(key string) string {
	if t, ok := w.texts[key]; ok {
		return t
	}
	if w.english != nil {
		return w.english.T(key)
	}
	return key
}

// Has reports whether there is a text of key.
func (w *Words) Has(key string) bool {
	_, ok := w.texts[key]
	return ok || w.english != nil && w.english.Has(key)
}

// Date writes a day, a month or a year ("2006-01-02", "2006-01", "2006") as people read it; anything else stays
// as it is.
func (w *Words) Date(d edm.Date) string {
	p := strings.Split(string(d), "-")
	if len(p) > 3 || len(p[0]) != 4 || !digits(p[0]) {
		return string(d)
	}
	for _, s := range p[1:] {
		if len(s) != 2 || !digits(s) {
			return string(d)
		}
	}
	if len(p) == 1 {
		return p[0]
	}
	month, _ := strconv.Atoi(p[1])
	if month < 1 || month > len(w.months) {
		return string(d)
	}
	if len(p) == 2 {
		return p[1] + "/" + p[0] // a month of its own needs another case in many languages
	}
	return strings.NewReplacer("D", strings.TrimPrefix(p[2], "0"), "M", w.months[month-1], "Y", p[0]).Replace(w.T("date"))
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// Country returns the name of a country, by its code of ISO 3166-1 with two or three letters, or EL or UK; any
// other text stays as it is.
func (w *Words) Country(code string) string {
	if len(code) != 2 && len(code) != 3 {
		return code
	}
	iso := strings.ToUpper(code)
	switch iso {
	case "EL":
		iso = "GR"
	case "UK":
		iso = "GB"
	}
	r, err := language.ParseRegion(iso)
	if err != nil || !r.IsCountry() {
		return code
	}
	if name := w.regions.Name(r); name != "" {
		return name
	}
	return code
}

// Language returns the name of a language by its code; any other text stays as it is.
func (w *Words) Language(code string) string {
	t, err := language.Parse(code)
	if err != nil || len(code) > 3 {
		return code
	}
	if name := w.languages.Name(t); name != "" {
		return name
	}
	return code
}

// KnownLanguage reports whether code is a code of LanguageCode for an official language of the Union, in any case.
func KnownLanguage(code string) bool {
	switch strings.ToUpper(code) {
	case "BG", "CS", "DA", "DE", "EL", "EN", "ES", "ET", "FI", "FR", "GA", "HR", "HU", "IT", "LT", "LV", "MT", "NL", "PL", "PT", "RO",
		"SK", "SL", "SV":
		return true
	}
	return false
}

// statuses of a company in BRIS.
var statuses = map[string]string{
	"economically active": "active", "active": "active", "economically inactive": "inactive", "inactive": "inactive",
	"closed": "closed", "dissolved": "dissolved", "struck off the register": "struck", "wound up": "wound",
}

// Status returns the name of a status of a company as BRIS has it; any other text stays as it is.
func (w *Words) Status(v string) string {
	if key := statuses[strings.ToLower(v)]; key != "" {
		return w.T("status." + key)
	}
	return v
}
