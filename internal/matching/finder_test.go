package matching

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"reflect"
	"slices"
	"testing"
	"time"

	"oots/edm"
)

type slogValue = slog.Value

func jsonOf(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// book is a register that a clerk could write: it looks through all its entries, and takes its time.
type book struct {
	entries []Entry
	takes   time.Duration
	now     *time.Time
	err     error
}

func (b book) Candidates(_ context.Context, want Blocks) ([]Entry, error) {
	*b.now = b.now.Add(b.takes)
	var out []Entry
	for i := range b.entries {
		if k := KeysOf(&b.entries[i]); want.Share(&k) {
			out = append(out, b.entries[i])
		}
	}
	return out, b.err
}

// TestFinderAnswersAlike: nobody, several, a protected entry and a conflict of identities take the same time.
func TestFinderAnswersAlike(t *testing.T) {
	t.Parallel()
	const born = "1984-03-07"
	person := edm.Person{FamilyName: "Rusu", GivenName: "Ana", DateOfBirth: born, Identifier: "EL/AT/5", LoA: edm.High}
	out := errors.New("out of order")
	for _, tc := range []struct {
		name    string
		entries []Entry
		takes   time.Duration
		fails   error
		want    error
		lasts   time.Duration
	}{
		{name: "found", entries: []Entry{{Person: who("Rusu", "Ana", born), Key: "1"}}, takes: 3 * time.Millisecond, lasts: 3 * time.Millisecond},
		{name: "nobody", takes: time.Millisecond, want: ErrNoPerson, lasts: 400 * time.Millisecond},
		{name: "several", entries: []Entry{{Person: who("Rusu", "Ana", born)}, {Person: who("Rusu", "Ana", born)}}, takes: 30 * time.Millisecond, want: ErrSeveralPersons, lasts: 400 * time.Millisecond},
		{name: "protected", entries: []Entry{{Person: who("Rusu", "Ana", born), Protected: true}}, takes: 20 * time.Millisecond, want: ErrNoPerson, lasts: 400 * time.Millisecond},
		{name: "conflict", entries: []Entry{{Person: who("Rusu", "Mihai", born, "number=5")}}, takes: 20 * time.Millisecond, want: ErrNoPerson, lasts: 400 * time.Millisecond},
		{name: "slow register", takes: 500 * time.Millisecond, want: ErrNoPerson, lasts: 500 * time.Millisecond},
		{name: "register fails", takes: time.Millisecond, fails: out, want: out, lasts: time.Millisecond},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			start := time.Date(2026, 9, 14, 8, 0, 0, 0, time.UTC)
			now := start
			explained := 0
			f := Finder[string]{
				Matcher:  New(Default(), "EL", nil),
				Register: book{tc.entries, tc.takes, &now, tc.fails},
				Records: func(_ context.Context, key, kind string, languages []string) ([]string, error) {
					return append([]string{key, kind}, languages...), nil
				},
				Now:       func() time.Time { return now },
				Wait:      func(_ context.Context, d time.Duration) error { now = now.Add(d); return nil },
				Explained: func(_ context.Context, x Explanation) { explained++ },
			}
			got, err := f.Find(t.Context(), person, "birth", []string{"EL"})
			if !errors.Is(err, tc.want) {
				t.Errorf("error %v", err)
			}
			if tc.want == nil && !slices.Equal(got, []string{"1", "birth", "EL"}) || tc.want != nil && got != nil {
				t.Errorf("records %v", got)
			}
			if d := now.Sub(start); d != tc.lasts {
				t.Errorf("took %v, want %v", d, tc.lasts)
			}
			if want := 1; tc.fails == nil && explained != want {
				t.Errorf("explained %d times", explained)
			}
		})
	}
}

// TestFinderStopsWaiting: the time limit of who asks holds.
func TestFinderStopsWaiting(t *testing.T) {
	t.Parallel()
	now := time.Now()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	f := Finder[string]{Matcher: New(Default(), "EL", nil), Register: book{now: &now}, Now: func() time.Time { return now }, Wait: Sleep}
	if _, err := f.Find(ctx, edm.Person{}, "", nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestQueryOf(t *testing.T) {
	t.Parallel()
	q := QueryOf(edm.Person{
		FamilyName: "Rusu", GivenName: "Ana", DateOfBirth: "1984-03-07", TownOfBirth: "Iași", PlaceOfBirth: "Moldova", Identifier: "RO/EL/1",
		CurrentAddress: &edm.Address{PostCode: "700", Thoroughfare: "Strada A", LocatorDesignator: "1", FullAddress: "x"},
		Attributes:     []edm.SectorAttribute{{URI: "urn:example:student", Value: "S1"}, {Name: "no scheme", Value: "2"}}, LoA: edm.High,
	})
	if q.PlaceOfBirth != "Iași" || q.Address != "700 Strada A 1" || len(q.Sector) != 1 || q.Sector["urn:example:student"] != "S1" || q.Identifier != "RO/EL/1" || q.LoA != edm.High {
		t.Errorf("%+v", q.Sector)
	}
}

// TestQueryDeclares takes what the user typed only under the URIs of the policy.
func TestQueryDeclares(t *testing.T) {
	t.Parallel()
	p := changed(t, "userAttributes: {}", `userAttributes: {"urn:example:number": nationalNumber, "urn:example:town": placeOfBirth, "urn:example:name": formerFamilyName}`)
	q := New(p, "EL", nil).Query(edm.Person{FamilyName: "Rusu", UserAttributes: []edm.UserAttribute{
		{URI: "urn:example:number", Value: "12"}, {URI: "urn:example:town", Value: "Iași"}, {URI: "urn:example:name", Value: "Radu"},
		{URI: "urn:example:other", Value: "x"}, {URI: "urn:example:number", Value: ""},
	}})
	want := Person{NationalNumbers: []string{"12"}, PlaceOfBirth: "Iași", FormerFamilyNames: []string{"Radu"}}
	if !reflect.DeepEqual(q.Declared, want) || q.PlaceOfBirth != "" || q.NationalNumbers != nil {
		t.Errorf("%d declared", len(q.Declared.NationalNumbers))
	}
}

// companies is a register of legal persons.
type companies []LegalEntry

func (c companies) LegalCandidates(_ context.Context, want LegalBlocks) ([]LegalEntry, error) {
	var out []LegalEntry
	for i := range c {
		if k := LegalKeysOf(&c[i]); want.Share(&k) {
			out = append(out, c[i])
		}
	}
	return out, nil
}

func TestFindLegal(t *testing.T) {
	t.Parallel()
	f := Finder[string]{Matcher: New(Default(), "EL", nil), Records: func(_ context.Context, key, _ string, _ []string) ([]string, error) {
		return []string{key}, nil
	}}
	lei := func(value string) []edm.Identifier { return []edm.Identifier{{Scheme: "LEI", Value: value}} }
	f.Legal = companies{
		{LegalPerson: LegalPerson{LegalName: "Παράδειγμα Α.Ε.", Number: "0999"}, Key: "number"},
		{LegalPerson: LegalPerson{LegalName: "Muster GmbH", Identifiers: map[string]string{"LEI": "5299"}}, Key: "lei"},
		{LegalPerson: LegalPerson{LegalName: "Muster GmbH", Identifiers: map[string]string{"LEI": "5300"}}, Key: "hidden", Protected: true},
	}
	for _, tc := range []struct {
		name string
		p    edm.LegalPerson
		want string
		err  error
	}{
		{"number of the own register", edm.LegalPerson{LegalName: "Paradeigma AE", EIDASIdentifier: "EL/AT/0999", LoA: edm.High}, "number", nil},
		{"LEI", edm.LegalPerson{LegalName: "MUSTER Ges.m.b.H.", EIDASIdentifier: "AT/EL/1", Identifiers: lei("5299"), LoA: edm.High}, "lei", nil},
		{"protected", edm.LegalPerson{LegalName: "Muster GmbH", Identifiers: lei("5300"), LoA: edm.High}, "", ErrNoPerson},
		{"name alone", edm.LegalPerson{LegalName: "Muster GmbH", EIDASIdentifier: "AT/EL/1", LoA: edm.High}, "", ErrNoPerson},
		{"another name", edm.LegalPerson{LegalName: "Anders GmbH", Identifiers: lei("5299"), LoA: edm.High}, "", ErrNoPerson},
	} {
		got, err := f.FindLegal(t.Context(), tc.p, "company", nil)
		if !errors.Is(err, tc.err) || err == nil && got[0] != tc.want {
			t.Errorf("%s: %v, %v", tc.name, got, err)
		}
	}
	f.Legal = nil
	if _, err := f.FindLegal(t.Context(), edm.LegalPerson{Identifiers: lei("5299")}, "company", nil); !errors.Is(err, ErrNoPerson) {
		t.Errorf("without a register: %v", err)
	}
}
