package cross

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"oots/rule"
)

// TestStrangersStayAlone holds that documents which cannot be told to belong together are not compared.
func TestStrangersStayAlone(t *testing.T) {
	t.Parallel()
	stray := func(name, n string) *Document {
		b := bytes.ReplaceAll(load(t, "response.xml"), []byte("72432ef1"), []byte(n))
		d, err := Read(name, rule.Response, b)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	request := mustRead(t, "request2.xml", load(t, "request2.xml"))
	own := mustRead(t, "response.xml", load(t, "response.xml"))

	r := Check([]*Document{request, own, stray("other.xml", "00000000")})
	if len(r.Alone) != 1 || r.Alone[0].Name != "other.xml" {
		t.Errorf("beside the right one: %d alone", len(r.Alone))
	}
	r = Check([]*Document{request, stray("other.xml", "00000000"), stray("another.xml", "00000001")})
	if len(r.Pairs) != 0 || len(r.Alone) != 3 {
		t.Errorf("two that are wrong: %d pairs, %d alone", len(r.Pairs), len(r.Alone))
	}
	r = Check([]*Document{request, stray("other.xml", "00000000")})
	if f := findings(r, "OOTS-X-REQ_RESP-01"); len(f) != 1 || len(r.Alone) != 0 {
		t.Errorf("the only one: %v", f)
	}
	if r := Check(nil); len(r.Pairs)+len(r.Alone) != 0 {
		t.Errorf("of nothing: %+v", r)
	}
}

// TestTwoExchanges holds that two exchanges of one user with one provider are not mixed up.
func TestTwoExchanges(t *testing.T) {
	t.Parallel()
	docs := readDir(t, "journey")
	for _, d := range readDir(t, "journey") {
		if d.Kind == Query || d.found != nil {
			continue // the directories were asked once
		}
		b := load(t, d.Name)
		for _, change := range [...][2]string{ // identifiers of the second exchange
			{"476a5e6f", "476a5e60"}, {"72432ef1", "72432ef0"}, {"35823bb4", "35823bb0"}, {"preview/93bc", "preview/93b0"},
			{"@ap.", "2@ap."}, {"2026-11-24T14:13", "2026-11-24T14:20"}, {"a2d5f8b3", "a2d5f8b3"},
		} {
			b = bytes.ReplaceAll(b, []byte(change[0]), []byte(change[1]))
		}
		other, err := Read("second-"+d.Name, d.Kind, b)
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, other)
	}
	r := Check(docs)
	for _, p := range r.Pairs {
		mixed := p.A.found == nil && strings.HasPrefix(p.A.Name, "second-") != strings.HasPrefix(p.B.Name, "second-") && p.A.asked == nil
		if mixed || len(p.Findings) > 0 {
			t.Errorf("%s: %s and %s: %v", p.Name, p.A.Name, p.B.Name, p.Findings)
		}
	}
	if len(r.Alone) > 0 {
		t.Errorf("%d alone", len(r.Alone))
	}
}

// TestNothingPersonal breaks every rule, and looks for the person, the user's answer and the links.
func TestNothingPersonal(t *testing.T) {
	t.Parallel()
	for _, c := range breaches(t) {
		var docs []*Document
		for i, name := range c.files {
			b := load(t, name)
			for _, e := range c.edits {
				if i == len(c.files)-1 {
					b = bytes.ReplaceAll(b, []byte(e[0]), []byte(e[1]))
				}
			}
			docs = append(docs, mustRead(t, name, b))
		}
		text := fmt.Sprint(findings(Check(docs), ""))
		for _, secret := range []string{"Papadopoul", "Eleni", "1998-03", "DEMO1001", "ATH", "SKG", "/preview/", "/return/"} {
			if strings.Contains(text, secret) {
				t.Errorf("%s tells %s: %s", c.id, secret, text)
			}
		}
	}
}

// TestReadRefuses holds that a document of another kind is an error, and never half a document.
func TestReadRefuses(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		kind rule.Document
		text string
	}{
		{"no XML", rule.Request, "<a"},
		{"another root", rule.Request, "<a/>"},
		{"an error as a response", rule.Response, string(load(t, "error.xml"))},
		{"a code list", "", "<a/>"},
		{"no header", rule.Header, "<a/>"},
		{"no answer of a directory", rule.Requirements, "<a/>"},
		{"a URL that asks nothing", Query, "https://localhost/eb/rest/search?queryId=x"},
		{"no URL", Query, "%zz"},
	} {
		if d, err := Read("x", tc.kind, []byte(tc.text)); err == nil || d != nil {
			t.Errorf("%s: %v, %v", tc.name, d, err)
		}
	}
	if _, err := Read("x", "", []byte("<a/>")); !errors.Is(err, ErrKind) {
		t.Errorf("a code list: %v", err)
	}
}

// TestLocate holds how far paths lead.
func TestLocate(t *testing.T) {
	t.Parallel()
	d := mustRead(t, "response.xml", load(t, "response.xml"))
	for path, want := range map[string]string{
		"":                                "/query:QueryResponse",
		"@requestId":                      "/query:QueryResponse/@requestId",
		"IssueDateTime/Value":             "/query:QueryResponse/rim:Slot[3]/rim:SlotValue/rim:Value",
		"EvidenceRequester/Name[2]":       "/query:QueryResponse/rim:Slot[5]/rim:SlotValue/sdg:Agent/sdg:Name[2]",
		"EvidenceRequester/Nothing/More":  "/query:QueryResponse/rim:Slot[5]",
		"RepositoryItemRef/@href":         "/query:QueryResponse/rim:RegistryObjectList/rim:RegistryObject/rim:RegistryObjectList/rim:RegistryObject/rim:RepositoryItemRef/@href",
		"Evidence[7]/Distribution/Format": "/query:QueryResponse",
	} {
		if line, got := d.locate(path); got != want || line == 0 {
			t.Errorf("%q: line %d, %s, want %s", path, line, got, want)
		}
	}
}

// BenchmarkManyExchanges compares the messages of 100 exchanges of one user: 1,200 documents.
func BenchmarkManyExchanges(b *testing.B) {
	t := &testing.T{}
	var docs []*Document
	for n := range 100 {
		for _, name := range []string{"request1.xml", "error.xml", "request2.xml", "response.xml"} {
			for _, part := range []string{".xml", ".header.xml", ".receipt.xml"} {
				file := strings.TrimSuffix(name, ".xml") + part
				text := load(t, file)
				for _, change := range [...]string{"476a5e6f", "72432ef1", "35823bb4", "preview/93bc78a4", "32bf242c"} {
					text = bytes.ReplaceAll(text, []byte(change), fmt.Appendf(nil, "%s%05x", change[:len(change)-5], n))
				}
				d, err := Read(fmt.Sprintf("%d-%s", n, file), kindOf(file), text)
				if err != nil {
					b.Fatal(err)
				}
				docs = append(docs, d)
			}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		Check(docs)
	}
	b.ReportMetric(float64(len(docs)), "documents")
}

// BenchmarkJourney compares the 20 documents of one exchange.
func BenchmarkJourney(b *testing.B) {
	t := &testing.T{}
	docs := readDir(t, "journey")
	b.ReportAllocs()
	for b.Loop() {
		Check(docs)
	}
}

// TestTwoProviders holds that a request is compared with the answer that it was made from, when the user has asked
// another provider of the evidence type too.
func TestTwoProviders(t *testing.T) {
	t.Parallel()
	answer := load(t, "services.xml")
	id := mustRead(t, "request1.xml", load(t, "request1.xml")).request.Evidence.ID
	other := bytes.ReplaceAll(answer, []byte(id), []byte("00000000-0000-4000-8000-000000000001"))
	other = bytes.ReplaceAll(other, []byte("DEMO-EL-ATH"), []byte("DEMO-EL-OTHER"))
	if bytes.Equal(answer, other) {
		t.Fatal("the other answer is the same")
	}
	set := func(own bool) []*Document {
		docs := []*Document{mustRead(t, "request1.xml", load(t, "request1.xml"))}
		d, err := Read("other.xml", rule.DataServices, other)
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, d)
		if own {
			docs = append(docs, mustRead(t, "services.xml", answer))
		}
		return docs
	}
	if f := findings(Check(set(true)), "OOTS-X-DSD-RESP_REQ-02"); len(f) != 0 {
		t.Errorf("beside its own answer: %v", f)
	}
	if f := findings(Check(set(false)), "OOTS-X-DSD-RESP_REQ-02"); len(f) != 1 {
		t.Errorf("without it: %v", f)
	}
}
