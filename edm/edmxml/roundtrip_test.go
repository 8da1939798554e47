package edmxml_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"oots/edm"
	"oots/edm/edmxml"
)

// fullRequest says all that a line can say of a request, except a second subject.
func fullRequest(v edm.Version) *edm.Request {
	r := companyRequest()
	r.Version = v
	r.PreviewLocation = "https://localhost:8442/preview/9sXh2mQ0b7dP4rTt1LkWcA"
	r.Requesters[0].Address = &edm.Address{
		FullAddress: "Demoplatz 1, Wien", LocatorDesignator: "1", PostCode: "1010", PostCityName: "Wien", Thoroughfare: "Demoplatz",
		Country: "AT", Region: "AT130",
	}
	r.ProviderClassifications = append(r.ProviderClassifications, edm.ProviderClassification{
		ID: "5d0e7c91-3f24-4b6a-9e88-d1c2b3a49f80", Type: "string", Values: []string{"2020-06-30", "2021-06-30"}, Dates: true,
	})
	other := edm.SectorAttribute{Name: "Residency-ID", URI: "http://eidas.europa.eu/attributes/naturalperson/location/Residency-ID", Value: "A-1"}
	r.LegalPerson.Attributes = []edm.SectorAttribute{other, other}
	r.Representative.Attributes = []edm.SectorAttribute{other}
	r.RepresentativePowerScope = "X1, X2"
	d := &r.Evidence.Distributions[0]
	if v == edm.V20 {
		r.ReturnLocation = "https://localhost:8441/return"
		d.Languages, d.Associated = []string{"EL", "EN"}, []edm.DocumentKind{edm.Annex, edm.Translation}
	} else {
		r.Lang, d.Transformation = "EL", d.ConformsTo+"/holder-only"
	}
	for _, l := range []*edm.LegalPerson{r.LegalPerson, r.RepresentativeLegal} {
		l.PhoneNumber, l.EmailAddress = "+30 210 0000000", "office@example.gr"
	}
	typed := []edm.UserAttribute{{Name: "Former name", Value: "Γεωργίου"}, {Name: "Number", URI: "https://example.gr/number", Value: "12"}}
	r.LegalPerson.LegalNameOriginal, r.LegalPerson.UserAttributes = "Δέμο \"Α.Ε.\" & Σία", typed
	p := r.Representative
	p.FamilyNameOriginal, p.GivenNameOriginal, p.BirthNameOriginal, p.UserAttributes = "Παπαδοπούλου", "Ελένη", "Γεωργίου", typed
	if v == edm.V10 {
		withoutLater(r)
	}
	return r
}

// withoutLater drops what only lines after 1.0 know.
func withoutLater(r *edm.Request) {
	r.RepresentativeLegal = nil
	r.LegalPerson.PhoneNumber, r.LegalPerson.EmailAddress = "", ""
	r.LegalPerson.LegalNameOriginal, r.LegalPerson.UserAttributes = "", nil
	p := r.Representative
	p.FamilyNameOriginal, p.GivenNameOriginal, p.BirthNameOriginal, p.UserAttributes = "", "", "", nil
	p.Nationalities, p.CountryOfBirth, p.TownOfBirth, p.CountryOfResidence, p.PhoneNumber, p.EmailAddress = nil, "", "", "", "", ""
	for i := range r.Requirements {
		r.Requirements[i].Descriptions = nil
	}
}

// TestReadingGivesWhatWasWritten compares values, field by field.
func TestReadingGivesWhatWasWritten(t *testing.T) {
	t.Parallel()
	for _, v := range edm.Versions() {
		want := fullRequest(v)
		if got := written(t, want); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %s", v, difference(t, got, want))
		}
	}
}

// TestWritersLeaveOut holds that a line does not say what it cannot.
func TestWritersLeaveOut(t *testing.T) {
	t.Parallel()
	const transformation = "https://sr.oots.tech.ec.europa.eu/datamodels/demo-1.0.0/holder-only"
	for _, v := range edm.Versions() {
		all := fullRequest(edm.V20)
		all.Version, all.Lang, all.Evidence.Distributions[0].Transformation = v, "EL", transformation
		if got, want := written(t, all), fullRequest(v); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %s", v, difference(t, got, want))
		}
	}
}

// written reads what was written.
func written(t *testing.T, r *edm.Request) *edm.Request {
	t.Helper()
	b, err := edmxml.AppendRequest(nil, r)
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := edmxml.ParseRequest(b)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// difference shows the first line in which two requests differ.
func difference(t *testing.T, got, want *edm.Request) string {
	t.Helper()
	var text [2][]string
	for i, r := range []*edm.Request{got, want} {
		b, err := json.MarshalIndent(r, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		text[i] = strings.Split(string(b), "\n")
	}
	for i, line := range text[0] {
		if i >= len(text[1]) || line != text[1][i] {
			return fmt.Sprintf("line %d, got %s, want %s", i, line, text[1][min(i, len(text[1])-1)])
		}
	}
	return "the one begins like the other"
}
