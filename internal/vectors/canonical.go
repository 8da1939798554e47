package vectors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"
	"unicode/utf8"

	"oots/xml/c14n"
	"oots/xml/xmltree"
)

// maxCanonical bounds the input and the expected form of a case in bytes.
const maxCanonical = 64 << 20

// A Form is one line of the manifest of a folder of canonical forms: ID.xml is the input, ID.c14n the octets.
type Form struct {
	ID         string  `json:"id"`
	Algorithm  string  `json:"algorithm"`  // URI
	PrefixList *string `json:"prefixList"` // of exclusive canonicalisation; null means none
	Apex       string  `json:"apex"`       // "document", or the element whose attribute Id is "t"
}

// RunCanonical canonicalises every input of a folder and gives each result to each as it comes.
func RunCanonical(dir string, each func(Result)) error {
	b, err := readFile(filepath.Join(dir, "manifest.json"), maxManifest)
	if err != nil {
		return err
	}
	var forms []Form
	if err := json.Unmarshal(b, &forms); err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(dir, "manifest.json"), err)
	}
	for i := range forms {
		f := &forms[i]
		if f.ID == "" || f.ID != filepath.Base(f.ID) {
			return fmt.Errorf("%s: case %d: id %.80q is no file name", filepath.Join(dir, "manifest.json"), i+1, f.ID)
		}
		input, err := readFile(filepath.Join(dir, f.ID+".xml"), maxCanonical)
		if err != nil {
			return err
		}
		want, err := readFile(filepath.Join(dir, f.ID+".c14n"), maxCanonical)
		if err != nil {
			return err
		}
		start := time.Now()
		r := f.run(input, want)
		r.Folder, r.Millis = filepath.Base(dir), since(start)
		each(r)
	}
	return nil
}

func (f *Form) run(input, want []byte) Result {
	r := Result{ID: f.ID, Expect: fmt.Sprintf("%d octets", len(want)), Verdict: Passed}
	input, r.Note = utf8Only(input)
	got, err := f.canonical(input)
	if err != nil {
		r.Got, r.Reason, r.Verdict = "refused", err.Error(), Differs
		return r
	}
	r.Got = fmt.Sprintf("%d octets", len(got))
	if at := firstDifference(got, want); at >= 0 {
		r.Verdict = Differs
		r.Reason = fmt.Sprintf("octet %d: got %q, want %q", at, window(got, at), window(want, at))
	}
	return r
}

func (f *Form) canonical(input []byte) ([]byte, error) {
	doc, err := xmltree.Parse(input, xmltree.Limits{})
	if err != nil {
		return nil, err
	}
	var list []string
	if f.PrefixList != nil {
		list = strings.Fields(*f.PrefixList)
	}
	var out bytes.Buffer
	if f.Apex == "document" {
		err = c14n.WriteDocument(&out, doc, c14n.Algorithm(f.Algorithm), list)
		return out.Bytes(), err
	}
	apex := marked(doc.Root)
	if apex == nil {
		return nil, errors.New(`no element has an attribute Id="t"`)
	}
	err = c14n.Write(&out, apex, c14n.Algorithm(f.Algorithm), list)
	return out.Bytes(), err
}

// marked finds the element with Id="t" in document order.
func marked(e *xmltree.Element) *xmltree.Element {
	if id, _ := e.Attr("", "Id"); id == "t" {
		return e
	}
	for c := range e.Elements() {
		if found := marked(c); found != nil {
			return found
		}
	}
	return nil
}

// utf8Only recodes an input that says it is ISO-8859-1. The parser takes UTF-8 only, as the profile allows;
// what the canonical form of such a document is, is another question, and the one that a case asks.
func utf8Only(b []byte) (out []byte, note string) {
	end := bytes.Index(b, []byte("?>"))
	if end < 0 || utf8.Valid(b) {
		return b, ""
	}
	declared := bytes.Index(bytes.ToUpper(b[:end]), []byte("ISO-8859-1"))
	if declared < 0 {
		return b, ""
	}
	out = append(out, b[:declared]...)
	out = append(out, "UTF-8"...)
	for _, c := range b[declared+len("ISO-8859-1"):] {
		out = utf8.AppendRune(out, rune(c))
	}
	return out, "recoded from ISO-8859-1 first: the parser takes UTF-8 only"
}

// firstDifference is the offset of the first octet in which a and b differ, or -1.
func firstDifference(a, b []byte) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	if len(a) != len(b) {
		return n
	}
	return -1
}

func window(b []byte, at int) []byte { return b[max(0, at-8):min(len(b), at+24)] }

func since(start time.Time) float64 { return float64(time.Since(start).Microseconds()) / 1000 }
