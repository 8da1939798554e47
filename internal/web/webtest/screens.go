package webtest

import (
	"io/fs"
	"path"
	"strings"
	"testing"

	"oots/internal/web"
)

// Languages are those that every catalogue has, and that pages are judged in by axe.
func Languages() []string { return []string{"en", "de", "el"} }

// EveryScreen walks through a site in all languages of its texts: each page must be in its language, and each screen of
// the site's files among them. The browser has checked each page that it was shown.
func EveryScreen(t *testing.T, files fs.FS, walk func(t *testing.T, lang string) []*Page) {
	t.Helper()
	screens, err := web.Parse(files)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := fs.Glob(files, "texts/*.json")
	if err != nil || len(texts) == 0 {
		t.Fatalf("%d languages: %v", len(texts), err)
	}
	for _, name := range texts {
		lang := strings.TrimSuffix(path.Base(name), ".json")
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			seen := map[string]bool{}
			for _, p := range walk(t, lang) {
				if got := p.Tags("html")[0].Attr["lang"]; got != lang {
					t.Errorf("%s is in %q", p.Path, got)
				}
				seen[p.Tags("body")[0].Attr["data-screen"]] = true
			}
			for _, name := range screens.Names() {
				if !seen[name] {
					t.Errorf("screen %s was not shown", name)
				}
			}
		})
	}
}
