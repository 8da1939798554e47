package webtest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"oots/internal/web"
)

// Texts compares the catalogues in texts/ of the working folder with the files that say their texts. dir
// is the folder below internal/: "portal". A key names the file that says it, without extension and
// without templates/; the rest after the first dot is free. It reports keys said but in no catalogue, keys
// in a catalogue that their file does not say, texts that are missing or left in English, and placeholders
// that differ, and plural forms that a language does not tell apart or lacks. Same lists texts of several words
// that are rightly the same in two languages.
func Texts(t *testing.T, dir string, same ...string) {
	t.Helper()
	said := sayings(t, dir)
	catalogs := readCatalogs(t)
	english := catalogs["en"]
	if len(said) == 0 || len(english) == 0 || len(catalogs) < 3 {
		t.Fatalf("%d keys said, %d texts in English, %d languages", len(said), len(english), len(catalogs))
	}
	for key := range said {
		_, ok := english[key]
		_, counts := english[key+".other"]
		if !ok && !counts {
			t.Errorf("missing: %s", key)
		}
	}
	for key, text := range english {
		if !said[key] && !said[stem(key)] {
			t.Errorf("unused, or said by another file: %s", key)
		}
		if strings.TrimSpace(text) == "" {
			t.Errorf("empty: %s", key)
		}
	}
	for lang, texts := range catalogs {
		wanted := inLanguage(english, lang)
		for key, text := range wanted {
			other, ok := texts[key]
			switch {
			case !ok:
				t.Errorf("%s: not translated: %s", lang, key)
			case strings.TrimSpace(other) == "":
				t.Errorf("%s: empty: %s", lang, key)
			case lang != "en" && other == text && len(strings.Fields(text)) > 2 && !strings.Contains(key, "/format.") && !slices.Contains(same, other):
				t.Errorf("%s: left in English: %s", lang, key)
			case !slices.Equal(placeholders(text), placeholders(other)):
				t.Errorf("%s: other placeholders than in English: %s", lang, key)
			}
		}
		for key := range texts {
			if _, ok := wanted[key]; !ok && (stem(key) == "" || english[key] == "") { // other is for fractions in some languages
				t.Errorf("%s: not in English: %s", lang, key)
			}
		}
	}
}

// Official holds that texts/ of the working folder has all official languages of the European Union.
// [Regulation 1/1958]
func Official(t *testing.T) {
	t.Helper()
	catalogs := readCatalogs(t)
	for _, lang := range strings.Fields("bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv") {
		if catalogs[lang] == nil {
			t.Errorf("no texts in %s", lang)
		}
	}
}

// inLanguage is the English texts with the plural forms of a language.
func inLanguage(english map[string]string, lang string) map[string]string {
	out := map[string]string{}
	for key, text := range english {
		s := stem(key)
		if !strings.Contains(english[s+".other"], "{n}") {
			out[key] = text
			continue
		}
		for _, form := range web.PluralForms(lang) {
			out[s+"."+form] = english[s+".other"]
		}
	}
	return out
}

// stem cuts the form off the key of a text for {n} things; "" when there is none.
func stem(key string) string {
	i := strings.LastIndexByte(key, '.')
	if i < 0 || !slices.Contains([]string{"zero", "one", "two", "few", "many", "other"}, key[i+1:]) {
		return ""
	}
	return key[:i]
}

// sayings finds the keys in the sources of the working folder, each in the file that its name says.
func sayings(t *testing.T, dir string) map[string]bool {
	t.Helper()
	key := regexp.MustCompile(`"(` + regexp.QuoteMeta(dir) + `/[A-Za-z_]+)\.[A-Za-z0-9.]+"`)
	said := map[string]bool{}
	sources, _ := filepath.Glob("*.go")
	templates, _ := filepath.Glob("templates/*.html")
	for _, name := range append(sources, templates...) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		file := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(name), ".go"), ".html")
		for _, m := range key.FindAllStringSubmatch(string(b), -1) {
			if m[1] != dir+"/"+file {
				t.Errorf("%s says %s, whose name belongs to another file", name, m[0])
				continue
			}
			said[strings.Trim(m[0], `"`)] = true
		}
	}
	return said
}

func readCatalogs(t *testing.T) map[string]map[string]string {
	t.Helper()
	names, _ := filepath.Glob("texts/*.json")
	out := map[string]map[string]string{}
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts := map[string]string{}
		if err := json.Unmarshal(b, &texts); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[strings.TrimSuffix(filepath.Base(name), ".json")] = texts
	}
	return out
}

func placeholders(text string) []string {
	found := regexp.MustCompile(`\{[A-Za-z]+\}`).FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}
