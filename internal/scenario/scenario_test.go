package scenario

import (
	"os"
	"testing"
)

// TestScenarios runs every case and prints the table of verdicts.
func TestScenarios(t *testing.T) {
	t.Parallel()
	r := Runner{Dir: t.TempDir(), Parallel: 4}
	cases, err := Select(All(), onlyCases())
	if err != nil {
		t.Fatal(err)
	}
	results, err := r.Run(t.Context(), cases)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range Failed(results) {
		t.Errorf("%s %s (%s): %s", r.ID, r.Title, r.Lines, r.Error)
	}
	t.Logf("\n%s", Table(results))
}

// onlyCases are those of OOTS_SCENARIOS, a list parted by commas; none means all.
func onlyCases() []string {
	return fields(os.Getenv("OOTS_SCENARIOS"))
}
