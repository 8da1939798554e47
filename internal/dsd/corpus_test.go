package dsd

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"oots/directory"
	"oots/directory/query"
	"oots/directory/query/querytest"
	"oots/internal/clock"
	"oots/internal/corpus"
)

func directoryOf(c *directory.Catalogue) http.Handler {
	return New(Deps{Source: source{c}, Signer: unsigned{}, Log: slog.New(slog.DiscardHandler),
		Clock: clock.Clock{Now: func() time.Time { return time.Time{} }, NewUUID: func() string { return "id" }}})
}

const (
	examples  = "common-services/tdd-2023-04/DSD/"
	success   = examples + "4.3._Query_Response_of_the_DSD-"
	questions = examples + "4.4.3._Query_Error_Response_of_the_DSD_requesting_additional_User_Provided_Attributes-"

	germany           = "https://sr.oots.tech.europa.eu/evidencetypeclassifications/DE/"
	birthCertificate  = germany + "ca8afed6-2dc0-422a-a931-d21c3d8d370e"
	educationEvidence = germany + "edf717b7-b373-40b1-b51b-cbb7c9d64de5"
	socialSecurity    = germany + "d6bef643-fb9d-404f-8377-323ec2955e44"

	residence     = "b07146b6-1468-41a7-a10f-ee2a61429dbc"
	educationType = "12c58ee8-f40a-42ac-b056-938499d55a1a"
	insuranceType = "1a56b43f-6fa7-4bbf-b2d7-af6134918716"
)

var codelistType = querytest.Edit{Old: "<sdg:Type>Codelist</sdg:Type>", New: "<sdg:Type>codelist</sdg:Type>",
	Why: "an old spelling: the rules of 2.0 want lower case, and all compare without case [R-DSD-ERR-C031]"}

// without is the difference that a published answer shows providers which the user's answer rules out: those
// whose access service begins with id. [TDD 3.1.4]
func without(t *testing.T, published []byte, id string) querytest.Edit {
	t.Helper()
	for part := range strings.SplitSeq(querytest.Canonical(t, published), "<sdg:AccessService>\n") {
		if strings.Contains(strings.SplitN(part, "\n", 2)[0], ">"+id+"<") {
			whole, _, _ := strings.Cut(part, "</sdg:AccessService>\n")
			return querytest.Edit{Old: "<sdg:AccessService>\n" + whole + "</sdg:AccessService>\n",
				Why: "the example shows all providers; the user's answer leaves those who serve it"}
		}
	}
	t.Fatalf("no access service %s", id)
	return querytest.Edit{}
}

// TestPublishedExamples reads each published success of 1.0 into a catalogue, asks for it with the answers that
// lead to each of its providers, and compares canonical XML.
func TestPublishedExamples(t *testing.T) {
	answered := func(classification, record, context, region, municipality string, answers ...string) query.Request {
		r := query.Request{Query: query.DataServices, Classification: classification, Country: "DE",
			EvidenceTypeID: record, ContextID: context, Region: region, Municipality: municipality}
		if len(answers) > 0 {
			r.Answers = map[string]string{answers[0]: answers[1]}
		}
		return r
	}
	const (
		birth          = "2af27699-f131-4411-8fdb-9e8cd4e8bded"
		placeOfBirth   = "5ce148b9-5578-4049-aecf-af7bb55714b5"
		education      = "487fdfdc-7f92-42bb-a690-dcbd3d65f435"
		placeOfStudy   = "9be524c1-6efe-417a-974c-088f54f0bcae"
		social         = "6ee853e4-7188-44b0-b850-785dfd4d8c48"
		hasBeen        = "ApplicantHasBeenResidentInGermany"
		higherEntrance = "HigherEducationEntranceQualification"
	)
	for _, tc := range []struct {
		name, file string
		query      query.Request
		without    string // access service of the other provider
	}{
		{"no question", "Birth_Certificate_Simple_Flow", answered(educationEvidence, "", "", "", ""), ""},
		{"born in Berlin", "Birth_Certificate", answered(birthCertificate, birth, placeOfBirth, "", "11000000", residence, hasBeen), "8889909099"},
		{"born in Hamburg", "Birth_Certificate", answered(birthCertificate, birth, placeOfBirth, "", "02000000", residence, hasBeen), "8889909098"},
		{"school in Berlin", "Secondary_Education", answered(educationEvidence, education, placeOfStudy, "DE3", "", educationType, higherEntrance), "02-IntermediaryPlatform-90"},
		{"school in a part of Hamburg", "Secondary_Education", answered(educationEvidence, education, placeOfStudy, "DE600", "", educationType, higherEntrance), "11-IntermediaryPlatform-58"},
		{"private insurance", "Social_Security_Contributions", answered(socialSecurity, social, "", "", "", insuranceType, "PrivateHealthInsurance"), "093869170"},
		{"statutory insurance", "Social_Security_Contributions", answered(socialSecurity, social, "", "", "", insuranceType, "StatutoryHealthInsurance"), "150483782"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			published := corpus.Read(t, success+tc.file+".xml")
			var edits []querytest.Edit
			if tc.without != "" {
				edits = append(edits, without(t, published, tc.without), codelistType)
			}
			h := directoryOf(querytest.Read(t, published))
			querytest.Compare(t, published, querytest.Ask(t, h, &tc.query), edits...)
		})
	}
}

// TestPublishedQuestions asks without answers and gets each published DSD:ERR:0005.
func TestPublishedQuestions(t *testing.T) {
	severity := querytest.Edit{Old: "urn:sr.oots.tech.europa.eu:codes:ErrorSeverity", New: "urn:sr.oots.tech.ec.europa.eu:codes:ErrorSeverity",
		Why: "the severity of all later releases; clients branch on the code [R-DSD-ERR-C025]"}
	message := querytest.Edit{Old: "provided by the user.", New: "provided by the user", Why: "the message of the code list has no full stop"}
	level := func(loa string) querytest.Edit {
		return querytest.Edit{Old: "</sdg:DistributedAs>\n</sdg:DataServiceEvidenceType>",
			New: "</sdg:DistributedAs>\n<sdg:AuthenticationLevelOfAssurance>" + loa + "</sdg:AuthenticationLevelOfAssurance>\n</sdg:DataServiceEvidenceType>",
			Why: "optional; told early so that the user is not asked in vain"}
	}
	for _, tc := range []struct {
		file, classification string
		edits                []querytest.Edit
	}{
		{"Birth_Certificate", birthCertificate, []querytest.Edit{level("High")}},
		{"Secondary_Education", educationEvidence, []querytest.Edit{level("High"), {Old: `<rim:SlotValue xsi:type="rim:CollectionValueType">`,
			New: `<rim:SlotValue collectionType="urn:oasis:names:tc:ebxml-regrep:CollectionType:Set" xsi:type="rim:CollectionValueType">`,
			Why: "left out in one of three examples [R-DSD-ERR-S027]"}}},
		{"Social_Security_Contributions", socialSecurity, []querytest.Edit{level("Substantial"), {Old: "evidencetypeclassifications/ES/edf717b7-b373-40b1-b51b-cbb7c9d64de5",
			New: "evidencetypeclassifications/DE/d6bef643-fb9d-404f-8377-323ec2955e44", Why: "another evidence type than in the success of the same example"}}},
	} {
		t.Run(tc.file, func(t *testing.T) {
			h := directoryOf(querytest.Read(t, corpus.Read(t, success+tc.file+".xml")))
			r := query.Request{Query: query.DataServices, Classification: tc.classification, Country: "DE"}
			querytest.Compare(t, corpus.Read(t, questions+tc.file+"-DSD-ERR005.xml"), querytest.Ask(t, h, &r), append(tc.edits, severity, message, codelistType)...)
		})
	}
}

// TestPublishedRefusals provokes each published refusal of 1.0.
func TestPublishedRefusals(t *testing.T) {
	known := querytest.Read(t, corpus.Read(t, success+"Birth_Certificate.xml"))
	for _, tc := range []struct {
		file  string
		query query.Request
		edits []querytest.Edit
	}{
		{"Birth_Certificate", query.Request{Classification: birthCertificate}, nil},
		{"Secondary_Education", query.Request{Classification: educationEvidence, Country: "DE"}, nil},
		{"Social_Security_Contributions", query.Request{Classification: birthCertificate, Country: "AT"}, []querytest.Edit{
			{Old: "No Data services were found", New: "No Data Services were found", Why: "the message of the code list"},
			{Old: `detail="Please use other evidence type"`, New: `detail="DS_NOT_FOUND"`, Why: "details are free; ours is that of the acceptance instance"}}},
	} {
		t.Run(tc.file, func(t *testing.T) {
			tc.query.Query = query.DataServices
			published := corpus.Read(t, examples+"4.4.1_Query_Error_Response_of_the_DSD-"+tc.file+".xml")
			querytest.Compare(t, published, querytest.Ask(t, directoryOf(known), &tc.query), tc.edits...)
		})
	}
}

// TestCapturedAnswers imports what the acceptance instance answered in 2.0 and serves it again in that shape.
func TestCapturedAnswers(t *testing.T) {
	const responses = "common-services/oots-france/responses/"
	const acceptance = "https://sr.acc.oots.tech.ec.europa.eu/evidencetypeclassifications/"
	h := directoryOf(querytest.Read(t, corpus.Read(t, responses+"dsd_data_services_fi.xml"), corpus.Read(t, responses+"eb_evidence_types_fr.xml")))
	french := querytest.Read(t, corpus.Read(t, responses+"eb_evidence_types_fr.xml")).Requirements[0].Lists[0].Types[0].Classification
	for _, tc := range []struct {
		file  string
		query query.Request
	}{
		{"dsd_data_services_fi", query.Request{Classification: acceptance + "FI/19f0783e-7cdc-4146-9ff9-e331514ffb74", Country: "FI", Specification: "oots-edm:v2.0"}},
		{"dsd_aucun_service_fr", query.Request{Classification: french, Country: "FR"}},
	} {
		t.Run(tc.file, func(t *testing.T) {
			tc.query.Query, tc.query.Version = query.DataServices, directory.V20
			querytest.Compare(t, corpus.Read(t, responses+tc.file+".xml"), querytest.Ask(t, h, &tc.query))
		})
	}
}
