package gateway_test

import (
	"context"
	"testing"
	"time"

	"oots/internal/gateway"
	"oots/internal/store"
)

const day = 24 * time.Hour

// TestClockJumps: whichever way the clock is set, what waits is sent and delivered, once, and no attempts are used up.
func TestClockJumps(t *testing.T) {
	t.Parallel()
	for name, jump := range map[string]time.Duration{"backwards": -day, "forwards": day} {
		t.Run(name+", waiting", func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.clock.Add(7 * day) // so that certificates are valid before and after
			w.cut = true
			id := w.submit(t, w.a, "x")
			pump(t, w.a)
			w.clock.Add(jump)
			for range 3 {
				pump(t, w.a) // still cut: one attempt at most
			}
			if n := len(w.sent); n != 2 {
				t.Errorf("%d attempts, want the one after the jump", n)
			}
			w.cut = false
			w.clock.Add(gateway.DefaultRetry.Interval)
			pump(t, w.a)
			pump(t, w.b)
			if d := w.a.look(t, gateway.Out, id); d.State != gateway.Acknowledged || len(w.b.delivered) != 1 {
				t.Errorf("state %s, delivered %d", d.State, len(w.b.delivered))
			}
		})
		t.Run(name+", claimed by a process that is gone", func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.clock.Add(7 * day) // so that certificates are valid before and after
			w.submit(t, w.a, "x")
			now := w.clock.Now()
			err := w.a.store.DB.Update(context.Background(), func(tx *store.Tx) error {
				_, err := w.a.store.Gateway().ClaimOutbound(tx, gateway.Claim{Partner: "AP_B", Owner: "gone", Now: now, Until: now.Add(2 * time.Minute)})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			w.clock.Add(jump)
			pump(t, w.a)
			if len(w.sent) != 1 {
				t.Errorf("sent %d times", len(w.sent))
			}
			err = w.b.store.DB.Update(context.Background(), func(tx *store.Tx) error {
				now := w.clock.Now()
				_, err := w.b.store.Gateway().ClaimInbound(tx, now, "gone", now.Add(2*time.Minute))
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			w.clock.Add(jump)
			pump(t, w.b)
			if len(w.b.delivered) != 1 {
				t.Errorf("delivered %d times", len(w.b.delivered))
			}
		})
		t.Run(name+", while it is sent", func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.clock.Add(7 * day) // so that certificates are valid before and after
			id := w.submit(t, w.a, "x")
			hold := make(chan struct{})
			w.hold["b.test"], w.held = hold, make(chan struct{}, 9)
			first := make(chan error)
			go func() { _, err := w.a.Send(context.Background()); first <- err }()
			<-w.held
			w.clock.Add(jump)
			pump(t, w.a)
			close(hold)
			if err := <-first; err != nil {
				t.Fatal(err)
			}
			pump(t, w.b)
			if d := w.a.look(t, gateway.Out, id); d.State != gateway.Acknowledged || len(w.sent) != 1 || len(w.b.delivered) != 1 || len(w.a.sent) != 1 {
				t.Errorf("state %s, sent %d, delivered %d, told %d", d.State, len(w.sent), len(w.b.delivered), len(w.a.sent))
			}
		})
		t.Run(name+", back end that failed", func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.clock.Add(7 * day) // so that certificates are valid before and after
			w.submit(t, w.a, "x")
			pump(t, w.a)
			w.b.refuse = context.DeadlineExceeded
			pump(t, w.b)
			w.b.refuse = nil
			w.clock.Add(jump)
			pump(t, w.b)
			if len(w.b.delivered) != 1 {
				t.Errorf("delivered %d", len(w.b.delivered))
			}
		})
	}
}
