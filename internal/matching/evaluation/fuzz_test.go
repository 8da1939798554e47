package evaluation_test

import (
	"strings"
	"testing"

	"oots/internal/matching"
	"oots/internal/matching/evaluation"
)

const head = "id,request_family,request_given,request_dob,request_extra,register_family,register_given,register_dob,register_extra,expected_class,why\n"

// FuzzReadPairs reads any pairs, and evaluates what it could read without ever losing one.
func FuzzReadPairs(f *testing.F) {
	f.Add(head + "a,Huber,Jörg,1980-02-03,placeOfBirth=Linz,Huber,Joerg,1980,protected,ACCEPT,x\n")
	f.Add(head + "b,Exemple SA,,,LEI equal,Exemple S.A.,,,LEI=1,REJECT,x\n")
	f.Add(head + "c,Costa,Rui,1990-05-06,,Costa,Rui,1990-05-06,\"two records, one Braga\",MANY,x\n")
	f.Add("id\n")
	m := matching.New(matching.Default(), "DE", nil)
	persons := &evaluation.Persons{Natural: []evaluation.NaturalPerson{{ID: "1", FamilyName: "Costa", GivenName: "Rui", DateOfBirth: "1990-05-06"}}}
	f.Fuzz(func(t *testing.T, s string) {
		pairs, err := evaluation.ReadPairs(strings.NewReader(s), "DE")
		if err != nil {
			if pairs != nil {
				t.Fatal("pairs beside an error")
			}
			return
		}
		r := evaluation.Evaluate(m, persons, pairs)
		if r.Pairs != len(pairs) || len(r.Results) != len(pairs) || r.Right > r.Pairs {
			t.Errorf("%+v", r)
		}
	})
}

// FuzzReadPersons never gives persons beside an error.
func FuzzReadPersons(f *testing.F) {
	f.Add(`{"naturalPersons": [{"id": "a"}]}`)
	f.Add(`{"naturalPersons": [{"id": "a"}, {"id": "a"}]}`)
	f.Fuzz(func(t *testing.T, s string) {
		p, err := evaluation.ReadPersons(strings.NewReader(s))
		if (p == nil) == (err == nil) {
			t.Errorf("persons %v beside error %v", p, err)
		}
	})
}

// TestFalseAcceptIsCounted: an entry that is accepted against the expectation, and one of somebody else, are found out.
func TestFalseAcceptIsCounted(t *testing.T) {
	t.Parallel()
	persons := &evaluation.Persons{Natural: []evaluation.NaturalPerson{
		{ID: "braga", FamilyName: "Costa", GivenName: "Rui", DateOfBirth: "1990-05-06", TownOfBirth: "Braga"},
		{ID: "evora", FamilyName: "Costa", GivenName: "Rui", DateOfBirth: "1990-05-06", TownOfBirth: "Évora"},
		{ID: "other", FamilyName: "Costa Lima", GivenName: "Ana", DateOfBirth: "1990-05-06"},
	}}
	for _, tc := range []struct {
		name, row string
		accepts   int
		right     int
	}{
		{"right", "a,Costa,Rui,1990-05-06,placeOfBirth=Braga,Costa,Rui,1990-05-06,\"two records, one Braga\",ACCEPT,", 0, 1},
		{"somebody else", "a,Costa,Rui,1990-05-06,placeOfBirth=Braga,Costa,Rui,1990-05-06,\"two records, one Évora\",ACCEPT,", 1, 0},
		{"not to be accepted", "a,Costa Lima,Ana,1990-05-06,,Costa Lima,Ana,1990-05-06,,POSSIBLE,", 1, 0},
		{"found beside the pair", "a,Costa Lima,Ana,1990-05-06,,Costa Lima,Eva,1990-05-06,,REJECT,", 0, 1},
		{"not found", "a,Costa,Rui,1990-05-06,,Costa,Rui,1990-05-06,two records,ACCEPT,", 0, 0},
	} {
		pairs, err := evaluation.ReadPairs(strings.NewReader(head+tc.row+"\n"), "PT")
		if err != nil {
			t.Fatal(tc.name, err)
		}
		r := evaluation.Evaluate(matching.New(matching.Default(), "PT", nil), persons, pairs)
		if r.FalseAccepts != tc.accepts || r.Right != tc.right {
			t.Errorf("%s: %d false accepts, %d right: %+v", tc.name, r.FalseAccepts, r.Right, r.Results[0])
		}
	}
}
