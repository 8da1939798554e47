package architecture

import (
	"strings"
	"testing"
)

// wrapped are modules that one package alone may use, so that they can be replaced there.
var wrapped = map[string]string{"github.com/lestrrat-go/helium": "oots/internal/official"}

// TestWrapped holds that nobody else imports them, tests included.
func TestWrapped(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, p := range list(t, "./...") {
		for _, imports := range [][]string{p.Imports, p.TestImports, p.XTestImports} {
			for _, imp := range imports {
				for module, owner := range wrapped {
					if imp != module && !strings.HasPrefix(imp, module+"/") {
						continue
					}
					used[module] = true
					if p.ImportPath != owner {
						t.Errorf("%s imports %s, which only %s may", p.ImportPath, imp, owner)
					}
				}
			}
		}
	}
	for module := range wrapped {
		if !used[module] {
			t.Errorf("nobody imports %s", module)
		}
	}
}
