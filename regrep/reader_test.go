package regrep_test

import (
	"slices"
	"strings"
	"testing"

	"oots/regrep"
	"oots/rule"
	"oots/xml/xmltree"
)

// foreign spells RegRep as deployed gateways do: other prefixes, a default namespace, xsi declared anew.
const foreign = `<ns2:QueryResponse xmlns:ns2="urn:oasis:names:tc:ebxml-regrep:xsd:query:4.0" xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:rim:4.0"
    xmlns:r="urn:oasis:names:tc:ebxml-regrep:xsd:rim:4.0" xmlns:e="urn:oasis:names:tc:ebxml-regrep:xsd:rs:4.0">
  <Slot name="Text" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><SlotValue i:type="r:StringValueType"><Value> a &lt; b </Value></SlotValue></Slot>
  <r:Slot name="At"><r:SlotValue xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="DateTimeValueType"><r:Value>2024-01-02T03:04:05</r:Value></r:SlotValue></r:Slot>
  <Slot name="Yes"><SlotValue><Value>1</Value></SlotValue></Slot>
  <Slot name="Many" xmlns:i="http://www.w3.org/2001/XMLSchema-instance"><SlotValue i:type="r:CollectionValueType">
    <Element i:type="r:AnyValueType"><x xmlns=""/></Element><Element i:type="r:StringValueType"/><Element i:type="r:AnyValueType"><y xmlns=""/></Element>
  </SlotValue></Slot>
  <Slot name="Words"><SlotValue><Value><LocalizedString xml:lang="EN" value="one"/><LocalizedString xml:lang="EL" value="ένα"/></Value></SlotValue></Slot>
  <Slot name="Text"/>
  <e:Exception xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="e:TimeoutExceptionType" code="C" message="M" detail="D" severity="S"><Slot name="Timestamp"/></e:Exception>
  <e:Exception xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="ns2:QueryExceptionType"/>
  <e:Exception xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="unbound:QueryExceptionType"/>
</ns2:QueryResponse>`

func tree(t *testing.T, s string) *xmltree.Element {
	t.Helper()
	doc, err := xmltree.Parse([]byte(s), xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return doc.Root
}

func TestSlotsBindNamespaces(t *testing.T) {
	t.Parallel()
	s := regrep.ReadSlots(tree(t, foreign))
	if len(s.List) != 6 || s.Count("Text") != 2 || s.Has("Other") {
		t.Fatalf("got %d slots", len(s.List))
	}
	if got := s.String("Text"); got != "a < b" {
		t.Errorf("text %q", got)
	}
	if got := s.Raw("Text"); got != " a < b " {
		t.Errorf("raw text %q", got)
	}
	if at, ok := s.Time("At"); !ok || regrep.FormatTime(at) != "2024-01-02T03:04:05Z" {
		t.Errorf("time %v %v", at, ok)
	}
	if v, ok := s.Bool("Yes"); !v || !ok {
		t.Errorf("boolean %v %v", v, ok)
	}
	if many := s.AnyAll("Many"); len(many) != 2 || many[0].Name.Local != "x" || many[1].Name.Local != "y" {
		t.Errorf("collection %v", many)
	}
	if words := s.International("Words"); len(words) != 2 || words[1] != (regrep.LocalizedString{Lang: "EL", Value: "ένα"}) {
		t.Errorf("words %v", words)
	}
	if text, _ := s.Get("Text"); text.Type != regrep.StringValue {
		t.Errorf("type %q", text.Type)
	}
	if at, _ := s.Get("At"); at.Type != regrep.DateTimeValue {
		t.Errorf("a type in the default namespace is %q", at.Type)
	}
}

func TestSlotsOfNothing(t *testing.T) {
	t.Parallel()
	s := regrep.ReadSlots(nil)
	_, at := s.Time("A")
	_, yes := s.Bool("A")
	if s.String("A") != "" || at || yes || s.Any("A") != nil || s.AnyAll("A") != nil || s.International("A") != nil || s.Node("A") != nil {
		t.Error("found something in nothing")
	}
}

func TestReadExceptions(t *testing.T) {
	t.Parallel()
	all := regrep.ReadExceptions(tree(t, foreign))
	if len(all) != 3 {
		t.Fatalf("%d exceptions", len(all))
	}
	x := all[0]
	if x.Type != "rs:TimeoutExceptionType" || x.Code != "C" || x.Message != "M" || x.Detail != "D" || x.Severity != "S" || !x.Slots.Has("Timestamp") {
		t.Errorf("got %+v", x)
	}
	if all[1].Type != "query:QueryExceptionType" || all[2].Type != "" {
		t.Errorf("types %q and %q", all[1].Type, all[2].Type)
	}
}

func TestReaderChecks(t *testing.T) {
	t.Parallel()
	root := tree(t, foreign)
	s := regrep.ReadSlots(root)
	for _, tc := range []struct {
		name  string
		check func(*regrep.Reader) bool
		ok    bool
		line  int
	}{
		{"one", func(r *regrep.Reader) bool { return r.One("X", s, "At") }, true, 0},
		{"two", func(r *regrep.Reader) bool { return r.One("X", s, "Text") }, false, 1},
		{"none", func(r *regrep.Reader) bool { return r.One("X", s, "Other") }, false, 1},
		{"closed", func(r *regrep.Reader) bool { return r.Only("X", s, "Text", "At", "Yes", "Many", "Words") }, true, 0},
		{"open", func(r *regrep.Reader) bool { return r.Only("X", s, "Text", "At", "Yes", "Many") }, false, 9},
		{"type", func(r *regrep.Reader) bool { return r.Type("X", s, "Text", regrep.StringValue) }, true, 0},
		{"no type", func(r *regrep.Reader) bool { return r.Type("X", s, "Yes", regrep.BooleanValue) }, false, 5},
		{"element type", func(r *regrep.Reader) bool { return r.ElementType("X", s, "Many", regrep.AnyValue) }, false, 7},
		{"holds", func(r *regrep.Reader) bool {
			return r.Holds("X", s.List[0].Element, xmltree.Name{Space: regrep.NamespaceRIM, Local: "SlotValue"})
		}, true, 0},
		{"holds not", func(r *regrep.Reader) bool { return r.Holds("X", s.List[0].Element, xmltree.Name{Local: "SlotValue"}) }, false, 3},
		{"holds nothing", func(r *regrep.Reader) bool { return r.Holds("X", nil, xmltree.Name{Local: "a"}) }, true, 0},
		{"children", func(r *regrep.Reader) bool { return r.Children("X", root, regrep.NamespaceRIM, "Slot") }, false, 11},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var r regrep.Reader
			if got := tc.check(&r); got != tc.ok {
				t.Errorf("got %v", got)
			}
			if !r.Judged("X") {
				t.Error("not judged")
			}
			fs := r.Findings()
			if tc.ok != (len(fs) == 0) || !tc.ok && (fs[0].Line != tc.line || fs[0].Severity != rule.Fatal || !strings.HasPrefix(fs[0].Path, "/ns2:QueryResponse")) {
				t.Errorf("findings %+v", fs)
			}
		})
	}
}

func TestReaderBounds(t *testing.T) {
	t.Parallel()
	var r regrep.Reader
	e := tree(t, foreign)
	for range 1000 {
		r.Add("W", rule.Warning, e, strings.Repeat("é", 100), "")
	}
	r.Add("F", rule.Fatal, e, "", "")
	r.Add("G", rule.Fatal, e, "", "")
	fs := r.Findings()
	if len(fs) != regrep.MaxFindings+1 || rule.First(fs).Rule != "F" {
		t.Errorf("%d findings, refused by %q", len(fs), rule.First(fs).Rule)
	}
	if i := slices.IndexFunc(fs, func(f rule.Finding) bool { return len(f.Got) > 120 || strings.ContainsRune(f.Got, '\ufffd') }); i >= 0 {
		t.Errorf("value not clipped: %q", fs[i].Got)
	}
	if !r.Judged("G") {
		t.Error("a finding that is not kept is judged all the same")
	}
}
