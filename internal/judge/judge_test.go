package judge

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"oots/rule"
	"oots/xml/xmltree"
)

const schema = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="qualified" targetNamespace="urn:j">
<xs:element name="a"><xs:complexType><xs:sequence>
<xs:element name="b" type="xs:integer"/><xs:element name="c" type="xs:string" minOccurs="0"/></xs:sequence><xs:attribute name="d"/></xs:complexType></xs:element></xs:schema>`

const document = `<j:a xmlns:j="urn:j" d="x"><j:b>1</j:b><j:c>two</j:c></j:a>`

func schemaFile(t *testing.T) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "j.xsd")
	if err := os.WriteFile(name, []byte(schema), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestXmllint holds that verdicts belong to their documents, and messages too, over several calls.
func TestXmllint(t *testing.T) {
	t.Parallel()
	var docs [][]byte
	for i := range batch + 10 {
		if i%3 == 0 {
			docs = append(docs, []byte(`<a xmlns="urn:j"><b>one`+"\n"+`more</b></a>`))
		} else {
			docs = append(docs, []byte(document))
		}
	}
	for i, v := range Xmllint(t, schemaFile(t), docs) {
		if v.Valid != (i%3 != 0) || v.Valid != (len(v.Messages) == 0) {
			t.Fatalf("%d: %v", i, v)
		}
	}
}

// TestMutants holds that mutants are well-formed, differ from the document, are of every kind that it allows, and
// are the same every time.
func TestMutants(t *testing.T) {
	t.Parallel()
	first, second := Mutants(t, []byte(document), 300), Mutants(t, []byte(document), 300)
	kinds := make(map[string]int)
	for i, m := range first {
		if !bytes.Equal(m.XML, second[i].XML) || string(m.XML) == document {
			t.Fatalf("%d: %s", i, m.XML)
		}
		if _, err := xmltree.Parse(m.XML, xmltree.Limits{}); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		kinds[m.Kind]++
	}
	for _, op := range operators() {
		if kinds[op.kind] == 0 && op.kind != "type changed" { // the document has no xsi:type
			t.Errorf("no mutant is %s: %v", op.kind, kinds)
		}
	}
}

// silent is a t that counts errors instead of failing.
type silent struct {
	testing.TB
	errors int
}

func (s *silent) Errorf(string, ...any) { s.errors++ }

// TestRun holds that a disagreement is an error unless it is explained, and that agreement is counted.
func TestRun(t *testing.T) {
	t.Parallel()
	refuse := func(doc *xmltree.Document) []rule.Finding { return []rule.Finding{{Rule: "X"}} }
	specimens := []Specimen{{Name: "good", XML: []byte(document)}, {Name: "bad", XML: []byte(`<a xmlns="urn:j"/>`)}}
	s := &silent{TB: t}
	tally := (&Comparison{XSD: schemaFile(t), Check: refuse}).Run(s, specimens, 0)
	if s.errors != 1 || tally.Documents != 2 || tally.Agreed != 1 || tally.Valid != 0 || tally.Single != 2 {
		t.Errorf("%d errors, %s", s.errors, tally.String())
	}
	s = &silent{TB: t}
	tally = (&Comparison{XSD: schemaFile(t), Check: refuse, Explained: []Explanation{
		{Name: "wrong side", OursValid: true, Holds: func(*Disagreement) bool { return true }},
		{Name: "known", Holds: func(d *Disagreement) bool { return d.Specimen == "good" }},
	}}).Run(s, specimens, 0)
	if s.errors != 0 || tally.Explained["known"] != 1 || tally.Explained["wrong side"] != 0 {
		t.Errorf("%d errors, %s", s.errors, tally.String())
	}
}
