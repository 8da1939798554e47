package web

import (
	"context"
	"sync"
	"time"
)

// Memory is a SessionStore that forgets everything with the process.
type Memory struct {
	Now func() time.Time

	mu sync.Mutex
	m  map[string]remembered
}

type remembered struct {
	value   []byte
	expires time.Time
}

// Get implements SessionStore.
func (m *Memory) Get(_ context.Context, key string) ([]byte, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.m[key]
	if !ok || m.Now().After(v.expires) {
		return nil, ErrNoSession
	}
	return v.value, nil
}

// Put implements SessionStore. It also forgets what has expired.
func (m *Memory) Put(_ context.Context, key string, value []byte, expires time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.m == nil {
		m.m = map[string]remembered{}
	}
	now := m.Now()
	for k, v := range m.m {
		if now.After(v.expires) {
			delete(m.m, k)
		}
	}
	m.m[key] = remembered{value, expires}
	return nil
}

// Delete implements SessionStore.
func (m *Memory) Delete(_ context.Context, key string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.m, key)
	return nil
}
