package edmxml_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"oots/edm"
	"oots/edm/edmxml"
	"oots/rule"
)

func seed(f *testing.F, pattern string) {
	f.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(files) == 0 {
		f.Fatalf("no seed: %v", err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
}

// FuzzParseRequest holds: an error comes without a result, and what was read in a release line is written so
// that it reads and writes the same again.
func FuzzParseRequest(f *testing.F) {
	seed(f, "request*.xml")
	f.Fuzz(func(t *testing.T, b []byte) {
		r, findings, err := edmxml.ParseRequest(b)
		if err != nil {
			if r != nil || findings != nil {
				t.Fatal("a result beside an error")
			}
			return
		}
		if edmxml.Writes(r.Version) {
			stable(t, message{request: r})
		}
	})
}

// FuzzParseResponse holds the same for answers, and that exactly one kind comes back.
func FuzzParseResponse(f *testing.F) {
	seed(f, "response*.xml")
	seed(f, "error*.xml")
	f.Fuzz(func(t *testing.T, b []byte) {
		r, e, findings, err := edmxml.ParseResponse(b)
		if err != nil {
			if r != nil || e != nil || findings != nil {
				t.Fatal("a result beside an error")
			}
			return
		}
		if (r == nil) == (e == nil) {
			t.Fatal("want exactly one of response and failure")
		}
		if m := (message{response: r, failure: e}); edmxml.Writes(m.version()) {
			stable(t, m)
		}
	})
}

func stable(t *testing.T, m message) {
	t.Helper()
	once, err := m.append(nil)
	if err != nil {
		t.Fatal(err)
	}
	again, _, err := read(once)
	if err != nil {
		t.Fatalf("what we write cannot be read: %v\n%s", err, once)
	}
	twice, err := again.append(nil)
	if err != nil || !bytes.Equal(once, twice) {
		t.Fatalf("%v: not stable\n%s\n%s", err, once, twice)
	}
}

func TestErrorsComeWithoutResult(t *testing.T) {
	t.Parallel()
	golden := func(name string) string {
		b, err := os.ReadFile(filepath.Join("testdata", name+".xml"))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for name, doc := range map[string]string{
		"empty":             "",
		"no xml":            "evidence",
		"cut":               golden(first)[:900],
		"doctype":           strings.Replace(golden(first), "<query:", "<!DOCTYPE x><query:", 1),
		"other namespace":   strings.Replace(golden(first), "xsd:query:4.0", "xsd:query:3.0", 1),
		"other root":        strings.ReplaceAll(golden(first), "query:QueryRequest", "query:Request"),
		"too many elements": strings.Replace(golden(first), "<sdg:Requirement>", strings.Repeat("<sdg:Requirement/>", 10_000)+"<sdg:Requirement>", 1),
		"too deep":          strings.Replace(golden(first), "<sdg:Requirement>", strings.Repeat("<a>", 50)+strings.Repeat("</a>", 50)+"<sdg:Requirement>", 1),
		"too long":          strings.Replace(golden(first), "Tertiary", strings.Repeat("x", 2<<20), 1),
	} {
		if m, findings, err := read([]byte(doc)); err == nil || m != (message{}) || findings != nil {
			t.Errorf("%s: read %+v, %d findings, error %v", name, m, len(findings), err)
		}
	}
}

// TestFindingsAreBounded breaks rules thousands of times in one document.
func TestFindingsAreBounded(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(filepath.Join("testdata", first+".xml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, mark := range []string{"<sdg:Requirement>", "<sdg:Agent>", "<sdg:DistributedAs>"} {
		doc := strings.Replace(string(b), mark, strings.Repeat("<sdg:Name>x</sdg:Name>", 9_000)+mark, 1)
		_, findings, err := edmxml.ParseRequest([]byte(doc))
		if err != nil {
			t.Fatal(err)
		}
		if len(findings) == 0 || len(findings) > 200 {
			t.Errorf("%d findings", len(findings))
		}
	}
}

// TestWarningsDoNotHideARefusal puts a Fatal breach behind more warnings than are kept.
func TestWarningsDoNotHideARefusal(t *testing.T) {
	t.Parallel()
	r := success()
	for range 300 { // a warning each: the subject has no identifier
		d := r.Packages[0].Documents[0]
		d.Evidence.NaturalPerson = &edm.Person{FamilyName: "Demo", GivenName: "Demo", DateOfBirth: "2000-01-01"}
		d.Evidence.IssuingDate = "2021-07-04"
		r.Packages[0].Documents = append(r.Packages[0].Documents, d)
	}
	for i := range r.Packages[0].Documents {
		id := fmt.Sprintf("urn:uuid:2c7e1f60-0a3b-4c1d-8e2f-%06d", i)
		r.Packages[0].Documents[i].ObjectID, r.Packages[0].Documents[i].ClassificationID = id+"000000", id+"000001"
	}
	r.Packages[0].Documents[300].Evidence.Distribution.Languages = []string{"Greek"}
	b, err := edmxml.AppendResponse(nil, r)
	if err != nil {
		t.Fatal(err)
	}
	_, _, findings, err := edmxml.ParseResponse(b)
	if err != nil {
		t.Fatal(err)
	}
	if first := rule.First(findings); first.Rule != "R-EDM-RESP-C026" {
		t.Errorf("%d findings, refused by %q", len(findings), first.Rule)
	}
}

func TestPeekRequestID(t *testing.T) {
	t.Parallel()
	for doc, want := range map[string]string{
		`<a id="` + requestID + `"/>`:         requestID,
		`<a requestId=" ` + requestID + `"/>`: requestID,
		`<a id="1"/>`:                         "",
		`<a/>`:                                "",
		`<a id="` + requestID + `">`:          "",
	} {
		if got := edmxml.PeekRequestID([]byte(doc)); got != want {
			t.Errorf("%s: got %q", doc, got)
		}
	}
}

func BenchmarkParseRequest(b *testing.B) {
	doc, err := os.ReadFile(filepath.Join("testdata", first+".xml"))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if _, findings, err := edmxml.ParseRequest(doc); err != nil || len(findings) > 0 {
			b.Fatal(err, findings)
		}
	}
}

func BenchmarkAppendRequest(b *testing.B) {
	r := firstRequest()
	dst := make([]byte, 0, 8<<10)
	b.ReportAllocs()
	for b.Loop() {
		out, err := edmxml.AppendRequest(dst, r)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(out)))
	}
}
