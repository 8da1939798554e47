package bench

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"runtime/metrics"
	"runtime/pprof"
	"slices"
	"sync"
	"time"
)

// floorTime is how long the floor is measured, before and again after the messages.
const floorTime = 500 * time.Millisecond

// measure warms the pair up and counts.
func measure(ctx context.Context, load Load, p pair) (Report, error) {
	r := Report{Load: load}
	op, err := p.operations()
	if err != nil {
		return r, err
	}
	before, err := measureFloor(ctx, floorTime, op)
	if err != nil {
		return r, err
	}
	if _, err := drive(ctx, p, load.Concurrency, min(load.Duration/5, time.Second)); err != nil {
		return r, err
	}
	watch := watchMemory()
	var cpu bytes.Buffer
	if load.Profile {
		if err := pprof.StartCPUProfile(&cpu); err != nil {
			return r, err
		}
	}
	var m0, m1 runtime.MemStats
	runtime.ReadMemStats(&m0)
	used := processorTime()
	c, err := drive(ctx, p, load.Concurrency, load.Duration)
	used = processorTime() - used
	runtime.ReadMemStats(&m1)
	if load.Profile {
		pprof.StopCPUProfile()
	}
	r.PeakMemory = watch()
	if err != nil {
		return r, err
	}
	after, err := measureFloor(ctx, floorTime, op)
	if err != nil {
		return r, err
	}
	r.Floor = between(before, after)
	r.count(c, used, m0, m1)
	if load.Profile {
		r.Breakdown, err = breakdown(cpu.Bytes())
	}
	return r, err
}

// count turns what was counted into figures per message and per second.
func (r *Report) count(c counted, used time.Duration, before, after runtime.MemStats) {
	r.Messages, r.Failed, r.Took = len(c.latencies), c.failed, c.took
	if c.err != nil {
		r.FirstError = c.err.Error()
	}
	if r.Messages == 0 {
		return
	}
	n := float64(r.Messages)
	r.Rate = n / r.Took.Seconds()
	r.BytesRate = r.Rate * float64(r.Payload)
	slices.Sort(c.latencies)
	r.P50, r.P99 = c.latencies[r.Messages/2], c.latencies[r.Messages*99/100]
	r.Allocs = float64(after.Mallocs-before.Mallocs) / n
	r.AllocBytes = float64(after.TotalAlloc-before.TotalAlloc) / n
	r.Share = r.Rate / r.Floor.Rate
	if r.CPU = used / time.Duration(r.Messages); r.CPU > 0 {
		r.CPUShare = float64(r.Floor.CPU) / float64(r.CPU)
	}
}

// counted is what the senders saw.
type counted struct {
	latencies []time.Duration
	failed    int
	err       error // the first failure
	took      time.Duration
}

// drive lets n senders exchange messages, one after the other each, for about d. That not one message was
// acknowledged is an error.
func drive(ctx context.Context, p pair, n int, d time.Duration) (counted, error) {
	each := make([]counted, n)
	var group sync.WaitGroup
	start := time.Now()
	for i := range n {
		c := &each[i]
		group.Go(func() {
			for time.Since(start) < d && ctx.Err() == nil {
				from := time.Now()
				if err := p.exchange(ctx); err != nil {
					c.failed++
					c.err = errors.Join(c.err, err)
					if c.failed > 10 {
						return
					}
					continue
				}
				c.latencies = append(c.latencies, time.Since(from))
			}
		})
	}
	group.Wait()
	all := counted{took: time.Since(start)}
	for i := range each {
		all.latencies = append(all.latencies, each[i].latencies...)
		all.failed += each[i].failed
		if all.err == nil {
			all.err = each[i].err
		}
	}
	if err := ctx.Err(); err != nil {
		return all, err
	}
	if len(all.latencies) == 0 {
		return all, errors.Join(errors.New("bench: no message was acknowledged"), all.err)
	}
	return all, nil
}

// watchMemory samples the memory in use until the returned function is called, which returns the highest value.
func watchMemory() func() uint64 {
	samples := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}, {Name: "/memory/classes/heap/unused:bytes"}, {Name: "/memory/classes/heap/stacks:bytes"}}
	var peak uint64
	look := func() {
		metrics.Read(samples)
		var sum uint64
		for _, s := range samples {
			sum += s.Value.Uint64()
		}
		peak = max(peak, sum)
	}
	runtime.GC()
	look()
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				look()
			}
		}
	}()
	return func() uint64 {
		close(stop)
		<-stopped
		look()
		return peak
	}
}
