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

var ruleID = regexp.MustCompile(`"?\b(R-(?:EDM-(?:REQ|RESP|ERR)-[SC]|EDM-ebMS-|EB-[A-Z]+-[SC]?|DSD-[A-Z_]+-[SC]?|LCM-[A-Z]+-)[0-9]{3}|OOTS-[A-Z]{2,}(?:-[A-Za-z]+)+|OOTS-X-[A-Z0-9_-]+-[0-9]{2})\b"?`)

// codeNames returns the files in which the code, tests apart, names a rule; reported tells those in which
// the id is a string of its own, so that the code can report it.
func codeNames(t *testing.T) (named, reported map[rule.ID][]string) {
	t.Helper()
	named, reported = map[rule.ID][]string{}, map[rule.ID][]string{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "../.." && strings.HasPrefix(d.Name(), ".") {
			return fs.SkipDir
		}
		if d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range ruleID.FindAllStringSubmatch(string(b), -1) {
			id := rule.ID(m[1])
			named[id] = append(named[id], path)
			if m[0] == `"`+m[1]+`"` {
				reported[id] = append(reported[id], path)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return named, reported
}

// TestCodeNamesKnownRules holds that every rule id in the code stands in the catalogue, that the code
// reports none whose text is unknown, and that it reports each that the catalogue calls checked in 2.0.
func TestCodeNamesKnownRules(t *testing.T) {
	t.Parallel()
	named, reported := codeNames(t)
	for id, files := range named {
		if _, ok := rule.Lookup(id); !ok {
			t.Errorf("%s, in %s, is not in the catalogue", id, files[0])
		}
	}
	for id, files := range reported {
		if row, ok := rule.Lookup(id); ok && row.State == rule.Unknown {
			t.Errorf("%s can report %s, whose text is unknown", files[0], id)
		}
	}
	for r := range rule.All() {
		if r.State == rule.Checked && r.Holds("2.0") && reported[r.ID] == nil {
			t.Errorf("%s is called checked, and no code reports it", r.ID)
		}
	}
}
