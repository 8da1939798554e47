package provider_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"oots/edm"
	"oots/internal/clock"
	"oots/internal/login"
	"oots/internal/provider"
)

// everybody is a register with two diplomas of any subject.
type everybody struct{}

func (everybody) Find(context.Context, provider.Subject, string, []string) ([]provider.Record, error) {
	return records(edm.Person{})
}

func olives() *edm.LegalPerson {
	return &edm.LegalPerson{LoA: edm.High, EIDASIdentifier: "EL/AT/DEMO50000", LegalName: "Aegean Olives"}
}

func TestSubjectsServed(t *testing.T) {
	t.Parallel()
	actFor := func(scope string) func(*edm.Request) {
		return func(q *edm.Request) {
			q.Representative = &edm.Person{LoA: edm.High, FamilyName: "Oikonomou", GivenName: "Nikos", DateOfBirth: "1990-11-02"}
			q.RepresentativePowerScope = scope
		}
	}
	company := func(q *edm.Request) { q.NaturalPerson, q.LegalPerson = nil, olives() }
	twoActFor := func(hers, theirs string) func(*edm.Request) {
		return func(q *edm.Request) {
			actFor(hers)(q)
			q.RepresentativeLegal = &edm.LegalPerson{LoA: edm.High, EIDASIdentifier: "EL/AT/DEMO50001", LegalName: "Demo Agents"}
			if theirs != "" {
				const name = "PowerOfRepresentationScope"
				q.RepresentativeLegal.Attributes = []edm.SectorAttribute{{Name: name, URI: "http://data.europa.eu/p4s/attributes/" + name, Value: theirs}}
			}
		}
	}
	const all = provider.NaturalPersons | provider.LegalPersons | provider.Represented
	for _, tc := range []struct {
		name   string
		serves provider.Subjects
		edit   func(*edm.Request)
		code   edm.Code // "" for a preview link
		detail string
	}{
		{"people by default", 0, func(*edm.Request) {}, "", ""},
		{"no company by default", 0, company, edm.UnsupportedCapability, "this kind of subject is not served"},
		{"no representation by default", 0, actFor("T3"), edm.UnsupportedCapability, "this kind of subject is not served"},
		{"companies only", provider.LegalPersons, func(*edm.Request) {}, edm.UnsupportedCapability, "this kind of subject is not served"},
		{"company", all, company, "", ""},
		{"represented", all, actFor("T3"), "", ""},
		{"represented in several procedures", all, actFor("X1,T3"), "", ""},
		{"mandate of another procedure", all, actFor("X1"), edm.MissingAuthorization, "the mandate does not cover the procedure"},
		{"no mandate", all, actFor(""), edm.MissingAuthorization, "the mandate does not cover the procedure"},
		{"two act by one mandate", all, twoActFor("T3", ""), "", ""},
		{"two act by a mandate each", all, twoActFor("T3", "T1,T3"), "", ""},
		{"two act, the company without a right to", all, twoActFor("T3", "X1"), edm.MissingAuthorization, "the mandate does not cover the procedure"},
		{"two act, the person without a right to", all, twoActFor("X1", "T3"), edm.MissingAuthorization, "the mandate does not cover the procedure"},
		{"weak representative", all, func(q *edm.Request) { actFor("T3")(q); q.Representative.LoA = edm.Low }, edm.MissingAuthorization, "level of assurance is below Substantial"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, everybody{}, func(s *provider.Settings) { s.Services[0].Subjects = tc.serves })
			q := goodRequest()
			tc.edit(q)
			d.receive(d.envelope(q))
			if tc.code != "" {
				d.wantCode(tc.code, tc.detail)
				return
			}
			if _, x := d.answer(); x == nil || x.PreviewRequired() == nil {
				t.Errorf("no preview link\n%s", &d.log)
			}
		})
	}
}

// TestWhoComesBack compares who acted in the request with who logs in at the preview space.
func TestWhoComesBack(t *testing.T) {
	t.Parallel()
	her := *goodRequest().NaturalPerson
	child := edm.Person{LoA: edm.High, FamilyName: "Papadopoulou", GivenName: "Danae", DateOfBirth: "2015-05-05"}
	weak := her
	weak.LoA = edm.Low
	renamed := olives()
	renamed.LegalName, renamed.EIDASIdentifier = "Aegean Oils", "EL/EL/DEMO50000"
	other := olives()
	other.EIDASIdentifier = "EL/AT/DEMO59999"
	bare := &edm.LegalPerson{LoA: edm.High, LegalName: "Aegean Olives"}
	act := func(q *edm.Request) {
		q.NaturalPerson, q.Representative, q.RepresentativePowerScope = &child, &her, "T3"
	}
	company := func(q *edm.Request) { q.NaturalPerson, q.LegalPerson = nil, olives() }
	agents := func(q *edm.Request) { q.RepresentativeLegal, q.RepresentativePowerScope = olives(), "T3" }
	for _, tc := range []struct {
		name string
		edit func(*edm.Request)
		came login.Identity
		ok   bool
	}{
		{"representative as herself", act, login.Identity{Person: her}, true},
		{"representative for the child again", act, login.Identity{Person: child, Representative: &her}, true},
		{"the represented herself", act, login.Identity{Person: child}, false},
		{"representative too weak", act, login.Identity{Person: child, Representative: &weak}, false},
		{"company renamed, shown to another country", company, login.Identity{Legal: renamed}, true},
		{"another company", company, login.Identity{Legal: other}, false},
		{"a company of the same name without identifier", company, login.Identity{Legal: bare}, false},
		{"a person for a company that acted alone", company, login.Identity{Person: her}, false},
		{"company that acts", agents, login.Identity{Legal: olives()}, true},
		{"company that acts, for her again", agents, login.Identity{Person: her, RepresentativeLegal: olives()}, true},
		{"another company that acts", agents, login.Identity{Legal: other}, false},
		{"nobody", act, login.Identity{}, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, everybody{}, func(s *provider.Settings) {
				s.Services[0].Subjects = provider.NaturalPersons | provider.LegalPersons | provider.Represented
			})
			token, _ := d.linkFor(tc.edit)
			known, err := d.service.Recognise(t.Context(), token, tc.came)
			if err != nil || known != tc.ok {
				t.Errorf("recognised %v, %v", known, err)
			}
			if s, _ := d.service.Session(t.Context(), token); s.Attempts != 0 || s.Identified != tc.ok {
				t.Errorf("after a glance: %d attempts, identified %v", s.Attempts, s.Identified)
			}
			if err := d.service.Identify(t.Context(), token, tc.came); errors.Is(err, provider.ErrOtherPerson) == tc.ok {
				t.Errorf("identified: %v", err)
			}
		})
	}
}

// TestSecondRequestOfOthers refuses a second request in which anybody has been exchanged; the link stays open for the
// right one. [TDD 4.9 §2 step 13]
func TestSecondRequestOfOthers(t *testing.T) {
	t.Parallel()
	her := *goodRequest().NaturalPerson
	child := edm.Person{LoA: edm.High, FamilyName: "Papadopoulou", GivenName: "Danae", DateOfBirth: "2015-05-05"}
	act := func(q *edm.Request) {
		q.NaturalPerson, q.Representative, q.RepresentativePowerScope = &child, &her, "T3"
	}
	company := func(q *edm.Request) { q.NaturalPerson, q.LegalPerson = nil, olives() }
	other := olives()
	other.EIDASIdentifier = "EL/AT/DEMO59999"
	for _, tc := range []struct {
		name   string
		first  func(*edm.Request)
		second func(*edm.Request)
	}{
		{"representative left out", act, func(q *edm.Request) { q.Representative, q.RepresentativePowerScope = nil, "" }},
		{"another representative", act, func(q *edm.Request) {
			stranger := her
			stranger.GivenName, stranger.Identifier = "Irini", ""
			q.Representative = &stranger
		}},
		{"wider mandate", act, func(q *edm.Request) { q.RepresentativePowerScope = "T3,X1" }},
		{"another represented", act, func(q *edm.Request) {
			stranger := child
			stranger.DateOfBirth = "2014-05-05"
			q.NaturalPerson = &stranger
		}},
		{"representative come along", func(*edm.Request) {}, act},
		{"another company", company, func(q *edm.Request) { q.LegalPerson = other }},
		{"a person for a company", company, func(q *edm.Request) { q.NaturalPerson, q.LegalPerson = &her, nil }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, everybody{}, func(s *provider.Settings) {
				s.Services[0].Subjects = provider.NaturalPersons | provider.LegalPersons | provider.Represented
			})
			_, second := d.linkFor(tc.first)
			right := *second
			tc.second(second)
			d.receive(d.envelope(second))
			d.wantCode(edm.InvalidRequest, "the person differs from the first request")
			right.ID = "urn:uuid:" + clock.UUID()
			n := len(d.out)
			d.receive(d.envelope(&right))
			if len(d.out) != n {
				t.Errorf("the right second request afterwards is answered at once\n%s", &d.log)
			}
			for _, name := range []string{"Papadopoulou", "Danae", "Irini", "Aegean", "DEMO5"} {
				if strings.Contains(d.log.String(), name) {
					t.Errorf("%q is in the log", name)
				}
			}
		})
	}
}
