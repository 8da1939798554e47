package conformance

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"oots/rule"
)

// TestCodeNamesKnownRules holds that every rule id in the code stands in the catalogue, and that what the
// code can report, an id as a string of its own, is not called unknown or dead there.
func TestCodeNamesKnownRules(t *testing.T) {
	t.Parallel()
	id := regexp.MustCompile(`"?\b(R-(?:EDM-(?:REQ|RESP|ERR)-[SC]|EDM-ebMS-|EB-[A-Z]+-[SC]?|DSD-[A-Z_]+-[SC]?|LCM-[A-Z]+-)[0-9]{3}|OOTS-[A-Z]{2,}(?:-[A-Za-z]+)+)\b"?`)
	named := map[rule.ID]bool{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && strings.HasPrefix(d.Name(), ".") && d.Name() != ".." && path != "../.." {
			return fs.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range id.FindAllStringSubmatch(string(b), -1) {
			row, ok := rule.Lookup(rule.ID(m[1]))
			if !ok {
				t.Errorf("%s names %s, which the catalogue does not have", path, m[1])
				continue
			}
			if m[0] == `"`+m[1]+`"` {
				named[row.ID] = true
				if row.State != rule.Checked && !checkedSomewhere(row.ID) {
					t.Errorf("%s can report %s, which the catalogue calls %s", path, row.ID, row.State)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for r := range rule.All() {
		if r.State == rule.Checked && r.Holds("2.0") && !named[r.ID] {
			t.Errorf("%s is called checked, and no code names it", r.ID)
		}
	}
}

func checkedSomewhere(id rule.ID) bool {
	for r := range rule.All() {
		if r.ID == id && r.State == rule.Checked {
			return true
		}
	}
	return false
}
