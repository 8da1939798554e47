package official_test

import (
	"errors"
	"testing"
	"testing/fstest"

	"oots/internal/official"
	"oots/rule"
)

// FuzzSchematron reads and runs any file of rules on any document: it never panics, and gives an opinion or an
// error.
func FuzzSchematron(f *testing.F) {
	f.Add(always("A"), "<a/>")
	f.Add(sch(`<sch:let name="v" value="('a','b')"/><sch:pattern><sch:rule context="q:a[@b='c' and not(d)]//e|@f"><sch:let name="w" value="$v[1]"/><sch:report id="A" flag="WARNING" test="matches(., '^[a-z]+$') or $w = ../@g">x <sch:value-of select="name()"/></sch:report></sch:rule></sch:pattern>`),
		`<q:a xmlns:q="urn:q" b="c"><e f="1">x</e></q:a>`)
	f.Fuzz(func(t *testing.T, file, document string) {
		suite, err := official.Load(fstest.MapFS{"EDM-REQ.sch": &fstest.MapFile{Data: []byte(file)}})
		if err != nil {
			t.Fatal(err)
		}
		o, err := suite.Judge(rule.Request, "2.0", []byte(document))
		if err != nil && (len(o.Findings) > 0 || errors.Is(err, official.ErrNothing)) {
			t.Errorf("%+v, %v", o, err)
		}
	})
}

// FuzzSchema prepares and compiles any schema: it never panics.
func FuzzSchema(f *testing.F) {
	f.Add(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:q"><xs:include schemaLocation="a.xsd"/><xs:element name="a" type="xs:int"/></xs:schema>`, `<a xmlns="urn:q">1</a>`)
	f.Add(`<!DOCTYPE x [<!ENTITY a "b">]><xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:q"><xs:import namespace="urn:q"/></xs:schema>`, `<a xmlns="urn:q"/>`)
	f.Fuzz(func(t *testing.T, schema, document string) {
		suite, err := official.Load(fstest.MapFS{"a.xsd": &fstest.MapFile{Data: []byte(schema)}})
		if err != nil {
			t.Fatal(err)
		}
		if o, err := suite.Judge(rule.Request, "2.0", []byte(document)); err != nil && len(o.Findings) > 0 {
			t.Errorf("%+v, %v", o, err)
		}
	})
}
