package accesspoint

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"oots/internal/accesspoint/settings"
	"oots/internal/alert"
)

// TestJournalNotKept: when the second copy of the log cannot be written, messages go on, and check, figures and alert
// say so.
func TestJournalNotKept(t *testing.T) {
	t.Parallel()
	n := begin(t, "AT")
	n.start(func(c *settings.Config) { c.Monitor.JournalAge = 1 })
	if err := n.ap.keeper.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
	check := func() Check {
		all := n.ap.checks(t.Context(), testClock().Now())
		return all[slices.IndexFunc(all, func(c Check) bool { return c.Name == "journal" })]
	}
	if c := check(); c.Status != OK {
		t.Errorf("%+v", c)
	}
	dir := filepath.Join(n.dir, "journal")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	n.write("journal", []byte("no folder"))
	if _, err := n.ap.Gateway.Ping(t.Context(), n.ap.modes.PModes().Self.ID); err != nil {
		t.Fatal(err)
	}
	if err := n.ap.keeper.Work(t.Context()); err == nil {
		t.Fatal("the copy was written into nothing")
	}
	if c := check(); c.Status != Warning {
		t.Errorf("%+v", c)
	}
	if status, r := n.ready(); status != http.StatusOK {
		t.Errorf("%+v", r)
	}
	_, figures := n.get("/metrics")
	for _, name := range []string{"oots_journal_behind_rows", "oots_journal_failing_seconds"} {
		if !regexp.MustCompile(`(?m)^` + name + ` [0-9.e-]*[1-9]`).MatchString(figures) {
			t.Errorf("%s is nothing", name)
		}
	}
	g := n.ap.journalGauge()
	m, err := g.Measure(t.Context(), testClock().Now().Add(alertAfter))
	if err != nil || len(m) != 1 || m[0].Kind != alert.Journal || m[0].Value < 60 || m[0].Detail == "" {
		t.Errorf("%+v, %v", m, err)
	}
}

const alertAfter = 61 * 60 * 1e9 // an hour and a minute
