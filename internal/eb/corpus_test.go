package eb

import (
	"log/slog"
	"net/http"
	"testing"
	"time"

	"oots/directory"
	"oots/directory/query"
	"oots/directory/query/querytest"
	"oots/internal/clock"
	"oots/internal/corpus"
)

// broker serves a catalogue without a true signature.
func broker(c *directory.Catalogue) http.Handler {
	return New(Deps{Source: source{c}, Signer: unsigned{}, Log: slog.New(slog.DiscardHandler),
		Clock: clock.Clock{Now: func() time.Time { return start }, NewUUID: func() string { return "id" }}})
}

type unsigned struct{}

func (unsigned) Sign([]byte) (string, string, error) { return "d", "s", nil }
func (unsigned) KeyID() string                       { return "k" }

const examples = "common-services/tdd-2023-04/EB/"

var noPaging = querytest.Edit{Old: ` startIndex="0" status="urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success" totalResultCount="1"`,
	New: ` status="urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"`,
	Why: "optional and without use: there is no paging; later servers leave both out"}

// TestPublishedExamples reads each published success of 1.0 into a catalogue, asks for it in the 1.0 shape, and
// compares canonical XML.
func TestPublishedExamples(t *testing.T) {
	const (
		requirements = "4.2._Get_List_of_Requirements_Query-"
		types        = "4.3._Get_Evidence_Types_for_Requirement_Query-"
		birth        = "https://sr.oots.tech.europa.eu/requirements/315cfd75-6605-49c4-b0fe-799833b41099"
		education    = "https://sr.oots.tech.europa.eu/requirements/cfcd4e22-30f1-48fa-93e4-6cf98cedbf40"
		social       = "https://sr.oots.tech.europa.eu/requirements/777873c1-02c4-49ff-af8f-77c59a42a7f4"
	)
	for _, tc := range []struct {
		file  string
		query query.Request
		edits []querytest.Edit
	}{
		{requirements + "Birth_Certificate", query.Request{Query: query.Requirements, Procedure: "R1", Country: "DE"}, []querytest.Edit{noPaging}},
		{requirements + "Secondary_Education", query.Request{Query: query.Requirements, Procedure: "T2", Country: "DE"}, []querytest.Edit{noPaging}},
		{requirements + "Social_Security_Contributions", query.Request{Query: query.Requirements, Procedure: "X6", Country: "DE"}, []querytest.Edit{noPaging}},
		{types + "Birth_Certificate", query.Request{Query: query.EvidenceTypes, Requirement: birth, Country: "DE"}, nil},
		{types + "Secondary_Education", query.Request{Query: query.EvidenceTypes, Requirement: education, Country: "DE", Region: "DEF"}, nil},
		{types + "Social_Security_Contributions", query.Request{Query: query.EvidenceTypes, Requirement: social}, nil},
	} {
		t.Run(tc.file, func(t *testing.T) {
			published := corpus.Read(t, examples+tc.file+".xml")
			h := broker(querytest.Read(t, published))
			querytest.Compare(t, published, querytest.Ask(t, h, &tc.query), tc.edits...)
		})
	}
}

// TestPublishedRefusals provokes each published refusal of 1.0.
func TestPublishedRefusals(t *testing.T) {
	h := broker(&directory.Catalogue{})
	const base = "/eb/rest/search?queryId="
	for _, tc := range []struct {
		file, target string
		edits        []querytest.Edit
	}{
		{"Birth", base + string(query.Requirements) + "&country-code=DE&country-code=DE", nil},
		{"Secondary_Education", base + string(query.Requirements) + "&country-code=DE&jurisdiction-admin-l2=XYZ",
			[]querytest.Edit{{Old: `detail="XYZ"`, New: `detail="jurisdiction-admin-l2"`, Why: "details are free; ours name the parameter, as the example of EB:ERR:0003 does"}}},
		{"Social_Security_Contributions", base + string(query.EvidenceTypes) + "&requirement-id=a55f92a0-aa80-44b4-8135-7c9a31716ce1", nil},
	} {
		t.Run(tc.file, func(t *testing.T) {
			published := corpus.Read(t, examples+"4.4._Query_Error_Response_of_the_Evidence_Broker-"+tc.file+".xml")
			querytest.Compare(t, published, querytest.Get(t, h, "", tc.target), tc.edits...)
		})
	}
}

// TestCapturedAnswers imports what the acceptance instance answered in 2.0 and serves it again in that shape.
func TestCapturedAnswers(t *testing.T) {
	const responses = "common-services/oots-france/responses/"
	const test = "https://sr.acc.oots.tech.ec.europa.eu/requirements/00000000-0000-0000-0000-000000000000"
	var answers [][]byte
	for _, name := range []string{"eb_requirements_catalogue", "eb_evidence_types_fi", "eb_evidence_types_fr"} {
		answers = append(answers, corpus.Read(t, responses+name+".xml"))
	}
	h := broker(querytest.Read(t, answers...))
	for _, tc := range []struct {
		file  string
		query query.Request
	}{
		{"eb_requirements_catalogue", query.Request{Query: query.Requirements}},
		{"eb_requirements_fr", query.Request{Query: query.Requirements, Country: "FR", Procedure: "00"}},
		{"eb_requirements_vides", query.Request{Query: query.Requirements, Country: "LI", Procedure: "T3"}},
		{"eb_evidence_types_fi", query.Request{Query: query.EvidenceTypes, Requirement: test, Country: "FI"}},
		{"eb_evidence_types_fr", query.Request{Query: query.EvidenceTypes, Requirement: test, Country: "FR"}},
	} {
		t.Run(tc.file, func(t *testing.T) {
			tc.query.Version = directory.V20
			querytest.Compare(t, corpus.Read(t, responses+tc.file+".xml"), querytest.Ask(t, h, &tc.query))
		})
	}
}
