package edmxml_test

import (
	"reflect"
	"testing"

	"oots/edm"
	"oots/edm/edmxml"
)

// fullResponse says all that a line can say of a response: two evidences, one about a company, one with what belongs
// to it.
func fullResponse(v edm.Version) *edm.Response {
	r := translated()
	if v != edm.V20 {
		r = flat(success())
	}
	r.Version, r.Status, r.AvailableAt = v, edm.Unavailable, issued.AddDate(0, 0, 2)
	r.Providers = append(r.Providers, edm.Agent{
		ID: edm.Identifier{Scheme: edm.SchemeEAS + "9933", Value: "EL500000000"}, Class: edm.IntermediaryPlatform,
		Names:   edm.Texts{{Lang: "EN", Value: "Platform"}},
		Address: &edm.Address{FullAddress: "Odos Demo 1, Athina", Country: "EL", Region: "EL30"},
	})
	r.Packages[0].Documents[0].Evidence.NaturalPerson.PlaceOfBirth = "Athina"
	second := structured().Packages[0]
	d := &second.Documents[0]
	d.ObjectID, d.Evidence.ID = "urn:uuid:2c7e1f60-0a3b-4c1d-8e2f-6b5a49383721", "9e0d1c2b-3a49-4857-a665-748392a1b0c9"
	d.Evidence.Distribution.Languages = []string{"EL", "EN"}
	if v == edm.V20 {
		second.ID, d.ClassificationID = "urn:uuid:2c7e1f60-0a3b-4c1d-8e2f-6b5a49383722", "urn:uuid:2c7e1f60-0a3b-4c1d-8e2f-6b5a49383723"
		d.Evidence.Distribution.Transformation = ""
	}
	r.Packages = append(r.Packages, second)
	return r
}

// fullError says all that a line can say of an error.
func fullError(v edm.Version) *edm.ErrorResponse {
	e := previewRequired()
	e.Version = v
	e.Exceptions[0].Message, e.Exceptions[0].Detail = "Missing Authorization", "look at it first"
	if v != edm.V20 {
		e.Exceptions[0].Preview.Method = "POST"
	}
	if v != edm.V10 {
		e.Exceptions = append(e.Exceptions, edm.Exception{
			Code: edm.TimedOut, Severity: edm.SeverityError, Message: "Exceeding timeout period", At: issued,
		})
	}
	return e
}

// TestReadingGivesWhatWasAnswered compares values, field by field.
func TestReadingGivesWhatWasAnswered(t *testing.T) {
	t.Parallel()
	for _, v := range edm.Versions() {
		response, failure := fullResponse(v), fullError(v)
		if got, _ := answered(t, message{response: response}); !reflect.DeepEqual(got, response) {
			t.Errorf("%s:\n got %+v\nwant %+v", v, got, response)
		}
		if _, got := answered(t, message{failure: failure}); !reflect.DeepEqual(got, failure) {
			t.Errorf("%s:\n got %+v\nwant %+v", v, got, failure)
		}
	}
}

// TestAnswersLeaveOut holds that a line does not say what it cannot: an answer built for one line can be written in
// another.
func TestAnswersLeaveOut(t *testing.T) {
	t.Parallel()
	for _, v := range []edm.Version{edm.V10, edm.V11, edm.V12} {
		r := success()
		r.Version = v
		got, _ := answered(t, message{response: r})
		p := got.Packages[0]
		if p.ID != "" || p.Documents[0].ClassificationID != "" || p.Main().ContentID != r.Packages[0].Main().ContentID {
			t.Errorf("%s: %+v", v, p)
		}
		e := previewRequired()
		e.Version = v
		if _, got := answered(t, message{failure: e}); got.PreviewRequired().Preview.Method != "GET" {
			t.Errorf("%s: a preview without method is written as %q", v, got.PreviewRequired().Preview.Method)
		}
	}
	r := flat(success())
	r.Version, r.Packages[0].Documents[0].Evidence.Conformance.Descriptions = edm.V10, nil
	if got, _ := answered(t, message{response: r}); len(got.Packages[0].Main().Evidence.Conformance.Descriptions) != 2 {
		t.Error("1.0 wants a description: the titles stand in for it")
	}
	e := previewBy("POST")
	if _, got := answered(t, message{failure: e}); got.PreviewRequired().Preview.Method != "" {
		t.Error("2.0 has no method")
	}
	r = structured()
	if got, _ := answered(t, message{response: r}); got.Packages[0].Main().Evidence.Distribution.Transformation != "" {
		t.Error("2.0 has no transformation")
	}
}

// answered reads what was written.
func answered(t *testing.T, m message) (*edm.Response, *edm.ErrorResponse) {
	t.Helper()
	b, err := m.append(nil)
	if err != nil {
		t.Fatal(err)
	}
	response, failure, _, err := edmxml.ParseResponse(b)
	if err != nil {
		t.Fatal(err)
	}
	return response, failure
}
