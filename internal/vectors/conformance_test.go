package vectors

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"oots/internal/corpus"
)

const root = "../.."

// folders are where the short names of the table lie.
var folders = map[string]string{
	"as4": "edelivery/as4", "ebms": "edelivery/ebms", "pmode": "edelivery/pmode", "swa": "edelivery/swa", "wssec": "edelivery/wssec",
	"xmltree": "xml/xmltree", "c14n": "xml/c14n", "xmldsig": "xml/xmldsig", "xmlenc": "xml/xmlenc",
	"gateway": "internal/gateway", "spool": "internal/spool", "vectors": "internal/vectors", "bench": "internal/bench", "e2e": "internal/e2e", "cli": "internal/cli",
	"phase4": "interop/phase4", "jdk": "interop/jdk",
}

// series are the test cases that must have a row, and how many there are of each letter.
var series = map[string]int{"B": 28, "M": 32, "H": 26, "G": 38, "N": 21, "Z": 13, "R": 24, "D": 14, "L": 8, "T": 15, "P": 22, "S": 10}

// A claim is one row of edelivery/conformance.tsv; a row with id "#" begins a chapter.
type claim struct {
	id, what, state, note string
	code, tests           []string
}

func readClaims(t *testing.T) []claim {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, "edelivery", "conformance.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	list := func(s string) []string {
		if s == "" {
			return nil
		}
		return strings.Split(s, "; ")
	}
	var out []claim
	for i, line := range strings.Split(strings.TrimRight(string(b), "\n"), "\n")[1:] {
		f := strings.Split(line, "\t")
		if len(f) != 6 {
			t.Fatalf("conformance.tsv: line %d has %d fields, want 6", i+2, len(f))
		}
		out = append(out, claim{id: f[0], what: f[1], state: f[2], code: list(f[3]), tests: list(f[4]), note: f[5]})
	}
	return out
}

// TestConformanceClaims checks that what the table names is there, and that no row claims more than it names.
func TestConformanceClaims(t *testing.T) {
	t.Parallel()
	packages := map[string]*names{}
	of := func(short string) *names {
		if packages[short] == nil {
			packages[short] = readNames(t, short)
		}
		return packages[short]
	}
	golden := goldenIDs()
	seen := map[string]int{}
	for _, c := range readClaims(t) {
		if c.id == "#" {
			continue
		}
		seen[c.id]++
		if n := len(c.code); c.state == "yes" && (n == 0 || len(c.tests) == 0) || c.state != "yes" && c.note == "" {
			t.Errorf("%s: a yes needs code and test, anything else a reason", c.id)
		}
		if !slices.Contains([]string{"yes", "partial", "no"}, c.state) {
			t.Errorf("%s: state %q", c.id, c.state)
		}
		for _, name := range c.code {
			short, symbol, _ := strings.Cut(name, ".")
			if !of(short).symbols[symbol] {
				t.Errorf("%s: there is no %s", c.id, name)
			}
		}
		for _, name := range c.tests {
			short, test, _ := strings.Cut(name, ".")
			test, sub, _ := strings.Cut(test, "/")
			switch {
			case short == "golden":
				if golden != nil && !slices.ContainsFunc(golden, func(id string) bool { return strings.HasPrefix(id, test+"-") }) {
					t.Errorf("%s: the corpus has no golden case %s", c.id, test)
				}
			case strings.HasSuffix(test, ".txt"):
				if _, err := os.Stat(filepath.Join(root, folders[short], "testdata", test)); err != nil {
					t.Errorf("%s: %v", c.id, err)
				}
			case !of(short).tests[test]:
				t.Errorf("%s: there is no test %s", c.id, name)
			case sub != "" && !of(short).texts[sub]:
				t.Errorf("%s: no test of %s has a case called %q", c.id, short, sub)
			}
		}
	}
	for letter, n := range series {
		for i := range n {
			if id := fmt.Sprintf("%s%02d", letter, i+1); seen[id] != 1 {
				t.Errorf("%s is there %d times", id, seen[id])
			}
		}
	}
}

// names are what one package declares.
type names struct {
	symbols map[string]bool // Name, and Type.Method
	tests   map[string]bool
	texts   map[string]bool // string literals of the tests
}

func readNames(t *testing.T, short string) *names {
	t.Helper()
	folder, known := folders[short]
	if !known {
		t.Fatalf("conformance.tsv: no package is called %q", short)
	}
	files, err := filepath.Glob(filepath.Join(root, folder, "*.go"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: no Go files, %v", folder, err)
	}
	n := &names{symbols: map[string]bool{}, tests: map[string]bool{}, texts: map[string]bool{}}
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(file, "_test.go") {
			n.readTests(f)
		} else {
			n.readSymbols(f)
		}
	}
	return n
}

func (n *names) readTests(f *ast.File) {
	ast.Inspect(f, func(node ast.Node) bool {
		switch x := node.(type) {
		case *ast.FuncDecl:
			n.tests[x.Name.Name] = x.Recv == nil
		case *ast.BasicLit:
			if s, err := strconv.Unquote(x.Value); err == nil && x.Kind == token.STRING {
				n.texts[s] = true
			}
		}
		return true
	})
}

func (n *names) readSymbols(f *ast.File) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			name := d.Name.Name
			if d.Recv != nil {
				of := d.Recv.List[0].Type
				if star, ok := of.(*ast.StarExpr); ok {
					of = star.X
				}
				name = fmt.Sprint(of) + "." + name
			}
			n.symbols[name] = true
		case *ast.GenDecl:
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.TypeSpec:
					n.symbols[s.Name.Name] = true
				case *ast.ValueSpec:
					for _, id := range s.Names {
						n.symbols[id.Name] = true
					}
				}
			}
		}
	}
}

// goldenIDs lists the golden messages, or nothing when there is no corpus.
func goldenIDs() []string {
	dir := os.Getenv("OOTS_CORPUS")
	if dir == "" {
		dir = filepath.Join(root, "..", "shared", "corpus")
	}
	cases, err := readManifest(filepath.Join(dir, "as4", "generated", "messages"))
	if err != nil {
		return nil
	}
	var ids []string
	for _, c := range cases {
		ids = append(ids, c.ID)
	}
	return ids
}

// TestConformancePage keeps docs/conformance-as4.md what the table says.
func TestConformancePage(t *testing.T) {
	t.Parallel()
	file := filepath.Join(root, "docs", "conformance-as4.md")
	got := conformancePage(readClaims(t))
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s is stale: go generate ./internal/vectors", file)
	}
}

func conformancePage(claims []claim) string {
	var b strings.Builder
	b.WriteString("# Conformance with eDelivery AS4 1.15\n\n" +
		"Generated from `edelivery/conformance.tsv` by `go generate ./internal/vectors`; a test checks that every function,\n" +
		"test and case named here exists. *Golden* cases are messages of the corpus, run by `oots as4 vectors` and by\n" +
		"`internal/vectors.TestCorpusMessages`. The claim is the Common Profile with the four corner enhancement\n" +
		"(conformance clauses 6.1 and 6.2); pull, split and join, dynamic discovery and AS4 2.0 are not part of it.\n" +
		"*Partial* and *no* say why. The first part goes by the subjects of the profile, the second by test cases for\n" +
		"sender and receiver, good and hostile.\n\n")
	b.WriteString("| Chapter | yes | partial | no |\n|---|---|---|---|\n")
	for i, c := range claims {
		if c.id != "#" {
			continue
		}
		count := map[string]int{}
		for _, k := range claims[i+1:] {
			if k.id == "#" {
				break
			}
			count[k.state]++
		}
		fmt.Fprintf(&b, "| %s | %d | %d | %d |\n", c.what, count["yes"], count["partial"], count["no"])
	}
	part := ""
	for _, c := range claims {
		if c.id != "#" {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", c.id, cell(c.what), c.state, codes(c.code), codes(c.tests), cell(c.note))
			continue
		}
		if c.state != part {
			part = c.state
			b.WriteString(map[string]string{"profile": "\n## Clauses of the profile\n", "cases": "\n## Test cases\n"}[part])
		}
		fmt.Fprintf(&b, "\n### %s\n\n| Id | What | State | Code | Tests | Why |\n|---|---|---|---|---|---|\n", c.what)
	}
	return b.String()
}

func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

func codes(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		if id, golden := strings.CutPrefix(n, "golden."); golden {
			out[i] = "golden " + id
			continue
		}
		out[i] = "`" + cell(n) + "`"
	}
	return strings.Join(out, ", ")
}

// TestManifestHasNoUnknownFields keeps Case in step with the manifest of the corpus.
func TestManifestHasNoUnknownFields(t *testing.T) {
	t.Parallel()
	d := json.NewDecoder(strings.NewReader(string(corpus.Read(t, "as4/generated/messages/manifest.json"))))
	var entries []map[string]any
	if err := d.Decode(&entries); err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		for field := range e {
			if !slices.Contains([]string{"id", "role", "description", "expect", "messageId", "parts", "answerTo"}, field) {
				t.Errorf("%v: field %s is not read", e["id"], field)
			}
		}
	}
}
