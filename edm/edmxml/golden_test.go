package edmxml_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"oots/edm"
	"oots/edm/edmxml"
	"oots/internal/corpus"
	"oots/rule"
)

var update = flag.Bool("update", false, "rewrite the golden messages")

// A message is one golden file and the value it is written from.
type message struct {
	name     string
	request  *edm.Request
	response *edm.Response
	failure  *edm.ErrorResponse
}

func messages() []message {
	all := []message{
		{name: "request-first", request: firstRequest()},
		{name: "request-second", request: secondRequest()},
		{name: "request-company", request: companyRequest()},
		{name: "response-one", response: success()},
		{name: "response-translation", response: translated()},
		{name: "response-empty", response: empty()},
		{name: "response-deferred", response: deferred()},
		{name: "error-preview-required", failure: previewRequired()},
		{name: "error-unreadable", failure: unreadable()},
	}
	all = append(all, earlierRequests()...)
	for i, row := range edm.Table {
		detail := ""
		if row.Code == edm.InvalidRequest {
			detail = "R-EDM-REQ-S062"
		}
		all = append(all, message{name: fmt.Sprintf("error-%04d", i+1), failure: failure(row.Code, detail)})
	}
	return append(all, earlierAnswers()...)
}

func (m message) append(dst []byte) ([]byte, error) {
	switch {
	case m.request != nil:
		return edmxml.AppendRequest(dst, m.request)
	case m.response != nil:
		return edmxml.AppendResponse(dst, m.response)
	}
	return edmxml.AppendError(dst, m.failure)
}

func (m message) check() []rule.Finding {
	switch {
	case m.request != nil:
		return edm.CheckRequest(m.request)
	case m.response != nil:
		return edm.CheckResponse(m.response)
	}
	return edm.CheckError(m.failure)
}

// read parses b with the reader for its kind, whichever the document is.
func read(b []byte) (message, []rule.Finding, error) { return readWith(b, nil) }

func readWith(b []byte, rules *edm.Rules) (message, []rule.Finding, error) {
	request, findings, err := edmxml.ParseRequestWith(b, rules)
	if err == nil {
		return message{request: request}, findings, nil
	}
	response, failure, findings, err := edmxml.ParseResponseWith(b, rules)
	return message{response: response, failure: failure}, findings, err
}

func TestGolden(t *testing.T) {
	for _, m := range messages() {
		t.Run(m.name, func(t *testing.T) {
			for _, f := range m.check() {
				if f.Severity != rule.Caution {
					t.Errorf("the message breaks %s", f)
				}
			}
			got, err := m.append(nil)
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join("testdata", m.name+".xml")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s differs; run the test with -update and read the diff. Got\n%s", path, got)
			}
			again, findings, err := read(got)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range findings {
				if f.Severity != rule.Caution {
					t.Errorf("what we write breaks %s", f)
				}
			}
			second, err := again.append([]byte("x"))
			if err != nil || !bytes.Equal(second[1:], got) {
				t.Errorf("write, read, write gives other bytes (%v):\n%s", err, second)
			}
		})
	}
}

// TestGoldenAgainstRegRepSchema asks libxml2 whether RegRep 4.0 allows what we write.
func TestGoldenAgainstRegRepSchema(t *testing.T) {
	xmllint := corpus.Tool(t, "xmllint")
	schema := corpus.Path(t, "edm/tdd-1.0/xsd/regrep4/query.xsd")
	for _, m := range messages() {
		path := filepath.Join("testdata", m.name+".xml")
		if out, err := exec.Command(xmllint, "--nonet", "--noout", "--schema", schema, path).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", path, err, out)
		}
	}
}

func TestWritersKnowTheReleaseLines(t *testing.T) {
	t.Parallel()
	for _, v := range edm.Versions() {
		if !edmxml.Writes(v) {
			t.Errorf("does not write %s", v)
		}
	}
	for _, v := range []edm.Version{"oots-edm:v1.3", "oots-edm:v2.0 ", ""} {
		r, a, e := firstRequest(), success(), unreadable()
		r.Version, a.Version, e.Version = v, v, v
		for _, m := range []message{{request: r}, {response: a}, {failure: e}} {
			if got, err := m.append([]byte("kept")); !errors.Is(err, edmxml.ErrVersion) || string(got) != "kept" {
				t.Errorf("%q: wrote %d bytes, error %v", v, len(got), err)
			}
		}
		if edmxml.Writes(v) {
			t.Errorf("claims to write %q", v)
		}
	}
}
