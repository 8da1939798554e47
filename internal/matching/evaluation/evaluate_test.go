package evaluation_test

import (
	"bytes"
	"testing"

	"oots/internal/corpus"
	"oots/internal/matching"
	"oots/internal/matching/evaluation"
)

func read(t *testing.T) (*evaluation.Persons, []evaluation.Pair) {
	t.Helper()
	persons, err := evaluation.ReadPersons(bytes.NewReader(corpus.Read(t, "evidence/own-personas/personas.json")))
	if err != nil {
		t.Fatal(err)
	}
	pairs, err := evaluation.ReadPairs(bytes.NewReader(corpus.Read(t, "evidence/own-personas/match-pairs.csv")), "DE")
	if err != nil {
		t.Fatal(err)
	}
	return persons, pairs
}

// TestCorpus holds the default policy to what the pairs expect: every one, and no false accept.
func TestCorpus(t *testing.T) {
	t.Parallel()
	persons, pairs := read(t)
	r := evaluation.Evaluate(matching.New(matching.Default(), "DE", nil), persons, pairs)
	for i := range r.Results {
		if x := &r.Results[i]; !x.OK() {
			t.Errorf("%s: expected %s, got %s (class %s by rule %s, outcome %s): %s", x.ID, x.Expected, x.Got, x.Class, x.Rule, x.Outcome, x.Why)
		}
	}
	if r.FalseAccepts != 0 || r.Overall.Precision == nil || *r.Overall.Precision != 1 {
		t.Errorf("%d false accepts", r.FalseAccepts)
	}
	if len(pairs) < 40 || r.Pairs != len(pairs) {
		t.Errorf("%d pairs", len(pairs))
	}
}
