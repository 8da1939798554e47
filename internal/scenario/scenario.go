package scenario

import (
	"cmp"
	"slices"

	"oots/edm"
	"oots/internal/node"
	"oots/rule"
)

// Lines are the release lines of the portal that asks and of the provider that answers.
type Lines struct{ Asks, Answers edm.Version }

// The combinations in which scenarios run.
var (
	New     = Lines{edm.V20, edm.V20}
	ToOld   = Lines{edm.V20, edm.V12} // the portal knows every line, the provider 1.2 only
	FromOld = Lines{edm.V12, edm.V20} // the portal knows 1.2 only, the provider every line
)

// String names the lines: "2.0 → 1.2".
func (l Lines) String() string { return l.Asks.Line() + " → " + l.Answers.Line() }

// speaks are the lines that a side knows when v is its newest, for a scenario that mixes lines.
func speaks(v edm.Version) []edm.Version {
	if v == edm.V20 {
		return edm.Versions()
	}
	return []edm.Version{v}
}

// A Scenario is one test case.
type Scenario struct {
	ID      string // "TC06", "TC06_b"
	Title   string
	Portal  string  // country that asks; "" means AT
	Lines   []Lines // in which it runs; none means New
	Preview bool    // the provider shows the evidence before it sends it
	// Reason says why the case is not run here; then it has no Run.
	Reason string

	// alter makes the Member States what the case needs; nil leaves the demonstration as it is.
	alter func(o *node.Options)
	// findings are rules that messages of the case break on purpose.
	findings []rule.ID
	run      func(w *world)
}

// A Verdict is what became of a scenario.
type Verdict string

// The verdicts.
const (
	Passed        Verdict = "passed"
	FailedVerdict Verdict = "failed"
	NotApplicable Verdict = "not applicable"
)

// A Result is the end of one scenario in one combination of lines.
type Result struct {
	ID       string   `json:"id"`
	Title    string   `json:"title"`
	Lines    string   `json:"lines,omitempty"` // "2.0 → 1.2"; "" when not run
	Portal   string   `json:"portal,omitempty"`
	Preview  bool     `json:"preview"`
	Verdict  Verdict  `json:"verdict"`
	Seen     []string `json:"seen,omitempty"`     // what happened, in order
	Messages int      `json:"messages,omitempty"` // documents and headers that were judged
	Pairs    int      `json:"pairs,omitempty"`    // that were compared
	Error    string   `json:"error,omitempty"`    // what was otherwise than expected, or why the case is not run
}

// All returns every test case in the order of the table.
func All() []Scenario {
	all := slices.Concat(withoutPreview(), withPreview(), directoryChanges(), outcomes(), subjects(), races(), messages(), selection(), operation(), people())
	slices.SortStableFunc(all, func(a, b Scenario) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// RunsIn are the combinations of lines in which s is run; none when it is not.
func (s *Scenario) RunsIn() []Lines {
	if s.run == nil {
		return nil
	}
	if len(s.Lines) == 0 {
		return []Lines{New}
	}
	return s.Lines
}
