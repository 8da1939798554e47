package directories

import (
	"context"
	"slices"
	"time"
)

// A tally adds up the rounds of one query at one server.
type tally struct {
	latencies []time.Duration
	bytes     int
	took      time.Duration
	processor time.Duration
}

func (t *tally) add(ctx context.Context, p *process, targets []string, n int, d time.Duration) error {
	before := p.processor()
	r, err := load(ctx, p.address, targets, n, d)
	if err != nil {
		return err
	}
	t.processor += p.processor() - before
	t.latencies = append(t.latencies, r.latencies...)
	t.bytes += r.bytes
	t.took += r.took
	return nil
}

func (t *tally) figures() Figures {
	slices.Sort(t.latencies)
	n := len(t.latencies)
	return Figures{
		Answers: n, Rate: float64(n) / t.took.Seconds(),
		P50: t.latencies[n/2], P99: t.latencies[n*99/100], Processor: t.processor / time.Duration(n),
	}
}
