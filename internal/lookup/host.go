package lookup

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

const (
	// maxParallel bounds the queries to one host at a time. [TDD 3.4]
	maxParallel = 4
	// pauseAfterTrouble is how long a host that failed every attempt is left alone.
	pauseAfterTrouble = 10 * time.Second
	// maxPause bounds what a host may ask for with Retry-After.
	maxPause = 10 * time.Minute
	// shortPause is what a query waits for itself when a host asks for a pause.
	shortPause = 2 * time.Second
)

// errResting says that a host is left alone for a while.
var errResting = errors.New("the host is left alone for a while")

// hosts knows each host that queries go to.
type hosts struct {
	mu  sync.Mutex
	all map[string]*peer
}

// A peer is one of them.
type peer struct {
	slots chan struct{}
	until time.Time // nobody asks before; guarded by hosts
}

// of returns the host of a URL.
func (h *hosts) of(target string) *peer {
	name := target
	if u, err := url.Parse(target); err == nil {
		name = u.Host
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.all == nil {
		h.all = make(map[string]*peer)
	}
	one, ok := h.all[name]
	if !ok {
		one = &peer{slots: make(chan struct{}, maxParallel)}
		h.all[name] = one
	}
	return one
}

// enter waits for a place among the queries to one host. leave gives it back.
func (h *hosts) enter(ctx context.Context, one *peer, now func() time.Time) (leave func(), err error) {
	select {
	case one.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	h.mu.Lock()
	resting := now().Before(one.until)
	h.mu.Unlock()
	if resting {
		<-one.slots
		return nil, errResting
	}
	return func() { <-one.slots }, nil
}

// rest leaves a host alone for a while.
func (h *hosts) rest(one *peer, until time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if until.After(one.until) {
		one.until = until
	}
}

// retryAfter is the pause that an answer asks for, 0 for none. [RFC 9110 §10.2.3]
func retryAfter(status int, h http.Header, now time.Time) time.Duration {
	if status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable {
		return 0
	}
	v := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(v); err == nil && seconds >= 0 {
		return min(time.Duration(min(seconds, 1<<20))*time.Second, maxPause)
	}
	if at, err := http.ParseTime(v); err == nil && at.After(now) {
		return min(at.Sub(now), maxPause)
	}
	return 0
}
