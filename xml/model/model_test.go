package model

import (
	"fmt"
	"strings"
	"testing"

	"oots/rule"
	"oots/xml/xmltree"
)

func n(local string) xmltree.Name { return xmltree.Name{Space: "urn:t", Local: local} }

// sample is a table with one of everything.
func sample() Table {
	code := &Simple{Base: Token, Enum: []string{"A", "B"}}
	return Table{
		Prefixes: map[string]string{"urn:t": "t"},
		Attributes: []Attribute{
			{Name: xmltree.Name{Space: xmltree.NamespaceXML, Local: "id"}, Type: ID},
			{Name: n("size"), Type: Integer},
		},
		Simple: []Simple{{Name: n("Short"), Base: String, MinLength: 2, MaxLength: 4}},
		Complex: []Complex{
			{Name: n("Value"), Abstract: true},
			{Name: n("Text"), Base: Ref(n("Value")), Content: Elem(n("v"), Ref(n("Short"))).Opt()},
			{Name: n("Number"), Base: Ref(n("Value")), Content: Elem(n("v"), Integer), Attributes: []Attribute{{Name: xmltree.Name{Local: "unit"}, Required: true}}},
			{Name: n("Secret"), Private: true, Content: Elem(n("born"), Date)},
		},
		Elements: []Element{
			{Name: n("root"), Type: &Complex{
				Content: Seq(
					Elem(n("a"), String), Elem(n("b"), code).Opt(), Elem(n("c"), Date).Some(),
					Choice(Elem(n("x"), Boolean), Elem(n("y"), Integer)),
					Elem(n("value"), Ref(n("Value"))).Any(),
					All(Elem(n("p"), String).Opt(), Elem(n("q"), String), Elem(n("r"), String).Any()),
					Elem(n("empty"), &Complex{}).Opt(),
					Local(Element{Name: n("maybe"), Type: Date, Nillable: true}).Opt(),
					Elem(n("secret"), Ref(n("Secret"))).Opt(),
					Any(Wildcard{Process: Lax, Not: "urn:t"}).Any(),
				),
				Attributes: []Attribute{{Name: xmltree.Name{Local: "id"}, Type: ID}, {Name: xmltree.Name{Local: "kind"}, Fixed: "k"}, {Name: xmltree.Name{Local: "ref"}, Type: IDRef}},
				AnyAttr:    Wildcard{Process: Lax, Not: "urn:none"},
			}},
			{Name: n("mixed"), Type: &Complex{Mixed: true, Content: Elem(n("em"), String).Any()}},
			{Name: n("open")},
		},
	}
}

func compiled(t testing.TB, tables ...Table) *Schema {
	t.Helper()
	s, err := Compile(tables...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func check(t testing.TB, s *Schema, text string) []rule.Finding {
	t.Helper()
	doc, err := xmltree.Parse([]byte(text), xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return s.Check(doc)
}

const good = `<a>1</a><c>2024-02-29</c><x>true</x><q>q</q>`

// TestCheck names the rules that each fault gives, in order: one fault, one finding.
func TestCheck(t *testing.T) {
	t.Parallel()
	s := compiled(t, sample())
	for _, tc := range []struct {
		name, inside string // inside <root>, or a whole document
		want         string // rule words and what was wanted, one line each
	}{
		{"ok", good, ""},
		{"ok/all optional", `<a/><b> A </b><c>2024-02-29Z</c><c>0001-01-01</c><y>-7</y>` +
			`<value xsi:type="Text"/><value xsi:type="Number" unit="m"><v>1</v></value><r/><q/><r/><p/><empty/><maybe xsi:nil="1"/><z xmlns="urn:z"/>`, ""},
		{"ok/comment in empty", good + `<empty><!-- c --></empty>`, ""},
		{"ok/declared below a wildcard", good + `<z xmlns="urn:z"><root xmlns="urn:t">` + good + `</root></z>`, ""},
		{"root", `<other xmlns="urn:t"/>`, "root-unexpected: t:mixed, t:open or t:root"},
		{"missing", `<c>2024-02-29</c><x>1</x><q/>`, "element-missing: t:a before t:c"},
		{"missing/choice", `<a/><c>2024-02-29</c><q/>`, "element-missing: t:x or t:y before t:q"},
		{"missing/of all", `<a/><c>2024-02-29</c><x>1</x><p/>`, "element-missing: t:q"},
		{"missing/all of it", ``, "element-missing: t:a\nelement-missing: t:c\nelement-missing: t:x or t:y\nelement-missing: t:q"},
		{"unknown", `<a/><foo/><c>2024-02-29</c><x>1</x><q/>`, "element-unexpected: t:b or t:c"},
		{"unknown in place of one that is missing", `<aa/><c>2024-02-29</c><x>1</x><q/>`, "element-unexpected: t:a"},
		{"doubled", `<a/><a/><c>2024-02-29</c><x>1</x><q/>`, "element-unexpected: t:b or t:c"},
		{"doubled in all", good + `<p/><q/>`, "element-unexpected: t:r, t:empty, t:maybe, t:secret, an element of another namespace or the end of t:root"},
		{"order/first behind", `<c>2024-02-29</c><a/><x>1</x><q/>`, "element-unexpected: t:a"},
		{"order/optional behind", `<a/><c>2024-02-29</c><b>A</b><x>1</x><q/>`, "element-unexpected: t:c, t:x or t:y"},
		{"order/last first", `<x>1</x><a/><c>2024-02-29</c><q/>`, "element-unexpected: t:a"},
		{"both of a choice", `<a/><c>2024-02-29</c><x>1</x><y>1</y><q/>`, "element-unexpected: t:value, t:p, t:q, t:r, t:empty, t:maybe, t:secret, an element of another namespace, …"},
		{"text", good + `x`, "text-unexpected: elements only"},
		{"blank in empty", good + `<empty> </empty>`, "text-unexpected: no content"},
		{"element in empty", good + `<empty><a/></empty>`, "element-unexpected: no element here"},
		{"element in text", strings.Replace(good, "<a>1", "<a><a/>", 1), "element-unexpected: text only"},
		{"enumeration", strings.Replace(good, "</a>", "</a><b>C</b>", 1), "value-unlisted: one of A, B"},
		{"date", strings.Replace(good, "2024", "2023", 1), "value-type: a date as YYYY-MM-DD"},
		{"short", good[:len(good)-len("<q>q</q>")] + `<value xsi:type="Text"><v>x</v></value><q/>`, "value-length: at least 2 character(s)"},
		{"long", good[:len(good)-len("<q>q</q>")] + `<value xsi:type="Text"><v>ääääb</v></value><q/>`, "value-length: at most 4 characters"},
		{"abstract", good[:len(good)-len("<q>q</q>")] + `<value/><q/>`, "type-unsuitable: an xsi:type that names a type derived from t:Value"},
		{"type unknown", good[:len(good)-len("<q>q</q>")] + `<value xsi:type="Texts"/><q/>`, "type-unknown: a type that the schema has"},
		{"type prefix unbound", good[:len(good)-len("<q>q</q>")] + `<value xsi:type="z:Text"/><q/>`, "type-unknown: the name of a type, its prefix declared"},
		{"type empty", good[:len(good)-len("<q>q</q>")] + `<value xsi:type=""/><q/>`, "type-unknown: the name of a type, its prefix declared"},
		{"type of another branch", good[:len(good)-len("<q>q</q>")] + `<value xsi:type="Secret"/><q/>`, "type-unsuitable: a type derived from t:Value"},
		{"attribute missing", good[:len(good)-len("<q>q</q>")] + `<value xsi:type="Number"><v>1</v></value><q/>`, "attribute-missing: the attribute unit"},
		{"attribute unknown", good[:len(good)-len("<q>q</q>")] + `<value xsi:type="Text" unit="m"/><q/>`, "attribute-unexpected: no such attribute"},
		{"attribute of xsi", good + `<empty xsi:other="x"/>`, "attribute-unexpected: no such attribute"},
		{"attribute fixed", `<root xmlns="urn:t" kind="K">` + good + `</root>`, "value-unlisted: k"},
		{"attribute by wildcard", `<root xmlns="urn:t" xmlns:t="urn:t" t:size="x">` + good + `</root>`, "value-type: a whole number"},
		{"id twice", `<root xmlns="urn:t" id="i" xml:id="i">` + good + `</root>`, "value-repeated: an id that no other element has"},
		{"reference", `<root xmlns="urn:t" id="i" ref=" i ">` + good + `</root>`, ""},
		{"reference to an id behind it", `<root xmlns="urn:t" xml:id="i" ref="i">` + good + `</root>`, ""},
		{"reference to nothing", `<root xmlns="urn:t" id="i" ref="j">` + good + `</root>`, "value-unresolved: an id of this document"},
		{"nil where it may not be", strings.Replace(good, "<a>", `<a xsi:nil="false">`, 1), "nil-unexpected: no xsi:nil: the element cannot be nil"},
		{"nil with content", good + `<maybe xsi:nil="true">2024-02-29</maybe>`, "nil-unexpected: no content beside xsi:nil"},
		{"nil garbled", good + `<maybe xsi:nil="x"/>`, "value-type: true, false, 1 or 0"},
		{"declared below a wildcard", good + `<z xmlns="urn:z"><root xmlns="urn:t"/></z>`, "element-missing: t:a\nelement-missing: t:c\nelement-missing: t:x or t:y\nelement-missing: t:q"},
		{"mixed", `<mixed xmlns="urn:t">x<em/>y<b/></mixed>`, "element-unexpected: t:em or the end of t:mixed"},
		{"open", `<open xmlns="urn:t" a="b">x<root/></open>`, "element-missing: t:a\nelement-missing: t:c\nelement-missing: t:x or t:y\nelement-missing: t:q"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			text := tc.inside
			if !strings.Contains(text, `<root xmlns="urn:t"`) && !strings.HasSuffix(text, "</open>") && !strings.HasSuffix(text, "</mixed>") && !strings.HasPrefix(text, "<other") ||
				strings.HasPrefix(text, good) {
				text = `<root xmlns="urn:t" xmlns:xsi="` + NamespaceXSI + `">` + text + `</root>`
			}
			var got []string
			for _, f := range check(t, s, text) {
				if f.Severity != rule.Fatal || f.Line != 1 || f.Path == "" {
					t.Errorf("severity, line or path of %v", f)
				}
				got = append(got, strings.TrimPrefix(string(f.Rule), "OOTS-XSD-")+": "+f.Want)
			}
			if s := strings.Join(got, "\n"); s != tc.want {
				t.Errorf("got\n%s\nwant\n%s", s, tc.want)
			}
		})
	}
}

// TestPlace holds line and path of a finding.
func TestPlace(t *testing.T) {
	t.Parallel()
	s := compiled(t, sample())
	fs := check(t, s, "<t:root xmlns:t='urn:t'>\n<t:a/>\n<t:c>2024-02-29</t:c>\n<t:c>x</t:c><t:x>1</t:x><t:q/></t:root>")
	if len(fs) != 1 || fs[0].Line != 4 || fs[0].Path != "/t:root/t:c[2]" || fs[0].Got != "x" {
		t.Errorf("%+v", fs)
	}
}

// TestPrivate holds that values below a private type are not quoted.
func TestPrivate(t *testing.T) {
	t.Parallel()
	s := compiled(t, sample())
	fs := check(t, s, `<root xmlns="urn:t">`+good+`<secret><born>12 May 1990</born></secret></root>`)
	if len(fs) != 1 || fs[0].Got != "" || strings.Contains(fs[0].String(), "1990") {
		t.Errorf("%+v", fs)
	}
}

// TestBounds holds the number of findings and the length of what they quote.
func TestBounds(t *testing.T) {
	t.Parallel()
	s := compiled(t, sample())
	fs := check(t, s, `<root xmlns="urn:t"><a/>`+strings.Repeat(`<c>`+strings.Repeat("ä", 100)+`</c>`, 10_000)+`</root>`)
	if len(fs) != MaxFindings {
		t.Errorf("%d findings", len(fs))
	}
	if got := fs[0].Got; len(got) > 120 || !strings.HasSuffix(got, "ä…") {
		t.Errorf("%d bytes: %q", len(got), got)
	}
	long := strings.Repeat("n", 100_000)
	for _, f := range check(t, s, `<root xmlns="urn:t"><a/><c>2024-02-29</c><`+long+` xmlns="urn:`+long+`"/></root>`) {
		if len(f.Path) > maxPath || len(f.Got) > maxGot || len(f.Want) > maxWant {
			t.Errorf("%d, %d, %d bytes", len(f.Path), len(f.Got), len(f.Want))
		}
	}
}

// TestOnly holds that a narrowed schema refuses other document elements.
func TestOnly(t *testing.T) {
	t.Parallel()
	s := compiled(t, sample())
	if fs := check(t, s.Only(n("mixed")), `<open xmlns="urn:t"/>`); len(fs) != 1 || fs[0].Rule != RootUnexpected || fs[0].Want != "t:mixed" {
		t.Errorf("%v", fs)
	}
	if fs := check(t, s, `<open xmlns="urn:t"/>`); len(fs) != 0 {
		t.Errorf("%v", fs)
	}
}

// TestNothing holds that there is nothing to say of nothing.
func TestNothing(t *testing.T) {
	t.Parallel()
	s := compiled(t, sample())
	if fs := append(s.Check(nil), s.CheckElement(nil)...); len(fs) != 0 {
		t.Error(fs)
	}
	if fs := check(t, new(Schema), `<a/>`); len(fs) != 1 {
		t.Error(fs)
	}
}

// TestCompile holds that faults in tables are found and all named.
func TestCompile(t *testing.T) {
	t.Parallel()
	of := func(p Particle) Table { return Table{Elements: []Element{{Name: n("e"), Type: &Complex{Content: p}}}} }
	a := Elem(n("a"), String)
	for _, tc := range []struct {
		name   string
		tables []Table
		want   []string
	}{
		{"ok", []Table{of(Seq(a.Opt(), Elem(n("b"), String), a))}, nil},
		{"ok/bounded", []Table{of(a.Times(2, 5))}, nil},
		{"twice", []Table{of(a), of(a)}, []string{"declared twice"}},
		{"attribute twice", []Table{{Attributes: []Attribute{{Name: n("a")}, {Name: n("a")}}}}, []string{"declared twice"}},
		{"type twice", []Table{{Complex: []Complex{{Name: n("T")}}, Simple: []Simple{{Name: n("T"), Base: String}}}}, []string{"declared twice"}},
		{"no such type and no such element", []Table{{Elements: []Element{{Name: n("e"), Type: Ref(n("T"))}, {Name: n("f"), Type: &Complex{Content: Global(n("g"))}}}}},
			[]string{"T} is not declared", "g} is not declared"}},
		{"no such attribute", []Table{{Elements: []Element{{Name: n("e"), Type: &Complex{Attributes: []Attribute{{Name: n("a"), Global: true}}}}}}}, []string{"a} is not declared"}},
		{"ambiguous", []Table{of(Seq(a.Opt(), a))}, []string{"may come next"}},
		{"ambiguous choice", []Table{of(Choice(a, Seq(a, Elem(n("b"), String))))}, []string{"may come next"}},
		{"occurrence", []Table{of(a.Times(3, 2))}, []string{"not supported"}},
		{"group in all", []Table{of(All(Seq(a)))}, []string{"elements only"}},
		{"simple content and elements", []Table{{Elements: []Element{{Name: n("e"), Type: &Complex{Value: String, Content: a}}}}}, []string{"simple content and elements"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, err := Compile(tc.tables...)
			if (err != nil) != (len(tc.want) > 0) || (s == nil) != (err != nil) {
				t.Fatalf("%v", err)
			}
			for _, w := range tc.want {
				if !strings.Contains(err.Error(), w) {
					t.Errorf("%v does not say %q", err, w)
				}
			}
		})
	}
}

// TestTimes holds numbers of occurrences that XML Schema allows beside the usual ones.
func TestTimes(t *testing.T) {
	t.Parallel()
	s := compiled(t, Table{Elements: []Element{{Name: n("e"), Type: &Complex{Content: Seq(
		Seq(Elem(n("a"), nil), Elem(n("b"), nil)).Times(2, 3), Elem(n("c"), nil).Times(2, Unbounded))}}}})
	for _, tc := range []struct {
		pairs, cs int
		ok        bool
	}{{1, 2, false}, {2, 2, true}, {3, 2, true}, {4, 2, false}, {2, 1, false}, {2, 9, true}} {
		fs := check(t, s, `<e xmlns="urn:t">`+strings.Repeat("<a/><b/>", tc.pairs)+strings.Repeat("<c/>", tc.cs)+`</e>`)
		if (len(fs) == 0) != tc.ok {
			t.Errorf("%d, %d: %v", tc.pairs, tc.cs, fs)
		}
	}
}

// TestRules holds that the catalogue explains every id.
func TestRules(t *testing.T) {
	t.Parallel()
	for _, id := range []rule.ID{RootUnexpected, ElementUnexpected, ElementMissing, TextUnexpected, AttributeUnexpected, AttributeMissing,
		ValueType, ValueUnlisted, ValueLength, ValueRepeated, ValueUnresolved, TypeUnknown, TypeUnsuitable, NilUnexpected} {
		if rule.Explain(id) == "" {
			t.Errorf("the catalogue does not have %s", id)
		}
	}
}

func ExampleSchema_Check() {
	s, err := Compile(Table{Elements: []Element{{Name: xmltree.Name{Space: "urn:x", Local: "day"}, Type: Date}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	doc, err := xmltree.Parse([]byte(`<day xmlns="urn:x">2026-13-01</day>`), xmltree.Limits{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range s.Check(doc) {
		fmt.Println(f)
	}
	// Output: OOTS-XSD-value-type FATAL line 1 at /day: want a date as YYYY-MM-DD, got "2026-13-01"
}
