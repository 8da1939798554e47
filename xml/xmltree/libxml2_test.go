package xmltree

import (
	"bytes"
	"flag"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"oots/internal/corpus"
)

var mutants = flag.Int("mutants", 4000, "documents that TestWellFormedness puts before libxml2")

// A difference is a reason for which libxml2 and Parse decide otherwise about one document.
type difference struct {
	name    string
	ours    bool // Parse takes the document, libxml2 does not
	applies func(text []byte, ours error, theirs string) bool
}

// differences are all that are known, each by design. Whatever does not fit is a failure of the test.
var differences = []difference{
	{"a document type declaration: refused always", false, func(text []byte, _ error, _ string) bool {
		return bytes.Contains(text, []byte("<!DOCTYPE"))
	}},
	{"another encoding than UTF-8, by declaration or byte order mark: refused always", false, func(text []byte, ours error, _ string) bool {
		return strings.Contains(ours.Error(), "encoding") || bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) ||
			strings.Contains(ours.Error(), "not a character") && otherEncoding.Match(text)
	}},
	{"another version than 1.0 in the declaration: libxml2 warns and goes on", false, func(_ []byte, ours error, _ string) bool {
		return strings.Contains(ours.Error(), "version")
	}},
	{"a NUL behind the document element: libxml2 takes it for the end of the file", false, func(text []byte, ours error, _ string) bool {
		before, _, found := bytes.Cut(text, []byte{0})
		_, err := Parse(before, Limits{Depth: 250})
		return found && err == nil && strings.Contains(ours.Error(), "not a character")
	}},
	{"no white space before standalone in the declaration, against XML 1.0 production 32: libxml2 does not look", false, func(_ []byte, ours error, _ string) bool {
		return strings.Contains(ours.Error(), "white space is missing in the XML declaration")
	}},
	{"a namespace name that is no URI: a name all the same, and nothing is ever fetched by it", true, func(_ []byte, _ error, theirs string) bool {
		return notURI.MatchString(theirs)
	}},
}

var otherEncoding = regexp.MustCompile(`^<\?xml[^>]*encoding\s*=\s*["'](?i:ISO|latin|windows|US-ASCII|ASCII|UTF-16)`)

// notURI is the complaint about a namespace name; a line feed in the name cuts it short.
var notURI = regexp.MustCompile(`^namespace error : xmlns(:[^:]*)?: '`)

// TestWellFormedness compares decisions with libxml2 on mutated documents: same verdict, or a known difference.
func TestWellFormedness(t *testing.T) {
	xmllint := corpus.Tool(t, "xmllint")
	t.Parallel()
	m := &mutator{r: rand.New(rand.NewPCG(7, 2026)), seeds: wellFormedSeeds(t)}
	texts := make([][]byte, 0, *mutants)
	for i := range *mutants {
		text := bytes.Clone(m.seeds[i%len(m.seeds)])
		for range m.r.IntN(3) {
			text = m.mutate(text)
		}
		texts = append(texts, text)
	}
	verdicts := libxml2Verdicts(t, xmllint, texts)
	counts := map[string]int{}
	for i, text := range texts {
		_, ours := Parse(text, Limits{Depth: 250})
		theirs := verdicts[i]
		switch {
		case ours == nil && theirs == "":
			counts["both take"]++
		case ours != nil && theirs != "":
			counts["both refuse"]++
		default:
			name := explain(text, ours, theirs)
			if name == "" {
				t.Errorf("ours: %v, libxml2: %s\n%q", ours, theirs, text)
				continue
			}
			counts[name]++
		}
	}
	for name, n := range counts {
		t.Logf("%5d %s", n, name)
	}
	if counts["both take"] < *mutants/20 || counts["both refuse"] < *mutants/5 {
		t.Errorf("the documents do not tell much: %v", counts)
	}
}

func explain(text []byte, ours error, theirs string) string {
	for _, d := range differences {
		if d.ours == (ours == nil) && d.applies(text, ours, theirs) {
			return d.name
		}
	}
	return ""
}

var complaint = regexp.MustCompile(`(?m)^(?:.*/)?m(\d+)\.xml:\d+: (.* error.*)$`)

// libxml2Verdicts returns the first error of each document, or "".
func libxml2Verdicts(t *testing.T, xmllint string, texts [][]byte) []string {
	t.Helper()
	const batch = 500
	dir := t.TempDir()
	verdicts := make([]string, len(texts))
	for from := 0; from < len(texts); from += batch {
		args := []string{"--noout", "--nonet"}
		for i := from; i < min(from+batch, len(texts)); i++ {
			name := fmt.Sprintf("m%d.xml", i)
			if err := os.WriteFile(filepath.Join(dir, name), texts[i], 0o600); err != nil {
				t.Fatal(err)
			}
			args = append(args, name)
		}
		cmd := exec.Command(xmllint, args...)
		cmd.Dir = dir
		var out bytes.Buffer
		cmd.Stderr = &out
		_ = cmd.Run() // a status other than 0 is one refused document
		for _, found := range complaint.FindAllStringSubmatch(out.String(), -1) {
			var i int
			if _, err := fmt.Sscan(found[1], &i); err != nil {
				t.Fatal(err)
			}
			if verdicts[i] == "" {
				verdicts[i] = found[2]
			}
		}
	}
	return verdicts
}

// wellFormedSeeds are small documents of the corpus and of the tests here.
func wellFormedSeeds(t *testing.T) [][]byte {
	t.Helper()
	seeds := [][]byte{
		[]byte(`<a/>`),
		[]byte("<?xml version='1.0' encoding='utf-8' standalone='yes'?>\n<a xmlns='urn:a' xmlns:b='urn:b' b:c='d' e=\"f\">g<b:h i='&lt;&#65;'/><![CDATA[<j>]]><!-- k --><?l m?></a>\n<!-- n -->"),
		[]byte("<ä:Ö xmlns:ä=\"urn:x\">Ελένη<ä:b.-·/>𝄞</ä:Ö>"),
		[]byte("<a b='1'><b xmlns='' xml:lang='de' xml:space='preserve'><c xmlns:p='urn:p'><p:d p:e='1' e='2'/></c></b></a>"),
	}
	for _, tc := range hostile {
		if len(tc.text) < 1000 {
			seeds = append(seeds, []byte(tc.text))
		}
	}
	for _, root := range []string{"as4/generated/c14n", "as4/santuario", "edm"} {
		err := filepath.WalkDir(corpus.Path(t, root), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" {
				return err
			}
			text, err := os.ReadFile(path)
			if len(text) <= 3000 {
				seeds = append(seeds, text)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return seeds
}

// A mutator changes documents by the grammar of XML: at the borders of its tokens rather than anywhere.
type mutator struct {
	r     *rand.Rand
	seeds [][]byte
}

var fragments = []string{
	"<", ">", "/>", "</", "&", ";", "\"", "'", "=", "/", "!", "?", "]", "-", ":", " ", "\t", "\r", "\n", "\r\n",
	"&amp;", "&lt;", "&#65;", "&#x41;", "&#0;", "&#x1F;", "&#xD800;", "&#xFFFE;", "&#x10FFFF;", "&#x110000;", "&#x;", "&#;", "&#65", "&#xA;", "&nbsp;", "&a:b;", "&#99999999999;",
	"]]>", "<![CDATA[", "<![CDATA[x]]>", "<![CDATA[]]]]>", "<![cdata[x]]>", "<!--", "-->", "--", "<!---->", "<!-- x -->", "<!--x--->", "<!-- -- -->",
	"<?", "?>", "<?x?>", "<?x y?>", "<?xml?>", "<?XML x?>", "<?xml version='1.0'?>", "<?x:y z?>", "<? x?>", "<?x?y?>", "<?xml-stylesheet href='x'?>",
	"<!DOCTYPE a>", "<!ENTITY a 'b'>", "<!ELEMENT a ANY>", "<!",
	"<a>", "</a>", "<a/>", "<a b='c'/>", "<a></a>", "<a b=c>", "<a b>", "<a b='c' b='d'/>", "<a b='c'd='e'/>", "<a b = 'c' />", "<a\nb='c'\n/>", "<a b='<'/>", "<a b='>'/>", "<a b='&'/>", "<a b='\"'/>",
	"< a/>", "<a / >", "</ a>", "</a >", "</a\n>", "<1/>", "<-a/>", "<.a/>", "<_a/>", "<a.b-c/>", "<:a/>", "<a:/>", "<a:b:c/>", "<p:a/>", "<p:a xmlns:p='urn:p'/>", "<p:a xmlns:p=''/>", "<a xmlns=''/>",
	" b='c'", " xmlns='urn:x'", " xmlns=''", " xmlns:p='urn:x'", " xmlns:p=''", " xmlns:xml='http://www.w3.org/XML/1998/namespace'", " xmlns:xml='urn:x'", " xmlns:p='http://www.w3.org/XML/1998/namespace'",
	" xmlns:xmlns='urn:x'", " xmlns:p='http://www.w3.org/2000/xmlns/'", " xmlns='http://www.w3.org/XML/1998/namespace'", " xml:lang='de'", " xml:x='y'", " p:b='c'", " xmlns:p='urn:p' p:b='1'", " xmlns:p='urn:p' xmlns:q='urn:p' p:b='1' q:b='2'", " xmlns:='urn:x'",
	"\x00", "\x01", "\x0b", "\x1f", "\x7f", "\u0085", "\u2028", "\ufffe", "\uffff", "\ufeff", "\u00b7", "\u0300", "é", "ß", "Ω", "中", "𝄞", "\u037e", "\u200c", "\u2070", "\u3000", "\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\x80",
	"x", "xml", "version", "1.1", "encoding='UTF-8'", "encoding='ISO-8859-1'", "standalone='no'",
}

// mutate makes one change.
func (m *mutator) mutate(text []byte) []byte {
	if len(text) == 0 {
		return []byte(fragments[m.r.IntN(len(fragments))])
	}
	switch m.r.IntN(12) {
	case 0: // one octet away
		i := m.r.IntN(len(text))
		return append(text[:i:i], text[i+1:]...)
	case 1: // one octet changed
		i := m.r.IntN(len(text))
		out := bytes.Clone(text)
		out[i] ^= 1 << m.r.IntN(8)
		return out
	case 2: // cut
		return text[:m.r.IntN(len(text)+1)]
	case 3: // a token away
		from, to := m.token(text)
		return append(text[:from:from], text[to:]...)
	case 4: // a token twice
		from, to := m.token(text)
		return append(text[:to:to], text[from:]...)
	case 5: // a token elsewhere
		from, to := m.token(text)
		at, _ := m.token(text)
		return append(append(text[:at:at], text[from:to]...), text[at:]...)
	case 6: // of another document
		other := m.seeds[m.r.IntN(len(m.seeds))]
		if len(other) == 0 {
			return text
		}
		from, to := m.token(other)
		at, _ := m.token(text)
		return append(append(text[:at:at], other[from:to]...), text[at:]...)
	case 7: // a fragment in place of a token
		from, to := m.token(text)
		return append(append(text[:from:from], fragments[m.r.IntN(len(fragments))]...), text[to:]...)
	case 8: // a fragment anywhere
		at := m.r.IntN(len(text) + 1)
		return append(append(text[:at:at], fragments[m.r.IntN(len(fragments))]...), text[at:]...)
	default: // a fragment at the border of a token
		at, _ := m.token(text)
		return append(append(text[:at:at], fragments[m.r.IntN(len(fragments))]...), text[at:]...)
	}
}

var tokens = regexp.MustCompile(`<[!?/]?|[/?]?>|"|'|=|&|;|\s+|[^<>"'=&;\s/?]+|[/?]`)

// token picks one token.
func (m *mutator) token(text []byte) (from, to int) {
	all := tokens.FindAllIndex(text, -1)
	if len(all) == 0 {
		return 0, len(text)
	}
	at := all[m.r.IntN(len(all))]
	return at[0], at[1]
}
