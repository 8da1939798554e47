package official_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"oots/internal/corpus"
	"oots/internal/judge"
	"oots/internal/official"
	"oots/rule"
)

// released are the schemas of the first release in the corpus.
func released(t testing.TB) *official.Suite {
	t.Helper()
	suite, err := official.Load(os.DirFS(corpus.Path(t, "edm/tdd-1.0/xsd")))
	if err != nil {
		t.Fatal(err)
	}
	return suite
}

// TestSchemas compares with xmllint on the messages of release line 1.0 and on mutants of them.
func TestSchemas(t *testing.T) {
	t.Parallel()
	suite := released(t)
	xsd := corpus.Path(t, "edm/tdd-1.0/xsd/sdg/oots_driver_v1.0.0.xsd")
	mutants := 100
	if testing.Short() {
		mutants = 20
	}
	var docs [][]byte
	var names []string
	for _, pattern := range []string{"edm/tdd-1.0/examples/*-re[qs]*.xml", "edm/tdd-1.0/examples/education-error-preview.xml", "edm/own/valid/re*1[02]*.xml", "edm/own/valid/err12*.xml"} {
		files, err := filepath.Glob(corpus.Path(t, ".") + "/" + pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", pattern, len(files), err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, ".header.xml") {
				continue
			}
			text, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			docs, names = append(docs, text), append(names, filepath.Base(f))
			for _, m := range judge.Mutants(t, text, mutants) {
				docs, names = append(docs, m.XML), append(names, filepath.Base(f)+": "+m.Kind+" "+m.What)
			}
		}
	}
	valid, agreed, explained := 0, 0, map[string]int{}
	for i, v := range judge.Xmllint(t, xsd, docs) {
		o, err := suite.Judge(rule.Request, "1.0", docs[i])
		if err != nil && strings.Contains(err.Error(), "has no schema of") {
			o.Findings = []official.Finding{{Text: err.Error()}} // the root element has become another
		} else if err != nil {
			t.Fatalf("%s: %v", names[i], err)
		}
		ours := len(o.Findings) == 0
		if ours {
			valid++
		}
		if ours == v.Valid {
			agreed++
			continue
		}
		if why := explain(o, v); why != "" {
			explained[why]++
			continue
		}
		t.Errorf("%s: helium %+v, xmllint %q", names[i], o.Findings, v.Messages)
	}
	t.Logf("%d documents, %d valid, %d agreed, explained %v", len(docs), valid, agreed, explained)
	if len(docs) < 10*mutants/2 || valid == 0 || valid == len(docs) {
		t.Errorf("%d documents, %d valid", len(docs), valid)
	}
}

var aroundDate = regexp.MustCompile(`(?s): '(\s.*|.*\s)' is not a valid value of the atomic type 'xs:date(Time)?'`)

// explain names the class of a disagreement that is understood; "" for any other.
func explain(o official.Opinion, v judge.Verdict) string {
	said := strings.Join(v.Messages, "\n")
	switch {
	case len(o.Findings) == 0 && aroundDate.MatchString(said):
		return "libxml2 does not remove white space around a date"
	case len(o.Findings) == 0 && strings.Contains(said, "Character content other than whitespace is not allowed"):
		return "libxml2 takes a blank CDATA section for text"
	case len(o.Findings) == 0 && strings.Contains(said, "Character content is not allowed, because the content type is empty"):
		return "helium lets white space stand in an element that must be empty"
	}
	return ""
}

// TestInstanceAttributes holds that an xsi:type without a name, and an attribute that XML Schema does not have, are
// found; the library passes over both.
func TestInstanceAttributes(t *testing.T) {
	t.Parallel()
	suite := released(t)
	for _, with := range []string{`xsi:type=""`, `xsi:type=" "`, `xsi:type="rim:StringValueType" xsi:other="x"`} {
		text := strings.Replace(string(corpus.Read(t, "edm/tdd-1.0/examples/birth-request.xml")), `xsi:type="rim:StringValueType"`, with, 1)
		o, err := suite.Judge(rule.Request, "1.0", []byte(text))
		if err != nil || !o.Refuses() || o.Findings[0].Line == 0 || !o.Findings[0].Schema() {
			t.Errorf("%s: %+v, %v", with, o, err)
		}
	}
}

// TestMissingNamespace holds that a schema that needs another one is named, and not skipped in silence.
func TestMissingNamespace(t *testing.T) {
	t.Parallel()
	_, err := released(t).Judge(rule.Header, "1.0", corpus.Read(t, "edm/own/valid/hdr12-request.xml"))
	if err == nil || !strings.Contains(err.Error(), "needs that of http://schemas.xmlsoap.org/soap/envelope/") {
		t.Error(err)
	}
}

// TestLayouts compiles sets that lie as releases have come: imports by addresses, by no address, by paths of
// another layout; includes by name; the same file twice; a DOCTYPE.
func TestLayouts(t *testing.T) {
	t.Parallel()
	const head = `xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified"`
	files := map[string]string{
		"1.0/a/main.xsd": `<?xml version="1.0"?>` + "\r\n" + `<!DOCTYPE xs:schema PUBLIC "-//W3C//DTD XMLSCHEMA 200102//EN" "XMLSchema.dtd" [<!-- ] > --> <!ATTLIST xs:schema xmlns:x CDATA #FIXED "u>rn"> <!ENTITY % p ''>]>` +
			`<xs:schema ` + head + ` targetNamespace="urn:a" xmlns:b="urn:b" xmlns:a="urn:a"><!-- <xs:import namespace="urn:none"/> -->` +
			`<xs:import namespace="urn:b" schemaLocation='http://example.org/">b.xsd'/><xs:include schemaLocation="../other/layout/part.xsd"/>` +
			`<xs:element name="a"><xs:complexType><xs:sequence><xs:element ref="b:b"/><xs:element name="n" type="a:small"/></xs:sequence></xs:complexType></xs:element></xs:schema>`,
		"1.0/a/part.xsd":   `<xs:schema ` + head + ` targetNamespace="urn:a"><xs:simpleType name="small"><xs:restriction base="xs:int"><xs:maxInclusive value="9"/></xs:restriction></xs:simpleType></xs:schema>`,
		"1.0/b/b.xsd":      `<xs:schema ` + head + ` targetNamespace="urn:b"><xs:import namespace="urn:c"/><xs:element name="b" type="c:t" xmlns:c="urn:c"/></xs:schema>`,
		"1.0/c.xsd":        `<xs:schema ` + head + ` targetNamespace="urn:c"><xs:simpleType name="t"><xs:restriction base="xs:string"><xs:enumeration value="x"/></xs:restriction></xs:simpleType></xs:schema>`,
		"1.0/copies/c.xsd": `<xs:schema ` + head + ` targetNamespace="urn:c"><xs:simpleType name="t"><xs:restriction base="xs:string"><xs:enumeration value="x"/></xs:restriction></xs:simpleType></xs:schema>`,
	}
	judged := func(files map[string]string, document string) (official.Opinion, error) {
		suite, err := official.Load(folder(files))
		if err != nil {
			t.Fatal(err)
		}
		return suite.Judge(rule.Request, "1.0", []byte(document))
	}
	for document, valid := range map[string]bool{
		`<a xmlns="urn:a"><b xmlns="urn:b">x</b><n>9</n></a>`:  true,
		`<a xmlns="urn:a"><b xmlns="urn:b">y</b><n>9</n></a>`:  false,
		`<a xmlns="urn:a"><b xmlns="urn:b">x</b><n>10</n></a>`: false,
		`<x xmlns="urn:a"/>`: false,
	} {
		if o, err := judged(files, document); err != nil || (len(o.Findings) == 0) != valid || !o.Schema {
			t.Errorf("%s: %+v, %v", document, o, err)
		}
	}
	for _, tc := range []struct{ file, text, want string }{
		{"1.0/a/part.xsd", "", `1.0/a/main.xsd: line 2: 0 files of the folder are named "part.xsd"`},
		{"1.0/copies/c.xsd", `<xs:schema ` + head + ` targetNamespace="urn:c"><xs:simpleType name="t"><xs:restriction base="xs:int"/></xs:simpleType></xs:schema>`, "do not compile"},
		{"1.0/b/b.xsd", `<xs:schema ` + head + ` targetNamespace="urn:b"><xs:element name="b" type="none"/></xs:schema>`, "do not compile"},
		{"1.0/b/b.xsd", `<html/>`, "1.0/b/b.xsd: the root element is html"},
		{"1.0/b/b.xsd", `<html>`, "1.0/b/b.xsd: line 1"},
		{"1.0/b/b.xsd", `<!DOCTYPE a [<!ENTITY e "x">]><xs:schema ` + head + ` targetNamespace="urn:b">&e;</xs:schema>`, "1.0/b/b.xsd: line 1"},
	} {
		changed := map[string]string{}
		for name, text := range files {
			changed[name] = text
		}
		if changed[tc.file] = tc.text; tc.text == "" {
			delete(changed, tc.file)
		}
		if _, err := judged(changed, `<a xmlns="urn:a"/>`); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", tc.file, err, tc.want)
		}
	}
}
