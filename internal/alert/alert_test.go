package alert_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"oots/internal/alert"
	"oots/internal/clock"
	"oots/internal/sqlstore"
	"oots/internal/store"
)

var start = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// A bench is a watch on figures that the test sets.
type bench struct {
	t      *testing.T
	now    time.Time
	figure []alert.Measurement
	broken error
	told   []string
	deaf   error
	hear   func() // called after each message
	limits map[alert.Kind]alert.Threshold
	store  *sqlstore.Store
	watch  *alert.Watch
	log    bytes.Buffer
}

// Name tells the bench from other tellers.
func (b *bench) Name() string { return "bench" }

// Tell writes down what is told.
func (b *bench) Tell(_ context.Context, m alert.Message) error {
	if b.deaf != nil {
		return b.deaf
	}
	b.told = append(b.told, m.Alert.Sentence())
	if b.hear != nil {
		b.hear()
	}
	return nil
}

func newBench(t *testing.T, limits map[alert.Kind]alert.Threshold) *bench {
	t.Helper()
	b := &bench{t: t, now: start}
	var err error
	if b.store, err = sqlstore.Open(t.Context(), t.TempDir(), bytes.Repeat([]byte{3}, 32)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.store.Close() })
	b.limits = limits
	if err := b.with(b); err != nil {
		t.Fatal(err)
	}
	return b
}

// with makes the watch, with these tellers.
func (b *bench) with(tellers ...alert.Teller) (err error) {
	b.watch, err = alert.New(alert.Config{DB: b.store.DB, Store: b.store.Alerts(), Thresholds: b.limits, Tellers: tellers,
		Gauges: []alert.Gauge{{Name: "bench", Kinds: []alert.Kind{alert.QueueAge, alert.Disk, alert.Certificate}, Measure: func(context.Context, time.Time) ([]alert.Measurement, error) { return b.figure, b.broken }}},
		Clock:  clock.Clock{Now: func() time.Time { return b.now }, NewUUID: clock.UUID}, Log: slog.New(slog.NewTextHandler(&b.log, nil))})
	return err
}

// round evaluates and tells, and returns what was told in it.
func (b *bench) round(figures ...alert.Measurement) []string {
	b.t.Helper()
	b.figure, b.told = figures, nil
	if err := b.watch.Evaluate(b.t.Context(), b.now); err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.watch.Tell(b.t.Context()); err != nil {
		b.t.Fatal(err)
	}
	b.now = b.now.Add(time.Minute)
	return b.told
}

func age(n float64) alert.Measurement {
	return alert.Measurement{Kind: alert.QueueAge, Subject: "AP_EL", Value: n}
}

func room(n float64) alert.Measurement {
	return alert.Measurement{Kind: alert.Disk, Subject: "/data", Value: n}
}

// TestOnce raises and clears once each, with room between the two limits, for figures that are bad when high and for
// those that are bad when low.
func TestOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	for i, step := range []struct {
		age, room float64
		told      string
	}{
		{0, 80, "[]"},
		{14, 11, "[]"},
		{15, 10, "[the oldest message to AP_EL waits for 15 minutes /data: 10 percent of the disk are free]"},
		{40, 2, "[]"},
		{6, 14, "[]"}, // back below the limit, not safely
		{15, 10, "[]"},
		{5, 15, "[cleared: the oldest message to AP_EL waits for 5 minutes cleared: /data: 15 percent of the disk are free]"},
		{14, 11, "[]"},
		{16, 50, "[the oldest message to AP_EL waits for 16 minutes]"},
	} {
		if got := fmt.Sprint(b.round(age(step.age), room(step.room))); got != step.told {
			t.Errorf("step %d: told %s, want %s", i, got, step.told)
		}
	}
	all, err := b.watch.Recent(t.Context(), 10)
	if err != nil || len(all) != 3 || !all[0].Open() || len(alert.Lasting(all)) != 1 || all[0].Value != 16 || all[0].Limit != 15 {
		t.Errorf("%+v %v", all, err)
	}
}

// TestSubjectGone clears an alert whose subject is not measured any more: the queue is empty, the certificate is gone.
func TestSubjectGone(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.round(age(30))
	if told := b.round(); len(told) != 1 || told[0] != "cleared: the oldest message to AP_EL waits for 30 minutes" {
		t.Errorf("told %v", told)
	}
}

// TestBrokenGauge neither raises nor clears what cannot be measured, and is an alert itself when that lasts.
func TestBrokenGauge(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.round(age(30))
	b.broken = errors.New("database is locked")
	if told := append(b.round(), b.round()...); len(told) != 0 {
		t.Errorf("told %v", told)
	}
	if told := b.round(); len(told) != 1 || told[0] != "bench cannot be measured" {
		t.Errorf("told %v", told)
	}
	b.broken = nil
	if told := b.round(age(30)); len(told) != 1 || told[0] != "cleared: bench cannot be measured" {
		t.Errorf("told %v", told)
	}
}

// TestOff raises nothing of a kind that is off, and clears what lasts.
func TestOff(t *testing.T) {
	t.Parallel()
	b := newBench(t, map[alert.Kind]alert.Threshold{alert.QueueAge: {Raise: 15, Clear: 5, Off: true}})
	if told := b.round(age(99)); len(told) != 0 {
		t.Errorf("told %v", told)
	}
	if _, err := alert.New(alert.Config{DB: b.store.DB, Store: b.store.Alerts(), Thresholds: map[alert.Kind]alert.Threshold{"weather": {}}, Clock: clock.System(), Log: slog.New(slog.DiscardHandler)}); err == nil {
		t.Error("an unknown kind is accepted")
	}
}

// TestToldAgain keeps what nobody takes, tells it later, in order, and gives up after about a day.
func TestToldAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.deaf = errors.New("mail server: connection refused")
	b.round(age(30))
	b.round(age(0))
	b.deaf = nil
	b.now = b.now.Add(time.Hour)
	want := "[the oldest message to AP_EL waits for 30 minutes cleared: the oldest message to AP_EL waits for 0 minutes]"
	if got := fmt.Sprint(b.round(age(0))); got != want {
		t.Errorf("told %s, want %s", got, want)
	}
	b.deaf = errors.New("gone")
	b.round(age(30))
	for range 60 {
		b.now = b.now.Add(2 * time.Hour)
		b.round(age(30))
	}
	b.deaf = nil
	b.now = b.now.Add(2 * time.Hour)
	if told := b.round(age(30)); len(told) != 0 {
		t.Errorf("told after all: %v", told)
	}
}

// TestSecondProcess lets two processes share a store: one of them tells.
func TestSecondProcess(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	other := *b
	var err error
	other.watch, err = alert.New(alert.Config{DB: b.store.DB, Store: b.store.Alerts(), Tellers: []alert.Teller{b}, Clock: clock.Clock{Now: func() time.Time { return b.now }, NewUUID: clock.UUID}, Log: slog.New(slog.DiscardHandler),
		Gauges: []alert.Gauge{{Name: "bench", Kinds: []alert.Kind{alert.QueueAge}, Measure: func(context.Context, time.Time) ([]alert.Measurement, error) { return b.figure, nil }}}})
	if err != nil {
		t.Fatal(err)
	}
	b.figure = []alert.Measurement{age(30)}
	for _, w := range []*alert.Watch{b.watch, other.watch} {
		if err := w.Evaluate(t.Context(), b.now); err != nil {
			t.Fatal(err)
		}
	}
	for _, w := range []*alert.Watch{other.watch, b.watch} {
		if _, err := w.Tell(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if len(b.told) != 1 {
		t.Errorf("told %v", b.told)
	}
}

// broken is a teller that tells nothing.
type broken struct{ asked int }

func (*broken) Name() string { return "broken" }

func (b *broken) Tell(context.Context, alert.Message) error {
	b.asked++
	return errors.New("answered 500")
}

// TestBrokenTeller lets one way to tell fail for ever: the other tells every alert once, in the round that raises it.
func TestBrokenTeller(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	webhook := &broken{}
	if err := b.with(webhook, b); err != nil {
		t.Fatal(err)
	}
	if told := b.round(age(30)); len(told) != 1 {
		t.Errorf("the first alert: told %v", told)
	}
	if told := b.round(age(30), room(5)); fmt.Sprint(told) != "[/data: 5 percent of the disk are free]" {
		t.Errorf("the second alert: told %v", told)
	}
	for range 24 * 6 {
		b.now = b.now.Add(9 * time.Minute)
		if told := b.round(age(30), room(5)); len(told) != 0 {
			t.Fatalf("told again: %v", told)
		}
	}
	if webhook.asked < 20 || webhook.asked > 70 {
		t.Errorf("the broken one was asked %d times in a day", webhook.asked)
	}
	b.now = b.now.Add(48 * time.Hour)
	asked := webhook.asked
	if b.round(age(30), room(5)); webhook.asked != asked {
		t.Error("a message of days ago is still told")
	}
	if err := b.with(b, b); err == nil {
		t.Error("two tellers of one name are accepted")
	}
}

// TestSpoiltMessage gives up a message that cannot be read, and tells the next.
func TestSpoiltMessage(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.deaf = errors.New("gone")
	b.round(age(30))
	err := b.store.DB.Update(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Exec(`UPDATE alert_message SET alert = 'spoilt'`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	b.deaf, b.now = nil, b.now.Add(time.Hour)
	if told := b.round(age(30), room(5)); fmt.Sprint(told) != "[/data: 5 percent of the disk are free]" {
		t.Errorf("told %v", told)
	}
}

// TestDeafRound tells what waits although the figures cannot be compared.
func TestDeafRound(t *testing.T) {
	t.Parallel()
	b := newBench(t, nil)
	b.figure = []alert.Measurement{age(30)}
	if err := b.watch.Evaluate(t.Context(), b.now); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	b.hear = stop
	err := b.store.DB.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.Exec(`ALTER TABLE alert RENAME TO alert_gone`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	b.watch.Run(ctx, time.Hour) // returns when the teller ends it
	if len(b.told) != 1 {
		t.Errorf("told %v", b.told)
	}
}
