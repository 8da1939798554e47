package torture

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

func (c *client) facts(ctx context.Context) (f facts, err error) {
	err = c.do(ctx, http.MethodGet, "/facts", nil, nil, http.StatusOK, decode(&f))
	return f, err
}

// A sample is what both nodes are at an instant.
type sample struct {
	at     time.Duration
	marked int
	nodes  [2]facts
}

// TestSoak measures how many messages two nodes exchange at most and lets them exchange half of that for OOTS_SOAK.
// Memory, open files, goroutines, write-ahead log and spool must not grow in the second half; the database must grow by
// what every message leaves as evidence, and by no more in the second half than in the first.
func TestSoak(t *testing.T) {
	if os.Getenv("OOTS_SOAK") == "" {
		t.Skip("set OOTS_SOAK=1h to soak")
	}
	d, err := time.ParseDuration(os.Getenv("OOTS_SOAK"))
	if err != nil || d < time.Minute {
		t.Fatalf("OOTS_SOAK: want a minute at least: %v", err)
	}
	w := newWorld(t, plan{level: slog.LevelWarn})
	began := time.Now()
	l := w.begin(t.Context(), 1<<40, window)
	most := w.rate(t, l, 5*time.Second, 20*time.Second)
	t.Logf("at most %.1f messages/s, both directions together", most)
	l.allowed.Store(0)
	samples := w.soak(t, l, most/2, d)
	l.total.Store(l.begun.Load())
	w.conclude(t, l, began, nil)
	table(t, w.names, samples, max(1, len(samples)/12))
	flat(t, w.names, samples)
}

// window is how many messages are under way while the maximum is measured: enough to keep two nodes busy, and not so many
// that back ends who only submit keep the nodes from sending.
const window = 64

// rate measures messages per second, from submission to acknowledgement.
func (w *world) rate(t *testing.T, l *load, warm, d time.Duration) float64 {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	before, begin := 0, time.Now()
	for measured := false; ; {
		<-tick.C
		_, marked, _ := w.ledger.progress()
		l.allowed.Store(int64(marked + window))
		switch at := time.Since(begin); {
		case !measured && at >= warm:
			measured, before, begin = true, marked, time.Now()
		case measured && at >= d && marked == before:
			w.broken(t)
			t.Fatal("no message has come to its end")
		case measured && at >= d:
			return float64(marked-before) / at.Seconds()
		}
	}
}

// soak allows rate messages per second and samples, from the instant when what was too much has been worked off.
func (w *world) soak(t *testing.T, l *load, rate float64, d time.Duration) (samples []sample) {
	t.Helper()
	for {
		_, marked, moved := w.ledger.progress()
		if int64(marked) == l.begun.Load() {
			break
		}
		select {
		case <-moved:
		case <-time.After(stall):
			w.broken(t)
			t.Fatalf("%d messages are not worked off", l.begun.Load()-int64(marked))
		}
	}
	const every = 10 * time.Second
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	base, begin, due := l.begun.Load(), time.Now(), time.Duration(0)
	for {
		<-tick.C
		at := time.Since(begin)
		l.allowed.Store(base + int64(rate*at.Seconds()))
		if at < due {
			continue
		}
		due += every
		s := sample{at: at}
		_, s.marked, _ = w.ledger.progress()
		for i, c := range w.client {
			f, err := c.facts(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			s.nodes[i] = f
		}
		samples = append(samples, s)
		if at >= d {
			return samples
		}
	}
}

// table prints every nth sample.
func table(t *testing.T, names [2]string, samples []sample, nth int) {
	var b strings.Builder
	b.WriteString("\n| Minute | Messages | Messages/s | Node | RSS, MB | Heap, MB | Goroutines | Open files | Database, MB | WAL, MB | Spool, files |\n|---:|---:|---:|---|---:|---:|---:|---:|---:|---:|---:|\n")
	last := samples[0]
	for i := 0; i < len(samples); i += nth {
		s := samples[i]
		rate := 0.0
		if i > 0 {
			rate = float64(s.marked-last.marked) / (s.at - last.at).Seconds()
		}
		last = s
		for n, f := range s.nodes {
			fmt.Fprintf(&b, "| %.1f | %d | %.1f | %s | %.1f | %.1f | %d | %d | %.1f | %.1f | %d |\n", s.at.Minutes(), s.marked-samples[0].marked, rate, names[n],
				mega(f.RSS), mega(f.Heap), f.Goroutines, f.Files, mega(f.Database), mega(f.WAL), f.Spooled)
		}
	}
	t.Log(b.String())
}

func mega(n int64) float64 { return float64(n) / 1e6 }

// median of one figure over samples of one node.
func median(samples []sample, node int, figure func(facts) int64) int64 {
	var all []int64
	for _, s := range samples {
		all = append(all, figure(s.nodes[node]))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// bounds are what may differ between the third and the last quarter: a part of the former, and a little for what swings.
var bounds = []struct {
	what   string
	figure func(facts) int64
	part   float64
	swing  int64
}{
	{"RSS, bytes", func(f facts) int64 { return f.RSS }, 0.10, 8 << 20},
	{"heap, bytes", func(f facts) int64 { return f.Heap }, 0.15, 8 << 20},
	{"goroutines", func(f facts) int64 { return int64(f.Goroutines) }, 0.10, 10},
	{"open files", func(f facts) int64 { return int64(f.Files) }, 0.10, 5},
	{"WAL, bytes", func(f facts) int64 { return f.WAL }, 0.25, 8 << 20},
	{"files in the spool", func(f facts) int64 { return int64(f.Spooled) }, 0.25, 20},
}

// flat judges the second half.
func flat(t *testing.T, names [2]string, samples []sample) {
	t.Helper()
	q := len(samples) / 4
	third, fourth := samples[2*q:3*q], samples[3*q:]
	for node, name := range names {
		for _, b := range bounds {
			before, after := median(third, node, b.figure), median(fourth, node, b.figure)
			t.Logf("%s: %s: median of the third quarter %d, of the last %d", name, b.what, before, after)
			if float64(after) > float64(before)*(1+b.part)+float64(b.swing) {
				t.Errorf("%s: %s grow: %d in the third quarter, %d in the last", name, b.what, before, after)
			}
		}
		each := func(from, to sample) float64 {
			return float64(to.nodes[node].Database-from.nodes[node].Database) / float64(max(1, to.marked-from.marked))
		}
		first, second := each(samples[0], samples[2*q]), each(samples[2*q], samples[len(samples)-1])
		t.Logf("%s: the database grows by %.0f bytes a message in the first half, by %.0f in the second", name, first, second)
		if second > 1.2*first+2000 {
			t.Errorf("%s: the database grows faster: %.0f bytes a message, then %.0f", name, first, second)
		}
	}
}
