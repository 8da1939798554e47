package schema

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"oots/internal/corpus"
	"oots/internal/judge"
	"oots/xml/model"
	"oots/xml/xmltree"
)

var mutants = flag.Int("mutants", 300, "mutants of each specimen that are compared with xmllint")

// comparison judges by RegRep alone: what stands in an AnyValueType is not looked at.
func comparison(t testing.TB) *judge.Comparison {
	t.Helper()
	s, err := model.Compile(Tables()...)
	if err != nil {
		t.Fatal(err)
	}
	return &judge.Comparison{XSD: corpus.Path(t, "edm/tdd-1.0/xsd/regrep4/query.xsd"), Check: s.Check,
		Explained: []judge.Explanation{judge.BlankCDATA(), judge.BlankDate()}}
}

// documents returns every RegRep document of the corpus that is well-formed and not a life-cycle message, whose
// schema the published query schema does not include.
func documents(t testing.TB) []judge.Specimen {
	t.Helper()
	var all []judge.Specimen
	for _, dir := range []string{"edm", "common-services"} {
		root := corpus.Path(t, dir)
		err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" {
				return err
			}
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			doc, err := xmltree.Parse(b, xmltree.Limits{})
			if err == nil && strings.HasPrefix(doc.Root.Name.Space, "urn:oasis:names:tc:ebxml-regrep:xsd:") &&
				doc.Root.Name.Space != lcm("").Space {
				all = append(all, judge.Specimen{Name: strings.TrimPrefix(path, root), XML: b})
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// TestCorpus holds that we and xmllint say the same of every RegRep document that we have.
func TestCorpus(t *testing.T) {
	t.Parallel()
	c := comparison(t)
	sum := c.Run(t, documents(t), 0)
	t.Log(sum.String())
	if sum.Documents < 100 {
		t.Errorf("%d documents", sum.Documents)
	}
}

// TestMutants holds that we and xmllint say the same of mutants of messages of each kind.
func TestMutants(t *testing.T) {
	t.Parallel()
	c := comparison(t)
	var specimens []judge.Specimen
	for _, name := range []string{
		"edm/own/valid/req20-first.xml",
		"edm/own/valid/resp20-package-translation.xml",
		"edm/own/valid/err20-0001.xml",
		"common-services/oots-france/responses/dsd_data_services_fi.xml",
		"common-services/oots-france/responses/eb_requirements_vides.xml",
	} {
		specimens = append(specimens, judge.Specimen{Name: name, XML: corpus.Read(t, name)})
	}
	sum := c.Run(t, specimens, *mutants)
	t.Log(sum.String(), sum.ByKind)
}
