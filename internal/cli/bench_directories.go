package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"text/tabwriter"
	"time"

	"oots/directory"
	"oots/internal/bench/directories"
	"oots/internal/demo"
)

// benchDirectories measures the two directories.
type benchDirectories struct {
	Answers     []string      `help:"Captured answers of directories as the catalogue, instead of a synthetic Europe." type:"existingfile" placeholder:"FILE"`
	Procedures  int           `help:"Procedures of each of 27 countries." default:"100"`
	Providers   int           `help:"Providers of each of 27 countries." default:"5000"`
	Concurrency int           `help:"Connections at once." default:"4"`
	Duration    time.Duration `help:"Length of the measurement of one query at one server." default:"3s"`
	Rounds      int           `help:"How often the servers take turns with one query." default:"3"`
	Nginx       string        `help:"Also let this nginx serve the same bytes from a file." placeholder:"PROGRAM"`
	JSON        bool          `name:"json" help:"Print JSON."`
	Serve       string        `help:"Be the server: log to this file." hidden:""`
}

// Help is the text below the usage line.
func (benchDirectories) Help() string {
	return `The server is a process of its own on loopback, without TLS; a loop over raw connections asks it. Each line is one
query: bytes of the answer, answers per second, latency, and processor time of the server per answer. With --nginx the
two servers take turns, and the ratios say how ours compares: of the rate, and of the processor time the other way
round, so that more is better in both. Repeated queries come from the cache of signed answers; those "in turn" and of
"a user each" differ every time.

Examples:
  oots bench directories
  oots bench directories --providers 500 --duration 1s --json
  oots bench directories --nginx /usr/sbin/nginx
  oots bench directories --answers eb-requirements.xml,dsd-data-services.xml`
}

// Run measures, or serves for the process that measures.
func (b benchDirectories) Run(ctx context.Context, s streams) error {
	size := directories.Size{Procedures: b.Procedures, Providers: b.Providers}
	if size.Procedures < 10 || size.Providers < 10 || b.Concurrency < 1 || b.Duration <= 0 {
		return &hint{fmt.Errorf("at least ten procedures and providers, one connection, and some time are needed"), "oots help bench directories"}
	}
	if b.Serve != "" {
		return b.serve(ctx, s, size)
	}
	queries := directories.EuropeQueries(size)
	if len(b.Answers) > 0 {
		c, err := demo.Import(b.Answers)
		if err != nil {
			return err
		}
		queries = directories.CatalogueQueries(&c)
	}
	plan, end, err := b.plan(queries)
	if err != nil {
		return err
	}
	defer end()
	table := newDirectoryTable(s.out)
	each := table.row
	if b.JSON {
		each = func(directories.Report) {}
	} else {
		table.head()
	}
	summary, err := directories.Run(ctx, plan, each)
	if err != nil {
		return err
	}
	if b.JSON {
		e := json.NewEncoder(s.out)
		e.SetIndent("", "  ")
		return e.Encode(summary)
	}
	fmt.Fprintf(s.out, "catalogue %.1f MiB, server %.1f MiB resident at the end\n", float64(summary.Heap)/(1<<20), float64(summary.Resident)/(1<<20))
	return nil
}

// plan makes a run whose server is this program again.
func (b benchDirectories) plan(queries []directories.Query) (plan directories.Plan, end func(), err error) {
	program, err := os.Executable()
	if err != nil {
		return plan, nil, err
	}
	dir, err := os.MkdirTemp("", "oots-bench")
	if err != nil {
		return plan, nil, err
	}
	command := []string{program, "bench", "directories", "--serve", filepath.Join(dir, "log"),
		"--procedures", strconv.Itoa(b.Procedures), "--providers", strconv.Itoa(b.Providers)}
	for _, a := range b.Answers {
		command = append(command, "--answers", a)
	}
	return directories.Plan{
		Command: command, Queries: queries, Nginx: b.Nginx, Concurrency: b.Concurrency, Duration: b.Duration, Rounds: b.Rounds,
	}, func() { os.RemoveAll(dir) }, nil
}

func (b benchDirectories) serve(ctx context.Context, s streams, size directories.Size) error {
	var c *directory.Catalogue
	if len(b.Answers) > 0 {
		read, err := demo.Import(b.Answers)
		if err != nil {
			return err
		}
		c = &read
	} else {
		c = directories.Europe(size)
	}
	log, err := os.Create(b.Serve)
	if err != nil {
		return err
	}
	defer log.Close()
	return directories.Serve(ctx, c, log, s.out)
}

// directoryTable prints a row as soon as there is one.
type directoryTable struct{ w *tabwriter.Writer }

func newDirectoryTable(out io.Writer) *directoryTable {
	return &directoryTable{w: tabwriter.NewWriter(out, 9, 4, 1, ' ', tabwriter.AlignRight)}
}

func (t *directoryTable) head() {
	fmt.Fprintln(t.w, "query                        \tkB\tanswers/s\tp50 ms\tp99 ms\tCPU µs\tnginx/s\tp99 ms\tCPU µs\tratio\tCPU ratio\t")
	t.w.Flush()
}

func (t *directoryTable) row(r directories.Report) {
	ms := func(d time.Duration) string { return fmt.Sprintf("%.3f", float64(d.Microseconds())/1000) }
	fmt.Fprintf(t.w, "%-29s\t%.1f\t%.0f\t%s\t%s\t%d\t", r.Query, float64(r.Bytes)/1000, r.Ours.Rate, ms(r.Ours.P50), ms(r.Ours.P99), r.Ours.Processor.Microseconds())
	if n := r.Nginx; n != nil {
		cpu := "–"
		if r.Ours.Processor > 0 {
			cpu = fmt.Sprintf("%.2f", float64(n.Processor)/float64(r.Ours.Processor))
		}
		fmt.Fprintf(t.w, "%.0f\t%s\t%d\t%.2f\t%s\t", n.Rate, ms(n.P99), n.Processor.Microseconds(), r.Ours.Rate/n.Rate, cpu)
	} else {
		fmt.Fprint(t.w, "–\t–\t–\t–\t–\t")
	}
	fmt.Fprintln(t.w)
	t.w.Flush()
}
