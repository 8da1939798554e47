package register

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"oots/edm"
	"oots/internal/evidence/de4a"
	"oots/internal/evidence/elmo"
	"oots/internal/matching"
)

const companyEL, companyAT = "d40b8e16-95c2-4f7a-a3d8-2e6f1b07c599", "5f2c9b70-4d1e-4a36-8b9f-c3e08d17a244"

// TestData: each certificate is there as data too, with a version to read and a translation, and all of it is the
// same each time.
func TestData(t *testing.T) {
	t.Parallel()
	ath := office(t, "EL", "DEMO-EL-ATH")
	eleni := eidas("Papadopoulou", "Eleni", "1998-03-25", "EL/AT/DEMO1001")
	for _, tc := range []struct{ kind, model string }{{diplomaEL, elmo.Model}, {birthEL, de4a.BirthModel}, {residenceEL, de4a.ResidenceModel}} {
		docs, err := ath.Find(t.Context(), eleni, tc.kind, nil)
		if err != nil || len(docs) != 1 || docs[0].Data == nil {
			t.Fatalf("%s: %d documents, %v", tc.model, len(docs), err)
		}
		d := docs[0].Data
		if d.Model != dataModels+tc.model || d.MediaType != "application/xml" {
			t.Errorf("%s as %s", d.Model, d.MediaType)
		}
		if len(d.With) != 2 || d.With[0].Kind != edm.HumanReadableVersion || d.With[0].Language != "EL" || d.With[1].Kind != edm.Translation || d.With[1].Language != "EN" {
			t.Fatalf("%s goes with %d documents", tc.model, len(d.With))
		}
		for _, w := range d.With {
			if !edm.IsUUID(w.ID) || w.ID == docs[0].ID || !bytes.HasPrefix(w.Content, []byte("%PDF-")) {
				t.Errorf("%s: %s %q", tc.model, w.Kind, w.ID)
			}
		}
		again, err := ath.Find(t.Context(), eleni, tc.kind, nil)
		if err != nil || !bytes.Equal(again[0].Data.Content, d.Content) || !bytes.Equal(again[0].Data.With[0].Content, d.With[0].Content) || again[0].Data.With[1].ID != d.With[1].ID {
			t.Errorf("%s: the same certificate is another one", tc.model)
		}
	}
	inEnglish, err := ath.Find(t.Context(), eleni, diplomaEL, []string{"EN"})
	if err != nil || len(inEnglish[0].Data.With) != 1 {
		t.Errorf("in English there is a translation into English, %v", err)
	}
}

func TestCompanies(t *testing.T) {
	t.Parallel()
	ath, the, reg := office(t, "EL", "DEMO-EL-ATH"), office(t, "EL", "DEMO-EL-THE"), office(t, "AT", "DEMO-AT-REG")
	aegean, donau := ath.register.Companies()[0], reg.register.Companies()[0]
	other := func(p edm.LegalPerson, name, id string) edm.LegalPerson {
		p.LegalName, p.EIDASIdentifier = name, id
		return p
	}
	for _, tc := range []struct {
		name    string
		office  *Office
		company edm.LegalPerson
		kind    string
		n       int
		err     error
	}{
		{"the company", ath, aegean, companyEL, 1, nil},
		{"by URL", reg, donau, "https://sr.oots.tech.ec.europa.eu/evidencetypeclassifications/AT/" + companyAT, 1, nil},
		{"another evidence type", ath, aegean, diplomaEL, 0, nil},
		{"another office", the, aegean, companyEL, 0, nil},
		{"a company of the other country", reg, aegean, companyAT, 0, matching.ErrNoPerson},
		{"another number", ath, other(aegean, aegean.LegalName, "EL/AT/DEMOC9999"), companyEL, 0, matching.ErrNoPerson},
		{"another company", ath, other(aegean, "Demo Trading Ltd", "EL/AT/DEMOC9999"), companyEL, 0, matching.ErrNoPerson},
	} {
		docs, err := tc.office.FindCompany(t.Context(), tc.company, tc.kind, nil)
		if !errors.Is(err, tc.err) || len(docs) != tc.n {
			t.Errorf("%s: %d documents, %v", tc.name, len(docs), err)
		}
		if tc.n == 1 && (docs[0].Data.Model != dataModels+de4a.CompanyModel || docs[0].Issued != edm.DateOf(today)) {
			t.Errorf("%s: %+v", tc.name, docs[0].Issued)
		}
	}
	if aegean.LegalNameOriginal == "" || donau.LegalNameOriginal != "" {
		t.Errorf("original names %q and %q", aegean.LegalNameOriginal, donau.LegalNameOriginal)
	}
}

func BenchmarkIssue(b *testing.B) {
	r, err := Open("EL", func() time.Time { return today })
	if err != nil {
		b.Fatal(err)
	}
	o, err := r.Office(r.Offices()[0].ID)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := o.Find(b.Context(), eidas("Papadopoulou", "Eleni", "1998-03-25", "EL/AT/DEMO1001"), diplomaEL, nil); err != nil {
			b.Fatal(err)
		}
	}
}
