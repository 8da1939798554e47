package plain

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"oots/edm"
	"oots/internal/evidence"
)

func el(s string) edm.Texts {
	return edm.Texts{{Lang: "EL", Value: s}, {Lang: "EN", Value: "the same"}}
}

func records() []*evidence.Record {
	with := func(set func(*evidence.Record)) *evidence.Record {
		r := &evidence.Record{
			ID: "6f1f3c0e-2a44-4d0b-9a53-7b1e5f9c0a01", Number: "ΑΘ-2021-004417", Issued: "2021-07-16",
			Authority: evidence.Authority{Country: "EL", Names: el("Μητρώο"), Address: "Οδός 1"},
			Holder:    evidence.Holder{FamilyName: "Papadopoulou", GivenName: "Eleni", OriginalFamilyName: "Παπαδοπούλου", OriginalGivenName: "Ελένη", DateOfBirth: "1998-03-25"},
		}
		set(r)
		return r
	}
	return []*evidence.Record{
		with(func(r *evidence.Record) {
			r.Diploma = &evidence.Diploma{Institution: el("Ίδρυμα"), Programme: el("Πρόγραμμα"), Award: el("Πτυχίο"), Level: "6", Credits: "240", Grade: el("8,4"), Awarded: "2021-07-09"}
		}),
		with(func(r *evidence.Record) {
			r.Birth = &evidence.Birth{Place: el("Αθήνα"), Country: el("Ελλάδα"), Parents: []edm.Texts{el("Γεώργιος"), el("Κατερίνα")}, Entry: "1180/1998"}
		}),
		with(func(r *evidence.Record) {
			r.Residence = &evidence.Residence{Street: "Οδός 14", Code: "113 62", City: el("Αθήνα"), Since: "2022-02-01"}
		}),
		with(func(r *evidence.Record) {
			r.Holder = evidence.Holder{}
			r.Company = &evidence.Company{Names: el("Αιγαίον ΑΕ"), LegalForm: "ΑΕ", Status: "economically active", Activities: []string{"62.01"}, Registered: "2011-03-14",
				EUID: "ELGEMI.1", VAT: "EL000000000", Email: "a@b.example", Street: "Οδός", House: "7", Code: "105 57", City: el("Αθήνα"), Country: "EL"}
		}),
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, r := range records() {
		b, err := Append([]byte("x"), r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Read(b[1:])
		if err != nil || !reflect.DeepEqual(got, r) {
			t.Errorf("%v\n got %+v\nwant %+v\n%s", err, got, r, b)
		}
	}
}

// model is the part of a published model that this test needs.
type model struct {
	Classes []struct {
		Name       string
		Attributes []struct{ Name, Type, Cardinality string }
	}
}

// TestPublishedModels: what is written has all members that the repository's model demands, and no other.
func TestPublishedModels(t *testing.T) {
	t.Parallel()
	for _, r := range records() {
		in, err := os.ReadFile("../../repository/models/" + Model(r.Kind()) + ".json")
		if errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is not published", Model(r.Kind()))
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		var m model
		if err := json.Unmarshal(in, &m); err != nil {
			t.Fatal(err)
		}
		b, err := Append(nil, r)
		if err != nil {
			t.Fatal(err)
		}
		var doc map[string]any
		if err := json.Unmarshal(b, &doc); err != nil {
			t.Fatal(err)
		}
		m.check(t, "Evidence", doc)
	}
}

func (m *model) check(t *testing.T, class string, have map[string]any) {
	t.Helper()
	rest := slices.Collect(maps.Keys(have))
	for _, c := range m.Classes {
		if c.Name != class {
			continue
		}
		for _, a := range c.Attributes {
			v, ok := have[a.Name]
			if !ok && strings.HasPrefix(a.Cardinality, "1") {
				t.Errorf("%s has no %s", class, a.Name)
			}
			rest = slices.DeleteFunc(rest, func(k string) bool { return k == a.Name })
			if below, ok := v.(map[string]any); ok && a.Type != "texts" {
				m.check(t, a.Type, below)
			}
		}
	}
	if len(rest) > 0 {
		t.Errorf("%s has %v, which its model has not", class, rest)
	}
}

func TestRefuses(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"", "{}", "[]", `{"birth": 1}`, `{"birth": {"place": []}}`, `{"birth": {}} {}`, strings.Repeat(" ", MaxBytes+1)} {
		if r, err := Read([]byte(in)); err == nil || r != nil {
			t.Errorf("%.40q is read as %+v", in, r)
		}
	}
	if _, err := Append(nil, &evidence.Record{}); !errors.Is(err, ErrKind) {
		t.Errorf("nothing is written: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	for _, r := range records() {
		b, err := Append(nil, r)
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
		again, err := Append(nil, r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Read(again); err != nil {
			t.Fatalf("what was written is not read: %v\n%s", err, again)
		}
	})
}
