package model

import (
	"testing"

	"oots/xml/xmltree"
)

// FuzzCheck holds that no document makes the engine panic, that findings are bounded and complete, and that the
// same document gives the same findings.
func FuzzCheck(f *testing.F) {
	s := compiled(f, sample())
	f.Add([]byte(`<root xmlns="urn:t">` + good + `</root>`))
	f.Add([]byte(`<t:root xmlns:t="urn:t" xmlns:xsi="` + NamespaceXSI + `"><t:q/><t:value xsi:type="t:Number"/><t:a xsi:nil="1"/><t:c/></t:root>`))
	f.Add([]byte(`<open xmlns="urn:t"><mixed><em/>x<root xml:id="a"/></mixed></open>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		doc, err := xmltree.Parse(b, xmltree.Limits{Bytes: 1 << 16})
		if err != nil {
			return
		}
		first, second := s.Check(doc), s.Check(doc)
		if len(first) > MaxFindings || len(first) != len(second) {
			t.Fatalf("%d and %d findings", len(first), len(second))
		}
		for i, x := range first {
			if x != second[i] || x.Rule == "" || x.Line < 1 || x.Path == "" || len(x.Got) > 120 || x.Want == "" {
				t.Fatalf("%+v", x)
			}
		}
	})
}
