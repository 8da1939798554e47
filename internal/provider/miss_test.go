package provider_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"oots/edm"
	"oots/internal/clock"
	"oots/internal/provider"
)

// births knows a person by her name and her day of birth, which somebody tries to guess.
type births struct{ looked []provider.Subject }

func (b *births) Find(_ context.Context, s provider.Subject, _ string, _ []string) ([]provider.Record, error) {
	b.looked = append(b.looked, s)
	if s.Natural.FamilyName == "Papadopoulou" && s.Natural.DateOfBirth == "1998-03-25" {
		return records(*s.Natural)
	}
	return nil, provider.ErrNoPerson
}

// TestLooksInVainAreLimited lets nobody try out who is in a register: after some looks in vain for one subject the same
// answer comes whoever it is, and the register is asked about nobody in particular. A restart forgets nothing, another
// subject and another requester are found all the same, and an hour later everybody is. [record-matching §4.4]
func TestLooksInVainAreLimited(t *testing.T) {
	t.Parallel()
	reg := &births{}
	d := newDesk(t, reg, func(s *provider.Settings) { s.Policy.Misses, s.Policy.MissesWithin = 3, time.Hour })
	ask := func(edit func(*edm.Request)) *edm.Exception {
		t.Helper()
		q := goodRequest()
		q.ID = "urn:uuid:" + clock.UUID()
		q.NaturalPerson.Identifier = ""
		edit(q)
		d.receive(d.envelope(q))
		_, x := d.answer()
		if x == nil {
			t.Fatalf("no error\n%s", &d.log)
		}
		return &x.Exceptions[0]
	}
	born := func(day edm.Date) func(*edm.Request) {
		return func(q *edm.Request) { q.NaturalPerson.DateOfBirth = day }
	}
	var first *edm.Exception
	for i, day := range []edm.Date{"1998-03-22", "1998-03-23", "1998-03-24"} {
		x := ask(born(day))
		if i == 0 {
			first = x
		}
		d.now = d.now.Add(time.Minute)
	}
	d.service = d.another()
	x := ask(born("1998-03-25"))
	if x.Code != edm.ObjectNotFound || x.Detail != first.Detail || x.Severity != first.Severity {
		t.Errorf("the right day is answered with %+v, a wrong one with %+v", x, first)
	}
	if n := len(reg.looked); n != 4 || strings.Contains(reg.looked[3].Natural.FamilyName, "Papa") {
		t.Errorf("the register is asked %d times, last for %+v", n, reg.looked[n-1].Natural)
	}
	if x := ask(func(q *edm.Request) { q.NaturalPerson.FamilyName = "PAPADOPOULOU " }); x.Code != edm.ObjectNotFound {
		t.Errorf("another spelling: %+v", x)
	}
	if x := ask(func(q *edm.Request) { q.Requesters[0].ID.Value = "DEMO-AT-OTHER" }); x.Severity != edm.SeverityPreviewRequired {
		t.Errorf("another requester: %+v", x)
	}
	if strings.Contains(d.log.String(), "Papadopoulou") || strings.Contains(d.log.String(), "1998") {
		t.Errorf("the person is in the log\n%s", &d.log)
	}
	d.now = d.now.Add(time.Hour + time.Minute)
	if x := ask(born("1998-03-25")); x.Severity != edm.SeverityPreviewRequired {
		t.Errorf("an hour later: %+v", x)
	}
	if _, err := d.service.Purge(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := d.rows("provider_miss"); n != 0 {
		t.Errorf("%d rows are kept for ever", n)
	}
}

// TestFoundIsNotLimited counts no look that finds somebody.
func TestFoundIsNotLimited(t *testing.T) {
	t.Parallel()
	reg := &births{}
	d := newDesk(t, reg, func(s *provider.Settings) { s.Policy.Misses, s.Policy.MissesWithin = 2, time.Hour })
	for range 5 {
		q := goodRequest()
		q.ID = "urn:uuid:" + clock.UUID()
		d.receive(d.envelope(q))
	}
	if slices.ContainsFunc(reg.looked, func(s provider.Subject) bool { return s.Natural.FamilyName != "Papadopoulou" }) || d.rows("provider_miss") != 0 {
		t.Error("a person who is found is limited")
	}
}
