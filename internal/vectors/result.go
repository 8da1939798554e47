package vectors

// A Verdict is how a case ended.
type Verdict string

// Verdicts. Only Differs is a failure of ours.
const (
	// Passed is the one outcome that the manifest names.
	Passed Verdict = "passed"
	// Chosen is one of several outcomes that the manifest calls right; Note says why it is this one.
	Chosen Verdict = "chosen"
	// NotInRelease is a message of a profile that this release does not speak: refused, and not counted as passed.
	NotInRelease Verdict = "not in this release"
	// Differs is any other outcome, an expectation that is not understood included.
	Differs Verdict = "differs"
)

// A Result is one case that was run.
type Result struct {
	Folder  string  `json:"folder"`
	ID      string  `json:"id"`
	Expect  string  `json:"expect"`           // as in the manifest
	Got     string  `json:"got"`              // in the same words
	Reason  string  `json:"reason,omitempty"` // what we told the partner, or what differs
	Note    string  `json:"note,omitempty"`   // why this choice, or what was done to the input
	Verdict Verdict `json:"verdict"`
	Millis  float64 `json:"milliseconds"`
}

// A Tally counts verdicts.
type Tally struct {
	Cases        int `json:"cases"`
	Passed       int `json:"passed"`
	Chosen       int `json:"chosen"`
	NotInRelease int `json:"notInRelease"`
	Differs      int `json:"differs"`
}

// Add counts one result.
func (t *Tally) Add(r Result) {
	t.Cases++
	switch r.Verdict {
	case Passed:
		t.Passed++
	case Chosen:
		t.Chosen++
	case NotInRelease:
		t.NotInRelease++
	default:
		t.Differs++
	}
}
