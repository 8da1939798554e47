package convert_test

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"oots/edm"
	"oots/edm/convert"
	"oots/edm/edmxml"
	"oots/rule"
)

// given is what the way to 2.0 needs and no message of 1.x has.
var given = convert.Given{ReturnLocation: "https://localhost:8441/return?application=1&card=2", Procedure: "T3"}

// A message is one of the three.
type message struct {
	request  *edm.Request
	response *edm.Response
	failure  *edm.ErrorResponse
}

func (m message) version() edm.Version {
	switch {
	case m.request != nil:
		return m.request.Version
	case m.response != nil:
		return m.response.Version
	}
	return m.failure.Version
}

func (m message) to(v edm.Version) (message, []convert.Loss) {
	var out message
	var losses []convert.Loss
	switch {
	case m.request != nil:
		out.request, losses = convert.Request(m.request, v, given)
	case m.response != nil:
		out.response, losses = convert.Response(m.response, v, given)
	default:
		out.failure, losses = convert.Error(m.failure, v)
	}
	return out, losses
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

func (m message) xml(t *testing.T) []byte {
	t.Helper()
	var b []byte
	var err error
	switch {
	case m.request != nil:
		b, err = edmxml.AppendRequest(nil, m.request)
	case m.response != nil:
		b, err = edmxml.AppendResponse(nil, m.response)
	default:
		b, err = edmxml.AppendError(nil, m.failure)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func parse(t *testing.T, b []byte) (message, []rule.Finding) {
	t.Helper()
	if r, findings, err := edmxml.ParseRequest(b); err == nil {
		return message{request: r}, findings
	}
	r, e, findings, err := edmxml.ParseResponse(b)
	if err != nil {
		t.Fatal(err)
	}
	return message{response: r, failure: e}, findings
}

// specimens are the golden messages of all lines.
func specimens(t *testing.T) map[string]message {
	t.Helper()
	files, err := filepath.Glob("../edmxml/testdata/*.xml")
	if err != nil || len(files) < 40 {
		t.Fatalf("%d specimens, %v", len(files), err)
	}
	all := map[string]message{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		m, findings := parse(t, b)
		if rule.Refuses(findings) {
			t.Fatalf("%s is not valid: %s", f, rule.First(findings))
		}
		all[strings.TrimSuffix(filepath.Base(f), ".xml")] = m
	}
	return all
}

// TestEverySpecimenToEveryLine holds that the result is valid in its line, as value and as document, that the
// document says all of the value, that the original is left alone, and that converting again costs nothing more.
func TestEverySpecimenToEveryLine(t *testing.T) {
	t.Parallel()
	for name, m := range specimens(t) {
		for _, v := range edm.Versions() {
			t.Run(name+" to "+v.Line(), func(t *testing.T) {
				t.Parallel()
				hold(t, m, v)
			})
		}
	}
}

// hold checks what must hold of every conversion of a valid message.
func hold(t *testing.T, m message, v edm.Version) {
	t.Helper()
	before := m.xml(t)
	out, losses := m.to(v)
	if !bytes.Equal(before, m.xml(t)) {
		t.Error("the original changed")
	}
	if v == m.version() && len(losses) > 0 {
		t.Errorf("its own line costs %v", losses)
	}
	for _, l := range losses {
		if l.Kind == convert.Missing || l.Path == "" || l.What == "" || l.Why == "" {
			t.Errorf("%+v", l)
		}
	}
	if out.version() != v {
		t.Errorf("version %s", out.version())
	}
	if f := out.check(); rule.Refuses(f) {
		t.Errorf("not valid: %s", rule.First(f))
	}
	b := out.xml(t)
	again, findings := parse(t, b)
	if rule.Refuses(findings) {
		t.Errorf("the document is not valid: %s\n%s", rule.First(findings), b)
	}
	if v != m.version() && !reflect.DeepEqual(tidy(again), tidy(out)) { // in its own line it is the writer's matter
		t.Errorf("the document does not say all:\n%+v\n%+v", tidy(again), tidy(out))
	}
	back, cost := out.to(m.version())
	added := func(l convert.Loss) bool {
		return l.Kind == convert.Invented && (l.Path == "Procedure" || strings.HasSuffix(l.Path, "/Description") || strings.HasSuffix(l.Path, "/DistributedAs[1]"))
	}
	if slices.ContainsFunc(cost, added) {
		return // which the message did not have
	}
	there, _ := back.to(v)
	if got := there.xml(t); !bytes.Equal(identifiers(got), identifiers(b)) {
		t.Errorf("there, back and there again gives another message:\n%s\n%s", b, got)
	}
}
