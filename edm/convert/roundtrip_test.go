package convert_test

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"testing"

	"oots/edm"
	"oots/edm/convert"
)

// TestRoundTrip holds that 2.0 → 1.x → 2.0 keeps all that both lines can say. What that is, sayable says by
// itself, line by line.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	all := specimens(t)
	for seed := range uint64(400) {
		g := &generator{Rand: rand.New(rand.NewPCG(seed, 2)), line: edm.V20}
		all["generated"] = g.message()
		for name, m := range all {
			if m.version() != edm.V20 || name != "generated" && seed > 0 {
				continue
			}
			for _, v := range []edm.Version{edm.V12, edm.V11, edm.V10} {
				there, _ := m.to(v)
				back, _ := there.to(edm.V20)
				want := sayable(m, v)
				if got := identifiers([]byte(tidy(back))); string(got) != string(identifiers([]byte(tidy(want)))) {
					t.Fatalf("%s, seed %d, over %s:\n%s\n%s", name, seed, v, got, tidy(want))
				}
			}
		}
	}
}

// sayable is what is left of a message of 2.0 after a way over line v.
func sayable(m message, v edm.Version) message {
	switch {
	case m.request != nil:
		return message{request: sayableRequest(*m.request, v == edm.V10)}
	case m.response != nil:
		return message{response: sayableResponse(*m.response, v == edm.V10)}
	}
	e := *m.failure
	e.Exceptions = slices.Clone(e.Exceptions)
	if v == edm.V10 {
		one := e.Exceptions[0]
		for _, x := range e.Exceptions {
			if x.Preview != nil {
				one = x
			}
		}
		e.Exceptions = []edm.Exception{one}
	}
	return message{failure: &e}
}

func sayableRequest(r edm.Request, oldest bool) *edm.Request {
	d := r.Evidence.Distributions[0]
	d.Languages = d.Languages[:min(1, len(d.Languages))]
	d.Associated = nil
	r.Evidence.Distributions = []edm.Distribution{d}
	if r.Second() {
		r.ReturnLocation = given.ReturnLocation
	}
	r.NaturalPerson, r.Representative = sayablePerson(r.NaturalPerson, oldest), sayablePerson(r.Representative, oldest)
	if !oldest {
		return &r
	}
	r.Requirements = slices.Clone(r.Requirements)
	for i := range r.Requirements {
		r.Requirements[i].Descriptions = nil
	}
	if len(r.Evidence.Descriptions) == 0 {
		r.Evidence.Descriptions = r.Evidence.Titles
	}
	if r.LegalPerson != nil {
		l := *r.LegalPerson
		l.PhoneNumber, l.EmailAddress = "", ""
		r.LegalPerson = &l
	}
	if r.Representative == nil {
		r.RepresentativePowerScope = ""
	}
	r.RepresentativeLegal = nil
	return &r
}

var old = regexp.MustCompile(`^[A-Z]{2}/[A-Z]{2}/[A-Za-z0-9]{9}`)

func sayablePerson(p *edm.Person, oldest bool) *edm.Person {
	if p == nil {
		return nil
	}
	q := *p
	if word, ok := map[string]string{"1": "Male", "2": "Female", "0": "Unspecified", "9": "Unspecified"}[q.Gender]; ok {
		q.Gender = word
	}
	if !oldest {
		return &q
	}
	out := &edm.Person{LoA: q.LoA, Identifier: q.Identifier, FamilyName: q.FamilyName, GivenName: q.GivenName, DateOfBirth: q.DateOfBirth,
		BirthName: q.BirthName, PlaceOfBirth: q.PlaceOfBirth, CurrentAddress: q.CurrentAddress, Gender: q.Gender}
	if !old.MatchString(out.Identifier) {
		out.Identifier = ""
	}
	return out
}

func sayableResponse(r edm.Response, oldest bool) *edm.Response {
	var out []edm.Package
	for _, p := range r.Packages {
		main := p.Main().Evidence
		if main.NaturalPerson != nil {
			main.NaturalPerson = sayablePerson(main.NaturalPerson, oldest)
		}
		if c := *main.Conformance; oldest && len(c.Descriptions) == 0 {
			c.Descriptions = c.Titles
			main.Conformance = &c
		}
		for _, d := range p.Documents {
			if d.Kind == edm.MainEvidence {
				d.Evidence = main
			} else {
				if f := d.Evidence.Distribution.Format; f == "application/xml" || f == "application/json" {
					continue
				}
				d.Evidence.NaturalPerson, d.Evidence.LegalPerson, d.Evidence.IssuingAuthority = main.NaturalPerson, main.LegalPerson, main.IssuingAuthority
				d.Evidence.Conformance, d.Evidence.IssuingDate = main.Conformance, main.IssuingDate
			}
			d.Kind, d.AssociationID = edm.MainEvidence, ""
			d.ClassificationID = "urn:uuid:5f0c2f53-7d15-4c8d-9a1b-000000000000"
			out = append(out, edm.Package{ID: "urn:uuid:5f0c2f53-7d15-4c8d-9a1b-000000000000", Documents: []edm.Document{d}})
		}
	}
	r.Packages = out
	return &r
}

// TestDerive holds that identifiers are UUIDs of version 5, repeatable, and different for every message and name.
func TestDerive(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	seen := map[string]bool{}
	for _, message := range []string{"", "a", "b"} {
		for _, name := range []string{"", "a", "b", "package a"} {
			id := convert.Derive(message)(name)
			if !form.MatchString(id) || seen[id] || id != convert.Derive(message)(name) {
				t.Errorf("%q, %q: %s", message, name, id)
			}
			seen[id] = true
		}
	}
}
