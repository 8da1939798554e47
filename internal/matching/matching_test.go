package matching

import (
	"errors"
	"testing"

	"oots/edm"
)

func TestSameName(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b string
		want bool
	}{
		{"Größwang", "GROESSWANG", true},
		{"Größwang", "Grosswang", true},
		{"Größwang", "Gro\u0308ßwang", true}, // composed and decomposed
		{"Später", "Spaeter", true},
		{"Später", "Spater", true},
		{"Søren", "Soeren", true},
		{"Łukasz Żółć", "Lukasz Zolc", true},
		{"Ærø", "Aero", true},
		{"Đorđević", "Dordevic", true},
		{"Þór", "Thor", true},
		{"O’Neill", "O'NEILL", true},
		{"García-Márquez", "garcia marquez", true},
		{"  Anna   Maria ", "Anna Maria", true},
		{"I\u0307pek", "Ipek", true},
		{"Meier", "Maier", false},
		{"Hans", "Hansi", false},
		{"", "", false},
		{"-", "-", false},
	} {
		if got := SameName(tc.a, tc.b); got != tc.want {
			t.Errorf("SameName(%q, %q) = %v", tc.a, tc.b, got)
		}
		if got := SameName(tc.b, tc.a); got != tc.want {
			t.Errorf("SameName(%q, %q) = %v", tc.b, tc.a, got)
		}
	}
}

func TestUnique(t *testing.T) {
	t.Parallel()
	book := []Candidate{
		{FamilyName: "Papadopoulou", GivenName: "Eleni", DateOfBirth: "1998-03-25", Identifiers: []string{"EL/AT/1"}},
		{FamilyName: "Dimou", GivenName: "Anna", DateOfBirth: "1993-05-05"},
		{FamilyName: "Dimou", GivenName: "Anna", DateOfBirth: "1993-05-05"},
		{FamilyName: "Twin", GivenName: "Eva", DateOfBirth: "2000-01-01", Identifiers: []string{"EL/AT/3"}},
		{FamilyName: "Twin", GivenName: "Eva", DateOfBirth: "2000-01-01", Identifiers: []string{"EL/AT/4"}},
		{FamilyName: "Double", GivenName: "Id", DateOfBirth: "2000-01-01", Identifiers: []string{"EL/AT/5"}},
		{FamilyName: "Double", GivenName: "Id", DateOfBirth: "2000-01-01", Identifiers: []string{"EL/AT/5"}},
	}
	person := func(family, given string, born edm.Date, id string) edm.Person {
		return edm.Person{FamilyName: family, GivenName: given, DateOfBirth: born, Identifier: id}
	}
	for _, tc := range []struct {
		name string
		p    edm.Person
		want int
		err  error
	}{
		{"ok/by name and date", person("PAPADOPOULOU", "Éleni", "1998-03-25", ""), 0, nil},
		{"ok/identifier agrees", person("Papadopoulou", "Eleni", "1998-03-25", "EL/AT/1"), 0, nil},
		{"ok/identifier of another destination says nothing", person("Papadopoulou", "Eleni", "1998-03-25", "EL/DE/9"), 0, nil},
		{"ok/identifier tells twins apart", person("Twin", "Eva", "2000-01-01", "EL/AT/4"), 4, nil},
		{"nobody", person("Oikonomou", "Nikos", "1990-11-02", "EL/AT/2"), -1, ErrNoPerson},
		{"other date of birth", person("Papadopoulou", "Eleni", "1998-03-26", ""), -1, ErrNoPerson},
		{"names swapped", person("Eleni", "Papadopoulou", "1998-03-25", ""), -1, ErrNoPerson},
		{"identifier contradicts", person("Papadopoulou", "Eleni", "1998-03-25", "EL/AT/7"), -1, ErrNoPerson},
		{"identifier under another name", person("Dimou", "Anna", "1993-05-05", "EL/AT/1"), -1, ErrNoPerson},
		{"identifier with another date", person("Papadopoulou", "Eleni", "1998-03-26", "EL/AT/1"), -1, ErrNoPerson},
		{"two entries", person("Dimou", "Anna", "1993-05-05", "EL/AT/6"), -1, ErrSeveralPersons},
		{"twins without identifier", person("Twin", "Eva", "2000-01-01", ""), -1, ErrSeveralPersons},
		{"one identifier twice", person("Double", "Id", "2000-01-01", "EL/AT/5"), -1, ErrSeveralPersons},
		{"no name", person("", "Eleni", "1998-03-25", "EL/AT/1"), -1, ErrNoPerson},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := Unique(tc.p, book)
			if got != tc.want || !errors.Is(err, tc.err) {
				t.Errorf("Unique = %d, %v; want %d, %v", got, err, tc.want, tc.err)
			}
		})
	}
}

func BenchmarkUnique(b *testing.B) {
	book := make([]Candidate, 100)
	for i := range book {
		book[i] = Candidate{FamilyName: "Größwang", GivenName: "Julia", DateOfBirth: "1992-08-22"}
	}
	p := edm.Person{FamilyName: "Groesswang", GivenName: "Julia", DateOfBirth: "1992-08-21"}
	for b.Loop() {
		Unique(p, book)
	}
}
