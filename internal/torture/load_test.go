package torture

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// How many of each work for one back end at once.
const (
	submitters = 4
	collectors = 3
)

// A load is the traffic of both back ends.
type load struct {
	*world
	total    atomic.Int64 // messages
	allowed  atomic.Int64 // how many of them may have been begun
	begun    atomic.Int64
	work     sync.WaitGroup
	finished context.CancelFunc // of the collectors
}

// begin starts the back ends. Messages are submitted up to allow, which may be raised later.
func (w *world) begin(ctx context.Context, total, allow int) *load {
	l := &load{world: w}
	l.total.Store(int64(total))
	l.allowed.Store(int64(allow))
	collecting, stop := context.WithCancel(ctx)
	l.finished = stop
	for i, name := range w.names {
		for n := range submitters {
			r := chance(w.seed, "submitter "+name+strconv.Itoa(n))
			l.work.Go(func() { l.submitAll(ctx, i, r) })
		}
		hands := &hands{at: map[string]int{}}
		for n := range collectors {
			r := chance(w.seed, "collector "+name+strconv.Itoa(n))
			l.work.Go(func() { l.collectAll(collecting, i, r, hands) })
		}
	}
	return l
}

// end waits until every message has come to its end, or nothing has happened for patience, and ends the back ends.
func (l *load) end(ctx context.Context, patience time.Duration) bool {
	l.allowed.Store(l.total.Load())
	defer l.work.Wait()
	defer l.finished()
	for {
		accepted, marked, moved := l.ledger.progress()
		if int64(accepted) == l.total.Load() && int64(marked) == l.total.Load() {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-moved:
		case <-time.After(patience):
			return false
		}
	}
}

// pause waits a moment, up to d; false when ctx ends.
func pause(ctx context.Context, r *rand.Rand, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(time.Duration(r.Int64N(int64(d)))):
		return true
	}
}

// submitAll submits until all messages are begun. The sides take turns: even numbers are of the first.
func (l *load) submitAll(ctx context.Context, side int, r *rand.Rand) {
	for {
		n := l.begun.Load()
		switch {
		case n >= l.total.Load():
			return
		case n >= l.allowed.Load():
			if !pause(ctx, r, 50*time.Millisecond) {
				return
			}
			continue
		case !l.begun.CompareAndSwap(n, n+1):
			continue
		}
		m := l.ledger.open(int(n), l.names[side], l.names[1-side], r, l.seed)
		if !l.submit(ctx, l.client[side], m, r) {
			return
		}
	}
}

// submit repeats a submission until it is answered; false when ctx ends. What a careful back end may do and a careless
// one does is done now and then: to hang up, to say everything twice, to use an id again.
func (l *load) submit(ctx context.Context, c *client, m *message, r *rand.Rand) bool {
	contents := make([][]byte, len(m.parts))
	for i := range m.parts {
		contents[i] = m.parts[i].bytes()
	}
	for done := false; !done; {
		try, cancel := ctx, context.CancelFunc(func() {})
		if r.IntN(20) == 0 {
			try, cancel = context.WithTimeout(ctx, time.Duration(r.IntN(30_000))*time.Microsecond)
		}
		id, err := c.submit(try, m, contents)
		cancel()
		var s *status
		switch {
		case err == nil:
			l.ledger.accept(m, id)
			done = true
		case ctx.Err() != nil:
			return false
		case errors.As(err, &s) && s.code/100 != 5 && s.code != http.StatusBadRequest, errors.As(err, &s) && s.code == http.StatusBadRequest && try == ctx:
			l.ledger.problem("%s: submission of %s: %v", m.from, m.conversation, err)
			return true
		default:
			if s != nil {
				l.ledger.refuse()
			}
			if !pause(ctx, r, 60*time.Millisecond) {
				return false
			}
		}
	}
	switch r.IntN(40) {
	case 0:
		if id, err := c.submit(ctx, m, contents); err == nil {
			l.ledger.accept(m, id)
		}
	case 1:
		other := append([]byte("x"), contents[0]...)
		var s *status
		if _, err := c.submit(ctx, m, append([][]byte{other}, contents[1:]...)); err == nil || errors.As(err, &s) && s.code/100 != 5 && s.code != http.StatusConflict {
			l.ledger.problem("%s: another message under the id of %s: %v", m.from, m.conversation, err)
		}
	}
	return true
}

// hands are the ids that a back end's collectors have in hand, and for how many looks one is left to lie.
type hands struct {
	mu sync.Mutex
	at map[string]int
}

const inHand = -1

// take gives an id to one collector, unless another has it or it is to lie.
func (h *hands) take(id string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := h.at[id]
	if n > 0 {
		h.at[id]--
	}
	if n != 0 {
		return false
	}
	h.at[id] = inHand
	return true
}

// lay puts an id back, to lie for n looks.
func (h *hands) lay(id string, n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at[id] = n
}

// collectAll retrieves and acknowledges until ctx ends.
func (l *load) collectAll(ctx context.Context, side int, r *rand.Rand, h *hands) {
	for ctx.Err() == nil {
		asked := l.ledger.now()
		ids, err := l.client[side].pending(ctx, 1+r.IntN(200))
		if err != nil || len(ids) == 0 {
			pause(ctx, r, 40*time.Millisecond)
			continue
		}
		l.ledger.listed(l.names[side], ids, asked)
		r.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		taken := 0
		for _, id := range ids {
			if taken == 20 {
				break // look again: the list grows old
			}
			if h.take(id) {
				taken++
				h.lay(id, l.collect(ctx, side, id, r))
			}
		}
		if taken == 0 {
			pause(ctx, r, 20*time.Millisecond)
		}
	}
}

// collect does one thing or another with a pending message and returns for how many looks to leave it then.
func (l *load) collect(ctx context.Context, side int, id string, r *rand.Rand) int {
	c, node := l.client[side], l.names[side]
	switch r.IntN(20) {
	case 0:
		return 1 + r.IntN(10)
	case 1:
		c.glimpse(ctx, id)
		return r.IntN(3)
	}
	times := 1
	if r.IntN(10) == 0 {
		times = 2
	}
	for range times {
		got, err := c.retrieve(ctx, id)
		var s *status
		if errors.As(err, &s) && s.code == http.StatusNotFound && l.ledger.downloaded(id) {
			l.acknowledge(ctx, side, id, r) // the list was old; and that it may be said again
			return 0
		}
		if err != nil {
			l.unexpected(node, "retrieval of "+id, err)
			return 0
		}
		l.ledger.retrieve(node, got)
	}
	if r.IntN(10) == 0 {
		return r.IntN(20) // acknowledged late: it is read again before
	}
	l.acknowledge(ctx, side, id, r)
	return 0
}

// acknowledge marks a message as downloaded, and repeats that until it is answered, or leaves it to the next look.
func (l *load) acknowledge(ctx context.Context, side int, id string, r *rand.Rand) {
	c, node := l.client[side], l.names[side]
	l.ledger.begin(id)
	for range 200 {
		try, cancel := ctx, context.CancelFunc(func() {})
		if r.IntN(20) == 0 {
			try, cancel = context.WithTimeout(ctx, time.Duration(r.IntN(3000))*time.Microsecond)
		}
		err := c.mark(try, id)
		cancel()
		if err == nil {
			l.ledger.mark(node, id)
			if r.IntN(30) == 0 {
				l.unexpected(node, "second acknowledgement of "+id, c.mark(ctx, id))
			}
			return
		}
		l.unexpected(node, "acknowledgement of "+id, err)
		if !pause(ctx, r, 60*time.Millisecond) {
			return
		}
	}
}

// unexpected notes an answer that is neither the one hoped for nor "not now".
func (l *load) unexpected(node, act string, err error) {
	var s *status
	if errors.As(err, &s) && s.code/100 != 5 {
		l.ledger.problem("%s: %s: %v", node, act, err)
	}
}
