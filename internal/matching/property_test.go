package matching

import (
	"math/rand/v2"
	"strings"
	"testing"

	"oots/edm"
)

// draw makes persons out of a few names, so that they often agree in something.
type draw struct{ *rand.Rand }

func (d draw) one(of ...string) string { return of[d.IntN(len(of))] }

func (d draw) person() Person {
	p := who(
		d.one("Müller", "Mueller", "Muller", "van der Meer", "Meer", "García López", "García", "Nováková", "Novák", "Παπαδόπουλος", "Papadopoulos", "Цветков", "Tsvetkov", "O'Brien", "-", ""),
		d.one("Jan", "Jan Willem", "J", "Jana", "Eva", "Γεώργιος", "Georgios", "Giorgos", "Йордан", "Jordan", "-", ""),
		d.one("1984-03-07", "1984-07-03", "1984-03-08", "1984", "1984-03", "1984-00-00", "1997-02-29", ""),
	)
	p.PlaceOfBirth = d.one("", "", "Wien", "Vienna", "Lugo", "Frankfurt (Oder)", "Frankfurt")
	p.CountryOfBirth = d.one("", "", "EL", "GR", "YU", "HR")
	p.Gender = d.one("", "Male", "Female", "Unspecified")
	p.Address = d.one("", "Calle A 1", "Calle B 2")
	if d.IntN(3) == 0 {
		p.BirthName = d.one("Jan Novák", "García Eva", "Eva")
	}
	if d.IntN(3) == 0 {
		p.FormerFamilyNames = []string{d.one("Novák", "Müller", "Meer")}
	}
	if d.IntN(3) == 0 {
		p.Sector = map[string]string{"s": d.one("1", "2")}
	}
	if d.IntN(3) == 0 {
		p.NationalNumbers = []string{d.one("1", "2")}
	}
	return p
}

const draws = 5_000

// TestComparisonIsSymmetric: it does not matter which side says what.
func TestComparisonIsSymmetric(t *testing.T) {
	t.Parallel()
	m, d := New(Default(), "EL", nil), draw{rand.New(rand.NewPCG(1, 1))}
	for range draws {
		a, b := d.person(), d.person()
		q, r := Query{Person: a, LoA: edm.High}, Query{Person: b, LoA: edm.High}
		x, y := m.observe(m.query(&q), m.read(&b, nil, nil), &q), m.observe(m.query(&r), m.read(&a, nil, nil), &r)
		if x != y {
			t.Fatalf("%+v and %+v:\n%s\nthe other way:\n%s", a, b, &x, &y)
		}
	}
}

// TestNobodyOfAnotherDay: whatever else agrees, who was born on another day, or on a day that is not wholly known, is
// not found; and whoever is found has the key of a candidate.
func TestNobodyOfAnotherDay(t *testing.T) {
	t.Parallel()
	d := draw{rand.New(rand.NewPCG(2, 2))}
	m := New(changed(t, "linked: false", "linked: true", "dates: exact-only", "dates: register-partial-with-extras"), "EL", nil)
	outcomes := map[Outcome]int{}
	for range draws {
		q := Query{Person: d.person(), LoA: edm.High, Identifier: d.one("", "EL/AT/1", "EL/AT/2", "BG/EL/1"), Declared: Person{NationalNumbers: []string{d.one("1", "2")}}}
		entries := make([]Entry, d.IntN(4))
		for i := range entries {
			entries[i] = Entry{Person: d.person(), Key: string(rune('0' + i))}
			if d.IntN(2) == 0 { // nearly the one who is asked for
				born := entries[i].DateOfBirth
				entries[i].Person = q.Person
				entries[i].DateOfBirth = d.one(born, q.DateOfBirth)
				entries[i].NationalNumbers = []string{d.one("1", "2")}
			}
			entries[i].Links = []string{d.one("BG/EL/1", "BG/EL/2")}
		}
		got := m.Decide(&q, entries)
		outcomes[got.Outcome]++
		if got.Outcome != One {
			if got.Key != "" {
				t.Fatalf("%s with key %q", got.Outcome, got.Key)
			}
			continue
		}
		if e := entries[got.Key[0]-'0']; e.DateOfBirth != q.DateOfBirth || len(q.DateOfBirth) != len("1984-03-07") || q.DateOfBirth == "1997-02-29" {
			t.Fatalf("%+v is found for %+v", e.Person, q.Person)
		}
	}
	for _, o := range []Outcome{None, One, Several} {
		if outcomes[o] < draws/50 {
			t.Errorf("only %d of %d are %s: the draw shows nothing", outcomes[o], draws, o)
		}
	}
}

// TestAgreementNeverHurts: when an attribute of the entry is changed to that of the request, its class is not lower.
func TestAgreementNeverHurts(t *testing.T) {
	t.Parallel()
	d := draw{rand.New(rand.NewPCG(3, 3))}
	m := New(Default(), "EL", nil)
	class := func(q *Query, e *Person) (Class, string) {
		c := m.Decide(q, []Entry{{Person: *e, Key: "1"}}).Explanation.Candidates[0]
		return c.Class, c.Rule
	}
	copies := []struct {
		name string
		do   func(to, from *Person)
	}{
		{"date", func(to, from *Person) { to.DateOfBirth = from.DateOfBirth }},
		{"names", func(to, from *Person) {
			to.FamilyName, to.GivenName, to.BirthName, to.FormerFamilyNames = from.FamilyName, from.GivenName, from.BirthName, from.FormerFamilyNames
		}},
		{"place", func(to, from *Person) { to.PlaceOfBirth = from.PlaceOfBirth }},
		{"country", func(to, from *Person) { to.CountryOfBirth = from.CountryOfBirth }},
		{"address", func(to, from *Person) { to.Address = from.Address }},
		{"sector", func(to, from *Person) { to.Sector = from.Sector }},
	}
	for range draws {
		q, e := Query{Person: d.person(), LoA: edm.High}, d.person()
		before, rule := class(&q, &e)
		for _, c := range copies {
			better := e
			c.do(&better, &q.Person)
			if full, ok := parseBirthday(q.DateOfBirth); c.name == "date" && !(ok && full.full()) {
				continue // a date that is not known agrees with nothing
			}
			if len(parseName(q.FamilyName).words)+len(parseName(q.GivenName).words) == 0 {
				continue // so does nobody's name
			}
			if lost := c.name != "date" && silent(&q.Person, c.name); lost {
				continue // what the request does not say would be taken from the entry
			}
			if after, by := class(&q, &better); after.rank() < before.rank() {
				t.Fatalf("%s: %s by rule %s became %s by rule %s\n%+v\n%+v", c.name, before, rule, after, by, q.Person, e)
			}
		}
	}
}

func silent(p *Person, attribute string) bool {
	switch attribute {
	case "place":
		return p.PlaceOfBirth == ""
	case "country":
		return p.CountryOfBirth == ""
	case "address":
		return p.Address == ""
	case "sector":
		return p.Sector == nil
	}
	return false
}

// TestExplanationNamesNobody: no value of either side is in the explanation.
func TestExplanationNamesNobody(t *testing.T) {
	t.Parallel()
	p := who("Lindqvist", "Maja", "1984-03-07", "place=Umeå", "country=SE", "address=Storgatan 1", "sector=S-777", "number=555")
	q := Query{Person: p, Identifier: "EL/AT/555", LoA: edm.High, Declared: Person{NationalNumbers: []string{"555"}}}
	m := New(Default(), "EL", nil)
	d := m.Decide(&q, []Entry{{Person: p, Key: "key-1"}, {Person: who("Lindqvist", "Maja", "1984-03-07"), Key: "key-2"}})
	text := jsonOf(t, d.Explanation)
	for _, secret := range []string{"Lind", "lind", "Maja", "maja", "1984", "Ume", "SE\"", "Storg", "777", "555", "key-"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q is in %s", secret, text)
		}
	}
	for _, v := range []interface{ LogValue() slogValue }{p, Entry{Person: p}, q, LegalPerson{LegalName: "Lindqvist AB"}, LegalQuery{}, LegalEntry{}} {
		if s := v.LogValue().String(); strings.Contains(s, "Lind") {
			t.Errorf("logged as %s", s)
		}
	}
}
