package register

import (
	"context"
	"errors"
	"testing"
	"time"

	"oots/edm"
	"oots/internal/matching"
)

// TestNobodyTakesAsLongAsSeveral: people and companies that are not found cost the time of the policy, and every
// decision is explained.
func TestNobodyTakesAsLongAsSeveral(t *testing.T) {
	t.Parallel()
	now := today
	r, err := Open("EL", func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	var explained []matching.Explanation
	r.Explained = func(_ context.Context, x matching.Explanation) { explained = append(explained, x) }
	r.Wait = func(_ context.Context, d time.Duration) error { now = now.Add(d); return nil }
	o, err := r.Office(edm.Identifier{Scheme: schemePrefix + "EL", Value: "DEMO-EL-ATH"})
	if err != nil {
		t.Fatal(err)
	}
	person := func(p edm.Person) func() error {
		return func() error { _, err := o.Find(t.Context(), p, birthEL, nil); return err }
	}
	for _, tc := range []struct {
		name string
		find func() error
		want error
		min  time.Duration
	}{
		{"nobody", person(eidas("Oikonomou", "Nikos", "1990-11-02", "EL/AT/DEMO1002")), matching.ErrNoPerson, matching.Default().Latency},
		{"several", person(eidas("Dimou", "Anna", "1993-05-05", "")), matching.ErrSeveralPersons, matching.Default().Latency},
		{"one", person(eidas("Papadopoulou", "Eleni", "1998-03-25", "")), nil, 0},
		{"no company", func() error {
			_, err := o.FindCompany(t.Context(), edm.LegalPerson{LegalName: "Kamia AE", EIDASIdentifier: "EL/AT/0", LoA: edm.High}, birthEL, nil)
			return err
		}, matching.ErrNoPerson, matching.Default().Latency},
	} {
		start, n := now, len(explained)
		if err := tc.find(); !errors.Is(err, tc.want) {
			t.Errorf("%s: %v", tc.name, err)
		}
		if got := now.Sub(start); got != tc.min {
			t.Errorf("%s took %v", tc.name, got)
		}
		if len(explained) != n+1 {
			t.Errorf("%s was explained %d times", tc.name, len(explained)-n)
		}
	}
}
