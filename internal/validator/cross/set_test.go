package cross

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"oots/rule"
)

// kinds tells what the files of testdata are, by name; "" is a query.
var kinds = map[string]rule.Document{
	"request1.xml": rule.Request, "request2.xml": rule.Request, "later.xml": rule.Request,
	"response.xml": rule.Response, "deferred.xml": rule.Response, "error.xml": rule.ErrorResponse,
	"requirements.xml": rule.Requirements, "evidence-types.xml": rule.EvidenceTypes,
	"question.xml": rule.DirectoryError, "services.xml": rule.DataServices,
	"eb-sub.xml": rule.BrokerSubmit, "dsd-sub.xml": rule.DirectorySubmit, "combined.xml": rule.DirectorySubmit,
	"structured-request2.xml": rule.Request, "structured-response.xml": rule.Response,
	"taken.xml": rule.SubmitSuccess, "registries.gc": CodeList, "registries-2.gc": CodeList,
}

func kindOf(name string) rule.Document {
	switch {
	case strings.HasSuffix(name, ".url"):
		return Query
	case strings.HasSuffix(name, ".header.xml"), strings.HasSuffix(name, ".receipt.xml"):
		return rule.Header
	}
	return kinds[name]
}

func load(t *testing.T, name string) []byte {
	t.Helper()
	for _, dir := range []string{"journey", "more"} {
		if b, err := os.ReadFile(filepath.Join("testdata", dir, name)); err == nil {
			return b
		}
	}
	t.Fatalf("no file %s", name)
	return nil
}

func mustRead(t *testing.T, name string, b []byte) *Document {
	t.Helper()
	d, err := Read(name, kindOf(name), b)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func readDir(t *testing.T, dirs ...string) []*Document {
	t.Helper()
	var docs []*Document
	for _, dir := range dirs {
		entries, err := os.ReadDir(filepath.Join("testdata", dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			docs = append(docs, mustRead(t, e.Name(), load(t, e.Name())))
		}
	}
	return docs
}

// TestJourneyAgrees holds that a whole exchange between two Member States, with what the directories were asked
// and answered, gives no finding, that every document belongs to another, and that no pair is missed.
func TestJourneyAgrees(t *testing.T) {
	t.Parallel()
	result := Check(readDir(t, "journey"))
	var got []string
	for _, p := range result.Pairs {
		got = append(got, p.Name+" "+p.A.Name+" "+p.B.Name)
		for _, f := range p.Findings {
			t.Errorf("%s, %s and %s: %s", p.Name, p.A.Name, p.B.Name, f)
		}
	}
	for _, d := range result.Alone {
		t.Errorf("%s is in no pair", d.Name)
	}
	want := strings.Split(strings.TrimSpace(`
DSD-ERR_DSD-Q question.xml services.url
DSD-ERR_DSD-RESP question.xml services.xml
DSD-ERR_REQ question.xml request1.xml
DSD-ERR_REQ question.xml request2.xml
DSD-Q_DSD-ERR question.url question.xml
DSD-Q_DSD-RESP services.url services.xml
DSD-RESP_EBMS services.xml request1.header.xml
DSD-RESP_EBMS services.xml request2.header.xml
DSD-RESP_REQ services.xml request1.xml
DSD-RESP_REQ services.xml request2.xml
EB-EVI-Q_EB-EVI evidence-types.url evidence-types.xml
EB-EVI_DSD-Q evidence-types.xml question.url
EB-EVI_DSD-Q evidence-types.xml services.url
EB-EVI_DSD-RESP evidence-types.xml services.xml
EB-EVI_REQ evidence-types.xml request1.xml
EB-EVI_REQ evidence-types.xml request2.xml
EB-REQ-Q_EB-REQ requirements.url requirements.xml
EB-REQ_EB-EVI requirements.xml evidence-types.xml
EB-REQ_REQ requirements.xml request1.xml
EB-REQ_REQ requirements.xml request2.xml
EBMS-REQ1_EBMS-REQ2 request1.header.xml request2.header.xml
EBMS-REQ_EBMS-ANS request1.header.xml error.header.xml
EBMS-REQ_EBMS-ANS request2.header.xml response.header.xml
EBMS_ERR error.header.xml error.xml
EBMS_RECEIPT error.header.xml error.receipt.xml
EBMS_RECEIPT request1.header.xml request1.receipt.xml
EBMS_RECEIPT request2.header.xml request2.receipt.xml
EBMS_RECEIPT response.header.xml response.receipt.xml
EBMS_REQ request1.header.xml request1.xml
EBMS_REQ request2.header.xml request2.xml
EBMS_RESP response.header.xml response.xml
ERR_REQ2 error.xml request2.xml
REQ1_REQ2 request1.xml request2.xml
REQ2_RESP2 request2.xml response.xml
REQ_ERR request1.xml error.xml
REQ_RESP request2.xml response.xml`), "\n")
	slices.Sort(got)
	for _, p := range want {
		if !slices.Contains(got, p) {
			t.Errorf("missed: %s", p)
		}
	}
	for _, p := range got {
		if !slices.Contains(want, p) {
			t.Errorf("found too much: %s", p)
		}
	}
}

// A breach is one line of testdata/cases.tsv: a rule, the documents of the set, and edits of the last one
// that break the rule. In the texts, \n stands for a line end.
type breach struct {
	id    rule.ID
	files []string
	edits [][2]string
}

var lines = strings.NewReplacer(`\n`, "\n")

func breaches(t *testing.T) []breach {
	t.Helper()
	b, err := os.ReadFile("testdata/cases.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var out []breach
	for line := range strings.Lines(string(b)) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		columns := strings.Split(line, "\t")
		if len(columns) < 4 || len(columns)%2 != 0 {
			t.Fatalf("%d columns: %s", len(columns), line)
		}
		c := breach{id: rule.ID(columns[0]), files: strings.Fields(columns[1])}
		for i := 2; i < len(columns); i += 2 {
			c.edits = append(c.edits, [2]string{lines.Replace(columns[i]), lines.Replace(columns[i+1])})
		}
		out = append(out, c)
	}
	return out
}

// TestEveryRule breaks each rule by one edit of documents that agree.
func TestEveryRule(t *testing.T) {
	t.Parallel()
	tried := map[rule.ID]bool{}
	for _, c := range breaches(t) {
		tried[c.id] = true
		t.Run(string(c.id), func(t *testing.T) {
			t.Parallel()
			var before, after []*Document
			for i, name := range c.files {
				b := load(t, name)
				before = append(before, mustRead(t, name, b))
				if i == len(c.files)-1 {
					for _, e := range c.edits {
						if !bytes.Contains(b, []byte(e[0])) {
							t.Fatalf("%s does not hold %q", name, e[0])
						}
						b = bytes.ReplaceAll(b, []byte(e[0]), []byte(e[1]))
					}
				}
				after = append(after, mustRead(t, name, b))
			}
			if f := findings(Check(before), ""); len(f) > 0 {
				t.Errorf("before the edit: %v", f)
			}
			got := findings(Check(after), c.id)
			if len(got) == 0 {
				t.Fatalf("not broken; found %v", findings(Check(after), ""))
			}
			for _, f := range got {
				if f.Line == 0 || f.Want == "" {
					t.Errorf("finding without place or advice: %s", f)
				}
			}
		})
	}
	for _, k := range Kinds() {
		for _, id := range k.Rules {
			if !tried[id] {
				t.Errorf("no case breaks %s", id)
			}
			if _, ok := rule.Lookup(id); !ok {
				t.Errorf("%s is not in the catalogue", id)
			}
			if !strings.HasPrefix(string(id), "OOTS-X-"+k.Name+"-") {
				t.Errorf("%s in pair %s", id, k.Name)
			}
		}
	}
}

// findings are all of a result, or those of one rule.
func findings(r Result, id rule.ID) []rule.Finding {
	var all []rule.Finding
	for _, p := range r.Pairs {
		for _, f := range p.Findings {
			if id == "" || f.Rule == id {
				all = append(all, f)
			}
		}
	}
	return all
}
