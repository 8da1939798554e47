package schema

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"oots/edm"
	"oots/internal/corpus"
	"oots/internal/judge"
	regrep "oots/regrep/schema"
	"oots/xml/model"
	"oots/xml/xmltree"
)

var mutants = flag.Int("mutants", 100, "mutants of each specimen that are compared with xmllint")

// comparison judges by the published schema of 1.0, the only one there is.
func comparison(t testing.TB) *judge.Comparison {
	t.Helper()
	s, err := model.Compile(append(regrep.Tables(), Vocabulary(edm.V10))...)
	if err != nil {
		t.Fatal(err)
	}
	return &judge.Comparison{
		XSD:       corpus.Path(t, "edm/tdd-1.0/xsd/sdg/oots_driver_v1.0.0.xsd"),
		Check:     s.Check,
		Explained: []judge.Explanation{judge.BlankCDATA(), judge.BlankDate()},
	}
}

// documents returns every well-formed document of the corpus and of our own specimens that RegRep or the profile has a
// declaration for, whatever its version: those of other versions are mutants of a kind.
func documents(t testing.TB) []judge.Specimen {
	t.Helper()
	var all []judge.Specimen
	for _, from := range [...]struct{ dir, root string }{
		{"edm", corpus.Path(t, "edm")}, {"common-services", corpus.Path(t, "common-services")}, {"own", filepath.Join("..", "testdata")},
	} {
		dir, root := from.dir, from.root
		err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" {
				return err
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			doc, err := xmltree.Parse(b, xmltree.Limits{})
			if err == nil && (strings.HasPrefix(doc.Root.Name.Space, "urn:oasis:names:tc:ebxml-regrep:xsd:") || doc.Root.Name.Space == sdg("").Space) {
				all = append(all, judge.Specimen{Name: dir + strings.TrimPrefix(path, root), XML: b})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// TestCorpusLikeXmllint holds that the model of 1.0 and xmllint say the same of every document that we have.
func TestCorpusLikeXmllint(t *testing.T) {
	t.Parallel()
	c := comparison(t)
	sum := c.Run(t, documents(t), 0)
	t.Log(sum.String())
	if sum.Documents < 150 || sum.Valid < 60 {
		t.Errorf("%d documents, %d valid", sum.Documents, sum.Valid)
	}
}

// TestMutantsLikeXmllint makes mutants of every document that is valid by the schema of 1.0.
func TestMutantsLikeXmllint(t *testing.T) {
	t.Parallel()
	c := comparison(t)
	var specimens []judge.Specimen
	for _, s := range documents(t) {
		if doc, err := xmltree.Parse(s.XML, xmltree.Limits{}); err != nil || len(c.Check(doc)) > 0 {
			continue
		}
		specimens = append(specimens, s)
	}
	sum := c.Run(t, specimens, *mutants)
	t.Log(len(specimens), "specimens:", sum.String(), sum.ByKind)
}
