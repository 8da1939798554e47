package console

import (
	"sync"
	"time"
)

// Strangers counts logins with names that no account has, by the minute: anybody can send any number of them, so they
// are no entries of a log that only grows. The zero value is ready.
type Strangers struct {
	mu      sync.Mutex
	minutes [60]struct {
		at int64 // minute since 1970
		n  int
	}
}

func (s *Strangers) add(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	minute := now.Unix() / 60
	m := &s.minutes[minute%60]
	if m.at != minute {
		m.at, m.n = minute, 0
	}
	m.n++
}

// Hour is how many there were within an hour.
func (s *Strangers) Hour(now time.Time) (n int) {
	if s == nil {
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range s.minutes {
		if age := now.Unix()/60 - m.at; age >= 0 && age < 60 {
			n += m.n
		}
	}
	return n
}
