package schema

import (
	"testing"

	"oots/codelist"
	"oots/directory/genericode"
)

// TestBuiltIn holds that the content model accepts every list that is built in, and none says anything wrong.
func TestBuiltIn(t *testing.T) {
	t.Parallel()
	for _, l := range codelist.Lists() {
		for _, line := range []string{"1.0", "1.1", "1.2", "2.0"} {
			list := genericode.BuiltIn(l, line)
			if fs := Check(parse(t, genericode.Append(nil, list))); len(fs) > 0 {
				t.Errorf("%s of %s: %v", l, line, fs)
			}
			for _, p := range list.Check() {
				if !p.Warning {
					t.Errorf("%s of %s: %v", l, line, p)
				}
			}
			for _, row := range list.Rows {
				if !l.HasIn(line, row[0]) {
					t.Errorf("%s of %s has no %s", l, line, row[0])
				}
			}
		}
	}
}
