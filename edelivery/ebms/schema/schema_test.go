package schema

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"oots/edelivery/ebms"
	"oots/internal/corpus"
	"oots/internal/judge"
	"oots/rule"
	"oots/xml/c14n"
	"oots/xml/model"
	"oots/xml/xmltree"
)

var mutants = flag.Int("mutants", 40, "mutants of each specimen that are compared with xmllint")

// published prepares the schema with its erratum: the copy of the corpus names no place for the attributes of XML.
func published(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"as4/phase4/xsd/ebms-header-3_0-200704.xsd", "as4/phase4/xsd/soap11.xsd", "as4/phase4/xsd/soap12.xsd", "edm/tdd-1.0/xsd/xml/xml.xsd"} {
		b := corpus.Read(t, name)
		b = bytes.ReplaceAll(b, []byte(`namespace="http://www.w3.org/XML/1998/namespace" />`), []byte(`namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="xml.xsd"/>`))
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(name)), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "ebms-header-3_0-200704.xsd")
}

// specimens returns every eb:Messaging of the corpus, taken out of its envelope.
func specimens(t testing.TB) []judge.Specimen {
	t.Helper()
	var all []judge.Specimen
	seen := make(map[string]bool)
	for _, dir := range []string{"edm", "as4"} {
		root := corpus.Path(t, dir)
		err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" && filepath.Ext(path) != ".body" {
				return err
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if m := messaging(b); m != nil && !seen[string(m)] {
				seen[string(m)] = true
				all = append(all, judge.Specimen{Name: dir + strings.TrimPrefix(path, root), XML: m})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// messaging cuts the first eb:Messaging out of a header file, an envelope or a MIME entity; nil if there is none.
func messaging(b []byte) []byte {
	doc, err := xmltree.Parse(b, xmltree.Limits{})
	if err != nil { // MIME: the root part stands between its first tag and the end of the envelope
		start, end := bytes.Index(b, []byte("<env:Envelope")), bytes.Index(b, []byte("</env:Envelope>"))
		if start < 0 || end < start {
			return nil
		}
		if doc, err = xmltree.Parse(b[start:end+len("</env:Envelope>")], xmltree.Limits{}); err != nil {
			return nil
		}
	}
	e := find(doc.Root)
	if e == nil {
		return nil
	}
	var out bytes.Buffer
	if err := c14n.Write(&out, e, c14n.Inclusive10, nil); err != nil {
		return nil
	}
	return out.Bytes()
}

func find(e *xmltree.Element) *xmltree.Element {
	if e.Is(ebms.NS, "Messaging") {
		return e
	}
	for c := range e.Elements() {
		if m := find(c); m != nil {
			return m
		}
	}
	return nil
}

func comparison(t testing.TB) *judge.Comparison {
	t.Helper()
	s, err := model.Compile(Table())
	if err != nil {
		t.Fatal(err)
	}
	return &judge.Comparison{
		XSD:       published(t),
		Check:     s.Check,
		Explained: []judge.Explanation{judge.BlankCDATA(), judge.BlankDate(), soapInReceipt(), behindWildcard()},
	}
}

// soapInReceipt: a receipt may hold anything of another namespace; the published schema imports those of SOAP,
// so that xmllint looks into an envelope inside a receipt.
func soapInReceipt() judge.Explanation {
	return judge.Explanation{
		Name:      "SOAP in a receipt",
		Because:   "the tables do not declare the elements of SOAP",
		OursValid: true,
		Holds: func(d *judge.Disagreement) bool {
			for _, m := range d.Verdict.Messages {
				if !strings.Contains(m, "{"+ebms.NSSOAP11+"}") && !strings.Contains(m, "{"+ebms.NSSOAP12+"}") {
					return false
				}
			}
			return len(d.Verdict.Messages) > 0
		},
	}
}

// behindWildcard: in a sequence such as Error*, any*, libxml2 takes an Error behind a foreign element, because its
// automaton returns from the wildcard to the state before it. [XML Schema 1.0 Part 1 §3.8.4]
func behindWildcard() judge.Explanation {
	return judge.Explanation{
		Name:    "element behind a wildcard",
		Because: "libxml2 lets the element before a repeated wildcard come back behind it",
		Holds: func(d *judge.Disagreement) bool {
			for _, f := range d.Findings {
				if f.Rule != model.ElementUnexpected || !strings.HasPrefix(f.Want, "an element of another namespace") {
					return false
				}
			}
			return true
		},
	}
}

// TestLikeXmllint judges every header of the corpus and mutants of those that are valid.
func TestLikeXmllint(t *testing.T) {
	t.Parallel()
	c := comparison(t)
	all := specimens(t)
	plain := c.Run(t, all, 0)
	valid := slices.DeleteFunc(all, func(s judge.Specimen) bool {
		doc, err := xmltree.Parse(s.XML, xmltree.Limits{})
		return err != nil || len(c.Check(doc)) > 0
	})
	sum := c.Run(t, valid, *mutants)
	t.Log("corpus:", plain.String())
	t.Log(len(valid), "specimens:", sum.String(), sum.ByKind)
	if plain.Documents < 60 || len(valid) < 50 {
		t.Errorf("%d headers, %d valid", plain.Documents, len(valid))
	}
}

// TestErratum holds that a property may have a type, which older copies of the schema refuse.
func TestErratum(t *testing.T) {
	t.Parallel()
	doc, err := xmltree.Parse(corpus.Read(t, "edm/own/valid/hdr20-request.xml"), xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if fs := Check(doc.Root); len(fs) != 0 {
		t.Error(fs)
	}
	var types int
	for p := range doc.Root.First(ebms.NS, "UserMessage").First(ebms.NS, "MessageProperties").Elements() {
		if _, ok := p.Attr("", "type"); ok {
			types++
		}
	}
	if types != 2 {
		t.Errorf("%d properties have a type", types)
	}
}

// TestCheck names what typical faults of headers give.
func TestCheck(t *testing.T) {
	t.Parallel()
	good := string(corpus.Read(t, "edm/own/valid/hdr20-request.xml"))
	for _, tc := range []struct {
		name, old, new string
		rule           rule.ID
		want           string
	}{
		{"no timestamp", "<eb:Timestamp>2026-09-14T08:30:00.512Z</eb:Timestamp>", "", model.ElementMissing, "eb:Timestamp before eb:MessageId"},
		{"empty message id", "3b0f2c1d-5e64-4a87-9c10-7d2e8f9a0b11@ap.example.at", "", model.ValueLength, "at least 1 character(s)"},
		{"property without name", ` name="ExchangeId"`, "", model.AttributeMissing, "the attribute name"},
		{"no service", `<eb:Service type="urn:oasis:names:tc:ebcore:ebrs:ebms:binding:1.0">QueryManager</eb:Service>`, "", model.ElementMissing, "eb:Service before eb:Action"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			text := strings.Replace(good, tc.old, tc.new, 1)
			doc, err := xmltree.Parse([]byte(text), xmltree.Limits{})
			if err != nil || text == good {
				t.Fatal(err, text == good)
			}
			if fs := Check(doc.Root); len(fs) != 1 || fs[0].Rule != tc.rule || fs[0].Want != tc.want {
				t.Errorf("%v", fs)
			}
		})
	}
}
