package login

import (
	"testing"

	"oots/edm"
)

// A level in an address raises what a method asks for and never lowers it.
func TestWanted(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		usual edm.LoA
		asked string
		want  edm.LoA
	}{
		{edm.Substantial, "", edm.Substantial},
		{edm.Substantial, "High", edm.High},
		{edm.Substantial, "Low", edm.Substantial},
		{edm.Substantial, "Extreme", edm.Substantial},
		{"", "", ""},
		{"", "Low", edm.Low},
		{"", "extreme", ""},
	} {
		if got := Wanted(tc.usual, tc.asked); got != tc.want {
			t.Errorf("Wanted(%q, %q) = %q, want %q", tc.usual, tc.asked, got, tc.want)
		}
	}
}

func TestAddress(t *testing.T) {
	t.Parallel()
	if got := Address("/login/x/", "/a?b=c&d", ""); got != "/login/x/?next=%2Fa%3Fb%3Dc%26d" {
		t.Error(got)
	}
	if got := Address("/login/x/", "/a", edm.High); got != "/login/x/?level=High&next=%2Fa" {
		t.Error(got)
	}
}

// One login has one level, and giving it changes nobody else's.
func TestAtLevel(t *testing.T) {
	t.Parallel()
	shared := &edm.Person{LoA: edm.High, FamilyName: "A"}
	i := Identity{Legal: &edm.LegalPerson{LoA: edm.High}, Representative: shared, RepresentativeLegal: &edm.LegalPerson{}}
	got := i.AtLevel(edm.Low)
	if got.LoA() != edm.Low || got.Representative.LoA != edm.Low || got.RepresentativeLegal.LoA != edm.Low || got.Person.LoA != "" {
		t.Errorf("%+v", got)
	}
	if shared.LoA != edm.High || i.Legal.LoA != edm.High {
		t.Error("the identity itself has changed")
	}
	if got := (Identity{}).AtLevel(edm.High); got.Person.LoA != edm.High || got.Legal != nil {
		t.Errorf("%+v", got)
	}
}
