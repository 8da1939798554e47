package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"text/tabwriter"

	"oots/internal/scenario"
)

// scenarioTools run the test cases of the Projectathons.
type scenarioTools struct {
	List scenarioList `cmd:"" help:"List the test cases."`
	Run  scenarioRun  `cmd:"" help:"Run test cases between two Member States in this process."`
}

// scenarioList lists.
type scenarioList struct {
	JSON bool `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (scenarioList) Help() string {
	return `TC01 to TC12 are the cases of the Projectathons, TC13 to TC45 those that release 2.0 adds. Cases that are not run
say why.

Example:
  oots scenario list`
}

// listedScenario is a case as --json lists it.
type listedScenario struct {
	ID      string   `json:"id"`
	Title   string   `json:"title"`
	Lines   []string `json:"lines,omitempty"`
	Preview bool     `json:"preview"`
	Reason  string   `json:"reason,omitempty"` // why it is not run
}

// Run prints the cases.
func (c scenarioList) Run(s streams) error {
	all := scenario.All()
	if c.JSON {
		out := make([]listedScenario, len(all))
		for i, k := range all {
			out[i] = listedScenario{ID: k.ID, Title: k.Title, Preview: k.Preview, Reason: k.Reason}
			for _, l := range k.RunsIn() {
				out[i].Lines = append(out[i].Lines, l.String())
			}
		}
		return scenarioJSON(s, out)
	}
	w := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
	for _, k := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\n", k.ID, k.Title, k.Reason)
	}
	return w.Flush()
}

// scenarioRun runs.
type scenarioRun struct {
	Cases    []string `arg:"" optional:"" name:"case" help:"Cases, with their variants: TC06 stands for TC06_b too. Without any, all."`
	Dir      string   `help:"Keep databases and every byte of the wire in this folder, one subfolder per run; it must be new or empty." type:"path"`
	Parallel int      `help:"Cases at once." default:"2"`
	JSON     bool     `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (scenarioRun) Help() string {
	return `Every case runs in Member States of its own, with a network that can lose and a clock that the case moves, so that
forty minutes pass at once. Then the validator judges every message that was sent, alone and with those it belongs to,
and the logs of both sides are compared with the events that belong to the case.

It exits with 1 when a case fails.

Examples:
  oots scenario run
  oots scenario run TC06 TC24 --dir out
  oots scenario run TC27 --json`
}

// Run runs the cases and prints the table of verdicts.
func (c scenarioRun) Run(ctx context.Context, s streams) error {
	cases, err := scenario.Select(scenario.All(), c.Cases)
	if err != nil {
		return &hint{err, "oots scenario list"}
	}
	dir, remove, err := c.folder()
	if err != nil {
		return err
	}
	defer remove()
	runner := scenario.Runner{Dir: dir, Parallel: c.Parallel}
	results, err := runner.Run(ctx, cases)
	if err != nil {
		return err
	}
	if c.JSON {
		err = scenarioJSON(s, results)
	} else {
		_, err = fmt.Fprint(s.out, scenario.Table(results))
	}
	if err == nil && len(scenario.Failed(results)) > 0 {
		return errNo
	}
	return err
}

// folder is where the runs keep their files, and what removes it.
func (c scenarioRun) folder() (dir string, remove func(), err error) {
	if c.Dir == "" {
		dir, err = os.MkdirTemp("", "oots-scenario-")
		return dir, func() { os.RemoveAll(dir) }, err
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return "", nil, err
	}
	entries, err := os.ReadDir(c.Dir)
	if err == nil && len(entries) > 0 {
		err = &hint{fmt.Errorf("%s is not empty", c.Dir), "oots help scenario run"}
	}
	return c.Dir, func() {}, err
}

func scenarioJSON(s streams, v any) error {
	e := json.NewEncoder(s.out)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
