package lookup

import (
	"context"
	"sync"

	"oots/directory/query"
)

// A flight lets those who ask the same at the same time share one query. It goes on as long as one of them
// waits.
type flight struct {
	mu    sync.Mutex
	calls map[string]*call
}

type call struct {
	done    chan struct{}
	cancel  context.CancelFunc
	waiting int // guarded by the flight
	answer  *query.Answer
	err     error
}

// do joins the query under key, or begins it.
func (f *flight) do(ctx context.Context, key string, ask func(context.Context) (*query.Answer, error)) (*query.Answer, error) {
	f.mu.Lock()
	k, flying := f.calls[key]
	if !flying {
		own, cancel := context.WithCancel(context.WithoutCancel(ctx))
		k = &call{done: make(chan struct{}), cancel: cancel}
		if f.calls == nil {
			f.calls = make(map[string]*call)
		}
		f.calls[key] = k
		go func() {
			k.answer, k.err = ask(own)
			f.land(key, k)
			close(k.done)
			cancel()
		}()
	}
	k.waiting++
	f.mu.Unlock()
	select {
	case <-k.done:
		return k.answer, k.err
	case <-ctx.Done():
		f.leave(key, k)
		return nil, ctx.Err()
	}
}

// busy reports whether a query under key is under way.
func (f *flight) busy(key string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls[key] != nil
}

// land makes room for the next query under key.
func (f *flight) land(key string, k *call) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.calls[key] == k {
		delete(f.calls, key)
	}
}

// leave ends a query that nobody waits for any more.
func (f *flight) leave(key string, k *call) {
	f.mu.Lock()
	k.waiting--
	last := k.waiting == 0
	if last && f.calls[key] == k {
		delete(f.calls, key)
	}
	f.mu.Unlock()
	if last {
		k.cancel()
	}
}
