package webtest

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Texts compares the catalogues in texts/ of the working folder with the files that say their texts. dir
// is the folder below internal/: "portal". A key names the file that says it, without extension and
// without templates/; the rest after the first dot is free. It reports keys said but in no catalogue, keys
// in a catalogue that their file does not say, texts that are missing or left in English, and placeholders
// that differ. Same lists texts that are rightly the same in two languages.
func Texts(t *testing.T, dir string, same ...string) {
	t.Helper()
	said := sayings(t, dir)
	catalogs := readCatalogs(t)
	english := catalogs["en"]
	if len(said) == 0 || len(english) == 0 || len(catalogs) < 3 {
		t.Fatalf("%d keys said, %d texts in English, %d languages", len(said), len(english), len(catalogs))
	}
	for key := range said {
		if _, ok := english[key]; !ok {
			t.Errorf("missing: %s", key)
		}
	}
	for key, text := range english {
		if !said[key] {
			t.Errorf("unused, or said by another file: %s", key)
		}
		if strings.TrimSpace(text) == "" {
			t.Errorf("empty: %s", key)
		}
	}
	for lang, texts := range catalogs {
		for key, text := range english {
			other, ok := texts[key]
			switch {
			case !ok:
				t.Errorf("%s: not translated: %s", lang, key)
			case lang != "en" && other == text && !slices.Contains(same, other):
				t.Errorf("%s: left in English: %s", lang, key)
			case !slices.Equal(placeholders(text), placeholders(other)):
				t.Errorf("%s: other placeholders than in English: %s", lang, key)
			}
		}
		for key := range texts {
			if _, ok := english[key]; !ok {
				t.Errorf("%s: not in English: %s", lang, key)
			}
		}
	}
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
