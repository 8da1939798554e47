package evidence

import (
	"bytes"
	"encoding/xml"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"oots/edm"
	"oots/internal/corpus"
	"oots/internal/evidence/words"
)

func diploma() *Record {
	return &Record{
		ID: "0f7c1f4e-5b7a-4a58-9a41-2a5b6d0c1e01", Number: "ΑΘ-2021-004417", Issued: "2021-07-16",
		Authority: Authority{Country: "EL", Names: edm.Texts{{Lang: "EL", Value: "Επιδεικτικό Μητρώο Αθήνας"}, {Lang: "EN", Value: "Demo Registry of Athens"}}},
		Holder: Holder{FamilyName: "Papadopoulou", GivenName: "Eleni", OriginalFamilyName: "Παπαδοπούλου", OriginalGivenName: "Ελένη",
			DateOfBirth: "1998-03-25"},
		Diploma: &Diploma{
			Institution: edm.Texts{{Lang: "EL", Value: "Επιδεικτικό Πολυτεχνείο Αττικής"}},
			Programme:   edm.Texts{{Lang: "EL", Value: "Επιστήμη Υπολογιστών"}},
			Award:       edm.Texts{{Lang: "EL", Value: "Πτυχίο Επιστήμης Υπολογιστών"}},
			Level:       "6", Credits: "240", Grade: edm.Texts{{Lang: "EL", Value: "8,4 – Λίαν Καλώς"}}, Awarded: "2021-07-09",
		},
	}
}

func birth() *Record {
	return &Record{
		ID: "0f7c1f4e-5b7a-4a58-9a41-2a5b6d0c1e02", Number: "W-1992-08831", Issued: "2026-09-14",
		Authority: Authority{Country: "AT", Names: edm.Texts{{Lang: "DE", Value: "Demo-Register Österreich"}, {Lang: "EN", Value: "Demo Register of Austria"}}},
		Holder:    Holder{FamilyName: "Größwang", GivenName: "Julia", DateOfBirth: "1992-08-21"},
		Birth: &Birth{Place: edm.Texts{{Lang: "DE", Value: "Sankt Pölten"}}, BirthIn: "AT",
			Parents: []edm.Texts{{{Lang: "DE", Value: "Theresia Größwang"}}, {{Lang: "DE", Value: "Jürgen Größwang"}}}, Entry: "881/1992"},
	}
}

func residence() *Record {
	r := birth()
	r.Birth = nil
	r.Residence = &Residence{Street: "Mörikegasse 7/12", Code: "3100", City: edm.Texts{{Lang: "DE", Value: "Sankt Pölten"}}, Since: "2019-01-05"}
	return r
}

var at = time.Date(2026, 9, 14, 8, 30, 0, 0, time.UTC)

func TestSameRecordSameBytes(t *testing.T) {
	t.Parallel()
	first, err := PDF(diploma(), "EL", at)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasPrefix(first, []byte("%PDF-")) {
		t.Fatal("no PDF")
	}
	for range 3 {
		again, err := PDF(diploma(), "EL", at)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, again) {
			t.Fatal("the same record at the same time gives other bytes")
		}
	}
}

func TestRecordWithoutContent(t *testing.T) {
	t.Parallel()
	if b, err := PDF(&Record{}, "EN", at); err == nil || b != nil {
		t.Errorf("PDF of nothing: %d bytes, %v", len(b), err)
	}
}

func TestLongRecordGoesOn(t *testing.T) {
	t.Parallel()
	short, err := PDF(birth(), "DE", at)
	if err != nil {
		t.Fatal(err)
	}
	r := birth()
	for range 40 {
		r.Birth.Parents = append(r.Birth.Parents, edm.Texts{{Lang: "DE", Value: "Noch ein Elternteil"}})
	}
	long, err := PDF(r, "DE", at)
	if err != nil {
		t.Fatal(err)
	}
	pages := func(b []byte) int { return bytes.Count(b, []byte("/Type /Page\n")) }
	if pages(short) != 1 || pages(long) < 2 {
		t.Errorf("pages: %d and %d, want 1 and more", pages(short), pages(long))
	}
}

// TestEveryFieldCanBeRead reads the certificates with an independent program.
func TestEveryFieldCanBeRead(t *testing.T) {
	t.Parallel()
	tool := corpus.Tool(t, "pdftotext")
	for _, tc := range []struct {
		name, lang string
		record     *Record
		want       []string
	}{
		{"diploma", "EL", diploma(), []string{"Βεβαίωση πτυχίου", "Επιδεικτικό Μητρώο Αθήνας", "Demo Registry of Athens", "Παπαδοπούλου", "Papadopoulou",
			"Ελένη", "Eleni", "25 Μαρτίου 1998", "Επιδεικτικό Πολυτεχνείο Αττικής", "Επιστήμη Υπολογιστών", "8,4 – Λίαν Καλώς", "240",
			"9 Ιουλίου 2021", "ΑΘ-2021-004417", "16 Ιουλίου 2021", "Επίδειξη"}},
		{"birth", "DE", birth(), []string{"Geburtsurkunde", "Größwang", "21. August 1992", "Sankt Pölten", "Theresia Größwang", "Jürgen Größwang", "881/1992", "erfunden"}},
		{"residence", "DE", residence(), []string{"Meldebestätigung", "Mörikegasse 7/12", "3100 Sankt Pölten", "5. Jänner 2019"}},
		{"company", "EL", company(), []string{"Απόσπασμα μητρώου επιχειρήσεων", "Αιγαίον Δοκιμαστική ΑΕ", "Aigaion Dokimastiki AE", "ΑΕ", "οικονομικά ενεργή", "62.01",
			"ELGEMI.123456789000", "14 Μαρτίου 2011", "105 57 Αθήνα"}},
		{"diploma in English", "EN", diploma(), []string{"Confirmation of a degree", "Family name", "Παπαδοπούλου", "25 March 1998", "Greece"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b, err := PDF(tc.record, tc.lang, at)
			if err != nil {
				t.Fatal(err)
			}
			file := save(t, tc.name, b)
			out, err := exec.Command(tool, "-layout", file, "-").Output()
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range tc.want {
				if !strings.Contains(string(out), w) {
					t.Errorf("%q cannot be read in:\n%s", w, out)
				}
			}
		})
	}
}

func BenchmarkPDF(b *testing.B) {
	r := diploma()
	for b.Loop() {
		if _, err := PDF(r, "EL", at); err != nil {
			b.Fatal(err)
		}
	}
}

func company() *Record {
	r := diploma()
	r.Holder, r.Diploma = Holder{}, nil
	r.Company = &Company{
		Names:     edm.Texts{{Lang: "EL", Value: "Αιγαίον Δοκιμαστική ΑΕ"}, {Lang: "EN", Value: "Aigaion Dokimastiki AE"}},
		LegalForm: "ΑΕ", Status: "economically active", Activities: []string{"62.01"}, Registered: "2011-03-14", EUID: "ELGEMI.123456789000",
		Street: "Οδός Δοκιμής", House: "7", Code: "105 57", City: edm.Texts{{Lang: "EL", Value: "Αθήνα"}}, Country: "EL",
	}
	return r
}

// save writes a PDF where programs can read it.
func save(t *testing.T, name string, b []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "c.pdf")
	if keep := os.Getenv("OOTS_KEEP_PDF"); keep != "" {
		file = filepath.Join(keep, strings.ReplaceAll(name, " ", "-")+".pdf")
	}
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestEveryLanguageCanBeRead makes every certificate in every language and takes the text out again; letters that
// no font has would be missing.
func TestEveryLanguageCanBeRead(t *testing.T) {
	t.Parallel()
	tool := corpus.Tool(t, "pdftotext")
	for _, lang := range Languages() {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			w := words.In(lang)
			for _, r := range []*Record{diploma(), birth(), residence(), company()} {
				b, err := PDF(r, lang, at)
				if err != nil {
					t.Fatal(err)
				}
				out, err := exec.Command(tool, save(t, lang+"-"+string(r.Kind()), b), "-").Output()
				if err != nil {
					t.Fatal(err)
				}
				got := strings.Join(strings.Fields(string(out)), " ")
				for _, want := range []string{r.Title(lang), w.T("certifies"), w.T("demonstration"), w.T("issuer"), w.T("number"), w.T("issued"), w.Date(r.Issued), r.Number} {
					if !strings.Contains(got, strings.Join(strings.Fields(want), " ")) {
						t.Errorf("%s: %q cannot be read in:\n%s", r.Kind(), want, got)
					}
				}
			}
		})
	}
}

// TestInformation asks independent programs what the file says about itself, and for its fonts.
func TestInformation(t *testing.T) {
	t.Parallel()
	pdfinfo, pdffonts := corpus.Tool(t, "pdfinfo"), corpus.Tool(t, "pdffonts")
	b, err := PDF(diploma(), "EL", at)
	if err != nil {
		t.Fatal(err)
	}
	file := save(t, "information", b)
	run := func(name string, args ...string) string {
		out, err := exec.Command(name, args...).CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, out)
		}
		return string(out)
	}
	said := run(pdfinfo, file)
	for _, want := range []string{"Βεβαίωση πτυχίου ΑΘ-2021-004417", "Επιδεικτικό Μητρώο Αθήνας", "Subject:         Επίδειξη", "Producer:        oots", "Pages:           1", "JavaScript:      no", "Encrypted:       no"} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is missing in\n%s", want, said)
		}
	}
	meta := run(pdfinfo, "-meta", file)
	if err := xml.Unmarshal([]byte(meta), new(struct{})); err != nil {
		t.Errorf("XMP: %v", err)
	}
	for _, want := range []string{"<rdf:li>el</rdf:li>", "Βεβαίωση πτυχίου ΑΘ-2021-004417", "2026-"} {
		if !strings.Contains(meta, want) {
			t.Errorf("%q is missing in\n%s", want, meta)
		}
	}
	if !bytes.Contains(b, []byte("/Lang ")) {
		t.Error("the catalog names no language")
	}
	if strings.Contains(said+meta, "Papadopoulou") || strings.Contains(said+meta, "Παπαδοπούλου") {
		t.Error("the information names the person")
	}
	fonts := strings.Split(strings.TrimSpace(run(pdffonts, file)), "\n")[2:]
	for _, line := range fonts {
		if f := strings.Fields(line); len(f) < 5 || !strings.Contains(line, " yes ") || strings.Contains(line, " no  no ") {
			t.Errorf("not embedded: %s", line)
		}
	}
	if len(fonts) == 0 {
		t.Error("no fonts")
	}
}
