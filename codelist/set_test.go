package codelist_test

import (
	"slices"
	"testing"

	"oots/codelist"
)

func TestNilSetIsBuiltIn(t *testing.T) {
	t.Parallel()
	var s *codelist.Set
	for _, l := range codelist.Lists() {
		if !slices.Equal(s.Codes(l), l.Codes()) || s.Version(l) != l.Version() {
			t.Errorf("%s differs", l)
		}
	}
	if !s.Has(codelist.EAS, "9914") || s.Has(codelist.EAS, "9901") || s.Label(codelist.Countries, "EL") != "Greece" {
		t.Error("look-ups differ")
	}
}

func TestSetWith(t *testing.T) {
	t.Parallel()
	var builtIn *codelist.Set
	s := builtIn.With(
		codelist.Edition{List: codelist.EAS, Version: "new", Rows: []codelist.Row{{Code: "0999", Label: "Moon"}}},
		codelist.Edition{List: codelist.NUTS, Version: "2024", Rows: []codelist.Row{{Code: "AT99"}}, Extends: true},
		codelist.Edition{List: codelist.Procedures, Version: "next", Rows: []codelist.Row{{Code: "Z1"}}},
		codelist.Edition{List: codelist.DocumentKinds, Version: "next", Rows: []codelist.Row{{Code: "MainEvidence"}, {Code: "Seal"}}},
	)
	for _, tc := range []struct {
		list codelist.List
		code string
		want bool
	}{
		{codelist.EAS, "0999", true},
		{codelist.EAS, "9914", false}, // replaced
		{codelist.EAS, "", false},
		{codelist.NUTS, "AT99", true},
		{codelist.NUTS, "AT13", true}, // extended
		{codelist.NUTS, "AT13 AT21", false},
		{codelist.Procedures, "Z1", true},
		{codelist.Procedures, "T3", false},
		{codelist.Procedures, "00", true}, // no list has it
		{codelist.AssociatedKinds, "Seal", true},
		{codelist.AssociatedKinds, "MainEvidence", false},
		{codelist.AssociatedKinds, "Annex", false},
		{codelist.Languages, "EN", true}, // untouched
	} {
		if got := s.Has(tc.list, tc.code); got != tc.want {
			t.Errorf("%s has %q: %v, want %v", tc.list, tc.code, got, tc.want)
		}
	}
	if s.Label(codelist.EAS, "0999") != "Moon" || s.Version(codelist.NUTS) != "2024" {
		t.Error("label or version lost")
	}
	if codelist.EAS.Has("0999") || builtIn.Has(codelist.EAS, "0999") {
		t.Error("the list that is built in has changed")
	}
	again := s.With(codelist.Edition{List: codelist.EAS, Version: "newer", Rows: []codelist.Row{{Code: "0999", Label: "Mars"}}, Extends: true})
	if again.Label(codelist.EAS, "0999") != "Mars" || s.Label(codelist.EAS, "0999") != "Moon" || !again.Has(codelist.NUTS, "AT99") {
		t.Error("a set is not kept, or its lists are not carried over")
	}
}
