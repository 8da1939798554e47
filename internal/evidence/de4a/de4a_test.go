package de4a

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"oots/edm"
	"oots/internal/corpus"
	"oots/internal/evidence"
)

func authority() evidence.Authority {
	return evidence.Authority{
		ID: edm.Identifier{Scheme: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:EL", Value: "DEMO-EL-ATH"}, Country: "EL", Region: "Αττική",
		Names: edm.Texts{{Lang: "EL", Value: "Επιδεικτικό Μητρώο Αθήνας"}, {Lang: "EN", Value: "Demo Registry of Athens"}},
	}
}

func holder() evidence.Holder {
	return evidence.Holder{
		FamilyName: "Papadopoulou", GivenName: "Eleni", OriginalFamilyName: "Παπαδοπούλου", OriginalGivenName: "Ελένη",
		DateOfBirth: "1998-03-25", Sex: "F", Citizenships: []string{"EL"},
	}
}

// records are what the models can say in full: Read gives them back.
func records() map[string]*evidence.Record {
	return map[string]*evidence.Record{
		"birth": {Number: "ΓΕΝ-1998-01180", Issued: "2026-09-14", Authority: authority(), Holder: holder(), Birth: &evidence.Birth{
			Place: edm.Texts{{Value: "Αθήνα"}}, BirthIn: "EL",
			ParentsAs: []evidence.Holder{
				{FamilyName: "Papadopoulos", GivenName: "Georgios", OriginalFamilyName: "Παπαδόπουλος", OriginalGivenName: "Γεώργιος"},
				{FamilyName: "Alexiou", GivenName: "Katerina", OriginalFamilyName: "Αλεξίου", OriginalGivenName: "Κατερίνα", DateOfBirth: "1970"},
			},
		}},
		"domicile": {Number: "ΚΑΤ-2022-77310", Issued: "2026-09-14", Authority: authority(), Holder: holder(), Residence: &evidence.Residence{
			Street: "Οδός Παραδείγματος 14", Code: "113 62", City: edm.Texts{{Value: "Αθήνα"}},
		}},
		"company": {Company: &evidence.Company{
			Names: edm.Texts{{Lang: "DE", Value: "Donau & Söhne Vorführung GmbH"}}, LegalForm: "GmbH", Status: "economically active",
			Activities: []string{"62.01", "62.02"}, Registered: "2012-05-02", Ended: "2026-01-31", EUID: "ATBRA.000000-a", VAT: "ATU00000000",
			Email: "office@donau.example", Street: "Beispielgasse", House: "4", Code: "1010", City: edm.Texts{{Value: "Wien"}}, Country: "AT",
		}},
		"what is little": {Issued: "2026-09-14", Authority: evidence.Authority{Country: "AT", Names: edm.Texts{{Lang: "DE", Value: "Amt"}}},
			Holder: evidence.Holder{GivenName: "Hans"}, Birth: &evidence.Birth{}},
	}
}

func lang(r *evidence.Record) string {
	if r.Authority.Country == "EL" {
		return "EL"
	}
	return "DE"
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for name, r := range records() {
		b, err := Append([]byte("x"), r, lang(r))
		if err != nil {
			t.Fatal(err)
		}
		got, err := Read(b[1:])
		if err != nil || !reflect.DeepEqual(got, r) {
			t.Errorf("%s: %v\n got %+v\nwant %+v\n%s", name, err, got, r, b)
		}
	}
}

// driver is the corpus' schema that loads what the schema of a record imports.
func driver(t *testing.T, r *evidence.Record) string {
	t.Helper()
	name := map[evidence.Kind]string{evidence.OfBirth: "birth", evidence.OfResidence: "domicile", evidence.OfCompany: "company"}[r.Kind()]
	return corpus.Path(t, "evidence/de4a-commons/xsd/stubs/driver-"+name+".xsd")
}

// TestSchemas has xmllint judge what we write by the published schemas.
func TestSchemas(t *testing.T) {
	t.Parallel()
	xmllint := corpus.Tool(t, "xmllint")
	for name, r := range records() {
		b, err := Append(nil, r, lang(r))
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "evidence.xml")
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(xmllint, "--nonet", "--noout", "--schema", driver(t, r), file).CombinedOutput(); err != nil {
			t.Errorf("%s: %s\n%s", name, out, b)
		}
		if r.Company == nil {
			bad := bytes.Replace(b, []byte("<e:IssueDate>"), []byte("<e:IssueDate>x"), 1)
			if err := os.WriteFile(file, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := exec.Command(xmllint, "--nonet", "--noout", "--schema", driver(t, r), file).Run(); err == nil {
				t.Errorf("%s: the schema accepts anything", name)
			}
		}
	}
}

// TestSamples reads the pilots' own samples.
func TestSamples(t *testing.T) {
	t.Parallel()
	const dir = "evidence/de4a-commons/samples/"
	for _, tc := range []struct {
		file string
		want func(r *evidence.Record) bool
	}{
		{"t4.3/v1.6/Sample Birth Evidence ES.xml", func(r *evidence.Record) bool {
			return r.Birth != nil && r.Holder.GivenName == "Ciudadano Ficticio" && r.Holder.DateOfBirth == "1978-12-25" && r.Birth.BirthIn == "ES" &&
				r.Birth.Place[0].Value == "Barcelona" && r.Issued == "2021-05-20" && r.Authority.Country == "ES"
		}},
		{"t4.3/v1.6/Sample Domicile Registration Evidence ES.xml", func(r *evidence.Record) bool {
			return r.Residence != nil && r.Residence.Code == "52002" && r.Residence.City[0].Value == "Melilla" && strings.Contains(r.Residence.Street, "DEMETRIO")
		}},
		{"t4.2/v0.6/Sample Company Registration NL KVK.xml", func(r *evidence.Record) bool {
			return r.Company.EUID == "NLNHR.90000471" && r.Company.Activities[0] == "7500" && r.Company.Country == "NL" && r.Company.City[0].Value == "Zaandam"
		}},
		{"t4.2/v0.6/Sample Company Registration SE.xml", func(r *evidence.Record) bool {
			return r.Company.Names[0] == edm.Text{Lang: "SV-SE", Value: "Företag Ett AB"} && r.Company.Status == "economically active"
		}},
	} {
		r, err := Read(corpus.Read(t, dir+tc.file))
		if err != nil || !tc.want(r) {
			t.Errorf("%s: %v, %+v", tc.file, err, r)
		}
	}
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"", "<a/>", `<BirthEvidence/>`, `<!DOCTYPE a><a/>`, strings.Repeat("<a>", 100), `<e:LegalEntity xmlns:e="` + nsBirth + `"/>`} {
		if r, err := Read([]byte(in)); err == nil || r != nil {
			t.Errorf("%q is read as %+v", in, r)
		}
	}
	if _, err := Append(nil, &evidence.Record{Diploma: &evidence.Diploma{}}, "EL"); !errors.Is(err, ErrKind) {
		t.Errorf("a diploma is written: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	for _, r := range records() {
		b, err := Append(nil, r, lang(r))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := Read(b)
		if err != nil {
			if r != nil {
				t.Fatal("a result beside an error")
			}
			return
		}
		again, err := Append(nil, r, "EL")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Read(again); err != nil {
			t.Fatalf("what was written is not read: %v\n%s", err, again)
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	r := records()["birth"]
	var buf []byte
	for b.Loop() {
		var err error
		if buf, err = Append(buf[:0], r, "EL"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	in, err := Append(nil, records()["birth"], "EL")
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Read(in); err != nil {
			b.Fatal(err)
		}
	}
}
