package web

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
)

// A Catalog holds the texts of one or more packages in several languages. It does not change after Load.
type Catalog struct {
	texts map[string]map[string]string // language, key
	langs []string
}

// Load reads texts/<language>.json of each file system: one flat object from key to text. The languages are
// those that all of the file systems have, so that no page is half in one. A later file system may bring none
// that the first has not. A key said twice is an error.
func Load(systems ...fs.FS) (*Catalog, error) {
	c := &Catalog{texts: map[string]map[string]string{}}
	in := map[string]int{} // how many file systems have the language
	for i, system := range systems {
		names, err := fs.Glob(system, "texts/*.json")
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			lang := strings.TrimSuffix(path.Base(name), ".json")
			if i == 0 {
				c.texts[lang] = map[string]string{}
			}
			in[lang]++
			if err := c.add(system, name, lang); err != nil {
				return nil, err
			}
		}
	}
	for lang := range c.texts {
		if in[lang] < len(systems) {
			delete(c.texts, lang)
		}
	}
	c.langs = slices.Sorted(maps.Keys(c.texts))
	return c, nil
}

func (c *Catalog) add(system fs.FS, name, lang string) error {
	into, ok := c.texts[lang]
	if !ok {
		return fmt.Errorf("%s: the frame of the pages is not translated to %q", name, lang)
	}
	b, err := fs.ReadFile(system, name)
	if err != nil {
		return err
	}
	var texts map[string]string
	if err := json.Unmarshal(b, &texts); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	for k, v := range texts {
		if _, twice := into[k]; twice {
			return fmt.Errorf("%s: %s is said twice", name, k)
		}
		into[k] = v
	}
	return nil
}

// Languages are the lower-case codes of the catalogue, sorted.
func (c *Catalog) Languages() []string { return c.langs }

// Has reports whether the catalogue speaks lang.
func (c *Catalog) Has(lang string) bool { return c.texts[lang] != nil }

// text returns the text of key in lang, else in English, else the key in brackets, which no page that
// passed the tests shows.
func (c *Catalog) text(lang, key string) string {
	if s, ok := c.texts[lang][key]; ok {
		return s
	}
	if s, ok := c.texts["en"][key]; ok {
		return s
	}
	return "[" + key + "]"
}
