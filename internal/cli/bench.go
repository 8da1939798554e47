package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/pprof"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"oots/internal/bench"
)

// benchmarks are the measurements of this program.
type benchmarks struct {
	As4         benchAS4         `cmd:"" name:"as4" help:"Measure the exchange of AS4 messages on this machine."`
	Directories benchDirectories `cmd:"" help:"Measure the answers of Evidence Broker and Data Service Directory."`
}

// benchAS4 measures the message handler and the access point.
type benchAS4 struct {
	Mode        []string      `help:"handler (in memory), durable (two access points over SQLite), signature (no payload, any key)." default:"handler"`
	Key         []string      `help:"rsa2048, rsa3072; in mode signature also p256, ed25519." default:"rsa2048"`
	Payload     []string      `help:"Sizes of the one payload: bytes, or with kB, MB." default:"1kB,1MB"`
	Concurrency []int         `help:"Senders at once." default:"1,4"`
	Duration    time.Duration `help:"Length of each measurement." default:"3s"`
	Plain       bool          `help:"Plain HTTP instead of TLS 1.3."`
	Compress    bool          `help:"Compress the payload, as the P-Modes of OOTS ask for requests." default:"true" negatable:""`
	Breakdown   bool          `help:"Say where processor time went, from a profile of each measurement."`
	CPUProfile  string        `name:"cpuprofile" help:"Write a processor profile of the whole run; not together with --breakdown." type:"path" placeholder:"FILE"`
	MemProfile  string        `name:"memprofile" help:"Write a profile of all allocations of the run." type:"path" placeholder:"FILE"`
	JSON        bool          `name:"json" help:"Print JSON."`
}

// Help is the text below the usage line.
func (benchAS4) Help() string {
	return `Both ends run in this process, over loopback. Each line is one measurement: messages per second, latency from
packing to the checked receipt, memory, allocations of both ends per message, and the share of the floor. The floor
is what the public-key operations of a message cost on this machine, measured on all cores right before and after:
signature made and checked, key wrapped and unwrapped, receipt signed and checked. A share of 1 would mean that
all else costs nothing. The second share compares processor time, which other work on the machine disturbs less.
Floor and messages are in the same unit: messages per second.

Examples:
  oots bench as4
  oots bench as4 --mode handler,durable --payload 1kB --concurrency 1,2,8 --breakdown
  oots bench as4 --mode signature --key rsa2048,p256,ed25519
  oots bench as4 --payload 1MB --concurrency 2 --cpuprofile cpu.out --memprofile mem.out`
}

// Run measures every combination and prints each when it is done.
func (b benchAS4) Run(ctx context.Context, s streams) error {
	loads, err := b.loads()
	if err != nil {
		return &hint{err, "oots help bench as4"}
	}
	stop, err := b.profiles()
	if err != nil {
		return err
	}
	var reports []bench.Report
	keys := &bench.Keys{}
	table := newBenchTable(s.out)
	if !b.JSON {
		table.head()
	}
	for i, load := range loads {
		if b.JSON {
			fmt.Fprintf(s.err, "%d of %d: %s %s, %d bytes, %d senders\n", i+1, len(loads), load.Mode, load.Key, load.Payload, load.Concurrency)
		}
		r, err := bench.Run(ctx, load, keys)
		if err != nil {
			return errors.Join(err, stop())
		}
		reports = append(reports, r)
		if !b.JSON {
			table.row(r)
		}
	}
	if err := stop(); err != nil {
		return err
	}
	if b.JSON {
		e := json.NewEncoder(s.out)
		e.SetIndent("", "  ")
		if err := e.Encode(reports); err != nil {
			return err
		}
	}
	for _, r := range reports {
		if r.Failed > 0 {
			return errNo
		}
	}
	return nil
}

// loads are all combinations that make sense: keys that only sign are measured in mode signature only, and that
// mode has no payload.
func (b benchAS4) loads() ([]bench.Load, error) {
	if b.CPUProfile != "" && b.Breakdown {
		return nil, errors.New("--cpuprofile and --breakdown cannot be had at once")
	}
	sizes := make([]int, len(b.Payload))
	for i, text := range b.Payload {
		var err error
		if sizes[i], err = parseSize(text); err != nil {
			return nil, err
		}
	}
	var out []bench.Load
	for _, mode := range b.Mode {
		of := sizes
		if bench.Mode(mode) == bench.Signature {
			of = []int{0}
		}
		for _, key := range b.Key {
			for _, size := range of {
				for _, n := range b.Concurrency {
					load := bench.Load{
						Mode: bench.Mode(mode), Key: bench.Key(key), Payload: size, Compress: b.Compress, TLS: !b.Plain,
						Concurrency: n, Duration: b.Duration, Profile: b.Breakdown,
					}
					if err := load.Check(); err != nil {
						return nil, err
					}
					out = append(out, load)
				}
			}
		}
	}
	return out, nil
}

// profiles starts what is asked for; the returned function writes it.
func (b benchAS4) profiles() (stop func() error, err error) {
	var cpu *os.File
	if b.CPUProfile != "" {
		if cpu, err = os.Create(b.CPUProfile); err != nil {
			return nil, err
		}
		if err := pprof.StartCPUProfile(cpu); err != nil {
			return nil, errors.Join(err, cpu.Close())
		}
	}
	return func() error {
		var err error
		if cpu != nil {
			pprof.StopCPUProfile()
			err = cpu.Close()
		}
		if b.MemProfile == "" {
			return err
		}
		f, e := os.Create(b.MemProfile)
		if e != nil {
			return errors.Join(err, e)
		}
		runtime.GC()
		return errors.Join(err, pprof.Lookup("allocs").WriteTo(f, 0), f.Close())
	}, nil
}

// parseSize reads bytes, kB or MB: thousands, as payload sizes are given.
func parseSize(text string) (int, error) {
	number, factor := text, 1
	switch {
	case strings.HasSuffix(text, "kB"):
		number, factor = text[:len(text)-2], 1000
	case strings.HasSuffix(text, "MB"):
		number, factor = text[:len(text)-2], 1000*1000
	}
	n, err := strconv.Atoi(strings.TrimSpace(number))
	if err != nil || n < 0 || n > 1<<30/factor {
		return 0, fmt.Errorf("--payload %.40q is no size, such as 1kB, up to 1 GiB", text)
	}
	return n * factor, nil
}

// benchTable prints a row as soon as there is one.
type benchTable struct {
	out io.Writer
	w   *tabwriter.Writer
}

func newBenchTable(out io.Writer) *benchTable {
	return &benchTable{out: out, w: tabwriter.NewWriter(out, 9, 4, 1, ' ', tabwriter.AlignRight)}
}

func (t *benchTable) head() {
	fmt.Fprintln(t.w, "mode\tkey\tpayload\tsenders\tmsg/s\tp50 ms\tp99 ms\tMB/s\tpeak MiB\tallocs\tkB\tfloor/s\tshare\tCPU share\tfailed\t")
	t.w.Flush()
}

func (t *benchTable) row(r bench.Report) {
	ms := func(d time.Duration) string { return fmt.Sprintf("%.2f", float64(d.Microseconds())/1000) }
	cpu := "–"
	if r.CPUShare > 0 {
		cpu = fmt.Sprintf("%.2f", r.CPUShare)
	}
	fmt.Fprintf(t.w, "%s\t%s\t%s\t%d\t%.0f\t%s\t%s\t%.1f\t%.1f\t%.0f\t%.0f\t%.0f\t%.2f\t%s\t%d\t\n",
		r.Mode, r.Key, sizeText(r.Payload), r.Concurrency, r.Rate, ms(r.P50), ms(r.P99), r.BytesRate/1e6, float64(r.PeakMemory)/(1<<20),
		r.Allocs, r.AllocBytes/1000, r.Floor.Rate, r.Share, cpu, r.Failed)
	t.w.Flush()
	for _, s := range r.Breakdown {
		fmt.Fprintf(t.out, "%12.1f%%  %s\n", 100*s.Share, s.Name)
	}
	if r.FirstError != "" {
		fmt.Fprintln(t.out, "  first failure:", r.FirstError)
	}
}

func sizeText(n int) string {
	switch {
	case n >= 1000*1000 && n%(1000*1000) == 0:
		return strconv.Itoa(n/(1000*1000)) + " MB"
	case n >= 1000 && n%1000 == 0:
		return strconv.Itoa(n/1000) + " kB"
	}
	return strconv.Itoa(n) + " B"
}
