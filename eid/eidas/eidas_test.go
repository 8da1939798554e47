package eidas

import (
	"encoding/base64"
	"errors"
	"reflect"
	"strings"
	"testing"

	"oots/edm"
	"oots/internal/corpus"
	"oots/xml/xmltree"
	"os"
)

func person() *NaturalPerson {
	return &NaturalPerson{
		PersonIdentifier: "EL/AT/" + strings.Repeat("x", 250), FamilyName: Name{"Papadopoulou", "Παπαδοπούλου"}, FirstName: Name{"Eleni", "Ελένη"},
		DateOfBirth: "1996-02-29", BirthName: Name{"Eleni Georgiou", ""}, PlaceOfBirth: Name{"Athina", "Αθήνα"},
		CurrentAddress: &Address{Thoroughfare: "Ermou", LocatorDesignator: "7", PostName: "Athina", PostCode: "10563", AdminunitFirstline: "EL", AdminunitSecondline: "EL303"},
		Gender:         "Unspecified", Nationality: []string{"EL", "CY"}, CountryOfBirth: "EL", TownOfBirth: "Athina", CountryOfResidence: "AT",
		PhoneNumber: "+30210", EmailAddress: "eleni@example.org",
	}
}

func company() *LegalPerson {
	return &LegalPerson{
		LegalPersonIdentifier: "EL/AT/099999999", LegalName: Name{"Aegean Olives", "Ελιές Αιγαίου"}, VATRegistration: "EL099", TaxReference: "1", BusinessCodes: "ELGEMI.1",
		LEI: "L", EORI: "E", SEED: "S", SIC: "C", LegalPhoneNumber: "+30211", LegalEmailAddress: "olives@example.org",
		LegalPersonAddress: &Address{PostName: "Chios", AdminunitFirstline: "EL"},
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]*Subject{
		"natural": {Natural: person()}, "legal": {Legal: company()},
		"represented": {Legal: company(), Representative: person()}, "by a company": {Natural: person(), RepresentativeLegal: company()},
	} {
		got, err := ReadSubject(s.Attributes())
		if err != nil || !reflect.DeepEqual(got, s) {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	p := person().EDM(High)
	if got := FromPerson(p).EDM(High); !reflect.DeepEqual(got, p) || p.LoA != edm.High || p.CurrentAddress.Region != "EL303" || p.FamilyNameOriginal != "Παπαδοπούλου" {
		t.Errorf("%+v", got)
	}
	l := company().EDM(Low)
	if got := FromLegalPerson(l).EDM(Low); !reflect.DeepEqual(got, l) || len(l.Identifiers) != 7 {
		t.Errorf("%+v", got)
	}
}

// TestReadSubject changes the attributes of a good subject.
func TestReadSubject(t *testing.T) {
	t.Parallel()
	one := func(name, text string) Attribute { return Attribute{name, []Value{{Text: text}}} }
	family := PrefixNatural + "CurrentFamilyName"
	for _, tc := range []struct {
		name string
		edit func([]Attribute) []Attribute
		want string // attribute of the error; "-" means accepted
	}{
		{"ok", func(a []Attribute) []Attribute { return a }, "-"},
		{"other sector", func(a []Attribute) []Attribute { return append(a, one("urn:other", "x")) }, "-"},
		{"twin first or last", func(a []Attribute) []Attribute {
			a[1].Values[0], a[1].Values[1] = a[1].Values[1], a[1].Values[0]
			return a
		}, "-"},
		{"only another script", func(a []Attribute) []Attribute { a[1].Values = a[1].Values[:1]; return a }, "-"},
		{"twice", func(a []Attribute) []Attribute { return append(a, a[1]) }, "CurrentFamilyName"},
		{"three values", func(a []Attribute) []Attribute { a[1].Values = append(a[1].Values, Value{Text: "x"}); return a }, "CurrentFamilyName"},
		{"two Latin values", func(a []Attribute) []Attribute { a[1].Values[0].NonLatin = false; return a }, "CurrentFamilyName"},
		{"no value", func(a []Attribute) []Attribute { a[1].Values = nil; return a }, "CurrentFamilyName"},
		{"empty", func(a []Attribute) []Attribute { a[1] = one(family, "  "); return a }, "CurrentFamilyName"},
		{"control character", func(a []Attribute) []Attribute { a[1] = one(family, "a\nb"); return a }, "CurrentFamilyName"},
		{"endless", func(a []Attribute) []Attribute { a[1] = one(family, strings.Repeat("x", 1025)); return a }, "CurrentFamilyName"},
		{"missing", func(a []Attribute) []Attribute { return a[1:] }, "PersonIdentifier"},
		{"no date", func(a []Attribute) []Attribute { a[3] = one(a[3].Name, "1997-02-29"); return a }, "DateOfBirth"},
		{"partial date", func(a []Attribute) []Attribute { a[3] = one(a[3].Name, "1997"); return a }, "DateOfBirth"},
		{"identifier without countries", func(a []Attribute) []Attribute { a[0] = one(a[0].Name, "12345"); return a }, "PersonIdentifier"},
		{"Greece as GR", func(a []Attribute) []Attribute { a[0] = one(a[0].Name, "GR/AT/12345"); return a }, "PersonIdentifier"},
		{"white space", func(a []Attribute) []Attribute { a[0] = one(a[0].Name, "EL/AT/1 2"); return a }, "PersonIdentifier"},
		{"gender", func(a []Attribute) []Attribute { return replace(a, "Gender", "female") }, "Gender"},
		{"nationality", func(a []Attribute) []Attribute { return replace(a, "Nationality", "Greek") }, "Nationality"},
		{"address not base64", func(a []Attribute) []Attribute { return replace(a, "CurrentAddress", "!") }, "CurrentAddress"},
		{"address not XML", func(a []Attribute) []Attribute { return replace(a, "CurrentAddress", encoded("<eidas:PostName>")) }, "CurrentAddress"},
		{"address closes its root", func(a []Attribute) []Attribute { return replace(a, "CurrentAddress", encoded("</a><a>")) }, "CurrentAddress"},
		{"address with a DOCTYPE", func(a []Attribute) []Attribute { return replace(a, "CurrentAddress", encoded("<!DOCTYPE x>")) }, "CurrentAddress"},
		{"address of another kind", func(a []Attribute) []Attribute {
			return replace(a, "CurrentAddress", encoded("<eidas:Planet>E</eidas:Planet>"))
		}, "CurrentAddress"},
		{"address with default namespace", func(a []Attribute) []Attribute {
			return replace(a, "CurrentAddress", encoded("<PostName>Wien</PostName>"))
		}, "-"},
		{"address with undeclared usual prefix", func(a []Attribute) []Attribute {
			return replace(a, "CurrentAddress", encoded("<eidas:PostName>Wien</eidas:PostName>"))
		}, "-"},
		{"natural and legal", func(a []Attribute) []Attribute { return append(a, (&Subject{Legal: company()}).Attributes()...) }, ""},
		{"two representatives", func(a []Attribute) []Attribute {
			return append(a, (&Subject{Representative: person(), RepresentativeLegal: company()}).Attributes()...)
		}, ""},
		{"half a representative", func(a []Attribute) []Attribute {
			return append(a, one(PrefixRepresentativeNatural+"CurrentFamilyName", "x"))
		}, "PersonIdentifier"},
		{"nobody", func([]Attribute) []Attribute { return nil }, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := ReadSubject(tc.edit((&Subject{Natural: person()}).Attributes()))
			if tc.want == "-" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var data *DataError
			if got != nil || !errors.As(err, &data) || data.Attribute != tc.want {
				t.Errorf("%v, want %q", err, tc.want)
			}
		})
	}
	// Both spellings of one attribute mean the same.
	s := (&Subject{Legal: company()}).Attributes()
	for i := range s {
		if s[i].Name == PrefixLegal+"VATRegistrationNumber" {
			s[i].Name = PrefixLegal + "VATRegistration"
		}
	}
	if got, err := ReadSubject(s); err != nil || got.Legal.VATRegistration != "EL099" {
		t.Errorf("%v", err)
	}
}

func encoded(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func replace(a []Attribute, suffix, text string) []Attribute {
	for i := range a {
		if strings.HasSuffix(a[i].Name, "/"+suffix) {
			a[i].Values = []Value{{Text: text}}
		}
	}
	return a
}

func TestLevels(t *testing.T) {
	t.Parallel()
	for _, l := range []Level{Low, Substantial, High} {
		if LevelOf(l.LoA()) != l || !l.AtLeast(Low) || !High.AtLeast(l) || !l.Notified() {
			t.Error(l)
		}
	}
	for _, l := range []Level{NotNotifiedLow, NotNotifiedSubstantial, NotNotifiedHigh, "", "http://eidas.europa.eu/LoA/High"} {
		if l.Notified() || l.AtLeast(Low) || l.AtLeast(l) || l.LoA() != "" {
			t.Error(l)
		}
	}
	if LevelOf("low") != "" {
		t.Error("letter case does not count")
	}
}

// The sample's attribute in two scripts, in the order that the sample has.
func TestCorpusTransliteration(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(corpus.Path(t, "evidence/swedenconnect-opensaml-eidas/example-transliteration.xml"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := xmltree.Parse(b, xmltree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	name, _ := doc.Root.Attr("", "Name")
	d, ok := Define(name)
	friendly, _ := doc.Root.Attr("", "FriendlyName")
	if !ok || d.Friendly != friendly || !d.Transliterated {
		t.Errorf("%+v", d)
	}
}
