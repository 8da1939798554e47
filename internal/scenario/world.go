package scenario

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"oots/edelivery/pmode"
	"oots/edm"
	"oots/edm/exchange"
	"oots/internal/clock"
	"oots/internal/demo"
	"oots/internal/login"
	"oots/internal/node"
)

// A world is the Member States of one run. What goes wrong first is kept, and every step after it does nothing.
type world struct {
	*node.Demonstration
	ctx       context.Context
	dir       string
	scenario  *Scenario
	lines     Lines
	clock     *fakeClock
	net       *network
	sent      []exchange.Envelope // what portals and providers handed to their access points, in order
	log       *slog.Logger
	rolled    func(country string, p *pmode.Party) // what the others know of an access point; nil for what it is
	forgetful bool                                 // others forget a certificate as soon as another takes its place
	seen      []string
	err       error
}

// bases are the addresses in the network of a scenario.
var bases = node.Bases{Front: "https://front.test", States: []string{"https://at.test", "https://el.test"}}

// start is when every scenario begins.
func start() time.Time { return time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC) }

// A fakeClock is a clock that the scenario moves, with identifiers that are the same in every run.
type fakeClock struct {
	seed string
	mu   sync.Mutex
	now  time.Time
	n    int
}

func newClock(seed string) *fakeClock { return &fakeClock{seed: seed, now: start()} }

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// UUID returns the next UUID of the run, in the form of version 4.
func (c *fakeClock) UUID() string {
	c.mu.Lock()
	c.n++
	sum := sha256.Sum256(fmt.Append(nil, c.seed, c.n))
	c.mu.Unlock()
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80
	h := hex.EncodeToString(sum[:16])
	return strings.Join([]string{h[:8], h[8:12], h[12:16], h[16:20], h[20:]}, "-")
}

func (c *fakeClock) advance(d time.Duration) {
	c.mu.Lock()
	c.now = c.now.Add(d)
	c.mu.Unlock()
}

// ahead is the same clock, d ahead.
func (c *fakeClock) ahead(d time.Duration) clock.Clock {
	return clock.Clock{Now: func() time.Time { return c.Now().Add(d) }, NewUUID: c.UUID}
}

func (w *world) portal() string {
	if w.scenario.Portal == "" {
		return "AT"
	}
	return w.scenario.Portal
}

// open opens what the folder holds, as after a start of the program.
func (w *world) open() {
	if w.err != nil {
		return
	}
	catalogue, err := demo.Catalogue()
	if err != nil {
		w.fail("catalogue: %v", err)
		return
	}
	if w.net == nil {
		w.net = &network{hosts: map[string]http.Handler{}}
	}
	o := node.Options{
		Dir: w.dir, Catalogue: catalogue, Bases: bases, T1: 5 * time.Minute, Transport: w.net, Record: true, Log: w.log,
		Clock: w.clock.ahead(0),
		Wait:  func(context.Context, time.Duration) error { return nil },
	}
	if w.lines != New {
		asks, answers := w.portal(), "EL"
		if asks == "EL" {
			answers = "AT"
		}
		o.Speaks = map[string][]edm.Version{asks: speaks(w.lines.Asks), answers: speaks(w.lines.Answers)}
	}
	if w.scenario.alter != nil {
		w.scenario.alter(&o)
	}
	o.Variant.Peer = w.rolled
	outgoing(func(_ string, e *exchange.Envelope) { w.sent = append(w.sent, *e) })(&o)
	if w.Demonstration, err = node.Open(w.ctx, o); err != nil {
		w.fail("open: %v", err)
		return
	}
	w.net.serve("front.test", w.Front)
	w.net.serve("at.test", w.States[0].Handler)
	w.net.serve("el.test", w.States[1].Handler)
}

// records is the folder of what went over the wire.
func (w *world) records() string { return filepath.Join(w.dir, "wire") }

func (w *world) close() {
	if w.Demonstration == nil {
		return
	}
	if err := w.Close(); err != nil {
		w.fail("close: %v", err)
	}
	w.Demonstration = nil
}

// crash abandons everything without a word and starts it again over what is on disk.
func (w *world) crash() {
	w.close()
	w.open()
}

// asking and answering are the Member States of the portal and of the provider.
func (w *world) asking() *node.MemberState { return w.state(w.portal()) }
func (w *world) answering() *node.MemberState {
	return w.state(map[string]string{"AT": "EL", "EL": "AT"}[w.portal()])
}

func (w *world) state(country string) *node.MemberState {
	for _, m := range w.States {
		if m.Country == country {
			return m
		}
	}
	return nil
}

// step lets everything happen that can happen now.
func (w *world) step() {
	if w.err != nil {
		return
	}
	if err := w.Step(w.ctx); err != nil {
		w.fail("step: %v", err)
	}
}

// pass lets time go by, in pieces, with everything that happens meanwhile.
func (w *world) pass(d, piece time.Duration) {
	for ; d > 0 && w.err == nil; d -= piece {
		w.clock.advance(min(d, piece))
		w.step()
	}
}

// see notes what happened.
func (w *world) see(format string, args ...any) {
	if w.err == nil {
		w.seen = append(w.seen, fmt.Sprintf(format, args...))
	}
}

// fail notes what is otherwise than expected; the first such thing counts.
func (w *world) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf(format, args...)
	}
}

// want fails unless ok.
func (w *world) want(ok bool, format string, args ...any) {
	if !ok {
		w.fail(format, args...)
	}
}

// wantError fails unless err is target.
func (w *world) wantError(err, target error, doing string) {
	if !errors.Is(err, target) {
		w.fail("%s: %v, want %v", doing, err, target)
	}
}

// person is a test person.
func (w *world) person(key string) login.Identity {
	for _, s := range demo.Subjects() {
		if s.Key == key {
			return s.Identity
		}
	}
	w.fail("there is no test person %q", key)
	return login.Identity{}
}
