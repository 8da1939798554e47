package directory

import (
	"errors"
	"strings"
	"testing"
)

// TestCovers is the table of territory cover. [TDD 3.2.4]
func TestCovers(t *testing.T) {
	country, berlin := Jurisdiction{Country: "DE"}, Jurisdiction{Country: "DE", Region: "DE3"}
	district, town := Jurisdiction{Country: "DE", Region: "DE300"}, Jurisdiction{Country: "DE", Municipality: "11000000"}
	for _, tc := range []struct {
		name                 string
		record               Jurisdiction
		region, municipality string
		want                 bool
	}{
		{"a country covers a region", country, "DE3", "", true},
		{"a country covers a municipality", country, "", "11000000", true},
		{"a region covers itself", berlin, "DE3", "", true},
		{"a region covers its parts", berlin, "DE300", "", true},
		{"a part does not cover its region", district, "DE3", "", false},
		{"a region does not cover another", berlin, "DE6", "", false},
		{"a region and a municipality are not related", berlin, "", "11000000", false},
		{"the upper level decides when both are given", berlin, "DE3", "11000000", true},
		{"a municipality covers itself", town, "", "11000000", true},
		{"a municipality does not cover another", town, "", "02000000", false},
		{"a municipality does not cover a region", town, "DE3", "", false},
		{"nothing asked is covered by all", town, "", "", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := tc.record.Covers(tc.region, tc.municipality); got != tc.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

// regional is a catalogue of 1.x: a framework of one region, a list whose types are of different regions.
func regional() *Catalogue {
	in := func(region string) []Jurisdiction { return []Jurisdiction{{Country: "DE", Region: region}} }
	f := framework("1", "DE", "T2")
	f.Jurisdiction.Region = "DEF"
	l := list("1", "DE", diploma)
	l.Types = []EvidenceType{{Classification: diploma, Jurisdictions: in("DE3")}, {Classification: birth, Jurisdictions: append(in("DE3"), in("DE6")...)}}
	return &Catalogue{Requirements: []Requirement{{ID: reqA, Frameworks: []ReferenceFramework{f, framework("2", "DE", "T2"), framework("3", "AT", "T2")},
		Lists: []EvidenceTypeList{l, list("2", "DE", diploma), list("3", "DE", "")}}}}
}

func TestRequirementsOfRegion(t *testing.T) {
	x := NewIndex(regional())
	for _, tc := range []struct {
		query RequirementQuery
		want  int // frameworks
	}{
		{RequirementQuery{Country: "DE"}, 2},
		{RequirementQuery{Country: "DE", Region: "DEF0A"}, 2},
		{RequirementQuery{Country: "DE", Region: "DE3"}, 1},
		{RequirementQuery{Country: "DE", Municipality: "11000000"}, 1},
		{RequirementQuery{Country: "DE", Region: "DEF", Procedure: "T2"}, 2},
		{RequirementQuery{Country: "DE", Region: "DEF", Procedure: "T3"}, 0},
	} {
		rs, err := x.Requirements(tc.query)
		got := 0
		for _, r := range rs {
			got += len(r.Frameworks)
		}
		if got != tc.want || (err != nil) != (tc.want == 0) {
			t.Errorf("%+v: %d frameworks, %v", tc.query, got, err)
		}
	}
}

// TestEvidenceTypesOfRegion: a list is kept when all its types reach the place; one without types is told in
// 2.0 only, where levels mean nothing.
func TestEvidenceTypesOfRegion(t *testing.T) {
	x := NewIndex(regional())
	for _, tc := range []struct {
		version Version
		region  string
		want    string
	}{
		{V12, "", "1 2"}, {V10, "DE300", "1 2"}, {V10, "DE6", "2"}, {V20, "", "1 2 3"},
	} {
		r, err := x.EvidenceTypes(Line{Version: tc.version}, EvidenceTypeQuery{Requirement: reqA, Country: "DE", Region: tc.region})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range r.Lists {
			got = append(got, l.ID[len(l.ID)-1:])
		}
		if s := strings.Join(got, " "); s != tc.want {
			t.Errorf("%s in %q: lists %s, want %s", tc.version, tc.region, s, tc.want)
		}
	}
	only := regional()
	only.Requirements[0].Lists = only.Requirements[0].Lists[2:]
	_, err := NewIndex(only).EvidenceTypes(Line{Version: V12}, EvidenceTypeQuery{Requirement: reqA, Country: "DE"})
	wantRefusal(t, err, "EB:ERR:0001")
}

const (
	birthPlace = "5ce148b9-5578-4049-aecf-af7bb55714b5"
	homePlace  = "6ce148b9-5578-4049-aecf-af7bb55714b6"
)

// twoCities are two providers told apart by a territory question of the level.
func twoCities(level string) *Catalogue {
	berlin, hamburg := service("1", "DE", "BER"), service("2", "DE", "HAM")
	berlin.Publisher.Jurisdiction = Jurisdiction{Country: "DE", Region: "DE3"}
	hamburg.Publisher.Jurisdiction = Jurisdiction{Country: "DE", Region: "DE6"}
	if level == LevelLAU {
		berlin.Publisher.Jurisdiction = Jurisdiction{Country: "DE", Municipality: "11000000"}
		hamburg.Publisher.Jurisdiction = Jurisdiction{Country: "DE", Municipality: "02000000"}
	}
	berlin.Determination = &Determination{ContextID: birthPlace, Contexts: en("Place of birth"), Level: level}
	hamburg.Determination = berlin.Determination
	return &Catalogue{Services: []DataService{berlin, hamburg}}
}

// TestTerritoryDialogue is the dialogue of 1.x on the territory. [TDD 3.1.4]
func TestTerritoryDialogue(t *testing.T) {
	const record = "d0000000-0000-4000-8000-000000000001"
	for _, tc := range []struct {
		name    string
		version Version
		level   string
		query   DataServiceQuery
		want    string // publishers, "?" for a question, or the code
	}{
		{"no answer asks", V10, LevelLAU, DataServiceQuery{}, "?"},
		{"context alone asks again", V11, LevelLAU, DataServiceQuery{ContextID: birthPlace}, "?"},
		{"place without context asks", V11, LevelLAU, DataServiceQuery{Municipality: "11000000"}, "?"},
		{"a municipality chooses", V10, LevelLAU, DataServiceQuery{EvidenceTypeID: record, ContextID: birthPlace, Municipality: "11000000"}, "BER"},
		{"the record is not what chooses", V10, LevelLAU, DataServiceQuery{EvidenceTypeID: record, ContextID: birthPlace, Municipality: "02000000"}, "HAM"},
		{"context compares without case", V12, LevelLAU, DataServiceQuery{ContextID: strings.ToUpper(birthPlace), Municipality: "02000000"}, "HAM"},
		{"a municipality nobody serves", V10, LevelLAU, DataServiceQuery{ContextID: birthPlace, Municipality: "99000000"}, "DSD:ERR:0001"},
		{"a region for a municipality", V10, LevelLAU, DataServiceQuery{ContextID: birthPlace, Region: "DE3"}, "DSD:ERR:0006"},
		{"a region chooses", V12, LevelNUTS1, DataServiceQuery{ContextID: birthPlace, Region: "DE6"}, "HAM"},
		{"a part of a region chooses", V12, LevelNUTS1, DataServiceQuery{ContextID: birthPlace, Region: "DE600"}, "HAM"},
		{"a region too large", V12, LevelNUTS3, DataServiceQuery{ContextID: birthPlace, Region: "DE6"}, "DSD:ERR:0006"},
		{"a municipality for a region", V12, LevelNUTS1, DataServiceQuery{ContextID: birthPlace, Municipality: "02000000"}, "DSD:ERR:0006"},
		{"both levels", V12, LevelNUTS1, DataServiceQuery{ContextID: birthPlace, Region: "DE6", Municipality: "02000000"}, "DSD:ERR:0006"},
		{"no code of NUTS", V12, LevelNUTS1, DataServiceQuery{ContextID: birthPlace, Region: "DEY"}, "DSD:ERR:0006"},
		{"a region of another country", V12, LevelNUTS1, DataServiceQuery{ContextID: birthPlace, Region: "AT1"}, "DSD:ERR:0006"},
		{"the country is enough", V12, LevelCountry, DataServiceQuery{ContextID: birthPlace}, "BER HAM"},
		{"context of nobody", V12, LevelLAU, DataServiceQuery{ContextID: homePlace, Municipality: "11000000"}, "DSD:ERR:0006"},
		{"record of nobody", V11, LevelLAU, DataServiceQuery{EvidenceTypeID: homePlace}, "DSD:ERR:0006"},
		{"in 1.2 the record means nothing", V12, LevelLAU, DataServiceQuery{EvidenceTypeID: homePlace}, "?"},
		{"in 2.0 there is no such question", V20, LevelLAU, DataServiceQuery{}, "BER HAM"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			tc.query.Classification, tc.query.Country = diploma, "DE"
			got, err := NewIndex(twoCities(tc.level)).DataServices(Line{Version: tc.version}, tc.query)
			if s := outcome(t, got, err); s != tc.want {
				t.Errorf("got %s, want %s", s, tc.want)
			}
		})
	}
}

// outcome is the publishers of a selection, "?" for a question on birthPlace, or the code of a refusal.
func outcome(t *testing.T, ds []DataService, err error) string {
	t.Helper()
	var q *Question
	var r *Refusal
	switch {
	case errors.As(err, &q):
		if q.Determination == nil || q.Determination.ContextID != birthPlace || q.ID == "" {
			t.Errorf("asks %+v of record %q", q.Determination, q.ID)
		}
		return "?"
	case errors.As(err, &r):
		return r.Code
	case err != nil:
		t.Fatal(err)
	}
	var names []string
	for i := range ds {
		names = append(names, ds[i].Publisher.ID.Value)
	}
	return strings.Join(names, " ")
}

// TestTwoTerritories: of two contexts the lower is asked, and records with the other are candidates for every
// place.
func TestTwoTerritories(t *testing.T) {
	c := twoCities(LevelLAU)
	c.Services[1].Determination = &Determination{ContextID: homePlace, Contexts: en("Home"), Level: LevelLAU}
	x, q := NewIndex(c), DataServiceQuery{Classification: diploma, Country: "DE"}
	got, err := x.DataServices(Line{Version: V12}, q)
	if s := outcome(t, got, err); s != "?" {
		t.Fatal(s)
	}
	q.ContextID, q.Municipality = birthPlace, "11000000"
	got, err = x.DataServices(Line{Version: V12}, q)
	if s := outcome(t, got, err); s != "BER HAM" {
		t.Error(s)
	}
}

// TestPlainHostIsAskedBack: what a line writes, it finds again, and what it does not write it does not find.
func TestPlainHostIsAskedBack(t *testing.T) {
	acceptance := strings.Replace(reqA, "https://sr.", "https://sr.acc.", 1)
	c := catalogue()
	c.Requirements[0].ID = acceptance
	x := NewIndex(&c)
	for _, tc := range []struct {
		line Line
		id   string
		code string
	}{
		{Line{Version: V10, PlainHost: true}, reqA, ""},
		{Line{Version: V10, PlainHost: true}, acceptance, "EB:ERR:0002"},
		{Line{Version: V20, PlainHost: true}, acceptance, ""},
		{Line{Version: V20, PlainHost: true}, reqA, "EB:ERR:0002"},
		{Line{Version: V10}, acceptance, ""},
	} {
		_, err := x.EvidenceTypes(tc.line, EvidenceTypeQuery{Requirement: tc.id})
		wantRefusal(t, err, tc.code)
	}
}
