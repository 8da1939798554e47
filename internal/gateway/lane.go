package gateway

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"oots/internal/store"
)

// A lane is the way to one partner: a few attempts at once, none while the partner cannot be reached.
type lane struct {
	workers   int
	claiming  int  // workers that look for a message
	claimed   int  // messages that were found
	completed int  // attempts that have ended
	wanted    bool // more came while all workers were busy
	waiters   []*waiter
	failures  int       // connections that failed in a row
	until     time.Time // when it is tried again
}

// A waiter waits until everything that was due when it came has been tried.
type waiter struct {
	until int // of lane.claimed, then of lane.completed
	tried int
	errs  []error
	done  chan struct{}
}

// lanes are the ways to all partners, by the value of their party ids.
type lanes struct {
	mu    sync.Mutex
	each  int // attempts at once to one partner
	lanes map[string]*lane
}

func (l *lanes) of(partner string) *lane {
	w := l.lanes[partner]
	if w == nil {
		if l.lanes == nil {
			l.lanes = map[string]*lane{}
		}
		w = &lane{}
		l.lanes[partner] = w
	}
	return w
}

// A partner whose connections fail this often in a row is slowed: by firstPause, doubled each time up to longestPause.
const (
	failuresToSlow = 3
	firstPause     = 5 * time.Second
	longestPause   = time.Minute
	longestBusy    = 5 * time.Minute // that a partner may ask for
)

// slowed returns when the next attempt may be made; zero is now. A pause that ends later than any pause may was begun
// before the clock was set back.
func (w *lane) slowed(now time.Time) time.Time {
	if !w.until.After(now) || w.until.After(now.Add(longestBusy)) {
		return time.Time{}
	}
	return w.until
}

// open is how many attempts may be made at once: one, as a probe, to a partner that was slowed.
func (w *lane) open(each int) int {
	if w.failures >= failuresToSlow {
		return 1
	}
	return each
}

// join returns what to wait for until due messages have been tried, and how many workers to start for that. The waiter is
// nil while the partner is slowed.
func (l *lanes) join(partner string, due int, now time.Time) (w *waiter, start int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	way := l.of(partner)
	if !way.slowed(now).IsZero() {
		return nil, 0
	}
	start = max(0, min(due, way.open(l.each)-way.workers))
	w = &waiter{until: way.claimed + way.claiming + due, done: make(chan struct{})}
	way.workers += start
	way.wanted = way.wanted || start < due
	way.waiters = append(way.waiters, w)
	return w, start
}

// leave ends a worker that has found nothing to do, unless more has come meanwhile: then it goes on.
func (l *lanes) leave(partner string, now time.Time, err error) (goOn bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	way := l.of(partner)
	if err == nil && way.wanted && way.slowed(now).IsZero() && way.workers <= way.open(l.each) {
		way.wanted = false
		return true
	}
	for _, w := range way.waiters {
		if err != nil {
			w.errs = append(w.errs, err)
		}
	}
	way.end()
	return false
}

// end takes one worker away. Who still waits when nobody works has counted a message that another process took.
func (w *lane) end() {
	w.workers--
	if w.workers > 0 {
		return
	}
	for _, x := range w.waiters {
		close(x.done)
	}
	w.waiters, w.wanted = nil, false
}

// complete counts an attempt. The worker goes on if somebody waits for more than was claimed.
func (l *lanes) complete(partner string, err error) (goOn bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	way := l.of(partner)
	way.completed++
	way.waiters = slices.DeleteFunc(way.waiters, func(w *waiter) bool {
		w.tried++
		if err != nil {
			w.errs = append(w.errs, err)
		}
		if way.completed < w.until {
			return false
		}
		close(w.done)
		return true
	})
	for _, w := range way.waiters {
		goOn = goOn || way.claimed+way.claiming < w.until
	}
	if goOn || way.wanted {
		return true
	}
	way.end()
	return false
}

// claim begins and ends the search for a message.
func (l *lanes) claim(partner string, begin, found bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	way := l.of(partner)
	switch {
	case begin:
		way.claiming++
		return
	case found:
		way.claimed++
	}
	way.claiming--
}

// may reports whether a worker may make one more attempt.
func (l *lanes) may(partner string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	way := l.of(partner)
	return way.slowed(now).IsZero() && way.workers <= way.open(l.each)
}

// report takes notice of how an attempt went. Gap is the time to the message's next attempt: no pause is longer, so that a
// message alone keeps to its plan. It returns whether the partner has come back.
func (l *lanes) report(partner string, out *outcome, gap time.Duration, now time.Time) (back bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	way := l.of(partner)
	switch {
	case out.kind == OutcomeLocal:
		return false
	case out.kind == OutcomeBusy:
		way.failures, way.until = max(way.failures, failuresToSlow), now.Add(min(max(out.retryAfter, time.Second), longestBusy))
		return false
	case !out.unconnected():
		back = way.failures >= failuresToSlow
		way.failures, way.until = 0, time.Time{}
		return back
	}
	way.failures++
	if way.failures < failuresToSlow {
		return false
	}
	pause := min(firstPause<<min(way.failures-failuresToSlow, 10), longestPause)
	if gap > 0 {
		pause = min(pause, gap)
	}
	way.until = now.Add(pause)
	return false
}

// Send tries every message that is due, and returns how many attempts were made meanwhile. Partners take turns: each has a
// few attempts at once, so one that is slow or dead keeps nobody waiting. Partners that are slowed are left out.
func (g *Gateway) Send(ctx context.Context) (int, error) {
	tried := 0
	for {
		waiting, more, err := g.round(ctx, func(work func()) { go work() })
		n := 0
		for _, w := range waiting {
			<-w.done
			n += w.tried
			err = errors.Join(err, errors.Join(w.errs...))
		}
		tried += n
		if err != nil || !more || n == 0 || ctx.Err() != nil {
			return tried, errors.Join(err, ctx.Err())
		}
	}
}

// start lets workers try what is due, and does not wait for them. Errors of theirs go to the log.
func (g *Gateway) start(ctx context.Context, working *sync.WaitGroup) error {
	waiting, _, err := g.round(ctx, working.Go)
	for _, w := range waiting {
		working.Go(func() {
			<-w.done
			if err := errors.Join(w.errs...); err != nil && ctx.Err() == nil {
				g.c.Log.Error("gateway: sending failed", "err", err)
			}
		})
	}
	return err
}

// roundSize is how many messages to a partner one round waits for.
const roundSize = 64

// round starts workers for what is due now. more says that not all of it was looked at.
func (g *Gateway) round(ctx context.Context, run func(work func())) (waiting []*waiter, more bool, err error) {
	if err := g.revive(ctx); err != nil {
		return nil, false, err
	}
	now := g.c.Clock.Now()
	var due []Due
	err = g.c.Store.View(ctx, func(tx *store.Tx) (err error) {
		due, err = g.c.Store.Due(tx, now, roundSize)
		return err
	})
	if err != nil {
		return nil, false, err
	}
	for _, d := range due {
		w, start := g.lanes.join(d.Partner, d.Count, now)
		if w == nil {
			err = errors.Join(err, g.expire(ctx, d.Partner))
			continue
		}
		for range start {
			run(func() { g.work(ctx, d.Partner) })
		}
		more = more || d.Count == roundSize
		waiting = append(waiting, w)
	}
	return waiting, more, err
}

// work sends to one partner until nothing is due to it any more. Waiting for the common slots, partners take turns after
// each message.
func (g *Gateway) work(ctx context.Context, partner string) {
	for {
		select {
		case g.sending <- struct{}{}:
		case <-ctx.Done():
			g.lanes.leave(partner, g.c.Clock.Now(), ctx.Err())
			return
		}
		o, err := g.next(ctx, partner)
		if err == nil {
			err = g.attempt(ctx, o)
			g.idle(Key{Out, o.MessageID})
			<-g.sending
			if !g.lanes.complete(partner, err) {
				return
			}
			continue
		}
		<-g.sending
		if errors.Is(err, store.ErrNotFound) {
			err = nil
		}
		if !g.lanes.leave(partner, g.c.Clock.Now(), err) {
			return
		}
	}
}

// next claims what is due longest to a partner; ErrNotFound when there is nothing, or the partner is slowed.
func (g *Gateway) next(ctx context.Context, partner string) (o Outbound, err error) {
	if ctx.Err() != nil || !g.lanes.may(partner, g.c.Clock.Now()) {
		return Outbound{}, store.ErrNotFound
	}
	g.lanes.claim(partner, true, false)
	o, err = g.claimOutbound(ctx, Claim{Partner: partner})
	g.lanes.claim(partner, false, err == nil)
	return o, err
}
