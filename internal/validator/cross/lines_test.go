package cross

import (
	"testing"

	"oots/edm"
	"oots/edm/convert"
	"oots/edm/edmxml"
	"oots/rule"
)

// TestEveryLineAgrees converts the messages of the journey into each release line: the pairs are found there too,
// and agree, although 1.x has no way back in the second request and no packages.
func TestEveryLineAgrees(t *testing.T) {
	t.Parallel()
	want := map[string]int{"REQ_ERR": 1, "REQ_RESP": 1, "ERR_REQ2": 1, "REQ1_REQ2": 1, "REQ2_RESP2": 1}
	for _, v := range edm.Versions() {
		var docs []*Document
		for _, name := range []string{"request1.xml", "error.xml", "request2.xml", "response.xml"} {
			docs = append(docs, inLine(t, mustRead(t, name, load(t, name)), v))
		}
		got := map[string]int{}
		for _, p := range Check(docs).Pairs {
			got[p.Name]++
			for _, f := range p.Findings {
				t.Errorf("%s, %s: %s", v, p.Name, f)
			}
		}
		for name, n := range want {
			if got[name] != n || len(got) != len(want) {
				t.Errorf("%s: pairs %v", v, got)
			}
		}
	}
}

// inLine rewrites a message in a release line and reads it again.
func inLine(t *testing.T, d *Document, v edm.Version) *Document {
	t.Helper()
	var b []byte
	var err error
	switch {
	case d.request != nil:
		out, _ := convert.Request(d.request, v, convert.Given{})
		b, err = edmxml.AppendRequest(nil, out)
	case d.answer != nil:
		out, _ := convert.Response(d.answer, v, convert.Given{})
		b, err = edmxml.AppendResponse(nil, out)
	default:
		out, _ := convert.Error(d.failure, v)
		b, err = edmxml.AppendError(nil, out)
	}
	if err != nil {
		t.Fatal(err)
	}
	return mustRead(t, d.Name, b)
}

// FuzzCheck compares any bytes with a whole exchange, as whatever they say they are: nothing panics, every
// finding is of a rule of the catalogue and has a place.
func FuzzCheck(f *testing.F) {
	all := []rule.Document{Query, CodeList}
	all = append(all, rule.Documents()...)
	t := &testing.T{}
	for _, d := range readDir(t, "journey", "more") {
		for i, k := range all {
			if k == d.Kind {
				f.Add(uint8(i), load(t, d.Name))
			}
		}
	}
	journey := readDir(t, "journey", "more")
	f.Fuzz(func(t *testing.T, kind uint8, b []byte) {
		d, err := Read("fuzz.xml", all[int(kind)%len(all)], b)
		if err != nil {
			if d != nil {
				t.Fatal("a document beside an error")
			}
			return
		}
		for _, p := range Check(append([]*Document{d}, journey...)).Pairs {
			for _, f := range p.Findings {
				if _, known := rule.Lookup(f.Rule); !known || f.Line < 1 || len(f.Got) > 120 {
					t.Fatalf("%s: %+v", p.Name, f)
				}
			}
		}
	})
}
