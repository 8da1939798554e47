package provider_test

import (
	"context"
	"errors"
	"testing"

	"oots/edm"
	"oots/internal/login"
	"oots/internal/provider"
)

const birthNameURI = "https://example.el/attributes/birthName"

// namesakes are two persons whom their names at birth tell apart.
type namesakes struct{ broken error }

func (n namesakes) Find(_ context.Context, s provider.Subject, _ string, _ []string) ([]provider.Record, error) {
	if n.broken != nil && len(s.Natural.UserAttributes) > 0 {
		return nil, n.broken
	}
	for _, a := range s.Natural.UserAttributes {
		switch {
		case a.URI != birthNameURI:
		case a.Value == "Georgiou":
			return records(*s.Natural)
		case a.Value == "Makri":
			return nil, nil // known, and without a diploma
		default:
			return nil, provider.ErrNoPerson
		}
	}
	return nil, provider.ErrSeveralPersons
}

func asking(s *provider.Settings) {
	s.Policy.Questions = []provider.Question{{URI: birthNameURI, Name: "Birth name", Labels: en("What was your name at birth?")}}
}

func TestSeveralPersonsAreAskedApart(t *testing.T) {
	t.Parallel()
	answer := func(value string) map[string]string {
		return map[string]string{birthNameURI: value, "https://unknown": "x"}
	}
	for _, tc := range []struct {
		name    string
		answers []string
		sure    bool // the last answer makes the match sure
		docs    int
		code    edm.Code // of the answer without a decision; "" when one is still to be taken
	}{
		{"right", []string{"Georgiou"}, true, 2, ""},
		{"right at last", []string{"Wrong", "", "Georgiou"}, true, 2, ""},
		{"wrong too often", []string{"Wrong", "Wrong", "Wrong"}, false, 0, edm.ObjectNotFound},
		{"nothing on file", []string{"Makri"}, true, 0, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, namesakes{}, asking)
			token, second := d.linkFor(func(*edm.Request) {})
			if err := d.service.Supply(t.Context(), token, answer("Georgiou")); !errors.Is(err, provider.ErrNotYou) {
				t.Fatalf("before identification: %v", err)
			}
			if err := d.service.Identify(t.Context(), token, login.Identity{Person: *second.NaturalPerson}); err != nil {
				t.Fatal(err)
			}
			d.receive(d.envelope(second))
			if s, err := d.service.Session(t.Context(), token); err != nil || len(s.Questions) != 1 || len(s.Documents) != 0 {
				t.Fatalf("session %+v, %v", s, err)
			}
			var err error
			for _, a := range tc.answers {
				err = d.service.Supply(t.Context(), token, answer(a))
			}
			if errors.Is(err, provider.ErrNotSure) == tc.sure {
				t.Errorf("the last answer: %v", err)
			}
			if tc.code != "" {
				d.wantCode(tc.code, "no evidence can be provided")
				return
			}
			s, err := d.service.Session(t.Context(), token)
			if len(s.Questions) != 0 || len(s.Documents) != tc.docs {
				t.Errorf("session %+v, %v", s, err)
			}
			if tc.docs == 0 {
				if r, x := d.answer(); x != nil || len(r.Packages) != 0 {
					t.Errorf("answer %+v %+v, want an empty one", r, x)
				}
				return
			}
			if err := d.service.Decide(t.Context(), token, []string{"1"}); err != nil {
				t.Fatal(err)
			}
			if r, _ := d.answer(); r == nil || len(r.Packages) != 1 {
				t.Errorf("answer %+v", r)
			}
		})
	}
}

// TestQuestionsAreOff lets several look like none by default, and where the user cannot be asked.
func TestQuestionsAreOff(t *testing.T) {
	t.Parallel()
	d := newDesk(t, namesakes{}, nil)
	d.receive(d.envelope(goodRequest()))
	d.wantCode(edm.ObjectNotFound, "no evidence can be provided")

	d = newDesk(t, namesakes{}, asking)
	q := goodRequest()
	q.PossibilityForPreview = false
	d.receive(d.envelope(q))
	d.wantCode(edm.ObjectNotFound, "no evidence can be provided")
}

// TestRegisterFailsAtAnAnswer leaves the session as it is: the user may try again.
func TestRegisterFailsAtAnAnswer(t *testing.T) {
	t.Parallel()
	d := newDesk(t, namesakes{broken: errors.New("disk")}, asking)
	token, second := d.linkFor(func(*edm.Request) {})
	if err := d.service.Identify(t.Context(), token, login.Identity{Person: *second.NaturalPerson}); err != nil {
		t.Fatal(err)
	}
	for range 4 {
		if err := d.service.Supply(t.Context(), token, map[string]string{birthNameURI: "Georgiou"}); err == nil || errors.Is(err, provider.ErrNotSure) {
			t.Fatalf("a failure of the register: %v", err)
		}
	}
	if s, err := d.service.Session(t.Context(), token); err != nil || len(s.Questions) != 1 {
		t.Errorf("session %+v, %v", s, err)
	}
}
