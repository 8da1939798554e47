package schema

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"oots/internal/corpus"
	"oots/internal/judge"
	"oots/rule"
	"oots/xml/model"
	"oots/xml/xmltree"
)

var (
	xsd     = flag.String("xsd", "", "the published genericode.xsd, to compare with; the corpus does not have it")
	mutants = flag.Int("mutants", 40, "mutants of each specimen that are compared with xmllint")
)

const sample = `<?xml version="1.0"?>
<gc:CodeList xmlns:gc="http://docs.oasis-open.org/codelist/ns/genericode/1.0/">
 <Identification>
  <ShortName>Example</ShortName><LongName xml:lang="en">An example</LongName>
  <Version>1</Version><CanonicalUri>urn:x</CanonicalUri><CanonicalVersionUri>urn:x:1</CanonicalVersionUri>
  <LocationUri>https://example.test/x</LocationUri><AlternateFormatLocationUri MimeType="text/csv">https://example.test/x.csv</AlternateFormatLocationUri>
  <Agency><LongName>Somebody</LongName><Identifier Identifier="i">5</Identifier></Agency>
 </Identification>
 <ColumnSet>
  <Column Id="code" Use="required"><ShortName>Code</ShortName><Data Type="token" Lang="en"><Parameter ShortName="maxLength">3</Parameter></Data></Column>
  <Column Id="name" Use="optional"><ShortName>Name</ShortName><CanonicalUri>urn:n</CanonicalUri><Data Type="string"/></Column>
  <Key Id="key"><ShortName>Key</ShortName><ColumnRef Ref="code"/></Key>
 </ColumnSet>
 <SimpleCodeList>
  <Row><Value ColumnRef="code"><SimpleValue>A</SimpleValue></Value><Value ColumnRef="name"/></Row>
  <Row><Value><SimpleValue>B</SimpleValue></Value><Value><ComplexValue><x xmlns="urn:other">b</x></ComplexValue></Value></Row>
 </SimpleCodeList>
</gc:CodeList>`

func parse(t testing.TB, b []byte) *xmltree.Document {
	t.Helper()
	doc, err := xmltree.Parse(b, xmltree.Limits{Bytes: 32 << 20, Elements: 2_000_000})
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// TestCheck names what faults give.
func TestCheck(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, old, new string
		rule           rule.ID // "" means valid
	}{
		{"ok", "", "", ""},
		{"metadata only", sample[strings.Index(sample, " <SimpleCodeList>"):strings.Index(sample, "</gc:CodeList>")], "", ""},
		{"columns by reference", sample[strings.Index(sample, " <ColumnSet>"):strings.Index(sample, "</gc:CodeList>")],
			"<ColumnSetRef><CanonicalVersionUri>urn:c</CanonicalVersionUri></ColumnSetRef>", ""},
		{"column twice", `<Key Id="key"`, `<Key Id="code"`, model.ValueRepeated},
		{"column unknown", `<Value ColumnRef="name"/>`, `<Value ColumnRef="colour"/>`, model.ValueUnresolved},
		{"key of an unknown column", `Ref="code"/></Key>`, `Ref="colour"/></Key>`, model.ValueUnresolved},
		{"no version", "<Version>1</Version>", "", model.ElementMissing},
		{"no canonical version", "<CanonicalVersionUri>urn:x:1</CanonicalVersionUri>", "", model.ElementMissing},
		{"use", `Use="optional"`, `Use="may"`, model.ValueUnlisted},
		{"no use", ` Use="optional"`, ``, model.AttributeMissing},
		{"empty row", `<Row><Value ColumnRef="code">`, `<Row/><Row><Value ColumnRef="code">`, model.ElementMissing},
		{"in the namespace of the root", `<Agency>`, `<gc:x/><Agency>`, model.ElementUnexpected},
		{"id with blanks", `Id="key"`, `Id="the key"`, model.ValueType},
	} {
		t.Run(tc.name, func(t *testing.T) {
			fs := Check(parse(t, []byte(strings.Replace(sample, tc.old, tc.new, 1))))
			got := rule.First(fs).Rule
			if got != tc.rule || len(fs) > 1 {
				t.Errorf("%v, want %q", fs, tc.rule)
			}
		})
	}
}

// TestCorpus holds which published lists are valid, and what is wrong with the others.
func TestCorpus(t *testing.T) {
	t.Parallel()
	want := map[string]string{ // rules of the lists that are not valid
		"Procedures-CodeList.gc":          "value-type", // blanks in the ids of columns
		"AgentClassification-CodeList.gc": "value-type", // the rest: Lang="Description" and the like
		"ErrorSeverity-CodeList.gc":       "value-type",
		"JurisdictionLevel-CodeList.gc":   "value-type",
		"OOTSMediaTypes-CodeList.gc":      "value-type",
	}
	seen := 0
	for _, s := range lists(t) {
		seen++
		kinds := make(map[string]bool)
		for _, f := range Check(parse(t, s.XML)) {
			kinds[strings.TrimPrefix(string(f.Rule), "OOTS-XSD-")] = true
		}
		var got []string
		for k := range kinds {
			got = append(got, k)
		}
		if g := strings.Join(got, " "); g != want[filepath.Base(s.Name)] {
			t.Errorf("%s: %q", s.Name, g)
		}
	}
	if seen < 20 {
		t.Errorf("%d lists", seen)
	}
}

func lists(t testing.TB) []judge.Specimen {
	t.Helper()
	var all []judge.Specimen
	for _, dir := range []string{"edm/tdd-1.0/codelists", "common-services"} {
		root := corpus.Path(t, dir)
		err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".gc" {
				return err
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if _, err := xmltree.Parse(b, xmltree.Limits{}); err == nil {
				all = append(all, judge.Specimen{Name: dir + strings.TrimPrefix(path, root), XML: b})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// TestLikeXmllint compares with the published schema where it is at hand.
func TestLikeXmllint(t *testing.T) {
	if *xsd == "" {
		t.Skip("the corpus has no genericode.xsd: name one with -xsd")
	}
	c := judge.Comparison{XSD: *xsd, Check: Check, Explained: []judge.Explanation{judge.BlankCDATA(), {
		Name: "reference", Because: "libxml2 does not resolve xs:IDREF", Holds: func(d *judge.Disagreement) bool {
			for _, f := range d.Findings {
				if f.Rule != model.ValueUnresolved {
					return false
				}
			}
			return true
		}}}}
	all := append(lists(t), judge.Specimen{Name: "sample", XML: []byte(sample)})
	plain := c.Run(t, all, 0)
	valid := slices.DeleteFunc(all, func(s judge.Specimen) bool { return len(Check(parse(t, s.XML))) > 0 })
	sum := c.Run(t, valid, *mutants)
	t.Log(plain.String())
	t.Log(sum.String())
}

func BenchmarkCheck(b *testing.B) {
	doc := parse(b, corpus.Read(b, "common-services/oasis/codelists/LanguageCode-2.3.gc"))
	s := CodeList()
	b.ReportAllocs()
	for b.Loop() {
		if fs := s.Check(doc); len(fs) != 0 {
			b.Fatal(fs)
		}
	}
}
