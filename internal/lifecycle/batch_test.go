package lifecycle_test

import (
	"testing"

	"oots/directory/lcm"
	"oots/internal/lifecycle"
)

func TestSubmitAll(t *testing.T) {
	t.Parallel()
	i := newInstance(t)
	all := func(docs ...[]byte) []lifecycle.Outcome {
		t.Helper()
		var ps []lifecycle.Proposal
		for _, d := range docs {
			ps = append(ps, lifecycle.Proposal{Document: d})
		}
		out, err := i.SubmitAll(t.Context(), state("LU"), ps)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	out := all(document(broker("LU")), document(services("LU", 2)), document(broker("AT")))
	if out[0].Accepted || out[1].Accepted || out[2].Accepted || len(out[0].Revisions) > 0 || !lcm.Refuses(out[2].Findings) || lcm.Refuses(out[1].Findings) {
		t.Errorf("one of three is foreign: %+v", out)
	}
	history, err := i.History(t.Context(), "", "")
	if err != nil || len(history) != 0 || len(i.Catalogue().Services) != 0 {
		t.Errorf("something is in force: %+v, %v", history, err)
	}
	if events, err := i.Events(t.Context(), now); err != nil || len(events) != 1 || events[0].Accepted {
		t.Errorf("events %+v, %v", events, err)
	}
	out = all(document(broker("LU")), document(services("LU", 2))) // the second needs the first
	if !out[0].Accepted || !out[1].Accepted || out[1].Revisions[0].Number != 2 || i.Catalogue().Counts().Services != 2 {
		t.Errorf("%+v", out)
	}
}

func TestCheckAlone(t *testing.T) {
	t.Parallel()
	if o := lifecycle.CheckAlone(lifecycle.Proposal{Document: document(services("LU", 2))}); !o.Accepted || len(o.Changes) != 2 {
		t.Errorf("%+v", o)
	}
	broken := broker("LU")
	broken.Requirements[0].Frameworks[0].Jurisdiction.Country = "AT"
	for _, doc := range [][]byte{document(broken), []byte("<"), document()} {
		if o := lifecycle.CheckAlone(lifecycle.Proposal{Document: doc}); o.Accepted || !lcm.Refuses(o.Findings) {
			t.Errorf("%+v", o)
		}
	}
}
