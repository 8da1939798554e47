package architecture

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// pkg is what go list says of one package.
type pkg struct {
	ImportPath, Name, Doc string
	Imports               []string
	TestImports           []string
	XTestImports          []string
	CgoFiles              []string
	Standard              bool
	GoFiles               []string
}

func list(t *testing.T, args ...string) []pkg {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-json"}, args...)...)
	cmd.Dir = "../.."
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var pkgs []pkg
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); err == io.EOF {
			return pkgs
		} else if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
}

func page(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile("../../ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestArrowsGoDown(t *testing.T) {
	layers, err := ParseLayers(page(t))
	if err != nil {
		t.Fatal(err)
	}
	pkgs := list(t, "./...")
	if len(pkgs) < 10 {
		t.Fatalf("go list found %d packages", len(pkgs))
	}
	for _, p := range pkgs {
		for _, b := range Breaches(layers, strings.TrimPrefix(p.ImportPath, "oots/"), p.Imports) {
			t.Error(b)
		}
	}
}

func TestPlantedImportIsFound(t *testing.T) {
	layers, err := ParseLayers(page(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, pkg, imp, want string
	}{
		{"downward", "internal/gateway", "oots/edelivery/as4", ""},
		{"inside one protocol", "edelivery/as4", "oots/edelivery/wssec", ""},
		{"upward", "edm", "oots/internal/gateway", "above"},
		{"upward by one layer", "xml/c14n", "oots/regrep", "above"},
		{"service to service", "internal/requester", "oots/internal/provider", "neighbour"},
		{"domain to HTTP", "edm", "net/http", "no HTTP"},
		{"exchange to SQL", "edm/exchange", "database/sql", "no tables"},
		{"wire format may use XML", "edm/edmxml", "encoding/xml", ""},
		{"access point to EDM", "internal/gateway", "oots/edm", "payloads"},
		{"protocol to EDM", "edelivery/as4", "oots/edm/exchange", "payloads"},
		{"no layer", "misc", "oots/edm", "no layer"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got := strings.Join(Breaches(layers, tc.pkg, []string{tc.imp}), "; ")
			if tc.want == "" && got != "" || !strings.Contains(got, tc.want) {
				t.Errorf("%s imports %s: got %q, want %q", tc.pkg, tc.imp, got, tc.want)
			}
		})
	}
}

func TestEveryPackageIsDescribed(t *testing.T) {
	text := page(t)
	for _, p := range list(t, "./...") {
		if p.Doc == "" && len(p.GoFiles) > 0 {
			t.Errorf("%s has no package comment", p.ImportPath)
		}
		name := strings.TrimPrefix(p.ImportPath, "oots/")
		last := name[strings.LastIndex(name, "/")+1:]
		if !strings.Contains(text, "`"+name+"`") && !strings.Contains(text, "`"+last+"`") && !strings.Contains(text, ", `"+last) {
			parent, _, _ := strings.Cut(strings.TrimPrefix(name, "internal/"), "/")
			if !strings.Contains(text, parent) {
				t.Errorf("ARCHITECTURE.md does not name %s", name)
			}
		}
		for _, bad := range []string{"util", "common", "helper", "manager", "base"} {
			if strings.Contains(p.Name, bad) {
				t.Errorf("%s: a package is named after what it holds, not %q", p.ImportPath, bad)
			}
		}
	}
}

func TestModulesAreDecisions(t *testing.T) {
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	text := page(t)
	for _, m := range regexp.MustCompile(`(?m)^\s+(\S+) v\S+$`).FindAllStringSubmatch(string(mod), -1) {
		if !strings.Contains(text, "`"+m[1]+"`") {
			t.Errorf("the direct module %s has no line in ARCHITECTURE.md", m[1])
		}
	}
}

func TestNoCgo(t *testing.T) {
	for _, p := range list(t, "-deps", "./cmd/oots") {
		if !p.Standard && len(p.CgoFiles) > 0 {
			t.Errorf("%s needs cgo", p.ImportPath)
		}
	}
}
