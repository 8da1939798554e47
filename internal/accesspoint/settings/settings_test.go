package settings

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

//go:generate go test -run TestPage -update .

var update = flag.Bool("update", false, "write the page of the configuration anew")

// TestPage keeps docs/configuration.md what the program itself says.
func TestPage(t *testing.T) {
	t.Parallel()
	var got bytes.Buffer
	if err := WritePage(&got); err != nil {
		t.Fatal(err)
	}
	const file = "../../../docs/configuration.md"
	if *update {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Error("docs/configuration.md is stale: go generate ./internal/accesspoint/settings")
	}
}

// TestEveryFieldIsDocumented also keeps defaults readable.
func TestEveryFieldIsDocumented(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, d := range Describe("") {
		if len(d.Meaning) < 5 || !strings.HasSuffix(d.Meaning, ".") && !strings.HasSuffix(d.Meaning, "]") {
			t.Errorf("%s: %q is no sentence", d.Field, d.Meaning)
		}
		if seen[d.Field] {
			t.Errorf("%s occurs twice", d.Field)
		}
		seen[d.Field] = true
	}
	if got := Describe("as4.tls"); len(got) < 5 || got[0].Field != "as4.tls" {
		t.Errorf("as4.tls: %v", got)
	}
	if got := Describe("as4.tl"); len(got) != 0 {
		t.Errorf("no field: %v", got)
	}
}

const small = `
domain: ap.example.org
keys:
  sealing: file:keys/sealing.key
  own:
    - file: keys/AP_AT_01.p12
      password: env:STORE_PASSWORD
`

func TestRead(t *testing.T) {
	t.Parallel()
	f, found := Read([]byte(small+"as4:\n  listen: \"127.0.0.1:0\"\n  limits:\n    part: 10MiB\nstop: 1m30s\n"), "/etc/oots")
	if f == nil {
		t.Fatal(found)
	}
	c := f.Config
	for _, x := range []struct{ name, got, want any }{
		{"path", c.Keys.Own[0].File, Path("/etc/oots/keys/AP_AT_01.p12")},
		{"secret of a file", c.Keys.Sealing, Secret("file:/etc/oots/keys/sealing.key")},
		{"secret of the environment", c.Keys.Own[0].Password, Secret("env:STORE_PASSWORD")},
		{"size", c.AS4.Limits.Part, Size(10 << 20)},
		{"default size", c.AS4.Limits.Message, Size(4 << 30)},
		{"time", c.Stop, Duration(90 * time.Second)},
		{"node", c.Node, "ap.example.org"},
		{"default list", c.AS4.Paths, []string{"/as4", "/domibus/services/msh"}},
		{"default path", c.Data.Folder, Path("/etc/oots/data")},
		{"default paths", c.Partners.Stores, []Path{"/etc/oots/partners"}},
		{"line", f.Line("as4.limits.part"), 11},
		{"line of a section", f.Line("as4.limits.plain"), 10},
		{"line of an item", f.Line("keys.own[1].key"), 6},
	} {
		if !reflect.DeepEqual(x.got, x.want) {
			t.Errorf("%v: %v, want %v", x.name, x.got, x.want)
		}
	}
}

// TestFaults names line, field, meaning and what to try, and never what stands where a secret should be.
func TestFaults(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"misspelt", small + "lgo:\n  form: text\n", `line 8: error: lgo: there is no such field; try log`},
		{"unknown", small + "speed: 3\n", `line 8: error: speed: there is no such field; try party, domain`},
		{"twice", small + "stop: 1s\nstop: 2s\n", `line 9: error: stop: it stands in line 8 already`},
		{"secret as value", strings.Replace(small, "env:STORE_PASSWORD", "tiger", 1), `line 7: error: keys.own[1].password: it is not a reference to a secret; what stands there is not shown; try file:`},
		{"unit", small + "stop: 30\n", `line 8: error: stop: it is no time with a unit; try 30s, 15m or 14d`},
		{"size without unit", small + "data:\n  least: 5\n", `line 9: error: data.least: it is no number of bytes with a unit; try 512KiB`},
		{"enumeration", small + "log:\n  level: loud\n", `line 9: error: log.level: it is none of the values it can have; try debug or info`},
		{"bool", small + "log:\n  access: yes\n", `line 9: error: log.access: it is neither true nor false`},
		{"number", small + "as4:\n  inbound: 0\n", `line 9: error: as4.inbound: it is less than 1`},
		{"address", small + "as4:\n  listen: here\n", `line 9: error: as4.listen: it is no address with a port`},
		{"no value", small + "domain:\n", `line 8: error: domain: it stands in line 2 already`},
		{"empty", small + "stop:\n", `line 8: error: stop: it has no value; try leaving the line out`},
		{"section", small + "log: text\n", `line 8: error: log: it is no section`},
		{"list", small + "as4:\n  paths: /as4\n", `line 9: error: as4.paths: it is no list`},
		{"item", small + "as4:\n  paths: [[a]]\n", `line 9: error: as4.paths[1]: it is no single value`},
		{"missing", "party: AP_AT_01\n", `error: domain: it is missing; try domain: ap.example.org`},
		{"missing inside", strings.Replace(small, "file: keys/AP_AT_01.p12", "key: x", 1), `line 6: error: keys.own[1].file: it is missing`},
		{"alias", small + "node: &n one\nparty: *n\n", `line 8: error: node: anchors and aliases are not allowed`},
		{"YAML", "a: [\n", `it is no YAML`},
		{"two", small + "---\nx: 1\n", `there is more than one document`},
		{"list as a whole", "- a\n", `it does not begin with the keys`},
		{"nothing", "", `it does not begin with the keys`},
	} {
		f, found := Read([]byte(c.text), "/")
		var all []string
		for _, x := range found {
			all = append(all, x.String())
		}
		said := strings.Join(all, "\n")
		if f != nil || !strings.Contains(said, c.want) {
			t.Errorf("%s: %s\nwant %s", c.name, said, c.want)
		}
		if strings.Contains(said, "tiger") {
			t.Errorf("%s: the secret is shown: %s", c.name, said)
		}
	}
}

// TestAppend writes files that read as what was written, with or without anything that differs from the defaults.
func TestAppend(t *testing.T) {
	t.Parallel()
	c := Defaults()
	c.Party, c.Domain, c.Node = "AP_AT_01", "ap.example.org", "ap.example.org"
	c.Data.Journal = "/etc/oots/journal"
	c.Data.Folder, c.Partners.Stores, c.PModes.File = "/etc/oots/data", []Path{"/etc/oots/partners"}, "/etc/oots/pmodes.yaml"
	c.Keys.Sealing = "file:/etc/oots/keys/sealing.key"
	c.Keys.Own = []Own{{File: "/etc/oots/a.pem", Key: "/etc/oots/b.pem"}, {File: "/srv/c.p12", Password: "env:P"}}
	c.Partners.Subjects = map[string]string{"AP_EL_01": "# odd: name"}
	c.AS4.Trust = []Path{"/etc/oots/a b.pem"}
	c.AS4.Limits.Part = 5e6
	c.Backend.Notices = []Notice{{Name: "all", URL: "https://x.example/", Form: "webhook", Kinds: []string{"DELETED"}, Retry: "60;10;CONSTANT", Secret: "env:S"}}
	b := Append(nil, &c, "/etc/oots")
	f, found := Read(b, "/etc/oots")
	if f == nil {
		t.Fatalf("%v\n%s", found, b)
	}
	if !reflect.DeepEqual(f.Config, c) {
		t.Errorf("%+v\nis not\n%+v\n%s", f.Config, c, b)
	}
	if strings.Contains(string(b), "/etc/oots/a") {
		t.Error("a path below the folder is written in full")
	}
}

func TestSecretOfAFile(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(name, []byte("tiger\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := Secret("file:" + name)
	if got, err := s.Text(); got != "tiger" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if err := os.Chmod(name, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Read(); err == nil || !strings.Contains(err.Error(), "0640") {
		t.Errorf("a file that the group can read: %v", err)
	}
}

func TestUnits(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"0s", "90s", "1m30s", "14d", "1d12h", "1.5s"} {
		d, err := ParseDuration(text)
		again, _ := ParseDuration(d.String())
		if err != nil || again != d {
			t.Errorf("%s: %v, %v, %v", text, d, again, err)
		}
	}
	for _, text := range []string{"", "5", "-1s", "d", "99999d99999h", "1e400s"} {
		if _, err := ParseDuration(text); err == nil {
			t.Errorf("%q is a time", text)
		}
	}
	for text, want := range map[string]Size{"0B": 0, "1KiB": 1024, "5MB": 5e6, "2 GiB": 2 << 30} {
		s, err := ParseSize(text)
		if again, _ := ParseSize(s.String()); s != want || err != nil || again != s {
			t.Errorf("%s: %v, %v, %v", text, s, again, err)
		}
	}
	for _, text := range []string{"", "5", "-1B", "9999999999TiB", "GiB"} {
		if _, err := ParseSize(text); err == nil {
			t.Errorf("%q is a size", text)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte("as4: {tls: {suites: [a, b]}}\nbackend:\n  notices:\n    - name: x\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		file, found := Read(b, "/x")
		if (file == nil) != Failed(found) {
			t.Fatalf("file %v beside %v", file != nil, found)
		}
		if file == nil {
			return
		}
		again, found := Read(Append(nil, &file.Config, "/x"), "/x")
		if again == nil {
			t.Fatalf("what was written is not read: %v\n%s", found, Append(nil, &file.Config, "/x"))
		}
	})
}
