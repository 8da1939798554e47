package gateway_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"oots/edelivery/ebms"
	"oots/edelivery/pmode"
	"oots/internal/gateway"
)

// byLeg are the P-Modes of A with one leg to B.
func byLeg(w *world, leg pmode.Leg) *pmode.Set {
	set := modes(w.party("A"), w.party("B"))
	leg.Name, leg.NonRepudiation, leg.DuplicateDetection, leg.Errors.AsResponse = "leg", true, true, true
	leg.Service, leg.Action = set.Service, "ExecuteQueryRequest"
	leg.InitiatorRole, leg.ResponderRole = w.party("A").Role, w.party("B").Role
	leg.Send, leg.Receive = []ebms.PartyID{party("B")}, []ebms.PartyID{party("B")}
	set.Legs = []pmode.Leg{leg}
	return set
}

// TestPlanOfTheLeg: attempts are made at the instants of the P-Mode that was in force when the message was submitted, also
// by a process that started later with another one.
func TestPlanOfTheLeg(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		retry   string
		minutes []int // of the attempts
	}{
		"constant":    {"12;4;CONSTANT", []int{0, 3, 6, 9, 12}},
		"once":        {"0;0;SEND_ONCE", []int{0}},
		"progressive": {"40;2;2;PROGRESSIVE", []int{0, 2, 6, 14, 30}},
		"none":        {"", []int{0, 3, 6, 9, 12}}, // that of the configuration
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			retry, err := pmode.ParseRetry(tc.retry)
			if err != nil {
				t.Fatal(err)
			}
			dir := t.TempDir()
			start := func(r pmode.Retry) *side {
				return w.open(t, "A", []string{"B"}, dir, "a-2", func(c *gateway.Config) { c.PModes = byLeg(w, pmode.Leg{Retry: r}) })
			}
			a := start(retry)
			w.cut = true
			w.submit(t, a, "x")
			begin := w.clock.Now()
			var at []int
			for range 45 {
				before := len(w.sent)
				pump(t, a)
				if len(w.sent) > before {
					at = append(at, int(w.clock.Now().Sub(begin)/time.Minute))
				}
				w.clock.Add(time.Minute)
				if w.clock.Now().Sub(begin) == 4*time.Minute {
					if err := a.store.Close(); err != nil {
						t.Fatal(err)
					}
					told := a.failed
					a = start(pmode.Retry{Strategy: pmode.Constant, Timeout: time.Minute, Count: 1})
					a.failed = told
				}
			}
			if !slices.Equal(at, tc.minutes) {
				t.Errorf("attempts in minutes %v, want %v", at, tc.minutes)
			}
			if len(a.failed) != 1 {
				t.Errorf("told %v", a.failed)
			}
		})
	}
}

// TestRetentionOfTheLeg: payloads stay as long as the P-Mode says, and no longer.
func TestRetentionOfTheLeg(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		keep  pmode.Retention
		fail  bool
		after map[time.Duration]bool // are the payloads there?
		row   bool                   // after ten days
	}{
		"success at once":   {pmode.Retention{}, false, map[time.Duration]bool{0: false}, true},
		"success never":     {pmode.Retention{SentSuccess: pmode.Never}, false, map[time.Duration]bool{0: false}, true},
		"success one hour":  {pmode.Retention{SentSuccess: time.Hour}, false, map[time.Duration]bool{0: true, 59 * time.Minute: true, time.Hour: false}, true},
		"failure at once":   {pmode.Retention{SentFailure: 0}, true, map[time.Duration]bool{0: false}, true},
		"failure two hours": {pmode.Retention{SentFailure: 2 * time.Hour}, true, map[time.Duration]bool{0: true, 119 * time.Minute: true, 2 * time.Hour: false}, true},
		"failure never":     {pmode.Retention{SentFailure: pmode.Never}, true, map[time.Duration]bool{240 * time.Hour: true}, true},
		"row too":           {pmode.Retention{DeleteMetadata: true, Metadata: 24 * time.Hour}, false, map[time.Duration]bool{0: false}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			a := w.open(t, "A", []string{"B"}, t.TempDir(), "a-2", func(c *gateway.Config) {
				c.PModes = byLeg(w, pmode.Leg{Retention: tc.keep, Retry: pmode.Retry{Strategy: pmode.SendOnce}})
			})
			w.cut = tc.fail
			id := w.submit(t, a, "x")
			pump(t, a)
			settled := w.clock.Now()
			var instants []time.Duration
			for d := range tc.after {
				instants = append(instants, d)
			}
			slices.Sort(instants)
			for _, d := range instants {
				w.clock.Add(settled.Add(d).Sub(w.clock.Now()))
				if d > 0 {
					if _, err := a.Purge(context.Background()); err != nil {
						t.Fatal(err)
					}
				}
				if got := a.row(t, "gateway_part", "position", id) != "none"; got != tc.after[d] {
					t.Errorf("%s after the end: payloads are there: %v", d, got)
				}
			}
			w.clock.Add(settled.Add(240 * time.Hour).Sub(w.clock.Now()))
			if _, err := a.Purge(context.Background()); err != nil {
				t.Fatal(err)
			}
			if got := a.row(t, "gateway_outbox", "state", id) != "none"; got != tc.row {
				t.Errorf("the row is there: %v", got)
			}
		})
	}
}

// TestLateReceipt: a receipt that comes when the message was given up is kept, and its back end learns of it.
func TestLateReceipt(t *testing.T) {
	t.Parallel()
	w := byCallback(t)
	id := w.submit(t, w.a, "late")
	if _, err := w.a.Send(context.Background()); err != nil {
		t.Fatal(err)
	}
	w.dead["a.test"], w.dead["b.test"] = true, true
	for range gateway.DefaultRetry.Attempts {
		w.clock.Add(gateway.DefaultRetry.Interval)
		pump(t, w.a)
	}
	if d := w.a.look(t, gateway.Out, id); d.State != gateway.Undelivered || len(w.a.failed) != 1 {
		t.Fatalf("state %s, told %v", d.State, w.a.failed)
	}
	w.dead["a.test"] = false
	pump(t, w.b)
	d := w.a.look(t, gateway.Out, id)
	if d.State != gateway.Acknowledged || len(d.Receipt) == 0 || len(w.a.sent) != 1 || d.ErrorCode != "" {
		t.Errorf("state %s, told %v", d.State, w.a.sent)
	}
}

// TestCutOnTheWay: EBMS:0007 says that the line has cut the message: it is sent again.
func TestCutOnTheWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cut := true
	w.hosts["b.test"] = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if cut {
			var b bytes.Buffer
			b.ReadFrom(r.Body)
			short := httptest.NewRequest(r.Method, r.URL.String(), bytes.NewReader(b.Bytes()[:b.Len()-9]))
			short.Header = r.Header
			r = short
		}
		w.b.ServeHTTP(rw, r)
	})
	id := w.submit(t, w.a, "whole")
	pump(t, w.a)
	d := w.a.look(t, gateway.Out, id)
	if d.State != gateway.Waiting || d.Attempts[0].Code != ebms.MimeInconsistency || d.Attempts[0].Outcome != gateway.OutcomeError {
		t.Fatalf("state %s, %+v", d.State, d.Attempts)
	}
	cut = false
	w.clock.Add(gateway.DefaultRetry.Interval)
	pump(t, w.a)
	if d := w.a.look(t, gateway.Out, id); d.State != gateway.Acknowledged {
		t.Errorf("state %s", d.State)
	}
}
