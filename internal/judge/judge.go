// Package judge compares the verdicts of our content models with those of xmllint, which has read the published
// schemas: on documents, and on mutants of them. It is used by tests only. The mutants of a document are the
// same for the same seed.
package judge

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"oots/rule"
	"oots/xml/xmltree"
)

// A Verdict is what xmllint says of one document.
type Verdict struct {
	Valid    bool     // the document suits the schema
	Messages []string // one line each, without file name
}

// batch and batchBytes bound the documents of one call of xmllint.
const (
	batch      = 1000
	batchBytes = 32 << 20
)

// Xmllint judges documents by the schema in the file xsd. The test is skipped if the tool is absent, and fails
// if it is absent and CI is "true".
func Xmllint(t testing.TB, xsd string, docs [][]byte) []Verdict {
	t.Helper()
	tool, err := exec.LookPath("xmllint")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("xmllint is not installed, and CI must have it (libxml2-utils)")
		}
		t.Skip("xmllint is not installed (libxml2-utils)")
	}
	if xsd, err = filepath.Abs(xsd); err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	verdicts := make([]Verdict, 0, len(docs))
	for len(docs) > 0 {
		n := min(batch, len(docs))
		dir := filepath.Join(root, "batch")
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		verdicts = append(verdicts, lint(t, tool, xsd, dir, docs[:n])...)
		docs = docs[n:]
		if err := os.RemoveAll(dir); err != nil { // a run may judge half a million documents
			t.Fatal(err)
		}
	}
	return verdicts
}

func lint(t testing.TB, tool, xsd, dir string, docs [][]byte) []Verdict {
	t.Helper()
	args := []string{"--noout", "--nonet", "--schema", xsd}
	index := make(map[string]int, len(docs))
	for i, b := range docs {
		name := fmt.Sprintf("%04d.xml", i)
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
		index[name] = i
		args = append(args, name)
	}
	cmd := exec.Command(tool, args...)
	cmd.Dir = dir
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	verdicts, said, last := make([]Verdict, len(docs)), 0, -1
	for line := range strings.Lines(out.String()) {
		line = strings.TrimRight(line, "\n")
		if name, ok := strings.CutSuffix(line, " validates"); ok {
			verdicts[index[name]].Valid = true
			said++
			continue
		}
		if strings.HasSuffix(line, " fails to validate") {
			said++
			continue
		}
		if name, message, ok := strings.Cut(line, ":"); ok {
			if i, ok := index[name]; ok {
				verdicts[i].Messages = append(verdicts[i].Messages, message)
				last = i
				continue
			}
		}
		if last >= 0 { // a value with line ends
			m := verdicts[last].Messages
			m[len(m)-1] += "\n" + line
		}
	}
	for i := range verdicts { // a word on a namespace that is no URI is no verdict
		v := &verdicts[i]
		v.Messages = slices.DeleteFunc(v.Messages, func(m string) bool { return strings.Contains(m, ": namespace error :") })
	}
	if said != len(docs) {
		t.Fatalf("xmllint gave %d verdicts on %d documents: %v\n%s", said, len(docs), err, head(out.String()))
	}
	return verdicts
}

func head(s string) string { return s[:min(len(s), 2000)] }

// A Specimen is a document that mutants are made of.
type Specimen struct {
	Name string // for people
	XML  []byte // well-formed
}

// An Explanation is a class of disagreements that is understood.
type Explanation struct {
	Name    string // key of Tally.Explained
	Because string // who is right, and why
	// OursValid is our verdict in this class; that of xmllint is the other one.
	OursValid bool
	// Holds reports whether a disagreement belongs to the class.
	Holds func(d *Disagreement) bool
}

// A Disagreement is one document on which the verdicts differ.
type Disagreement struct {
	Specimen string         // its name
	Mutant   Mutant         // the document; of kind "none" if it is the specimen itself
	Findings []rule.Finding // ours
	Verdict  Verdict        // that of xmllint
}

// A Comparison is how one kind of document is checked by both.
type Comparison struct {
	XSD       string                                 // file of the schema
	Check     func(*xmltree.Document) []rule.Finding // our verdict: valid if there are none
	Explained []Explanation                          // disagreements that are no errors
}

// A Tally counts the outcome of a Comparison.
type Tally struct {
	Documents, Valid, Agreed int            // judged, valid by us, same verdict
	Explained                map[string]int // by Explanation.Name
	Findings                 int            // on what we refuse
	Single                   int            // documents that we refuse with one finding
	ByKind                   map[string]int // mutants by kind
}

// String is one line.
func (t *Tally) String() string {
	return fmt.Sprintf("%d documents, %d valid, %d agreed, explained %v; %d of %d refused ones have one finding",
		t.Documents, t.Valid, t.Agreed, t.Explained, t.Single, t.Documents-t.Valid)
}

// Run judges the specimens themselves if n is 0, and n mutants of each otherwise. Disagreements that no
// Explanation holds for are errors of t.
func (c *Comparison) Run(t testing.TB, specimens []Specimen, n int) Tally {
	t.Helper()
	tally := Tally{Explained: map[string]int{}, ByKind: map[string]int{}}
	var waiting []Disagreement
	size := 0
	flush := func() {
		docs := make([][]byte, len(waiting))
		for i := range waiting {
			docs[i] = waiting[i].Mutant.XML
		}
		for i, v := range Xmllint(t, c.XSD, docs) {
			waiting[i].Verdict = v
			c.one(t, &tally, waiting[i])
		}
		waiting, size = nil, 0
	}
	for _, s := range specimens {
		mutants := []Mutant{{Kind: "none", XML: s.XML}}
		if n > 0 {
			mutants = Mutants(t, s.XML, n)
		}
		for _, m := range mutants {
			waiting = append(waiting, Disagreement{Specimen: s.Name, Mutant: m})
			if size += len(m.XML); len(waiting) == batch || size > batchBytes {
				flush()
			}
		}
	}
	if len(waiting) > 0 {
		flush()
	}
	return tally
}

func (c *Comparison) one(t testing.TB, tally *Tally, d Disagreement) {
	t.Helper()
	doc, err := xmltree.Parse(d.Mutant.XML, xmltree.Limits{})
	if err != nil {
		t.Fatalf("%s: %v", d.Specimen, err)
	}
	d.Findings = c.Check(doc)
	tally.Documents++
	tally.ByKind[d.Mutant.Kind]++
	if len(d.Findings) == 0 {
		tally.Valid++
	}
	if len(d.Findings) == 1 {
		tally.Single++
	}
	tally.Findings += len(d.Findings)
	if (len(d.Findings) == 0) == d.Verdict.Valid {
		tally.Agreed++
		return
	}
	for _, e := range c.Explained {
		if e.OursValid == (len(d.Findings) == 0) && e.Holds(&d) {
			tally.Explained[e.Name]++
			return
		}
	}
	t.Errorf("%s, %s: ours %v, xmllint %v", d.Specimen, d.Mutant.Kind+" "+d.Mutant.What, d.Findings, d.Verdict)
}

// BlankCDATA explains that xmllint takes white space in a CDATA section for text. To XML Schema a character is a
// character, however it is written. [XML Schema 1.0 Part 1 §3.4.4] [XML Information Set §2.6]
func BlankCDATA() Explanation {
	return Explanation{
		Name:      "blank CDATA",
		Because:   "libxml2 takes a CDATA section for text even if it holds white space only",
		OursValid: true,
		Holds: func(d *Disagreement) bool {
			return strings.Contains(d.Mutant.What, "<![CDATA[ ]]>") && d.says("Character content other than whitespace is not allowed")
		},
	}
}

// BlankDate explains that libxml2 does not collapse white space around a date or time, as XML Schema asks.
// [XML Schema 1.0 Part 2 §4.3.6]
func BlankDate() Explanation {
	blank := regexp.MustCompile(`(?s): '(\s.*|.*\s)' is not a valid value of the atomic type 'xs:date(Time)?'`)
	return Explanation{
		Name:      "blank around a date",
		Because:   "libxml2 does not remove the white space around a date or a time",
		OursValid: true,
		Holds: func(d *Disagreement) bool {
			for _, m := range d.Verdict.Messages {
				if !blank.MatchString(m) {
					return false
				}
			}
			return len(d.Verdict.Messages) > 0
		},
	}
}

// says reports whether all that xmllint complains of has words in it.
func (d *Disagreement) says(words string) bool {
	for _, m := range d.Verdict.Messages {
		if !strings.Contains(m, words) {
			return false
		}
	}
	return len(d.Verdict.Messages) > 0
}
