package matching

import (
	"strings"
	"testing"
	"time"

	"oots/edm"
)

// TestDefaultPolicy proves the default: the embedded text is read and sound.
func TestDefaultPolicy(t *testing.T) {
	t.Parallel()
	p, err := ReadPolicy(strings.NewReader(string(DefaultText())))
	if err != nil {
		t.Fatal(err)
	}
	if p.ID() != Default().ID() || !strings.HasPrefix(p.ID(), "default-1/") {
		t.Errorf("ID %q, and %q", p.ID(), Default().ID())
	}
	if p.Dates != exactOnly || p.Latency != 400*time.Millisecond || p.Identifiers.Linked {
		t.Errorf("dates %q, latency %v, linked %v", p.Dates, p.Latency, p.Identifiers.Linked)
	}
}

// TestReadPolicy refuses what would not do what its author thinks, and what would give evidence to strangers.
func TestReadPolicy(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		old, new string
		want     string // part of the error
	}{
		{"unknown field", "minimumLoA:", "minimumLOA:", "field minimumLOA not found"},
		{"unknown condition", "givenName: [initial]", "firstName: [initial]", "field firstName not found"},
		{"unknown grade", "givenName: [initial]", "givenName: [nickname]", `there is no grade "nickname"`},
		{"unknown attribute", "strong: [placeOfBirth,", "strong: [height,", `there is no attribute "height"`},
		{"unknown class", "class: POSSIBLE", "class: MAYBE", `"MAYBE" is none of`},
		{"unknown level", "minimumLoA: Substantial", "minimumLoA: Medium", `"Medium" is none of`},
		{"unknown dates", "dates: exact-only", "dates: any", `"any" is none of`},
		{"a number twice", `rule: "8.2"`, `rule: "8.1"`, "no number of its own"},
		{"no version", "version: default-1", `version: ""`, "must have one"},
		{"a second document", "version: default-1", "version: x\n---\nversion: default-1", "policy:"},
		{"accepts a part of a date", "when: {dateOfBirth: [partial], familyName: [agree, close], givenName: [agree, close]}\n    class: POSSIBLE", "when: {dateOfBirth: [partial], familyName: [agree, close], givenName: [agree, close]}\n    class: ACCEPT", "the date of birth does not agree"},
		{"accepts exchanged day and month", "givenName: [agree, close]}\n    class: POSSIBLE\n  - rule: \"8\"", "givenName: [agree, close]}\n    class: ACCEPT\n  - rule: \"8\"", "the date of birth does not agree"},
		{"accepts another day", "when: {dateOfBirth: [disagree, missing, partial, swapped]}\n    class: REJECT", "when: {dateOfBirth: [disagree, missing, partial, swapped]}\n    class: ACCEPT", "the date of birth does not agree"},
		{"accepts two identifiers", "when: {identifier: [disagree]}\n    class: REJECT", "when: {identifier: [disagree], dateOfBirth: [agree]}\n    class: ACCEPT", "the identifiers contradict"},
		{"accepts close given names", "when: {dateOfBirth: [agree], familyName: [agree, close], givenName: [agree, close]}\n    class: POSSIBLE\n    ask: true", "when: {dateOfBirth: [agree], familyName: [agree, close], givenName: [agree, close]}\n    class: ACCEPT", "may be those of twins"},
		{"holds agreement against a person", "when: {familyName: [agree], givenName: [agree], extraDisagrees: true}\n    class: POSSIBLE\n    ask: true", "when: {familyName: [agree], givenName: [agree]}\n    class: REJECT", "less when more agrees"},
		{"accepts companies by name", "when: {legalName: [agree, close]}\n    class: POSSIBLE", "when: {legalName: [agree, close]}\n    class: ACCEPT", "accepts a legal person"},
		{"accepts and asks", "class: ACCEPT", "class: ACCEPT\n    ask: true", "neither asks nor alerts"},
		{"personal and not strong", "personal: [sectorIdentifier,", "personal: [gender,", "not among extras.strong"},
		{"latency", "minimumLatency: 400ms", "minimumLatency: 400h", "not between 0 and a minute"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p, err := ReadPolicy(strings.NewReader(edited(t, tc.old, tc.new)))
			switch {
			case tc.want == "" && err != nil:
				t.Errorf("refused: %v", err)
			case tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want)):
				t.Errorf("error %v, want %q", err, tc.want)
			case err != nil && p != nil:
				t.Error("a policy beside an error")
			}
		})
	}
}

// TestPartialDates asks where the policy says so, and accepts in no case.
func TestPartialDates(t *testing.T) {
	t.Parallel()
	q := Query{Person: who("Rusu", "Ana", "1944-01-01", "place=Iași", "country=RO"), LoA: "High"}
	e := []Entry{{Person: who("Rusu", "Ana", "1944", "place=Iași", "country=RO")}}
	if d := New(Default(), "EL", nil).Decide(&q, e); d.Outcome != Several || d.Ask {
		t.Errorf("exact-only: %+v", d)
	}
	p := changed(t, "dates: exact-only", "dates: register-partial-with-extras")
	if d := New(p, "EL", nil).Decide(&q, e); d.Outcome != Several || !d.Ask || d.Explanation.Candidates[0].Rule != "7" {
		t.Errorf("register-partial-with-extras: %+v", d)
	}
}

// TestGuard: even a policy that was never proved accepts nobody of another day.
func TestGuard(t *testing.T) {
	t.Parallel()
	p, err := decodePolicy([]byte(edited(t, `rule: "8"`+"\n    text: Born on another day, or nobody knows when.\n    when: {dateOfBirth: [disagree, missing, partial, swapped]}\n    class: REJECT", `rule: "8"`+"\n    when: {dateOfBirth: [disagree]}\n    class: ACCEPT")))
	if err != nil {
		t.Fatal(err)
	}
	q := Query{Person: who("Rusu", "Ana", "1984-03-07"), LoA: edm.High}
	d := New(p, "EL", nil).Decide(&q, []Entry{{Person: who("Rusu", "Ana", "1985-03-07"), Key: "1"}})
	if d.Outcome != Several || d.Explanation.Candidates[0].Rule != "8" {
		t.Errorf("%+v", d)
	}
}

// TestVariants takes a variant that the policy names for close.
func TestVariants(t *testing.T) {
	t.Parallel()
	p := changed(t, "givenNameVariants: []", "givenNameVariants: [[Hans, Johannes]]")
	q := Query{Person: who("Bauer", "Hans", "1984-03-07", "place=Linz"), LoA: "High"}
	e := []Entry{{Person: who("Bauer", "Johannes", "1984-03-07", "place=Linz"), Key: "1"}}
	if d := New(p, "AT", nil).Decide(&q, e); d.Outcome != One || d.Explanation.Rule != "3" {
		t.Errorf("%+v", d)
	}
	if d := New(Default(), "AT", nil).Decide(&q, e); d.Outcome != None {
		t.Errorf("by default: %+v", d)
	}
}

func FuzzReadPolicy(f *testing.F) {
	f.Add(string(DefaultText()))
	f.Add("version: x")
	f.Add("rules: [{rule: a, class: ACCEPT}]")
	f.Add("a: &a [*a]")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := decodePolicy([]byte(s)) // the proof is too slow for this
		if (p == nil) == (err == nil) {
			t.Fatalf("policy %v beside error %v", p, err)
		}
		if err != nil {
			return
		}
		e := who("Rusu", "Ana", "1984-03-07", "number=1")
		d := New(p, "EL", nil).Decide(&Query{Person: e, Identifier: "EL/AT/1", LoA: edm.High}, []Entry{{Person: e, Key: "1"}})
		if d.Explanation.Policy != p.ID() || (d.Outcome == One) != (d.Key == "1") {
			t.Errorf("%+v", d)
		}
	})
}
