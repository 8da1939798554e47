package scenario

import (
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"oots/internal/gateway"
	"oots/rule"
)

//go:generate go test -run TestScenarios -update .

var update = flag.Bool("update", false, "write docs/scenarios.md anew")

const page = "../../docs/scenarios.md"

// TestScenarios runs every case, prints the table of verdicts, and keeps the page true. OOTS_SCENARIOS names some cases
// only: TC06,TC24.
func TestScenarios(t *testing.T) {
	t.Parallel()
	some := strings.FieldsFunc(os.Getenv("OOTS_SCENARIOS"), func(r rune) bool { return r == ',' || r == ' ' })
	cases, err := Select(All(), some)
	if err != nil {
		t.Fatal(err)
	}
	if testing.Short() {
		for i := range cases {
			if len(cases[i].Lines) > 1 {
				cases[i].Lines = []Lines{New}
			}
		}
	}
	runner := Runner{Dir: t.TempDir(), Parallel: 4}
	results, err := runner.Run(t.Context(), cases)
	if err != nil {
		t.Fatal(err)
	}
	messages, pairs := 0, 0
	for _, r := range results {
		messages, pairs = messages+r.Messages, pairs+r.Pairs
	}
	t.Logf("\n%s%d documents judged, %d pairs compared\n", Table(results), messages, pairs)
	failed := Failed(results)
	for _, r := range failed {
		t.Errorf("%s %s (%s): %s", r.ID, r.Title, r.Lines, r.Error)
	}
	if len(some) == 0 && len(failed) == 0 && !testing.Short() {
		comparePage(t, results)
	}
}

func comparePage(t *testing.T, results []Result) {
	t.Helper()
	want := Page(results)
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(page)
	if err != nil || string(got) != want {
		t.Errorf("docs/scenarios.md is stale: go generate ./internal/scenario (%v)", err)
	}
}

// TestEveryCase holds the list to TC01 to TC45, each with a run or a reason.
func TestEveryCase(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range All() {
		if seen[s.ID] {
			t.Errorf("two cases are called %s", s.ID)
		}
		seen[s.ID] = true
		if (s.run == nil) == (s.Reason == "") || s.Title == "" {
			t.Errorf("%s has neither a run nor a reason, or both, or no title", s.ID)
		}
		for _, f := range s.findings {
			if _, ok := rule.Lookup(f); !ok {
				t.Errorf("%s expects %s, which is no rule", s.ID, f)
			}
		}
	}
	for _, id := range strings.Fields("TC01 TC02 TC03 TC04 TC04_b TC05 TC06 TC06_b TC07 TC07_b TC08 TC08_b TC09 TC10 TC10_b TC11 TC12 TC13 TC14 " +
		"TC15 TC16 TC17 TC18 TC19 TC20 TC21 TC22 TC23 TC24 TC25 TC26 TC27 TC28 TC29 TC30 TC31 TC32 TC33 TC34 TC35 TC36 TC37 TC38 TC39 " +
		"TC40 TC41 TC42 TC43 TC44 TC45") {
		if !seen[id] {
			t.Errorf("%s is missing", id)
		}
	}
}

// TestFailuresShow gives the engine cases that must fail: a wrong outcome, an incomplete log, a message that breaks a
// rule without the case being about it, a peer that forgets the old certificate, and a secret on the wire.
func TestFailuresShow(t *testing.T) {
	t.Parallel()
	wrong := []Scenario{
		{ID: "outcome", Title: "outcome", alter: exempt, run: previewAccepted("eleni")},
		{ID: "log", Title: "log", Portal: "EL", alter: exempt, run: func(w *world) {
			x := w.user("hans", "T3").ask(wish{})
			w.step()
			x.logs(askedOnce, "request_received")
		}},
		{ID: "rule", Title: "rule", Portal: "EL", alter: alter(exempt, unfit), run: badAttachment("OOTS-EXC-PARTS")},
		{ID: "rollover", Title: "rollover", Portal: "EL", alter: retries(gateway.RetryPlan{Attempts: 5, Interval: time.Minute}), run: func(w *world) {
			w.forgetful = true
			rollover(w)
		}},
		{ID: "secret", Title: "secret", Portal: "EL", run: func(w *world) { w.net.as4 = append(w.net.as4, []byte("<sdg:FamilyName>")) }},
	}
	runner := Runner{Dir: t.TempDir()}
	results, err := runner.Run(t.Context(), wrong)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"the exchange is answered", "log of AT", "OOTS-X-EBMS_RESP-09", "the exchange is sent", "in clear"} {
		if r := results[i]; r.Verdict != FailedVerdict || !strings.Contains(r.Error, want) {
			t.Errorf("%s: %s, %q, want %q", r.ID, r.Verdict, r.Error, want)
		}
	}
}

func TestSelect(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		ids  string
		want string
	}{
		{"TC04", "TC04 TC04_b TC04_c"}, {"tc04_b", "TC04_b"}, {"TC01 TC45", "TC01 TC45"}, {"TC4", "error"}, {"TC99", "error"},
	} {
		cases, err := Select(All(), strings.Fields(tc.ids))
		var got []string
		for _, s := range cases {
			got = append(got, s.ID)
		}
		if err != nil {
			got = []string{"error"}
		}
		if strings.Join(got, " ") != tc.want {
			t.Errorf("%s: %v", tc.ids, got)
		}
	}
}

// A case that is named twice, or as a variant of another one, runs once.
func TestSelectOnce(t *testing.T) {
	t.Parallel()
	got, err := Select(All(), []string{"TC43", "TC43_b", "tc43"})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, s := range got {
		if seen[s.ID] {
			t.Errorf("%s runs twice", s.ID)
		}
		seen[s.ID] = true
	}
	if !seen["TC43"] || !seen["TC43_f"] {
		t.Errorf("%d cases", len(got))
	}
}
