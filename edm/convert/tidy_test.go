package convert_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"oots/edm"
)

// tidy gives a value a form in which an empty list and none are the same, and what no line can say is left out.
func tidy(m message) string {
	if m.response != nil && m.response.Version != edm.V20 {
		r := *m.response
		r.Packages = nil
		for _, p := range m.response.Packages {
			for _, d := range p.Documents {
				d.ClassificationID, d.AssociationID = "", ""
				r.Packages = append(r.Packages, edm.Package{Documents: []edm.Document{d}})
			}
		}
		m.response = &r
	}
	if m.failure != nil {
		e := *m.failure
		e.Exceptions = append([]edm.Exception(nil), e.Exceptions...)
		for i := range e.Exceptions {
			if row, _ := e.Exceptions[i].Code.Row(); e.Exceptions[i].Message == row.Message {
				e.Exceptions[i].Message = "" // the writer fills it in
			}
		}
		m.failure = &e
	}
	b, err := json.Marshal(struct {
		Q *edm.Request
		A *edm.Response
		E *edm.ErrorResponse
	}{m.request, m.response, m.failure})
	if err != nil {
		panic(err)
	}
	return strings.NewReplacer("[]", "null", `"ID":"","Document`, `"Document`).Replace(string(b))
}

var uuids = regexp.MustCompile(`urn:uuid:[0-9a-f-]{36}`)

// identifiers blanks the identifiers of objects, which 1.x has for documents only.
func identifiers(b []byte) []byte { return uuids.ReplaceAll(b, []byte("urn:uuid:")) }

// TestTidyTellsApart holds that the comparison is not blind.
func TestTidyTellsApart(t *testing.T) {
	t.Parallel()
	a := message{request: &edm.Request{Lang: "EL"}}
	b := message{request: &edm.Request{Lang: "EN"}}
	c := message{request: &edm.Request{Lang: "EL", Requesters: []edm.Agent{}}}
	if tidy(a) == tidy(b) || tidy(a) != tidy(c) {
		t.Error("compares wrongly")
	}
}
