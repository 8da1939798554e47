package scenario

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// A Runner runs scenarios, each in Member States of its own.
type Runner struct {
	Dir      string       // scratch folder; one subfolder per run keeps databases and every byte of the wire
	Parallel int          // at once; 0 means 2
	Log      *slog.Logger // of the Member States; nil drops it
}

// Run runs the scenarios in every combination of lines and returns the results in their order. An error is one of
// the Runner, such as a folder that cannot be written; a scenario that fails is a Result.
func (r *Runner) Run(ctx context.Context, scenarios []Scenario) ([]Result, error) {
	begun, err := r.begin(ctx)
	if err != nil {
		return nil, err
	}
	type task struct {
		s     *Scenario
		lines Lines
		to    int
	}
	var results []Result
	var tasks []task
	for i := range scenarios {
		s := &scenarios[i]
		if s.run == nil {
			results = append(results, Result{ID: s.ID, Title: s.Title, Verdict: NotApplicable, Error: s.Reason})
			continue
		}
		for _, l := range s.RunsIn() {
			tasks = append(tasks, task{s, l, len(results)})
			results = append(results, Result{})
		}
	}
	free := make(chan struct{}, max(r.Parallel, 2))
	var running sync.WaitGroup
	for _, t := range tasks {
		free <- struct{}{}
		running.Go(func() {
			results[t.to] = r.one(ctx, begun, t.s, t.lines)
			<-free
		})
	}
	running.Wait()
	return results, ctx.Err()
}

// begin makes the folder that all runs copy: keys, and databases as they are before anything has happened.
func (r *Runner) begin(ctx context.Context) (string, error) {
	dir := filepath.Join(r.Dir, "begin")
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	first := &world{ctx: ctx, dir: dir, scenario: &Scenario{}, clock: newClock("begin"), lines: New, log: r.logger()}
	first.open()
	first.close()
	return dir, first.err
}

func (r *Runner) logger() *slog.Logger {
	if r.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return r.Log
}

func (r *Runner) one(ctx context.Context, begun string, s *Scenario, lines Lines) Result {
	name := strings.NewReplacer(" → ", "-", ".", "").Replace(s.ID + "-" + lines.String())
	w := &world{
		ctx: ctx, dir: filepath.Join(r.Dir, name), scenario: s, lines: lines, clock: newClock(name), log: r.logger().With("scenario", name),
	}
	if err := os.CopyFS(w.dir, os.DirFS(begun)); err != nil {
		w.fail("begin: %v", err)
	}
	w.open()
	if w.err == nil {
		s.run(w)
	}
	w.close()
	result := Result{ID: s.ID, Title: s.Title, Lines: lines.String(), Portal: w.portal(), Preview: s.Preview, Verdict: Passed}
	w.judge(&result)
	result.Seen = w.seen
	if w.err != nil {
		result.Verdict, result.Error = FailedVerdict, w.err.Error()
	}
	return result
}

// Failed returns the results of scenarios that failed.
func Failed(results []Result) []Result {
	var out []Result
	for _, r := range results {
		if r.Verdict == FailedVerdict {
			out = append(out, r)
		}
	}
	return out
}

// Select returns the scenarios whose ids are named, with their variants: TC06 stands for TC06_b too. Each comes
// once, however often it is named.
func Select(all []Scenario, ids []string) ([]Scenario, error) {
	if len(ids) == 0 {
		return all, nil
	}
	var out []Scenario
	chosen := map[string]bool{}
	for _, id := range ids {
		found := false
		for _, s := range all {
			if strings.EqualFold(s.ID, id) || len(s.ID) > len(id) && strings.EqualFold(s.ID[:len(id)], id) && s.ID[len(id)] == '_' {
				if found = true; !chosen[s.ID] {
					chosen[s.ID], out = true, append(out, s)
				}
			}
		}
		if !found {
			return nil, fmt.Errorf("there is no test case %q", id)
		}
	}
	return out, nil
}
