package matching

import (
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
		{"Größwang", "Groeßwang", true},
		{"Später", "Spaeter", true},
		{"Später", "Spater", true},
		{"Søren", "Soeren", true},
		{"Ångström", "Aangstrom", true}, // one letter expanded, the other not
		{"Łukasz Żółć", "Lukasz Zolc", true},
		{"Ærø", "Aero", true},
		{"Đorđević", "Dordevic", true},
		{"Đorđević", "Djordjevic", true},
		{"Þór", "Thor", true},
		{"O’Neill", "O'NEILL", true},
		{"García-Márquez", "garcia marquez", true},
		{"  Anna   Maria ", "Anna Maria", true},
		{"Anna\u200bMaria", "AnnaMaria", true},
		{"I\u0307pek", "Ipek", true},
		{"Ｍｅｉｅｒ", "Meier", true}, // full width
		{"Παπαδόπουλος", "PAPADOPOULOS", true},
		{"ΠΑΠΑΔΟΠΟΥΛΟΣ", "Παπαδόπουλος", true},
		{"Ευάγγελος", "Evangelos", true},
		{"Γκίκας", "Gkikas", true},
		{"Γκίκας", "Gikas", true}, // older passports
		{"Μπέης", "Beis", true},
		{"Αυγουστής", "Avgoustis", true},
		{"Ευθύμιος", "Efthymios", true},
		{"Μαΐου", "Maiou", true},
		{"Χρήστος", "Christos", true},
		{"Χρήστος", "Hristos", true},
		{"Юлия", "Yulia", true},
		{"Юлия", "Iuliia", true}, // Russian passport
		{"Щербак", "Shcherbak", true},
		{"Згурський", "Zghurskyi", true},
		{"Ђорђевић", "Đorđević", true},
		{"Џајић", "Džajić", true},
		{"Meier", "Maier", false},
		{"Hans", "Hansi", false},
		{"Γεώργιος", "Giorgos", false},
		{"Δήμου", "Δίμου", false}, // one transliteration, two names
		{"J\u0430ck", "Jack", false},
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

func TestSameUser(t *testing.T) {
	t.Parallel()
	asked := edm.Person{FamilyName: "Müller", GivenName: "Jörg", DateOfBirth: "1975-05-05", Identifier: "DE/FR/1"}
	for _, tc := range []struct {
		name string
		came edm.Person
		want bool
	}{
		{"29 same person, other eID", edm.Person{FamilyName: "Mueller", GivenName: "Joerg", DateOfBirth: "1975-05-05", Identifier: "FR/FR/9"}, true},
		{"same identifier", edm.Person{FamilyName: "MULLER", GivenName: "JORG", DateOfBirth: "1975-05-05", Identifier: "DE/FR/1"}, true},
		{"other receiver", edm.Person{FamilyName: "Müller", GivenName: "Jörg", DateOfBirth: "1975-05-05", Identifier: "DE/EL/2"}, true},
		{"28 other person", edm.Person{FamilyName: "Müller", GivenName: "Jens", DateOfBirth: "1975-05-05"}, false},
		{"one of two given names", edm.Person{FamilyName: "Müller", GivenName: "Jörg Peter", DateOfBirth: "1975-05-05"}, false},
		{"other day", edm.Person{FamilyName: "Müller", GivenName: "Jörg", DateOfBirth: "1975-05-06"}, false},
		{"other identifier, same receiver", edm.Person{FamilyName: "Müller", GivenName: "Jörg", DateOfBirth: "1975-05-05", Identifier: "DE/FR/2"}, false},
		{"nothing", edm.Person{}, false},
	} {
		if got := SameUser(asked, tc.came); got != tc.want {
			t.Errorf("%s: %v", tc.name, got)
		}
	}
}
