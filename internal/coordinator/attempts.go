package coordinator

import (
	"sync"
	"time"
)

// attempts bounds how often the password of one account may be tried, from wherever: five at once, then one a minute.
// It keeps at most 10,000 names, in memory only.
type attempts struct {
	mu    sync.Mutex
	names map[string]tried
}

type tried struct {
	left float64
	at   time.Time
}

const (
	attemptsAtOnce = 5
	attemptsEvery  = time.Minute
	attemptsNames  = 10_000
)

// allow takes one attempt of a name.
func (a *attempts) allow(name string, now time.Time) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.names == nil || len(a.names) >= attemptsNames {
		a.names = map[string]tried{}
	}
	t, known := a.names[name]
	if !known {
		t = tried{attemptsAtOnce, now}
	}
	t.left = min(t.left+float64(now.Sub(t.at))/float64(attemptsEvery), attemptsAtOnce)
	t.at = now
	ok := t.left >= 1
	if ok {
		t.left--
	}
	a.names[name] = t
	return ok
}

// forget gives a name its attempts back: its owner has come.
func (a *attempts) forget(name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.names, name)
}
