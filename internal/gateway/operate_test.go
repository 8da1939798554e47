package gateway_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"oots/edelivery/as4"
	"oots/edelivery/ebms"
	"oots/internal/gateway"
	"oots/internal/store"
)

// undelivered makes a message of A that was given up.
func undelivered(t *testing.T, w *world, text string) string {
	t.Helper()
	w.cut = true
	id := w.submit(t, w.a, text)
	for range gateway.DefaultRetry.Attempts {
		pump(t, w.a)
		w.clock.Add(gateway.DefaultRetry.Interval)
	}
	w.cut = false
	if d := w.a.look(t, gateway.Out, id); d.State != gateway.Undelivered {
		t.Fatalf("state %s", d.State)
	}
	return id
}

func TestResend(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	id := undelivered(t, w, "again")
	if err := w.a.Resend(ctx, id); err != nil {
		t.Fatal(err)
	}
	pump(t, w.a)
	pump(t, w.b)
	d := w.a.look(t, gateway.Out, id)
	if d.State != gateway.Acknowledged || d.Summary.Attempts != 1 || len(d.Attempts) != 6 || d.Deleted.IsZero() || len(d.Receipt) == 0 {
		t.Errorf("state %s, %d attempts, %d kept, deleted %s", d.State, d.Summary.Attempts, len(d.Attempts), d.Deleted)
	}
	if first, last := w.sent[0], w.sent[len(w.sent)-1]; !slices.Equal(first, last) {
		t.Error("other bytes were sent")
	}
	if len(w.b.delivered) != 1 || len(w.a.sent) != 1 || len(w.a.failed) != 1 {
		t.Errorf("delivered %d, told %v and %v", len(w.b.delivered), w.a.sent, w.a.failed)
	}
	if err := w.a.Resend(ctx, id); !errors.Is(err, gateway.ErrState) {
		t.Errorf("resend of an acknowledged message: %v", err)
	}
	if err := w.a.Resend(ctx, "nobody@nowhere"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("resend of nothing: %v", err)
	}
}

// TestResendWithoutPayloads: once the retention is over the message cannot be sent again, and the error says so.
func TestResendWithoutPayloads(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := undelivered(t, w, "gone")
	w.clock.Add(gateway.DefaultRetention.SentFailure)
	if n, err := w.a.Purge(context.Background()); n != 1 || err != nil {
		t.Fatalf("%d purged, %v", n, err)
	}
	if err := w.a.Resend(context.Background(), id); !errors.Is(err, gateway.ErrDeleted) {
		t.Errorf("got %v", err)
	}
}

func TestCancel(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.cut = true
	id := w.submit(t, w.a, "never mind")
	pump(t, w.a)
	if err := w.a.Cancel(context.Background(), id); err != nil {
		t.Fatal(err)
	}
	w.cut = false
	w.clock.Add(time.Hour)
	pump(t, w.a)
	pump(t, w.b)
	if len(w.b.delivered) != 0 {
		t.Error("a cancelled message was sent")
	}
	if len(w.a.failed) != 1 || w.a.failed[0] != id+" "+gateway.CodeCancelled {
		t.Errorf("told %v", w.a.failed)
	}
	if err := w.a.Cancel(context.Background(), id); !errors.Is(err, gateway.ErrState) {
		t.Errorf("second cancel: %v", err)
	}
}

// TestUnclear: the receiver calls the second attempt a duplicate; an operator settles it.
func TestUnclear(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		act       func(*side, string) error
		want      gateway.State
		sent, not int
	}{
		"resolve": {func(s *side, id string) error { return s.Resolve(context.Background(), gateway.Out, id) }, gateway.Resolved, 1, 0},
		"cancel":  {func(s *side, id string) error { return s.Cancel(context.Background(), id) }, gateway.Cancelled, 0, 1},
		"resend":  {func(s *side, id string) error { return s.Resend(context.Background(), id) }, gateway.Waiting, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.lose = true
			id := w.submit(t, w.a, "x")
			pump(t, w.a)
			w.lose = false
			w.hosts["b.test"] = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				self := identity(w.keys["B"])
				e := ebms.NewError("EBMS:4001", "duplicate")
				e.RefToMessageInError = id
				entity, err := as4.ErrorSignal([]ebms.Error{*e}, id, "e@b.test", w.clock.Now(), &self)
				if err != nil {
					t.Error(err)
				}
				rw.Header().Set("Content-Type", entity.ContentType)
				entity.WriteTo(rw)
			})
			w.clock.Add(gateway.DefaultRetry.Interval)
			pump(t, w.a)
			if d := w.a.look(t, gateway.Out, id); d.State != gateway.Unclear || len(w.a.sent)+len(w.a.failed) != 0 {
				t.Fatalf("state %s, told %v %v", d.State, w.a.sent, w.a.failed)
			}
			if err := tc.act(w.a, id); err != nil {
				t.Fatal(err)
			}
			if d := w.a.look(t, gateway.Out, id); d.State != tc.want || len(w.a.sent) != tc.sent || len(w.a.failed) != tc.not {
				t.Errorf("state %s, told %v %v", d.State, w.a.sent, w.a.failed)
			}
		})
	}
}

// TestStuck: a message that the back end never takes waits for an operator, who offers it again or settles it.
func TestStuck(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	var ids []string
	for i := range 2 {
		ids = append(ids, w.submit(t, w.a, fmt.Sprint(i)))
	}
	pump(t, w.a)
	w.b.refuse = errors.New("register is down")
	for range 12 {
		pump(t, w.b)
		w.clock.Add(10 * time.Minute)
	}
	queues, err := w.b.Queues(ctx)
	if err != nil || len(queues) != 1 || queues[0].Stuck != 2 || queues[0].Oldest.IsZero() {
		t.Errorf("queues %+v, %v", queues, err)
	}
	d := w.b.look(t, gateway.In, ids[0])
	if d.State != gateway.Stuck || len(d.Attempts) != 10 || d.Attempts[9].Outcome != gateway.OutcomeRejected || d.Attempts[9].Detail != "register is down" {
		t.Fatalf("state %s, attempts %+v", d.State, d.Attempts)
	}
	w.b.refuse = nil
	if err := w.b.Redeliver(ctx, ids[0]); err != nil {
		t.Fatal(err)
	}
	if err := w.b.Resolve(ctx, gateway.In, ids[1]); err != nil {
		t.Fatal(err)
	}
	pump(t, w.b)
	if len(w.b.delivered) != 1 || w.b.delivered[0].Message.MessageID != ids[0] || text(w.b.delivered[0], 0) != "0" {
		t.Errorf("delivered %d", len(w.b.delivered))
	}
	if d := w.b.look(t, gateway.In, ids[1]); d.State != gateway.Resolved || d.Deleted.IsZero() {
		t.Errorf("resolved message is %s, deleted %s", d.State, d.Deleted)
	}
	if err := w.b.Redeliver(ctx, ids[1]); !errors.Is(err, gateway.ErrState) {
		t.Errorf("got %v", err)
	}
}

// TestOperatorsAtOnce: of many who act on one message at the same time one succeeds, and the back end is told once.
func TestOperatorsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := undelivered(t, w, "x")
	many := func(act func() error) int64 {
		var n atomic.Int64
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				err := act()
				switch {
				case err == nil:
					n.Add(1)
				case !errors.Is(err, gateway.ErrState):
					t.Error(err)
				}
			})
		}
		all.Wait()
		return n.Load()
	}
	if n := many(func() error { return w.a.Resend(context.Background(), id) }); n != 1 {
		t.Errorf("%d resends", n)
	}
	before := len(w.a.failed)
	if n := many(func() error { return w.a.Cancel(context.Background(), id) }); n != 1 {
		t.Errorf("%d cancels", n)
	}
	if told := len(w.a.failed) - before; told != 1 {
		t.Errorf("the back end was told %d times", told)
	}
}

// TestCancelAgainstSending: whoever comes first wins, and the back end hears one story of each message.
func TestCancelAgainstSending(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var ids []string
	for i := range 40 {
		ids = append(ids, w.submit(t, w.a, fmt.Sprint(i)))
	}
	var all sync.WaitGroup
	all.Go(func() { w.a.Send(context.Background()) })
	var cancelled atomic.Int64
	for _, id := range ids {
		all.Go(func() {
			if w.a.Cancel(context.Background(), id) == nil {
				cancelled.Add(1)
			}
		})
	}
	all.Wait()
	pump(t, w.a)
	pump(t, w.b)
	told := append(slices.Clone(w.a.sent), w.a.failed...)
	for i := range told {
		told[i], _, _ = strings.Cut(told[i], " ")
	}
	slices.Sort(told)
	slices.Sort(ids)
	if !slices.Equal(told, ids) {
		t.Errorf("%d stories of %d messages", len(told), len(ids))
	}
	if len(w.a.failed) != int(cancelled.Load()) || len(w.b.delivered) != len(w.a.sent) {
		t.Errorf("%d cancelled, %d told so; %d delivered, %d told so", cancelled.Load(), len(w.a.failed), len(w.b.delivered), len(w.a.sent))
	}
}

func TestSearch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	var ids []string
	for i := range 7 {
		ids = append(ids, w.submit(t, w.a, fmt.Sprint(i)))
		if i != 3 { // the fourth and the fifth are of one millisecond
			w.clock.Add(time.Second)
		}
	}
	pump(t, w.a)
	slices.Reverse(ids)
	find := func(f gateway.Filter) []string {
		out, err := w.a.Search(ctx, f)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, s := range out {
			got = append(got, s.MessageID)
		}
		return got
	}
	one := w.a.look(t, gateway.Out, ids[2])
	for _, tc := range []struct {
		name string
		f    gateway.Filter
		want int
	}{
		{"all", gateway.Filter{}, 7},
		{"id", gateway.Filter{Text: ids[2]}, 1},
		{"beginning of an id", gateway.Filter{Text: ids[2][:13]}, 1},
		{"conversation", gateway.Filter{Text: one.ConversationID}, 1},
		{"nothing", gateway.Filter{Text: "zzz"}, 0},
		{"a wildcard is a character", gateway.Filter{Text: "%"}, 0},
		{"state", gateway.Filter{States: []gateway.State{gateway.Acknowledged, gateway.Waiting}}, 7},
		{"other state", gateway.Filter{States: []gateway.State{gateway.Undelivered}}, 0},
		{"partner", gateway.Filter{Partner: "AP_B"}, 7},
		{"other partner", gateway.Filter{Partner: "AP_C"}, 0},
		{"action", gateway.Filter{Action: "ExecuteQueryRequest"}, 7},
		{"box", gateway.Filter{Box: gateway.In}, 0},
		{"since", gateway.Filter{Since: one.Created}, 4},
		{"until", gateway.Filter{Until: one.Created}, 3},
		{"together", gateway.Filter{Text: ids[2], Partner: "AP_B", Box: gateway.Out, Since: one.Created}, 1},
	} {
		if got := find(tc.f); len(got) != tc.want {
			t.Errorf("%s: %d messages, want %d", tc.name, len(got), tc.want)
		}
	}
	var paged []string
	f := gateway.Filter{Limit: 3}
	for {
		out, err := w.a.Search(ctx, f)
		if err != nil {
			t.Fatal(err)
		}
		if len(out) == 0 {
			break
		}
		for _, s := range out {
			paged = append(paged, s.MessageID)
		}
		f.Before = out[len(out)-1].Created
	}
	slices.Sort(paged)
	slices.Sort(ids)
	if !slices.Equal(paged, ids) {
		t.Errorf("pages have %d messages, some twice or never", len(paged))
	}
	in := w.b.look(t, gateway.In, one.MessageID)
	if in.Partner != "AP_A" || in.Size == 0 || len(in.Parts) != 2 || in.Parts[1].MimeType != "application/pdf" || in.Message.MessageID != one.MessageID {
		t.Errorf("received message %+v", in.Summary)
	}
	if one.Size == 0 || len(one.Parts) != 2 || one.Service != "QueryManager" || one.Message.Action != "ExecuteQueryRequest" || len(one.Receipt) == 0 {
		t.Errorf("sent message %+v", one.Summary)
	}
}

func TestPing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx := context.Background()
	id, err := w.a.Ping(ctx, party("B"))
	if err != nil {
		t.Fatal(err)
	}
	d := w.a.look(t, gateway.Out, id)
	if d.State != gateway.Acknowledged || len(d.Attempts) != 1 || d.Attempts[0].Outcome != gateway.OutcomeReceipt || d.Action != ebms.TestAction {
		t.Errorf("%s, %+v", d.State, d.Attempts)
	}
	if in := w.b.look(t, gateway.In, id); in.State != gateway.Tested {
		t.Errorf("received as %s", in.State)
	}
	w.cut = true
	id, err = w.a.Ping(ctx, party("B"))
	if !errors.Is(err, gateway.ErrPing) {
		t.Fatalf("got %v", err)
	}
	if d := w.a.look(t, gateway.Out, id); d.State != gateway.Undelivered || d.Attempts[0].Outcome != gateway.OutcomeRefused {
		t.Errorf("%s, %+v", d.State, d.Attempts)
	}
	pump(t, w.b)
	if len(w.b.delivered)+len(w.a.sent)+len(w.a.failed) != 0 {
		t.Error("a back end was told of a ping")
	}
	if _, err := w.a.Ping(ctx, party("Z")); err == nil {
		t.Error("a stranger was pinged")
	}
}

// TestPingByCallback: the receipt comes in a request of its own.
func TestPingByCallback(t *testing.T) {
	t.Parallel()
	w := byCallback(t)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { w.b.Run(ctx, time.Hour); close(ended) }()
	if _, err := w.a.Ping(ctx, party("B")); err != nil {
		t.Error(err)
	}
	cancel()
	<-ended
}
