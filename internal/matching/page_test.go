package matching

import (
	"flag"
	"os"
	"strings"
	"testing"
)

//go:generate go test -run TestPage -update .

var update = flag.Bool("update", false, "write the table of the default rules anew")

// TestPage keeps the rules in docs/matching.md those of the default policy, and its examples of the policy's name.
func TestPage(t *testing.T) {
	const file, begin, end = "../../docs/matching.md", "<!-- rules -->\n", "<!-- /rules -->\n"
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(b), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatal("the page has no place for the rules")
	}
	var table strings.Builder
	table.WriteString("| Rule | What it is about | When | Class |\n|---|---|---|---|\n")
	p := Default()
	for _, l := range p.Lines() {
		class := string(l.Class)
		if l.Ask {
			class += ", may ask"
		}
		if l.Alert {
			class += ", alert"
		}
		table.WriteString("| " + l.Rule + " | " + l.Text + " | " + l.When + " | " + class + " |\n")
	}
	want := before + begin + table.String() + end + after
	for _, old := range strings.Fields(want) {
		if name := strings.TrimSuffix(old, ","); strings.HasPrefix(name, p.Version+"/") {
			want = strings.ReplaceAll(want, name, p.ID())
		}
	}
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(b) != want {
		t.Error("docs/matching.md is stale: go generate ./internal/matching")
	}
}
