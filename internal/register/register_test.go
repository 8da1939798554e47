package register

import (
	"bytes"
	"errors"
	"slices"
	"testing"
	"time"

	"oots/edm"
	"oots/internal/matching"
)

var today = time.Date(2026, 9, 14, 8, 30, 0, 0, time.UTC)

func office(t *testing.T, country, id string) *Office {
	t.Helper()
	r, err := Open(country, func() time.Time { return today })
	if err != nil {
		t.Fatal(err)
	}
	o, err := r.Office(edm.Identifier{Scheme: schemePrefix + country, Value: id})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

const (
	diplomaEL, birthEL, residenceEL = "7d41f6c3-20a9-4b57-8e1c-93b6f0d8a422", "c95f03e1-7a4d-4c68-a1b2-64d8e7f05b44", "1b6e9f20-c4d7-4a83-8f5e-07d2a9b3c866"
	diplomaAT, birthAT, residenceAT = "3c0d8a52-6b8e-4f0e-9c47-0a1f5d2e7b11", "a8e2b7d4-51c3-4d09-b6fa-2e7c90d14f33", "e17b64a9-08f2-4e35-9d7c-b5a3c2f1d655"
)

func eidas(family, given string, born edm.Date, id string) edm.Person {
	return edm.Person{FamilyName: family, GivenName: given, DateOfBirth: born, Identifier: id, LoA: edm.High}
}

// TestOutcomesOnDemand asks for every person of the demonstration.
func TestOutcomesOnDemand(t *testing.T) {
	t.Parallel()
	ath, the, reg := office(t, "EL", "DEMO-EL-ATH"), office(t, "EL", "DEMO-EL-THE"), office(t, "AT", "DEMO-AT-REG")
	eleni := eidas("Papadopoulou", "Eleni", "1998-03-25", "EL/AT/DEMO1001")
	hans := eidas("Meier", "Hans", "1995-04-18", "AT/EL/DEMO2001")
	for _, tc := range []struct {
		name   string
		office *Office
		person edm.Person
		kind   string
		n      int
		err    error
		lang   string
		wishes []string
	}{
		{name: "eleni diploma", office: ath, person: eleni, kind: diplomaEL, n: 1, lang: "EL"},
		{name: "eleni diploma by URL", office: ath, person: eleni, kind: "https://sr.acc.oots.tech.ec.europa.eu/evidencetypeclassifications/EL/" + diplomaEL, n: 1, lang: "EL"},
		{name: "eleni diploma in English", office: ath, person: eleni, kind: diplomaEL, n: 1, lang: "EN", wishes: []string{"FR", "EN"}},
		{name: "eleni diploma elsewhere", office: the, person: eleni, kind: diplomaEL},
		{name: "eleni birth", office: ath, person: eleni, kind: birthEL, n: 1, lang: "EL"},
		{name: "eleni residence", office: ath, person: eleni, kind: residenceEL, n: 1, lang: "EL"},
		{name: "eleni foreign type", office: ath, person: eleni, kind: diplomaAT},
		{name: "nikos", office: ath, person: eidas("Oikonomou", "Nikos", "1990-11-02", "EL/AT/DEMO1002"), kind: diplomaEL, err: matching.ErrNoPerson},
		{name: "maria", office: ath, person: eidas("Georgiou", "Maria", "1985-07-14", "EL/AT/DEMO1003"), kind: diplomaEL, err: ErrFailed},
		{name: "dimitris", office: ath, person: eidas("Vasileiou", "Dimitris", "1979-01-30", "EL/AT/DEMO1004"), kind: diplomaEL, err: ErrSilent},
		{name: "sofia", office: ath, person: eidas("Nikolaidou", "Sofia", "2001-09-09", "EL/AT/DEMO1005"), kind: diplomaEL, err: NotYet{At: today.Add(48 * time.Hour)}},
		{name: "anna", office: ath, person: eidas("Dimou", "Anna", "1993-05-05", "EL/AT/DEMO1006"), kind: diplomaEL, err: matching.ErrSeveralPersons},
		{name: "kostas", office: ath, person: eidas("Makris", "Kostas", "1988-12-12", "EL/AT/DEMO1007"), kind: diplomaEL},
		{name: "hans diploma", office: reg, person: hans, kind: diplomaAT, n: 1, lang: "DE"},
		{name: "hans birth", office: reg, person: hans, kind: birthAT, n: 1, lang: "DE"},
		{name: "hans residence", office: reg, person: hans, kind: residenceAT, n: 1, lang: "DE"},
		{name: "julia", office: reg, person: eidas("Größwang", "Julia", "1992-08-21", "AT/EL/DEMO2002"), kind: diplomaAT, n: 1, lang: "DE"},
		{name: "julia in passport letters", office: reg, person: eidas("GROESSWANG", "JULIA", "1992-08-21", ""), kind: diplomaAT, n: 1, lang: "DE"},
		{name: "franz", office: reg, person: eidas("Niemand", "Franz", "1970-02-02", "AT/EL/DEMO2003"), kind: diplomaAT, err: matching.ErrNoPerson},
		{name: "eva", office: reg, person: eidas("Störfall", "Eva", "1983-06-06", "AT/EL/DEMO2004"), kind: diplomaAT, err: ErrFailed},
		{name: "otto", office: reg, person: eidas("Still", "Otto", "1969-10-10", "AT/EL/DEMO2005"), kind: diplomaAT, err: ErrSilent},
		{name: "lena", office: reg, person: eidas("Später", "Lena", "2000-12-01", "AT/EL/DEMO2006"), kind: diplomaAT, err: NotYet{At: today.Add(48 * time.Hour)}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			docs, err := tc.office.Find(t.Context(), tc.person, tc.kind, tc.wishes)
			if !errors.Is(err, tc.err) || len(docs) != tc.n {
				t.Fatalf("%d documents, %v; want %d, %v", len(docs), err, tc.n, tc.err)
			}
			for _, d := range docs {
				if d.Language != tc.lang || d.MediaType != "application/pdf" || d.Issued == "" || d.Title == "" || !bytes.HasPrefix(d.Content, []byte("%PDF-")) {
					t.Errorf("document %q in %s, %s, issued %q", d.Title, d.Language, d.MediaType, d.Issued)
				}
				if d.Issuer.ID.Value != tc.office.authority.ID || d.Issuer.Class != edm.EvidenceProvider {
					t.Errorf("issued by %v", d.Issuer)
				}
			}
		})
	}
}

func TestOfficesAndTypes(t *testing.T) {
	t.Parallel()
	if got := office(t, "EL", "DEMO-EL-THE").EvidenceTypes(); !slices.Equal(got, []string{diplomaEL}) {
		t.Errorf("Thessaloniki serves %v", got)
	}
	if got := office(t, "EL", "DEMO-EL-ATH").EvidenceTypes(); len(got) != 4 {
		t.Errorf("Athens serves %v", got)
	}
	if _, err := Open("FR", time.Now); err == nil {
		t.Error("there is a register of FR")
	}
	r, err := Open("AT", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Office(edm.Identifier{Scheme: schemePrefix + "EL", Value: "DEMO-AT-REG"}); err == nil {
		t.Error("an office is found under another scheme")
	}
}

func TestDocumentIDsAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, country := range []string{"AT", "EL"} {
		r, err := Open(country, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range r.file.People {
			for _, e := range p.Records {
				if seen[e.ID] || len(e.ID) != 36 {
					t.Errorf("%s: document id %q", country, e.ID)
				}
				seen[e.ID] = true
			}
		}
	}
}
