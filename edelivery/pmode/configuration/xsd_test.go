package configuration

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"oots/internal/corpus"
)

// TestSchema lets the published schema of Domibus 5.1 judge: it accepts every file of the corpus that we take, and
// what we write of it after the way through YAML.
func TestSchema(t *testing.T) {
	t.Parallel()
	xmllint := corpus.Tool(t, "xmllint")
	schema := corpus.Path(t, "as4/harmony/pmode-xsd/domibus-pmode.xsd")
	valid := func(file string) ([]byte, bool) {
		out, err := exec.Command(xmllint, "--nonet", "--noout", "--schema", schema, file).CombinedOutput()
		return out, err == nil
	}
	dir, judged := t.TempDir(), 0
	for _, folder := range []string{"as4/harmony/pmodes", "as4/harmony/pmodes-validation"} {
		files, err := filepath.Glob(filepath.Join(corpus.Path(t, folder), "*.xml"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			c, found := Parse(b)
			if out, ok := valid(file); !ok && c != nil {
				t.Errorf("%s: taken, but the schema says\n%s", filepath.Base(file), out)
			}
			if c == nil {
				continue
			}
			c, _ = parse(t, AppendYAML(nil, c, found))
			written := filepath.Join(dir, filepath.Base(file))
			if err := os.WriteFile(written, AppendDomibus(nil, c), 0o600); err != nil {
				t.Fatal(err)
			}
			judged++
			if out, ok := valid(written); !ok {
				t.Errorf("%s\n%s", filepath.Base(file), out)
			}
		}
	}
	if judged < 10 {
		t.Errorf("only %d files were judged", judged)
	}
}
