package xmltree

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"oots/internal/corpus"
)

// hostile are texts at the edge of XML 1.0 and of namespaces. ok says whether a parser without DTDs accepts
// them; stricter says that we refuse on purpose what libxml2 accepts.
var hostile = []struct {
	name, text   string
	ok, stricter bool
}{
	{"empty", "", false, false},
	{"only space", " \n", false, false},
	{"one element", "<a/>", true, false},
	{"byte order mark", "\uFEFF<a/>", true, false},
	{"byte order mark twice", "\uFEFF\uFEFF<a/>", false, false},
	{"byte order mark and declaration", "\uFEFF<?xml version='1.0' encoding='utf-8'?><a/>", true, false},
	{"declaration", `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><a/>`, true, false},
	{"declaration, spaces", "<?xml\n version = '1.0'\tencoding='UTF-8' ?>\n<a/>\n", true, false},
	{"declaration without version", `<?xml encoding="UTF-8"?><a/>`, false, false},
	{"declaration, order", `<?xml version="1.0" standalone="yes" encoding="UTF-8"?><a/>`, false, false},
	{"declaration, unknown", `<?xml version="1.0" charset="UTF-8"?><a/>`, false, false},
	{"declaration, standalone", `<?xml version="1.0" standalone="maybe"?><a/>`, false, false},
	{"declaration, no space", `<?xml version="1.0"encoding="UTF-8"?><a/>`, false, false},
	{"declaration, late", ` <?xml version="1.0"?><a/>`, false, false},
	{"declaration, inside", `<a><?xml version="1.0"?></a>`, false, false},
	{"declaration, upper case", `<?XML version="1.0"?><a/>`, false, false},
	{"declaration, 1.1", `<?xml version="1.1"?><a/>`, false, true},
	{"declaration, Latin 1", `<?xml version="1.0" encoding="ISO-8859-1"?><a/>`, false, true},
	{"declaration, UTF-16", `<?xml version="1.0" encoding="UTF-16"?><a/>`, false, false},
	{"UTF-16", "\xff\xfe<\x00a\x00/\x00>\x00", false, true},
	{"doctype", "<!DOCTYPE a><a/>", false, true},
	{"doctype with entity", `<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>`, false, true},
	{"doctype, lower case", "<!doctype a><a/>", false, false},
	{"doctype behind", "<a/><!DOCTYPE a>", false, false},
	{"doctype inside", "<a><!DOCTYPE a></a>", false, false},
	{"two roots", "<a/><b/>", false, false},
	{"text behind", "<a/>x", false, false},
	{"text before", "x<a/>", false, false},
	{"reference behind", "<a/>&#32;", false, false},
	{"CDATA behind", "<a/><![CDATA[ ]]>", false, false},
	{"unclosed", "<a>", false, false},
	{"unclosed, inner", "<a><b></a>", false, false},
	{"only end", "</a>", false, false},
	{"end twice", "<a></a></a>", false, false},
	{"end with space", "<a></a \n>", true, false},
	{"end with leading space", "<a></ a>", false, false},
	{"end with attribute", "<a></a b=''>", false, false},
	{"end, longer name", "<a></ab>", false, false},
	{"end, shorter name", "<ab></a>", false, false},
	{"end, other prefix", "<p:a xmlns:p='u' xmlns:q='u'></q:a>", false, false},
	{"start with space", "< a/>", false, false},
	{"slash alone", "<a / >", false, false},
	{"cut in tag", "<a", false, false},
	{"cut behind less-than", "<a><", false, false},
	{"cut in name", "<a b", false, false},
	{"cut in value", "<a b='", false, false},
	{"cut in comment", "<a><!--", false, false},
	{"cut in CDATA", "<a><![CDATA[", false, false},
	{"cut in reference", "<a>&am", false, false},
	{"name with digit first", "<1a/>", false, false},
	{"name with hyphen first", "<-a/>", false, false},
	{"name with dot", "<a.b-c_d/>", true, false},
	{"name, Greek", "<Ελλάδα βήτα='γ'/>", true, false},
	{"name, multiplication sign", "<a×/>", false, false},
	{"name, middle dot", "<a·/>", true, false},
	{"name, middle dot first", "<·a/>", false, false},
	{"name, combining first", "<\u0301a/>", false, false},
	{"name, astral", "<\U00010400/>", true, false},
	{"name with two colons", "<p:a:b xmlns:p='u'/>", false, false},
	{"name with colon first", "<:a/>", false, false},
	{"name with colon last", "<a:/>", false, false},
	{"attribute unquoted", "<a b=c/>", false, false},
	{"attribute without value", "<a b/>", false, false},
	{"attribute, other quote", `<a b="'" c='"'/>`, true, false},
	{"attributes without space", "<a b='1'c='2'/>", false, false},
	{"attribute with spaces", "<a b = '1'\n\tc\r=\n'2' />", true, false},
	{"attribute twice", "<a b='1' b='2'/>", false, false},
	{"attribute twice by namespace", "<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>", false, false},
	{"attribute twice, default differs", "<a xmlns='u' xmlns:p='u' b='1' p:b='2'/>", true, false},
	{"attribute with less-than", "<a b='<'/>", false, false},
	{"attribute with greater-than", "<a b='>'/>", true, false},
	{"attribute with ampersand", "<a b='&'/>", false, false},
	{"attribute with cut reference", "<a b='&amp'/>", false, false},
	{"attribute, reference over the quote", "<a b='&am' c='p;'/>", false, false},
	{"attribute with less-than reference", "<a b='&lt;&#60;'/>", true, false},
	{"prefix undeclared", "<p:a/>", false, false},
	{"prefix of attribute undeclared", "<a p:b=''/>", false, false},
	{"prefix of a sibling", "<a><b xmlns:p='u'/><p:c/></a>", false, false},
	{"prefix declared behind", "<p:a b='' xmlns:p='u'/>", true, false},
	{"prefix undeclaring", "<a xmlns:p='u'><b xmlns:p=''/></a>", false, false},
	{"default undeclaring", "<a xmlns='u'><b xmlns=''/></a>", true, false},
	{"xmlns twice", "<a xmlns='u' xmlns='u'/>", false, false},
	{"xmlns:p twice", "<a xmlns:p='u' xmlns:p='u'/>", false, false},
	{"xmlns:xmlns", "<a xmlns:xmlns='u'/>", false, false},
	{"xmlns namespace", "<a xmlns:p='http://www.w3.org/2000/xmlns/'/>", false, false},
	{"xmlns namespace as default", "<a xmlns='http://www.w3.org/2000/xmlns/'/>", false, false},
	{"xmlns as element prefix", "<xmlns:a/>", false, false},
	{"xml prefix", "<a xml:lang='de'/>", true, false},
	{"xml prefix of element", "<xml:a/>", true, false},
	{"xml declared right", "<a xmlns:xml='http://www.w3.org/XML/1998/namespace'/>", true, false},
	{"xml declared wrong", "<a xmlns:xml='u'/>", false, false},
	{"xml namespace, other prefix", "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>", false, false},
	{"xml namespace as default", "<a xmlns='http://www.w3.org/XML/1998/namespace'/>", false, false},
	{"xmlns without local", "<a xmlns:='u'/>", false, false},
	{"]]> in text", "<a>]]></a>", false, false},
	{"]]> escaped", "<a>]]&gt;</a>", true, false},
	{"]]> in attribute", "<a b=']]>'/>", true, false},
	{"CDATA", "<a><![CDATA[<&]]]]><![CDATA[>]]></a>", true, false},
	{"CDATA, nested", "<a><![CDATA[<![CDATA[]]></a>", true, false},
	{"CDATA, lower case", "<a><![cdata[]]></a>", false, false},
	{"comment", "<!-- - x - --><a><!----></a><!-- y -->", true, false},
	{"comment with two hyphens", "<a><!-- -- --></a>", false, false},
	{"comment with three hyphens at the end", "<a><!-- x ---></a>", false, false},
	{"comment, short", "<a><!--></a>", false, false},
	{"PI", "<?a?><?b  c ?><a><?d e?></a><?f?>", true, false},
	{"PI without target", "<a><? b?></a>", false, false},
	{"PI without space", "<a><?b+c?></a>", false, false},
	{"PI open", "<a><?b></a>", false, false},
	{"PI with colon", "<a><?b:c d?></a>", false, false},
	{"entities", "<a>&amp;&lt;&gt;&quot;&apos;</a>", true, false},
	{"entity unknown", "<a>&nbsp;</a>", false, false},
	{"entity upper case", "<a>&AMP;</a>", false, false},
	{"entity without semicolon", "<a>&amp </a>", false, false},
	{"ampersand", "<a>a & b</a>", false, false},
	{"reference decimal", "<a>&#65;&#x41;&#x10FFFF;</a>", true, false},
	{"reference, upper X", "<a>&#X41;</a>", false, false},
	{"reference, empty", "<a>&#;</a>", false, false},
	{"reference, empty hex", "<a>&#x;</a>", false, false},
	{"reference, sign", "<a>&#+65;</a>", false, false},
	{"reference, zero", "<a>&#0;</a>", false, false},
	{"reference, control", "<a>&#1;</a>", false, false},
	{"reference, tab and CR", "<a>&#9;&#13;</a>", true, false},
	{"reference, surrogate", "<a>&#xD800;</a>", false, false},
	{"reference, FFFE", "<a>&#xFFFE;</a>", false, false},
	{"reference, too large", "<a>&#x110000;</a>", false, false},
	{"reference, overflow", "<a>&#99999999999999999;</a>", false, false},
	{"control character", "<a>\x01</a>", false, false},
	{"NUL", "<a>\x00</a>", false, false},
	{"NUL behind", "<a/>\x00", false, true},
	{"DEL", "<a>\x7f</a>", true, false},
	{"C1", "<a>\u0085</a>", true, false},
	{"U+FFFE", "<a>\uFFFE</a>", false, false},
	{"U+FFFF in comment", "<a><!--\uFFFF--></a>", false, false},
	{"U+FFFD", "<a>\uFFFD</a>", true, false},
	{"bad UTF-8", "<a>\xc3</a>", false, false},
	{"overlong UTF-8", "<a>\xc0\xbc</a>", false, false},
	{"surrogate in UTF-8", "<a>\xed\xa0\x80</a>", false, false},
	{"over U+10FFFF", "<a>\xf4\x90\x80\x80</a>", false, false},
	{"bad UTF-8 in a name", "<a\xff/>", false, false},
}

func TestHostile(t *testing.T) {
	t.Parallel()
	for _, tc := range hostile {
		t.Run(tc.name, func(t *testing.T) {
			doc, err := Parse([]byte(tc.text), Limits{})
			if (err == nil) != tc.ok {
				t.Fatalf("accepted: %v, error: %v", err == nil, err)
			}
			var se *SyntaxError
			if err != nil && (doc != nil || !errors.As(err, &se) || se.Line < 1 || se.Offset < 0 || se.Offset > len(tc.text)) {
				t.Fatalf("error %#v beside document %v", err, doc)
			}
		})
	}
}

// TestHostileAgainstLibxml2 asks a second parser about the same table.
func TestHostileAgainstLibxml2(t *testing.T) {
	xmllint := corpus.Tool(t, "xmllint")
	t.Parallel()
	dir := t.TempDir()
	for i, tc := range hostile {
		name := filepath.Join(dir, fmt.Sprintf("%d.xml", i))
		if err := os.WriteFile(name, []byte(tc.text), 0o600); err != nil {
			t.Fatal(err)
		}
		// Namespace errors are reported but do not change the exit status.
		out, err := exec.Command(xmllint, "--nonet", "--noout", name).CombinedOutput()
		accepted := err == nil && !strings.Contains(string(out), " error ")
		if tc.stricter && !accepted {
			t.Errorf("%s: libxml2 refuses too: it is not stricter", tc.name)
		}
		if !tc.stricter && accepted != tc.ok {
			t.Errorf("%s: libxml2 accepts: %v, the table says %v\n%s", tc.name, accepted, tc.ok, out)
		}
	}
}

// TestCorpus parses every file of the corpus that libxml2 accepts and that has no document type.
func TestCorpus(t *testing.T) {
	xmllint := corpus.Tool(t, "xmllint")
	root := corpus.Path(t, ".")
	var files []string
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && strings.HasSuffix(path, ".xml") {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	parsed := 0
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := Parse(b, Limits{})
		if err == nil {
			parsed++
			checkPositions(t, b, doc)
			continue
		}
		if strings.Contains(string(b), "<!DOCTYPE") || strings.Contains(strings.ToUpper(string(b)), "ISO-8859-1") {
			continue // refused on purpose
		}
		out, lintErr := exec.Command(xmllint, "--nonet", "--noout", name).CombinedOutput()
		if lintErr == nil && !strings.Contains(string(out), " error ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	t.Logf("%d of %d files", parsed, len(files))
	if parsed < len(files)*9/10 {
		t.Errorf("only %d of %d files parsed", parsed, len(files))
	}
}

// checkPositions holds that every element's offsets cut out exactly its tags.
func checkPositions(t testing.TB, b []byte, doc *Document) {
	t.Helper()
	var walk func(e *Element)
	walk = func(e *Element) {
		s := string(b[e.Start:e.End])
		if !strings.HasPrefix(s, "<"+e.qname()) || !strings.HasSuffix(s, ">") {
			t.Fatalf("%s at %d:%d is %.80q", e.Path(), e.Start, e.End, s)
		}
		if want := lineAt(string(b[:e.Start])); e.Line != want {
			t.Fatalf("%s is on line %d, not %d", e.Path(), want, e.Line)
		}
		for c := range e.Elements() {
			if c.Parent != e || c.Start <= e.Start || c.End >= e.End+1 {
				t.Fatalf("%s lies outside its parent", c.Path())
			}
			walk(c)
		}
	}
	walk(doc.Root)
}

func TestTree(t *testing.T) {
	t.Parallel()
	text := "\uFEFF<?xml version='1.0'?>\r\n<!--before-->\n<p:a xmlns:p='urn:p' xmlns='urn:d'\r\n  b=' x&#10;\ty\r\nz ' p:c='&lt;'>one\r\ntwo\rthree<![CDATA[ <four>\r\n]]>&#13;<b xmlns=''/>" +
		"<!--c\r\nd--><?t  data ?>tail</p:a>\n<?end?>"
	doc, err := Parse([]byte(text), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	root := doc.Root
	if !root.Is("urn:p", "a") || root.Prefix != "p" || root.Line != 3 {
		t.Errorf("root %+v", root)
	}
	if len(doc.Before) != 1 || len(doc.After) != 1 {
		t.Errorf("around the root: %d before, %d after", len(doc.Before), len(doc.After))
	}
	if v, _ := root.Attr("", "b"); v != " x\n y z " {
		t.Errorf("attribute b = %q", v)
	}
	if v, _ := root.Attr("urn:p", "c"); v != "<" {
		t.Errorf("attribute p:c = %q", v)
	}
	if want := []Decl{{"p", "urn:p"}, {"", "urn:d"}}; len(root.Decls) != 2 || root.Decls[0] != want[0] || root.Decls[1] != want[1] {
		t.Errorf("declarations %v", root.Decls)
	}
	if s := root.Children[0].(*Text).Data; s != "one\ntwo\nthree <four>\n\r" {
		t.Errorf("text %q", s)
	}
	b := root.Children[1].(*Element)
	if !b.Is("", "b") || text[b.Start:b.End] != "<b xmlns=''/>" || b.Line != 8 {
		t.Errorf("b %+v, %q", b, text[b.Start:b.End])
	}
	if s := root.Children[2].(*Comment).Data; s != "c\nd" {
		t.Errorf("comment %q", s)
	}
	if pi := root.Children[3].(*ProcInst); *pi != (ProcInst{"t", "data "}) {
		t.Errorf("processing instruction %q", pi)
	}
	if s := root.Children[4].(*Text).Data; s != "tail" {
		t.Errorf("tail %q", s)
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, text string
		lim        Limits
		ok         bool
	}{
		{"depth kept", strings.Repeat("<a>", 64) + strings.Repeat("</a>", 64), Limits{}, true},
		{"depth broken", strings.Repeat("<a>", 65) + strings.Repeat("</a>", 65), Limits{}, false},
		{"depth own", "<a><b><c/></b></a>", Limits{Depth: 2}, false},
		{"bytes", "<abcdef/>", Limits{Bytes: 8}, false},
		{"bytes kept", "<abcdef/>", Limits{Bytes: 9}, true},
		{"attributes", "<a b='' c=''/>", Limits{Attributes: 1}, false},
		{"attributes kept", "<a b='' c=''/>", Limits{Attributes: 2}, true},
		{"declarations", "<a xmlns:b='u' xmlns:c='u'/>", Limits{Attributes: 1}, false},
		{"declarations in scope", "<a xmlns:b='u'><a xmlns:b='u'><a xmlns:b='u'><a xmlns:b='u'><a xmlns:b='u'/></a></a></a></a>", Limits{Attributes: 1}, false},
		{"declarations out of scope", "<a>" + strings.Repeat("<a xmlns:b='u'/>", 10) + "</a>", Limits{Attributes: 1}, true},
		{"elements", "<a><a/><a/></a>", Limits{Elements: 2}, false},
		{"elements kept", "<a><a/><a/></a>", Limits{Elements: 3}, true},
		{"text", "<a>12345</a>", Limits{TextBytes: 4}, false},
		{"text kept", "<a>1234</a>", Limits{TextBytes: 4}, true},
		{"text in pieces", "<a>12<![CDATA[34]]>5</a>", Limits{TextBytes: 4}, false},
		{"text with references", "<a>12&#65;<![CDATA[34]]>5</a>", Limits{TextBytes: 5}, false},
		{"attribute value", "<a b='12345'/>", Limits{TextBytes: 4}, false},
		{"comment", "<a><!--12345--></a>", Limits{TextBytes: 4}, false},
		{"PI", "<?a b?><a/>", Limits{NoProcInst: true}, false},
		{"PI inside", "<a><?a b?></a>", Limits{NoProcInst: true}, false},
		{"declaration is no PI", "<?xml version='1.0'?><a/>", Limits{NoProcInst: true}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if _, err := Parse([]byte(tc.text), tc.lim); (err == nil) != tc.ok {
				t.Errorf("error %v", err)
			}
		})
	}
}

// TestDirectoryAnswersFit holds that the largest directory answer seen fits the defaults.
func TestDirectoryAnswersFit(t *testing.T) {
	t.Parallel()
	largest := 0
	err := filepath.WalkDir(corpus.Path(t, "common-services"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".xml") {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		if _, err := Parse(b, Limits{}); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		largest = max(largest, len(b))
		return nil
	})
	if err != nil || largest == 0 {
		t.Fatal(largest, err)
	}
	t.Logf("largest: %d octets", largest)
}

func FuzzParse(f *testing.F) {
	for _, tc := range hostile {
		f.Add([]byte(tc.text))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		doc, err := Parse(b, Limits{Bytes: 1 << 16, Elements: 1000})
		if err != nil {
			if doc != nil {
				t.Fatal("a document beside an error")
			}
			return
		}
		checkPositions(t, b, doc)
	})
}
