package saml

import (
	"sync"
	"time"
)

// A Replay remembers which messages and assertions were used.
type Replay interface {
	// Use notes at now that key is used, which has to be remembered until the given time. It reports false
	// when key was used before, or when that cannot be told.
	Use(key string, now, until time.Time) bool
}

// Memory is a Replay of one process. Its zero value is ready.
type Memory struct {
	mu   sync.Mutex
	used map[string]time.Time // until when each is remembered
}

// maxUsed bounds what Memory keeps; beyond it everything is refused until some is forgotten.
const maxUsed = 100_000

// Use implements Replay. It forgets what is over whenever the number has doubled since.
func (m *Memory) Use(key string, now, until time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.used == nil {
		m.used = make(map[string]time.Time)
	}
	if n := len(m.used); n >= 64 && n&(n-1) == 0 || n >= maxUsed {
		for k, end := range m.used {
			if now.After(end) {
				delete(m.used, k)
			}
		}
	}
	if _, again := m.used[key]; again || len(m.used) >= maxUsed {
		return false
	}
	m.used[key] = until
	return true
}
