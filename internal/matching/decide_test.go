package matching

import (
	"errors"
	"slices"
	"testing"

	"oots/edm"
)

// mirrored is a derived identifier that is easy to verify.
func mirrored(number, receiver string) (string, bool) {
	b := []byte(number + receiver)
	slices.Reverse(b)
	return string(b), number != "unknown"
}

// TestDecide are the cases of record-matching §10 in which several entries, identifiers or the state of an entry
// decide. The register is that of Greece.
func TestDecide(t *testing.T) {
	t.Parallel()
	const born = "1984-03-07"
	ana := func(more ...string) Person { return who("Rusu", "Ana", born, more...) }
	type entry struct {
		Person
		protected, deceased bool
	}
	linked, derived := []string{"linked: false", "linked: true"}, []string{"own: direct", "own: derived"}
	for _, tc := range []struct {
		name     string
		policy   []string // changes of the default
		request  Person
		id       string
		declared Person
		loa      edm.LoA // Substantial when empty
		entries  []entry
		outcome  Outcome
		found    string
		alert    bool
	}{
		{name: "nobody", request: ana(), outcome: None},
		{name: "15 namesakes", request: ana(), entries: []entry{{Person: ana()}, {Person: ana()}}, outcome: Several},
		{name: "15 namesakes of two places", request: ana("place=Iași"), entries: []entry{{Person: ana("place=Cluj")}, {Person: ana("place=Iasi")}}, outcome: One, found: "1"},
		{name: "15 the place of one is not known", request: ana("place=Iași"), entries: []entry{{Person: ana()}, {Person: ana("place=Iasi")}}, outcome: Several},
		{name: "15 the user says the place", request: ana(), declared: Person{PlaceOfBirth: "Iași"}, entries: []entry{{Person: ana("place=Cluj")}, {Person: ana("place=Iasi")}}, outcome: Several},
		{name: "15 the user knows her number", request: ana(), declared: Person{NationalNumbers: []string{"123-45"}}, entries: []entry{{Person: ana("number=99999")}, {Person: ana("number=12345")}}, outcome: One, found: "1"},
		{name: "15 one that is possible", request: ana(), entries: []entry{{Person: ana()}, {Person: who("Rusu", "Ana Maria", born)}}, outcome: Several},
		{name: "15 a part of the date is known of another", request: ana(), entries: []entry{{Person: ana()}, {Person: who("Rusu", "Ana", "1984")}}, outcome: Several},
		{name: "15 others are others", request: ana(), entries: []entry{{Person: who("Rusu", "Ioana", born)}, {Person: ana()}, {Person: who("Radu", "Petru", born)}}, outcome: One, found: "1"},
		{name: "19 deceased", request: ana(), entries: []entry{{Person: ana(), deceased: true}}, outcome: None, alert: true},
		{name: "20 protected", request: ana(), entries: []entry{{Person: ana(), protected: true}}, outcome: None},
		{name: "21 receiver-specific identifier of Austria", policy: linked, request: ana(), id: "AT/EL/abc", entries: []entry{{Person: ana("link=AT/EL/other")}}, outcome: One, found: "0"},
		{name: "21 receiver-specific identifier as a key", policy: linked, request: who("Rusu", "A", born), id: "NL/EL/abc", entries: []entry{{Person: who("Rusu", "Ana", born, "link=NL/EL/abc")}}, outcome: Several},
		{name: "22 own country", request: who("Rusu", "A", born), id: "EL/AT/555", entries: []entry{{Person: ana("number=555")}}, outcome: One, found: "0"},
		{name: "22 own country, spelled GR", request: who("Rusu", "A", born), id: "GR/AT/555", entries: []entry{{Person: ana("number=555")}}, outcome: One, found: "0"},
		{name: "22 tells twins apart", request: ana(), id: "EL/AT/555", entries: []entry{{Person: ana("number=444")}, {Person: ana("number=555")}}, outcome: One, found: "1"},
		{name: "22 needs no search for others", request: ana(), id: "EL/AT/555", entries: []entry{{Person: ana()}, {Person: ana("number=555")}}, outcome: One, found: "1"},
		{name: "22 two entries with one number", request: ana(), id: "EL/AT/555", entries: []entry{{Person: ana("number=555")}, {Person: ana("number=555")}}, outcome: Several},
		{name: "22 another number", request: ana(), id: "EL/AT/555", entries: []entry{{Person: ana("number=444")}}, outcome: None},
		{name: "22 the same number of another country", request: ana(), id: "BG/EL/555", entries: []entry{{Person: who("Radu", "Ana", born, "number=555")}}, outcome: None},
		{name: "22 low level of assurance", request: ana(), loa: edm.Low, id: "EL/AT/555", entries: []entry{{Person: ana("number=555")}}, outcome: Several},
		{name: "2 low level of assurance", request: ana(), loa: edm.Low, entries: []entry{{Person: ana()}}, outcome: Several},
		{name: "2 no level of assurance", request: ana(), loa: "?", entries: []entry{{Person: ana()}}, outcome: Several},
		{name: "23 number with another name", request: ana(), id: "EL/AT/555", entries: []entry{{Person: who("Radu", "Ana", born, "number=555")}}, outcome: None, alert: true},
		{name: "23 number with another given name", request: ana(), id: "EL/AT/555", entries: []entry{{Person: who("Rusu", "Mihai", born, "number=555")}}, outcome: None, alert: true},
		{name: "23 number with another date", request: ana(), id: "EL/AT/555", entries: []entry{{Person: who("Rusu", "Ana", "1985-03-07", "number=555")}}, outcome: None, alert: true},
		{name: "23 conflict beside a namesake", request: ana(), id: "EL/AT/555", entries: []entry{{Person: ana()}, {Person: who("Radu", "Mihai", born, "number=555")}}, outcome: None, alert: true},
		{name: "23 link with another name", policy: linked, request: ana(), id: "BG/EL/7", entries: []entry{{Person: who("Radu", "Ana", born, "link=BG/EL/7")}}, outcome: None, alert: true},
		{name: "linked", policy: linked, request: who("Rusu", "A", born), id: "BG/EL/7", entries: []entry{{Person: ana("link=BG/EL/7")}}, outcome: One, found: "0"},
		{name: "linked to two", policy: linked, request: ana(), id: "BG/EL/7", entries: []entry{{Person: ana("link=BG/EL/7")}, {Person: ana("link=BG/EL/7")}}, outcome: Several},
		{name: "links are not allowed", request: who("Rusu", "A", born), id: "BG/EL/7", entries: []entry{{Person: ana("link=BG/EL/7")}}, outcome: Several},
		{name: "derived, reproduced", policy: derived, request: ana(), id: "EL/AT/TA555", entries: []entry{{Person: ana("number=444")}, {Person: ana("number=555")}}, outcome: One, found: "1"},
		{name: "derived, of nobody", policy: derived, request: ana(), id: "EL/AT/TA555", entries: []entry{{Person: ana("number=444")}}, outcome: None},
		{name: "derived, not computable", policy: derived, request: ana(), id: "EL/AT/TA555", entries: []entry{{Person: ana("number=unknown")}}, outcome: One, found: "0"},
		{name: "user claims a former name", request: ana(), declared: Person{FormerFamilyNames: []string{"Radu"}}, entries: []entry{{Person: who("Radu", "Ana", born)}}, outcome: Several},
		{name: "user claims a former name and a place", request: ana(), declared: Person{FormerFamilyNames: []string{"Radu"}, PlaceOfBirth: "Iași"}, entries: []entry{{Person: who("Radu", "Ana", born, "place=Iași")}}, outcome: Several},
		{name: "user claims the number of another", request: ana(), declared: Person{NationalNumbers: []string{"555"}}, entries: []entry{{Person: who("Radu", "Mihai", born, "number=555")}}, outcome: None},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := Default()
			if tc.policy != nil {
				p = changed(t, tc.policy...)
			}
			m := New(p, "EL", mirrored)
			q := Query{Person: tc.request, Identifier: tc.id, Declared: tc.declared, LoA: tc.loa}
			if q.LoA == "" {
				q.LoA = edm.Substantial
			}
			var entries []Entry
			for i, e := range tc.entries {
				entries = append(entries, Entry{Person: e.Person, Key: string(rune('0' + i)), Protected: e.protected, Deceased: e.deceased})
			}
			d := m.Decide(&q, entries)
			if d.Outcome != tc.outcome || d.Key != tc.found || (d.Explanation.Alert != "") != tc.alert {
				t.Errorf("%s %q, alert %q: %+v", d.Outcome, d.Key, d.Explanation.Alert, d.Explanation.Candidates)
			}
			if d.Explanation.Outcome != d.Outcome || d.Explanation.Considered != len(entries) || d.Explanation.Policy != p.ID() {
				t.Errorf("explanation %+v", d.Explanation)
			}
			slices.Reverse(entries)
			if again := m.Decide(&q, entries); again.Outcome != d.Outcome || again.Key != d.Key {
				t.Errorf("in another order: %s %q", again.Outcome, again.Key)
			}
		})
	}
}

func TestDecideLegal(t *testing.T) {
	t.Parallel()
	company := func(name string, ids ...string) LegalPerson {
		p := LegalPerson{LegalName: name, Identifiers: map[string]string{}}
		for i := 0; i < len(ids); i += 2 {
			p.Identifiers[ids[i]] = ids[i+1]
		}
		return p
	}
	withNumber := company("Παράδειγμα Α.Ε.")
	withNumber.Number = "099999"
	for _, tc := range []struct {
		name    string
		request LegalPerson
		id      string
		entry   LegalPerson
		rule    string
		outcome Outcome
	}{
		{"24 EUID", company("Muster GmbH", "BusinessCode", "ATXX.123"), "", company("Muster GmbH", "BusinessCode", "ATXX.123"), "L3", One},
		{"24 number of the own register", company("Paradeigma A.E."), "EL/AT/099999", withNumber, "L3", One},
		{"24 another EUID", company("Muster GmbH", "BusinessCode", "ATXX.124"), "", company("Muster GmbH", "BusinessCode", "ATXX.123"), "L2", None},
		{"24 one identifier of two differs", company("Muster GmbH", "BusinessCode", "ATXX.123", "LEI", "1"), "", company("Muster GmbH", "BusinessCode", "ATXX.123", "LEI", "2"), "L2", None},
		{"24 identifier under another name", company("Anders GmbH", "BusinessCode", "ATXX.123"), "", company("Muster GmbH", "BusinessCode", "ATXX.123"), "L1", None},
		{"25 full stops", company("Ejemplo S.A.", "LEI", "9"), "", company("EJEMPLO SA", "LEI", "9"), "L3", One},
		{"25 long form", company("Muster Gesellschaft mit beschränkter Haftung", "LEI", "9"), "", company("Muster GmbH", "LEI", "9"), "L3", One},
		{"25 another form", company("Muster AG", "LEI", "9"), "", company("Muster GmbH", "LEI", "9"), "L3", One},
		{"25 name alone", company("Muster GmbH"), "", company("Muster GmbH"), "L4", Several},
		{"other scheme", company("Muster GmbH", "LEI", "9"), "", company("Muster GmbH", "EORI", "9"), "L4", Several},
		{"nothing", company(""), "", company(""), noRule, None},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := New(Default(), "EL", nil)
			d := m.DecideLegal(&LegalQuery{LegalPerson: tc.request, Identifier: tc.id, LoA: edm.High}, []LegalEntry{{LegalPerson: tc.entry, Key: "1"}})
			if d.Outcome != tc.outcome || d.Explanation.Candidates[0].Rule != tc.rule {
				t.Errorf("%s, %+v", d.Outcome, d.Explanation)
			}
		})
	}
}

// TestLegalForms tells forms apart that look alike.
func TestLegalForms(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b string
		want Grade
	}{
		{"Muster GmbH", "Muster Ges.m.b.H.", Agree},
		{"Exemple SA", "Exemple SARL", Part},
		{"Exemple", "Exemple SA", Part},
		{"Przykład Sp. z o.o.", "PRZYKLAD spółka z ograniczoną odpowiedzialnością", Agree},
		{"Paradeigma AE", "Παράδειγμα Ανώνυμη Εταιρεία", Agree},
		{"SA", "SA", Agree}, // a company may be called so
		{"Muster AG", "Mustermann AG", Disagree},
	} {
		if got := gradeLegalName(tc.a, tc.b); got != tc.want || gradeLegalName(tc.b, tc.a) != got {
			t.Errorf("%q and %q: %s", tc.a, tc.b, got)
		}
	}
}

func TestRepresented(t *testing.T) {
	t.Parallel()
	supported := changed(t, "representation: unsupported", "representation: supported")
	for _, tc := range []struct {
		name   string
		policy *Policy
		scope  string
		want   error
	}{
		{"26 not supported", Default(), "ALL", ErrRepresentation},
		{"27 another procedure", supported, "T1", ErrPower},
		{"27 among several", supported, "T1, U3", nil},
		{"all", supported, "ALL", nil},
		{"unknown scope", supported, "", ErrPower},
		{"the beginning of a code", supported, "U", ErrPower},
	} {
		if err := tc.policy.Represented(tc.scope, "U3"); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", tc.name, err)
		}
	}
}

// TestWithheld names the countries whose identifiers go nowhere.
func TestWithheld(t *testing.T) {
	t.Parallel()
	p := Default()
	for id, want := range map[string]bool{"AT/EL/1": true, "NL/EL/1": true, "LU/EL/1": true, "EL/AT/1": false, "": false, "AT": false} {
		if p.Withheld(id) != want {
			t.Errorf("%q: %v", id, !want)
		}
	}
}
