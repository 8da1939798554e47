package bench

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

// shared are the keys of all tests of this package.
var shared = &Keys{}

func TestRun(t *testing.T) {
	t.Parallel()
	for _, load := range []Load{
		{Mode: Handler, Key: RSA2048, Payload: 1000, Compress: true, TLS: true, Concurrency: 2},
		{Mode: Handler, Key: RSA3072, Payload: 0, Concurrency: 1},
		{Mode: Handler, Key: RSA2048, Payload: 300_000, Concurrency: 1},
		{Mode: Durable, Key: RSA2048, Payload: 1000, Compress: true, TLS: true, Concurrency: 2},
		{Mode: Durable, Key: RSA2048, Payload: 300_000, Concurrency: 1},
		{Mode: Signature, Key: P256, TLS: true, Concurrency: 1},
		{Mode: Signature, Key: Ed25519, Concurrency: 2},
		{Mode: Signature, Key: RSA2048, Concurrency: 1},
	} {
		name := strings.Join([]string{string(load.Mode), string(load.Key)}, "/")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			load.Duration = 50 * time.Millisecond
			r, err := Run(context.Background(), load, shared)
			if err != nil {
				t.Fatal(err)
			}
			if r.Messages == 0 || r.Failed > 0 || r.FirstError != "" {
				t.Errorf("%d messages, %d failed: %s", r.Messages, r.Failed, r.FirstError)
			}
			if r.Rate <= 0 || r.Share <= 0 || r.P50 <= 0 || r.P99 < r.P50 || r.PeakMemory == 0 || r.Allocs <= 0 || r.Floor.Rate <= 0 {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestLoadsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	good := Load{Mode: Handler, Key: RSA2048, Concurrency: 1, Duration: time.Second}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(*Load){
		"no mode is called":  func(l *Load) { l.Mode = "fast" },
		"no kind of key":     func(l *Load) { l.Key = "dsa" },
		"only sign":          func(l *Load) { l.Key = Ed25519 },
		"has no payload":     func(l *Load) { l.Mode, l.Payload = Signature, 1 },
		"concurrency 0":      func(l *Load) { l.Concurrency = 0 },
		"payload -1":         func(l *Load) { l.Payload = -1 },
		"nothing to measure": func(l *Load) { l.Duration = 0 },
	} {
		l := good
		edit(&l)
		if _, err := Run(context.Background(), l, shared); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// failing is a pair whose exchange breaks every second time, or always.
type failing struct {
	always bool
	n      int
}

func (f *failing) exchange(context.Context) error {
	if f.n++; f.always || f.n%2 == 0 {
		return errors.New("lost")
	}
	return nil
}
func (f *failing) operations() (func() error, error) { return func() error { return nil }, nil }
func (f *failing) close() error                      { return nil }

func TestFailuresAreCounted(t *testing.T) {
	t.Parallel()
	c, err := drive(context.Background(), &failing{}, 1, time.Minute)
	if err != nil || c.failed != 11 || len(c.latencies) != 11 || c.err == nil {
		t.Errorf("%d failed, %d not, %v, %v", c.failed, len(c.latencies), c.err, err)
	}
	if _, err := drive(context.Background(), &failing{always: true}, 1, time.Minute); err == nil || !strings.Contains(err.Error(), "no message was acknowledged") {
		t.Errorf("nothing was exchanged, and yet: %v", err)
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(ctx, Load{Mode: Handler, Key: RSA2048, Concurrency: 1, Duration: time.Minute}, shared); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// BenchmarkExchange is oots bench as4 for go test: one message after the other, both ends and their memory
// counted.
func BenchmarkExchange(b *testing.B) {
	for _, load := range []Load{
		{Mode: Handler, Key: RSA2048, Payload: 1000, Compress: true},
		{Mode: Handler, Key: RSA2048, Payload: 1000_000, Compress: true},
		{Mode: Handler, Key: RSA2048, Payload: 1000_000},
		{Mode: Handler, Key: RSA3072, Payload: 1000, Compress: true},
		{Mode: Durable, Key: RSA2048, Payload: 1000, Compress: true},
		{Mode: Durable, Key: RSA2048, Payload: 1000_000, Compress: true},
		{Mode: Signature, Key: RSA2048},
		{Mode: Signature, Key: P256},
		{Mode: Signature, Key: Ed25519},
	} {
		name := string(load.Mode) + "/" + string(load.Key) + "/" + sizeName(load)
		b.Run(name, func(b *testing.B) {
			load.Concurrency, load.Duration = 1, time.Second
			p, err := open(context.Background(), load, shared)
			if err != nil {
				b.Fatal(err)
			}
			defer p.close()
			if err := p.exchange(context.Background()); err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(load.Payload))
			b.ReportAllocs()
			for b.Loop() {
				if err := p.exchange(context.Background()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func sizeName(l Load) string {
	name := map[int]string{0: "none", 1000: "1kB", 1000_000: "1MB"}[l.Payload]
	if l.Payload > 0 && !l.Compress {
		name += "-plain"
	}
	return name
}
