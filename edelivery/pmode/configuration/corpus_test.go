package configuration

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"oots/internal/corpus"
)

// refused are the faulty files of the corpus, with a line that has to be named and what has to be said of it. All
// others are taken.
var refused = map[string]struct {
	line int
	want string
}{
	"ServiceMetadataTestService.xml":                       {2, "root element"},
	"domibus-configuration-long-names.xml":                 {4, "at most 255"},
	"domibus-configuration-maxsize-negative.xml":           {60, "is negative"},
	"domibus-configuration-maxsize-overflow.xml":           {60, "no whole number of 64 bits"},
	"domibus-configuration-not-unique-process.xml":         {302, "is also that of line 284"},
	"domibus-configuration-red-pull.xml":                   {130, `called "pullService"`},
	"domibus-configuration-valid-testservice.xml":          {124, "value is missing"},
	"domibus-configuration-valid_green.xml":                {91, "is also that of line 85"},
	"domibus-configuration-with-whitespaces.xml":           {113, `called "tc2Action"`},
	"domibus-configuration-xsd-not-compliant.xml":          {56, `"propertyRef" is not known here`},
	"domibus-pmode-AS4-entities-validation-blue.xml":       {89, "neither true nor false"},
	"domibus-pmode-URI-attributes-exceeds-maxlength.xml":   {31, "at most 1024"},
	"domibus-pmode-duplicate-entities-validation-blue.xml": {36, `"red_gw" is also that of line 32`},
	"domibus-pmode-identifier-validation-blue.xml":         {34, `called "partyTypeUrn1"`},
	"domibus-pmode-validation-tests-issues.xml":            {2, `"blue_gw_inexistent"`},
	"domibus-pmode-validation-tests.xml":                   {320, `called "turquoise_gw"`},
	"domibus-pmode-with-pull-processes.xml":                {91, "is also that of line 88"},
}

// TestCorpus imports every P-Mode file of real networks and products, prints what is in it, and carries it through
// both forms.
func TestCorpus(t *testing.T) {
	t.Parallel()
	var files []string
	for _, pattern := range []string{"as4/harmony/pmodes", "as4/harmony/pmodes-validation", "as4/oots-france"} {
		found, err := filepath.Glob(filepath.Join(corpus.Path(t, pattern), "*.xml"))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		files = append(files, found...)
	}
	files = append(files, corpus.Path(t, "as4/generated/pmode-AP_YY_01.xml"))
	left := len(refused)
	for _, file := range files {
		name := filepath.Base(file)
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c, found := Parse(b)
		t.Logf("%s: %s", name, Summarize(c, found))
		if bad, ok := refused[name]; ok {
			left--
			wantFinding(t, name, c, found, bad.line, bad.want)
			continue
		}
		if c == nil {
			t.Errorf("%s: refused: %v", name, found)
			continue
		}
		sameInBothForms(t, name, c, found)
	}
	if left != 0 || len(files) < 34 {
		t.Errorf("%d files, %d of the faulty ones were not there", len(files), left)
	}
}

func wantFinding(t *testing.T, name string, c *Configuration, found Findings, line int, want string) {
	t.Helper()
	if c != nil {
		t.Errorf("%s: taken", name)
	}
	for _, f := range found {
		if f.Severity == Error && f.Line == line && strings.Contains(f.Message, want) {
			return
		}
	}
	t.Errorf("%s: want line %d: …%s…, got %v", name, line, want, found)
}

func sameInBothForms(t *testing.T, name string, c *Configuration, found Findings) {
	t.Helper()
	asXML, asYAML := AppendDomibus(nil, c), AppendYAML(nil, c, found)
	fromYAML, bad := Parse(asYAML)
	if fromYAML == nil {
		t.Fatalf("%s: our YAML is refused: %v\n%s", name, bad, asYAML)
	}
	fromXML, bad := Parse(asXML)
	if fromXML == nil {
		t.Fatalf("%s: our XML is refused: %v\n%s", name, bad, asXML)
	}
	if got := AppendDomibus(nil, fromYAML); !bytes.Equal(got, asXML) {
		t.Errorf("%s: another file after YAML:\n%s", name, got)
	}
	if d := append(Diff(c, fromYAML), Diff(c, fromXML)...); len(d) > 0 {
		t.Errorf("%s: %v", name, d)
	}
}
