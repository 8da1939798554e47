package jdk

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"oots/internal/corpus"
	"oots/xml/c14n"
	"oots/xml/xmltree"
)

var algorithms = []c14n.Algorithm{
	c14n.Exclusive, c14n.ExclusiveWithComments, c14n.Inclusive10, c14n.Inclusive10WithComments, c14n.Inclusive11, c14n.Inclusive11WithComments,
}

// form asks for the canonical form of a file as we write it.
func form(t *testing.T, name, file string, doc *xmltree.Document, alg c14n.Algorithm, list []string, apex string) judgement {
	t.Helper()
	h := sha256.New()
	var err error
	if apex == "-" {
		err = c14n.WriteDocument(h, doc, alg, list)
	} else {
		err = c14n.Write(h, find(doc.Root, apex), alg, list)
	}
	if err != nil {
		t.Fatal(err)
	}
	prefixes := "-"
	if list != nil {
		prefixes = strings.Join(list, " ")
	}
	line := strings.Join([]string{"c14n", file, string(alg), prefixes, apex}, "\t")
	return judgement{name: fmt.Sprintf("%s, %s %v %s", name, alg, list, apex), line: line, want: hex.EncodeToString(h.Sum(nil))}
}

func find(e *xmltree.Element, id string) *xmltree.Element {
	if v, _ := e.Attr("", "Id"); v == id {
		return e
	}
	for c := range e.Elements() {
		if found := find(c, id); found != nil {
			return found
		}
	}
	return nil
}

// goldenApart are golden forms that the JDK is known to write otherwise.
var goldenApart = map[string]string{
	"40": "the JDK drops a processing instruction behind the document element when it has no comments to write",
}

// goldenForms are the canonical vectors of the corpus.
func goldenForms(t *testing.T, _ string) []judgement {
	dir := corpus.Path(t, "as4/generated/c14n")
	var vectors []struct {
		ID, Algorithm, Apex string
		PrefixList          *string
	}
	if err := json.Unmarshal(corpus.Read(t, "as4/generated/c14n/manifest.json"), &vectors); err != nil {
		t.Fatal(err)
	}
	var out []judgement
	for _, v := range vectors {
		file := filepath.Join(dir, v.ID+".xml")
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := xmltree.Parse(text, xmltree.Limits{})
		if err != nil || goldenApart[v.ID[:2]] != "" {
			t.Logf("%s is not put: %v %s", v.ID, err, goldenApart[v.ID[:2]])
			continue
		}
		var list []string
		if v.PrefixList != nil && strings.TrimSpace(*v.PrefixList) != "" {
			list = strings.Fields(*v.PrefixList)
		}
		apex := "t"
		if v.Apex == "document" {
			apex = "-"
		}
		out = append(out, form(t, v.ID, file, doc, c14n.Algorithm(v.Algorithm), list, apex))
	}
	if len(out) < 38 {
		t.Errorf("only %d golden forms", len(out))
	}
	return out
}

// corpusApart are documents that the JDK refuses to write.
var corpusApart = map[string]string{
	"BackendService.xsd": "a namespace name without scheme: C14N 1.0 §1.3 asks to refuse such documents, ours writes the name as it is",
}

// corpusForms are real documents, each in one of the algorithms.
func corpusForms(t *testing.T, _ string) []judgement {
	var files []string
	for _, root := range []string{"edm", "common-services", "as4/harmony", "as4/phase4", "as4/oasis-w3c-schemas"} {
		err := filepath.WalkDir(corpus.Path(t, root), func(path string, d fs.DirEntry, err error) error {
			if ext := filepath.Ext(path); err == nil && (ext == ".xml" || ext == ".xsd") {
				files = append(files, path)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	var out []judgement
	for i, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := xmltree.Parse(text, xmltree.Limits{})
		if err != nil || corpusApart[filepath.Base(file)] != "" || len(text) > 200_000 || len(doc.Before)+len(doc.After) > 0 && !around(doc) {
			continue // refused by design, or long without telling more
		}
		for _, alg := range []c14n.Algorithm{algorithms[i%len(algorithms)], algorithms[(i+3)%len(algorithms)]} {
			out = append(out, form(t, filepath.Base(file), file, doc, alg, nil, "-"))
		}
	}
	if len(out) < 200 {
		t.Errorf("only %d documents", len(out))
	}
	return out
}

// around reports that nothing but comments stands around the document element: see goldenApart.
func around(doc *xmltree.Document) bool {
	for _, n := range append(append([]xmltree.Node(nil), doc.Before...), doc.After...) {
		if _, comment := n.(*xmltree.Comment); !comment {
			return false
		}
	}
	return true
}

// generatedForms are documents that nobody would write, from a fixed seed.
func generatedForms(t *testing.T, dir string) []judgement {
	const documents = 400
	g := &generator{r: rand.New(rand.NewPCG(20260115, 4))}
	var out []judgement
	for i := range documents {
		text := g.document()
		file := filepath.Join(dir, fmt.Sprintf("generated%d.xml", i))
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		doc, err := xmltree.Parse([]byte(text), xmltree.Limits{})
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		for range 3 {
			alg := algorithms[g.r.IntN(len(algorithms))]
			var list []string
			if strings.Contains(string(alg), "exc") && g.r.IntN(2) == 0 {
				list = g.prefixList()
			}
			apex := "t"
			if g.r.IntN(3) == 0 {
				apex = "-"
			}
			out = append(out, form(t, file, file, doc, alg, list, apex))
		}
	}
	return out
}
