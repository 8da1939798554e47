package coordinator

import (
	"sync"
	"time"
)

// attempts bounds how often the password of one account may be tried, from wherever: five at once, then one a minute.
// It keeps at most 10,000 names, in memory only; the one tried least makes room, so that trying many names does not
// free one.
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
	if a.names == nil {
		a.names = map[string]tried{}
	}
	t, known := a.names[name]
	if !known {
		if len(a.names) >= attemptsNames {
			a.drop(now)
		}
		t = tried{attemptsAtOnce, now}
	}
	t = tried{t.by(now), now}
	ok := t.left >= 1
	if ok {
		t.left--
	}
	a.names[name] = t
	return ok
}

// by is how many attempts are left at a time.
func (t tried) by(now time.Time) float64 {
	return min(t.left+float64(now.Sub(t.at))/float64(attemptsEvery), attemptsAtOnce)
}

// drop forgets the name that has most attempts left.
func (a *attempts) drop(now time.Time) {
	best, most := "", -1.0
	for name, t := range a.names {
		if left := t.by(now); left > most {
			best, most = name, left
		}
	}
	delete(a.names, best)
}

// forget gives a name its attempts back: its owner has come.
func (a *attempts) forget(name string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.names, name)
}
