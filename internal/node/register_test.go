package node

import (
	"testing"
	"time"

	"oots/edm"
	"oots/internal/demo"
	"oots/internal/provider"
	"oots/internal/register"
)

// TestFormsOfACertificate: every evidence type that the directory offers in a format is there in that format, of the
// data model that the directory names. [R-EDM-RESP-C044]
func TestFormsOfACertificate(t *testing.T) {
	t.Parallel()
	c, err := demo.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	people := map[string]edm.Person{
		"EL": {LoA: edm.High, Identifier: "EL/AT/DEMO1001", FamilyName: "Papadopoulou", GivenName: "Eleni", DateOfBirth: "1998-03-25"},
		"AT": {LoA: edm.High, Identifier: "AT/EL/DEMO2001", FamilyName: "Meier", GivenName: "Hans", DateOfBirth: "1995-04-18"},
	}
	found := 0
	for _, s := range c.Services {
		reg, err := register.Open(s.Country(), time.Now)
		if err != nil {
			t.Fatal(err)
		}
		o, err := reg.Office(s.Publisher.ID)
		if err != nil {
			t.Fatal(err)
		}
		person, company := people[s.Country()], reg.Companies()[0]
		records, err := office{o}.Find(t.Context(), provider.Subject{Natural: &person}, s.Classification, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(records) == 0 {
			if records, err = (office{o}).Find(t.Context(), provider.Subject{Legal: &company}, s.Classification, nil); err != nil {
				t.Fatal(err)
			}
		}
		if len(records) == 0 {
			continue // the other register of the country keeps it
		}
		for _, d := range s.Distributions {
			has := false
			for _, r := range records {
				has = has || r.MediaType == d.Format && r.ConformsTo == d.ConformsTo
			}
			if !has {
				t.Errorf("%s of %s: no %s of %q", s.Titles.In("EN").Value, s.Country(), d.Format, d.ConformsTo)
			}
			found++
		}
	}
	if found < 14 {
		t.Errorf("only %d forms", found)
	}
}
