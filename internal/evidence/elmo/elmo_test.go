package elmo

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"oots/edm"
	"oots/internal/corpus"
	"oots/internal/evidence"
)

var at = time.Date(2026, 9, 14, 8, 30, 0, 0, time.UTC)

// records are what ELMO can say in full: Read gives them back.
func records() []*evidence.Record {
	full := &evidence.Record{
		ID: "6f1f3c0e-2a44-4d0b-9a53-7b1e5f9c0a01", Number: "ΑΘ-2021-004417", Issued: "2021-07-16",
		Authority: evidence.Authority{
			ID: edm.Identifier{Scheme: "urn:oasis:names:tc:ebcore:partyid-type:unregistered:EL", Value: "DEMO-EL-ATH"}, Country: "EL",
			Names: edm.Texts{{Lang: "EL", Value: "Επιδεικτικό Μητρώο Αθήνας"}, {Lang: "EN", Value: "Demo Registry of Athens"}},
		},
		Holder: evidence.Holder{FamilyName: "Papadopoulou", GivenName: "Eleni", OriginalFamilyName: "Παπαδοπούλου", OriginalGivenName: "Ελένη",
			DateOfBirth: "1998-03-25", Sex: "F", Citizenships: []string{"EL"}},
		Diploma: &evidence.Diploma{
			Institution: edm.Texts{{Lang: "EL", Value: "Επιδεικτικό Πολυτεχνείο Αττικής"}, {Lang: "EN", Value: "Demo Polytechnic of Attica"}},
			Country:     "EL", Website: "https://attica.example", Programme: edm.Texts{{Lang: "EL", Value: "Επιστήμη <Υπολογιστών> & Δικτύων"}},
			Field: "0613", Award: edm.Texts{{Value: "Πτυχίο"}}, Level: "6", Credits: "240",
			Grade: edm.Texts{{Lang: "EL", Value: "8,4 – Λίαν Καλώς"}, {Lang: "EN", Value: "8.4"}}, Awarded: "2021-07-09",
		},
	}
	little := &evidence.Record{
		Issued: "2021-07-16", Authority: evidence.Authority{Country: ""}, Holder: evidence.Holder{FamilyName: "Meier", GivenName: "Hans"},
		Diploma: &evidence.Diploma{Institution: edm.Texts{{Lang: "DE", Value: "Universität"}}, Country: "AT", Programme: edm.Texts{{Lang: "DE", Value: "Bau"}}},
	}
	return []*evidence.Record{full, little}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, r := range records() {
		b, err := Append([]byte("x"), r, "EL", at)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Read(b[1:])
		if err != nil || !reflect.DeepEqual(got, r) {
			t.Errorf("%v\n got %+v %+v\nwant %+v %+v\n%s", err, got, got.Diploma, r, r.Diploma, b)
		}
	}
}

// TestSchema has xmllint judge what we write by the schema of ELMO.
func TestSchema(t *testing.T) {
	t.Parallel()
	xmllint, schema, catalog := corpus.Tool(t, "xmllint"), corpus.Path(t, "evidence/emrex-elmo/schema.xsd"), corpus.Path(t, "evidence/emrex-elmo/catalog.xml")
	judge := func(b []byte) ([]byte, error) {
		file := filepath.Join(t.TempDir(), "elmo.xml")
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(xmllint, "--nonet", "--noout", "--schema", schema, file)
		cmd.Env = append(os.Environ(), "XML_CATALOG_FILES="+catalog)
		return cmd.CombinedOutput()
	}
	for _, r := range records() {
		b, err := Append(nil, r, "EL", at)
		if err != nil {
			t.Fatal(err)
		}
		if out, err := judge(b); err != nil {
			t.Errorf("%s\n%s", out, b)
		}
		if _, err := judge([]byte(strings.Replace(string(b), "<generatedDate>", "<generatedDate>x", 1))); err == nil {
			t.Error("the schema accepts anything")
		}
	}
}

// TestExample reads the example of the schema's authors.
func TestExample(t *testing.T) {
	t.Parallel()
	r, err := Read(corpus.Read(t, "evidence/emrex-elmo/example.xml"))
	if err != nil {
		t.Fatal(err)
	}
	d := r.Diploma
	if r.Holder.FamilyName != "Rygielski" || r.Holder.Citizenships[0] != "PL" || d.Institution.In("EN").Value != "University of Warsaw" ||
		d.Programme.In("EN").Value != "Master of Science in Biology" || d.Credits != "120" || d.Awarded != "2009-06-15" || d.Field != "0511" {
		t.Errorf("%+v %+v", r, d)
	}
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"", "<elmo/>", `<!DOCTYPE a><a/>`, strings.Repeat("<a>", 100)} {
		if r, err := Read([]byte(in)); err == nil || r != nil {
			t.Errorf("%q is read as %+v", in, r)
		}
	}
	if _, err := Append(nil, &evidence.Record{}, "EL", at); !errors.Is(err, ErrKind) {
		t.Errorf("nothing is written: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	for _, r := range records() {
		b, err := Append(nil, r, "EL", at)
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
		again, err := Append(nil, r, "EL", at)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Read(again); err != nil {
			t.Fatalf("what was written is not read: %v\n%s", err, again)
		}
	})
}

func BenchmarkAppend(b *testing.B) {
	r := records()[0]
	var buf []byte
	for b.Loop() {
		var err error
		if buf, err = Append(buf[:0], r, "EL", at); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	in, err := Append(nil, records()[0], "EL", at)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := Read(in); err != nil {
			b.Fatal(err)
		}
	}
}
