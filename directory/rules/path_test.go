package rules

import (
	"slices"
	"testing"

	"oots/regrep"
	"oots/xml/xmltree"
)

func TestFind(t *testing.T) {
	t.Parallel()
	doc, err := xmltree.Parse([]byte(`<q xmlns:m="`+regrep.NamespaceRIM+`" xmlns:r="`+regrep.NamespaceRS+`" xmlns="`+regrep.NamespaceSDG+`">
<m:Slot name="A"><m:SlotValue><Name>a</Name></m:SlotValue></m:Slot>
<m:Slot name="B"><m:SlotValue><Name>b</Name><Name>c</Name></m:SlotValue></m:Slot>
<r:Exception code="DSD:ERR:0005"><Kind><Type>codelist</Type><Name>d</Name></Kind></r:Exception>
<r:Exception code="x/y"><Kind><Type>string</Type><Name>e</Name></Kind></r:Exception>
<r:Exception><Kind><Name>f</Name></Kind></r:Exception></q>`), xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][]string{
		"rim:Slot/rim:SlotValue/sdg:Name":                                                      {"a", "b", "c"},
		"rim:Slot[B]/rim:SlotValue/sdg:Name":                                                   {"b", "c"},
		"rim:Slot[C]/rim:SlotValue/sdg:Name":                                                   nil,
		"rs:Exception[@code=DSD:ERR:0005]/sdg:Kind/sdg:Name":                                   {"d"},
		"rs:Exception[@code!=DSD:ERR:0005]/sdg:Kind/sdg:Name":                                  {"e", "f"},
		"rs:Exception[@code=x/y]/sdg:Kind/sdg:Name":                                            {"e"},
		"rs:Exception/sdg:Kind[sdg:Type=codelist]/sdg:Name":                                    {"d"},
		"rs:Exception/sdg:Kind[sdg:Type=string]/sdg:Name | rim:Slot[A]/rim:SlotValue/sdg:Name": {"e", "a"},
		"sdg:Slot/rim:SlotValue":                                                               nil,
	} {
		var got []string
		for _, e := range find(doc.Root, path) {
			got = append(got, e.Value())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s finds %v, want %v", path, got, want)
		}
	}
	if got := find(doc.Root, ""); len(got) != 1 || got[0] != doc.Root {
		t.Errorf("the empty path finds %v", got)
	}
}
