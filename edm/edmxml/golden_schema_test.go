package edmxml_test

import (
	"testing"

	"oots/edm"
	"oots/edm/edmxml/schema"
	"oots/internal/corpus"
	"oots/internal/judge"
	"oots/xml/xmltree"
)

// version is that of the one message that m is.
func (m message) version() edm.Version {
	switch {
	case m.request != nil:
		return m.request.Version
	case m.response != nil:
		return m.response.Version
	}
	return m.failure.Version
}

// kind is the message that m is, as package schema names it.
func (m message) kind() schema.Kind {
	switch {
	case m.request != nil:
		return schema.Request
	case m.response != nil:
		return schema.Response
	}
	return schema.Error
}

// TestGoldenAgainstContentModels holds that what we write in a release line suits its content model.
func TestGoldenAgainstContentModels(t *testing.T) {
	t.Parallel()
	all := messages()
	for _, v := range edm.Versions() {
		all = append(all, message{name: "full request of " + v.Line(), request: fullRequest(v)})
	}
	for _, m := range all {
		b, err := m.append(nil)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := xmltree.Parse(b, xmltree.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range schema.Check(doc, m.kind(), m.version()) {
			t.Errorf("%s: %s", m.name, f)
		}
	}
}

// TestGoldenAgainstSchema10 asks xmllint whether the schema of 1.0 allows what we write in 1.0, and in the answers
// of 1.1 and 1.2, of which nothing is known that differs. The schemas of those lines are not published.
func TestGoldenAgainstSchema10(t *testing.T) {
	t.Parallel()
	var names []string
	var docs [][]byte
	for _, m := range messages() {
		if m.version() != edm.V10 && (m.request != nil || m.version() == edm.V20) {
			continue
		}
		b, err := m.append(nil)
		if err != nil {
			t.Fatal(err)
		}
		names, docs = append(names, m.name), append(docs, b)
	}
	if len(docs) < 20 {
		t.Fatalf("only %d messages", len(docs))
	}
	for i, v := range judge.Xmllint(t, corpus.Path(t, "edm/tdd-1.0/xsd/sdg/oots_driver_v1.0.0.xsd"), docs) {
		if !v.Valid {
			t.Errorf("%s: %v", names[i], v.Messages)
		}
	}
}
