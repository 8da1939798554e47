package official_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"oots/internal/official"
	"oots/rule"
	"oots/xml/xmltree"
)

// folder makes a folder of files.
func folder(files map[string]string) fstest.MapFS {
	out := fstest.MapFS{}
	for name, text := range files {
		out[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return out
}

// sch wraps the inside of a Schematron file.
func sch(inside string) string {
	return `<sch:schema xmlns:sch="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2"><sch:ns prefix="q" uri="urn:q"/>` + inside + `</sch:schema>`
}

// fired lists the ids that fire on a document, each with its path.
func fired(t *testing.T, files map[string]string, document string) (findings, errors []string) {
	t.Helper()
	suite, err := official.Load(folder(files))
	if err != nil {
		t.Fatal(err)
	}
	o, err := suite.Judge(rule.Request, "2.0", []byte(document))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range o.Findings {
		findings = append(findings, f.ID+" "+f.Path)
	}
	for _, e := range o.Errors {
		errors = append(errors, e.ID+" "+e.Path)
	}
	return findings, errors
}

// TestSchematron holds what each part of the language does. [ISO/IEC 19757-3:2016]
func TestSchematron(t *testing.T) {
	t.Parallel()
	const document = `<?xml version="1.0"?><!-- first --><q:a xmlns:q="urn:q" id="1"><q:b kind="x">one</q:b><q:b kind="y">two</q:b><c/></q:a>`
	for _, tc := range []struct {
		name, inside string
		want         []string
	}{
		{"assert", `<sch:pattern><sch:rule context="q:b"><sch:assert id="A" test=".='one'"/></sch:rule></sch:pattern>`, []string{"A /q:a/q:b[2]"}},
		{"report", `<sch:pattern><sch:rule context="q:b"><sch:report id="A" test=".='one'"/></sch:rule></sch:pattern>`, []string{"A /q:a/q:b[1]"}},
		{"first rule of a pattern wins", `<sch:pattern><sch:rule context="q:b[@kind='x']"><sch:assert id="A" test="false()"/></sch:rule><sch:rule context="q:b"><sch:assert id="B" test="false()"/></sch:rule></sch:pattern>`,
			[]string{"A /q:a/q:b[1]", "B /q:a/q:b[2]"}},
		{"patterns do not hide each other", `<sch:pattern><sch:rule context="q:b[1 = 1]"><sch:assert id="A" test="@kind='y'"/></sch:rule></sch:pattern><sch:pattern><sch:rule context="*"><sch:assert id="B" test="self::q:a or self::q:b"/></sch:rule></sch:pattern>`,
			[]string{"A /q:a/q:b[1]", "B /q:a/c"}},
		{"attribute", `<sch:pattern><sch:rule context="q:b/@kind"><sch:assert id="A" test=".='x'"/></sch:rule></sch:pattern>`, []string{"A /q:a/q:b[2]/@kind"}},
		{"any attribute", `<sch:pattern><sch:rule context="@*"><sch:assert id="A" test="false()"/></sch:rule></sch:pattern>`, []string{"A /q:a/@id", "A /q:a/q:b[1]/@kind", "A /q:a/q:b[2]/@kind"}},
		{"document", `<sch:pattern><sch:rule context="/"><sch:assert id="A" test="count(*)=2"/></sch:rule></sch:pattern>`, []string{"A /"}},
		{"children of the document", `<sch:pattern><sch:rule context="/node()"><sch:assert id="A" test="false()"/></sch:rule></sch:pattern>`, []string{"A /comment()", "A /q:a"}},
		{"absolute", `<sch:pattern><sch:rule context="/q:b|/q:a"><sch:assert id="A" test="false()"/></sch:rule></sch:pattern>`, []string{"A /q:a"}},
		{"absolute at any depth", `<sch:pattern><sch:rule context="//c"><sch:assert id="A" test="false()"/></sch:rule></sch:pattern>`, []string{"A /q:a/c"}},
		{"descendant", `<sch:pattern><sch:rule context="q:a//c"><sch:assert id="A" test="false()"/></sch:rule></sch:pattern>`, []string{"A /q:a/c"}},
		{"no namespace is no other", `<sch:pattern><sch:rule context="a|b"><sch:assert id="A" test="false()"/></sch:rule></sch:pattern>`, nil},
		{"any prefix", `<sch:pattern><sch:rule context="*:b[@kind=('y','z')]"><sch:assert id="A" test="false()"/></sch:rule></sch:pattern>`, []string{"A /q:a/q:b[2]"}},
		{"any name of a namespace", `<sch:pattern><sch:rule context="q:*"><sch:assert id="A" test="@kind"/></sch:rule></sch:pattern>`, []string{"A /q:a"}},
		{"comment", `<sch:pattern><sch:rule context="comment()"><sch:assert id="A" test="false()"/></sch:rule></sch:pattern>`, []string{"A /comment()"}},
		{"variables", `<sch:let name="codes" value="('one', 'three')"/><sch:let name="all" value="//q:b"/><sch:pattern><sch:let name="n" value="count($all)"/><sch:rule context="q:b[$n = 2]"><sch:let name="v" value="concat(., $n)"/><sch:let name="w" value="concat($v, '!')"/>` +
			`<sch:assert id="A" test=". = $codes"/><sch:assert id="B" test="$w = ('one2!')"/></sch:rule></sch:pattern>`, []string{"A /q:a/q:b[2]", "B /q:a/q:b[2]"}},
		{"an inner variable hides an outer", `<sch:let name="v" value="1"/><sch:pattern><sch:rule context="c"><sch:let name="v" value="$v + 1"/><sch:report id="A" test="$v = 2"/></sch:rule></sch:pattern>`, []string{"A /q:a/c"}},
		{"a variable that fails is no harm where it is not used", `<sch:let name="v" value="xs:integer('x')"/><sch:pattern><sch:rule context="c"><sch:assert id="A" test="false()"/></sch:rule></sch:pattern>`, []string{"A /q:a/c"}},
		{"abstract rule", `<sch:pattern><sch:rule abstract="true" id="r"><sch:let name="v" value="."/><sch:assert id="A" test="$v='one'"/></sch:rule><sch:rule context="q:b"><sch:extends rule="r"/><sch:assert id="B" test="$v='two'"/></sch:rule></sch:pattern>`,
			[]string{"B /q:a/q:b[1]", "A /q:a/q:b[2]"}},
		{"abstract pattern", `<sch:pattern abstract="true" id="p"><sch:rule context="$node"><sch:assert id="A" test="$node-test and $test"/></sch:rule></sch:pattern>` +
			`<sch:pattern is-a="p"><sch:param name="node" value="q:b"/><sch:param name="test" value="@kind='y'"/><sch:param name="node-test" value="true()"/></sch:pattern>`, []string{"A /q:a/q:b[1]"}},
		{"phase", `<sch:phase id="f"><sch:active pattern="two"/></sch:phase><sch:pattern id="one"><sch:rule context="c"><sch:assert id="A" test="false()"/></sch:rule></sch:pattern><sch:pattern id="two"><sch:rule context="c"><sch:assert id="B" test="false()"/></sch:rule></sch:pattern>`,
			[]string{"A /q:a/c", "B /q:a/c"}},
		{"foreign elements and titles", `<sch:title>t</sch:title><sch:p>p</sch:p><x:y xmlns:x="urn:x"/><sch:pattern><sch:title>t</sch:title><sch:rule context="c"><sch:p>p</sch:p><sch:assert id="A" test="false()"/></sch:rule></sch:pattern><sch:diagnostics/>`, []string{"A /q:a/c"}},
		{"functions of the published files", `<sch:pattern><sch:rule context="q:a"><sch:assert id="A" test="matches(@id,'^[0-9]$') and contains(.,'one') and count(q:b)=2 and normalize-space(' x ')='x' and substring-after('a:b',':')='b' and starts-with(.,'one') and string-length(@id)=1 and number(@id)=1 and q:b='two' and q:b!='two'"/>` +
			`<sch:report id="B" test="some $k in ('x','z') satisfies q:b/@kind=$k"/></sch:rule></sch:pattern>`, []string{"B /q:a"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, errors := fired(t, map[string]string{"EDM-REQ.sch": sch(tc.inside)}, document)
			if !slices.Equal(got, tc.want) || len(errors) > 0 {
				t.Errorf("%q, errors %q, want %q", got, errors, tc.want)
			}
		})
	}
}

// TestDefaultPhase holds that a schema with a default phase runs that one, with its variables.
func TestDefaultPhase(t *testing.T) {
	t.Parallel()
	file := strings.Replace(sch(`<sch:phase id="f"><sch:let name="v" value="false()"/><sch:active pattern="two"/></sch:phase><sch:pattern id="one"><sch:rule context="a"><sch:assert id="A" test="false()"/></sch:rule></sch:pattern>`+
		`<sch:pattern id="two"><sch:rule context="a"><sch:assert id="B" test="$v"/></sch:rule></sch:pattern>`), "queryBinding", `defaultPhase="f" queryBinding`, 1)
	if got, _ := fired(t, map[string]string{"EDM-REQ.sch": file}, `<a/>`); !slices.Equal(got, []string{"B /a"}) {
		t.Errorf("%q", got)
	}
}

// TestRuleError holds that a test that cannot be evaluated is an error of the rule, and the others go on.
func TestRuleError(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ inside, want string }{
		{`<sch:pattern><sch:rule context="a"><sch:assert id="A" test="count(@x=1)"/><sch:assert id="B" test="false()"/></sch:rule></sch:pattern>`, "A /a"}, // as R-EDM-ERR-C022 was published
		{`<sch:pattern><sch:rule context="a"><sch:assert id="A" test="normalize-space(b)='x'"/><sch:assert id="B" test="false()"/></sch:rule></sch:pattern>`, "A /a"},
		{`<sch:pattern><sch:rule context="a[xs:integer(@x) = 1]"><sch:assert id="A" test="false()"/></sch:rule><sch:rule context="a"><sch:assert id="B" test="false()"/></sch:rule></sch:pattern>`, " /a"},
		{`<sch:let name="v" value="xs:integer('x')"/><sch:pattern><sch:rule context="a"><sch:assert id="A" test="$v = 1"/><sch:assert id="B" test="false()"/></sch:rule></sch:pattern>`, "A /a"},
	} {
		got, errors := fired(t, map[string]string{"EDM-REQ.sch": sch(tc.inside)}, `<a x="y"><b/><b/></a>`)
		if !slices.Equal(got, []string{"B /a"}) || !slices.Equal(errors, []string{tc.want}) {
			t.Errorf("%s: %q, errors %q", tc.inside, got, errors)
		}
	}
}

// TestText holds message, flag, role, severity, line and file of a finding.
func TestText(t *testing.T) {
	t.Parallel()
	suite, err := official.Load(folder(map[string]string{
		"2.0/sch/EDM-REQ-S.sch": sch(`<sch:include href="../part.sch"/>`),
		"2.0/part.sch":          `<pattern xmlns="http://purl.oclc.org/dsdl/schematron"><rule context="b" role="info"><assert id="A" flag="WARNING" test="false()">The <emph>kind</emph> of <name/> is <value-of select="@kind, 'x'"/>,` + "\n" + `not <name path=".."/>.</assert><assert id="B" test="false()">` + strings.Repeat("long ", 300) + `</assert></rule></pattern>`,
	}))
	if err != nil {
		t.Fatal(err)
	}
	o, err := suite.Judge(rule.Request, "oots-edm:v2.0", []byte("<a>\r\n<b kind='k'/></a>"))
	if err != nil || len(o.Findings) != 2 {
		t.Fatalf("%+v, %v", o, err)
	}
	if got, want := o.Findings[0], (official.Finding{ID: "A", Flag: "WARNING", Role: "info", Severity: rule.Warning, Line: 2, Path: "/a/b", Text: "The kind of b is k x, not a.", File: "2.0/part.sch"}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if f := o.Findings[1]; f.Severity != rule.Caution || len(f.Text) > 600 || o.Refuses() || o.Release != "2.0" {
		t.Errorf("%+v", f)
	}
}

// TestRefused holds that a file that is not understood is refused by file, line and reason.
func TestRefused(t *testing.T) {
	t.Parallel()
	in := func(context, test string) string {
		return sch("\n<sch:pattern><sch:rule context=\"" + context + `"><sch:assert id="R-1" test="` + test + `"/></sch:rule></sch:pattern>`)
	}
	for _, tc := range []struct{ file, want string }{
		{in("a[1]", "b"), `EDM-REQ.sch: line 2: R-1: the context "a[1]": a predicate that may ask a position cannot be matched`},
		{in("a[last()]", "b"), "may ask a position"},
		{in("a[position() = 2]", "b"), "may ask a position"},
		{in("a[count(b)]", "b"), "may ask a position"},
		{in("a[@n + 1]", "b"), "may ask a position"},
		{in("key('k', 'v')", "b"), "the function key is not allowed"},
		{in("a/text()", "b"), "text and other nodes are no contexts"},
		{in("a/parent::b", "b"), "only the axes child and attribute"},
		{in("(a|b)/c", "b"), "only paths of elements and attributes"},
		{in("a//", "b"), "XPath"},
		{in("x:a", "b"), "the prefix x is not declared"},
		{in("a", "x:b"), "the prefix x is not declared"},
		{in("a", "$v"), "the variable $v is not declared"},
		{in("a", "doc('http://example.org/')"), "the function doc is not allowed"},
		{in("a", "unparsed-text('x')"), "the function unparsed-text is not allowed"},
		{in("a", "matches(.)"), "no function matches with 1 arguments"},
		{in("a", "no-such(.)"), "no function no-such"},
		{in("a", "b ="), "XPath"},
		{sch(`<sch:pattern><sch:rule context="a"><sch:extends rule="none"/></sch:rule></sch:pattern>`), `there is no abstract rule "none"`},
		{sch(`<sch:pattern is-a="none"/>`), `there is no abstract pattern "none"`},
		{sch(`<sch:pattern documents="x"/>`), "a pattern on other documents"},
		{sch(`<sch:new/>`), "sch:new is not understood"},
		{sch(`<sch:include href="../../etc/passwd"/>`), "is not inside of the folder"},
		{sch(`<sch:include href="http://example.org/a.sch"/>`), "is not inside of the folder"},
		{sch(`<sch:include href="none.sch"/>`), "none.sch"},
		{sch(`<sch:include href="EDM-REQ.sch"/>`), "include each other"},
		{strings.Replace(sch(""), "xslt2", "xslt", 1), `the query binding is "xslt"`},
		{`<!DOCTYPE a [<!ENTITY x "y">]>` + sch(""), "DOCTYPE"},
		{`<schema/>`, "not sch:schema"},
		{`<sch:schema`, "EDM-REQ.sch: line 1"},
	} {
		suite, err := official.Load(folder(map[string]string{"EDM-REQ.sch": tc.file}))
		if err == nil {
			_, err = suite.Judge(rule.Request, "2.0", []byte("<a/>"))
		}
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: %v, want %q", tc.file, err, tc.want)
		}
		if syntax := (*xmltree.SyntaxError)(nil); errors.As(err, &syntax) {
			t.Errorf("%s: the fault of the file counts as one of the document", tc.file)
		}
	}
}

// TestWhitespace holds that normalize-space removes what XML calls white space and nothing else, and that a
// CDATA section is text like any other.
func TestWhitespace(t *testing.T) {
	t.Parallel()
	file := sch(`<sch:pattern><sch:rule context="a"><sch:assert id="A" test="normalize-space(text())='x y'"/><sch:assert id="B" test="normalize-space()='x y'"/><sch:assert id="C" test="fn:normalize-space(@none)=''"/></sch:rule></sch:pattern>`)
	for document, want := range map[string][]string{
		"<a> x\n\ty </a>":           nil,
		"<a>x<![CDATA[ y]]></a>":    nil,
		"<a>x y&#160;</a>":          {"A /a", "B /a"},
		"<a>\u2003x y</a>":          {"A /a", "B /a"},
		"<a>x\r\n<![CDATA[y]]></a>": nil,
	} {
		got, errors := fired(t, map[string]string{"EDM-REQ.sch": file}, document)
		if !slices.Equal(got, want) || len(errors) > 0 {
			t.Errorf("%q: %q, errors %q", document, got, errors)
		}
	}
}

// TestHostile holds that what no processor should see is refused, and that findings are bounded.
func TestHostile(t *testing.T) {
	t.Parallel()
	suite, err := official.Load(folder(map[string]string{"EDM-REQ.sch": sch(`<sch:pattern><sch:rule context="*"><sch:assert id="A" test="false()"/></sch:rule></sch:pattern>`)}))
	if err != nil {
		t.Fatal(err)
	}
	for name, document := range map[string]string{
		"no XML":         "hello",
		"a DOCTYPE":      `<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>`,
		"billion laughs": `<!DOCTYPE a [<!ENTITY a "b">]><a>&a;</a>`,
		"a long text":    "<a>" + strings.Repeat("x", 70_000) + "</a>",
		"deep":           strings.Repeat("<a>", 200) + strings.Repeat("</a>", 200),
		"not UTF-8":      "<a>\xff</a>",
	} {
		if _, err := suite.Judge(rule.Request, "2.0", []byte(document)); err == nil {
			t.Errorf("%s is judged", name)
		}
	}
	o, err := suite.Judge(rule.Request, "2.0", fmt.Appendf(nil, "<a>%s</a>", strings.Repeat("<b/>", 10_000)))
	if err != nil || len(o.Findings) != 2000 || !o.Cut {
		t.Errorf("%d findings, cut %v, %v", len(o.Findings), o.Cut, err)
	}
}
