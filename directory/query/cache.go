package query

import (
	"container/list"
	"errors"
	"sync"

	"oots/directory"
)

// A signed is an answer as it goes out.
type signed struct {
	body      []byte
	digest    string
	signature string
	result    string // Success or the code of the refusal
	records   int
}

// size is about what a signed answer takes in memory.
func (s *signed) size() int { return len(s.body) + len(s.digest) + len(s.signature) + 256 }

// A generation is what holds between two changes of catalogue or key: the index and the signed answers.
type generation struct {
	catalogue *directory.Catalogue
	keyID     string
	index     *directory.Index
	answers   *answers
}

// answers keeps signed answers by key, those used last up to a number of bytes. Two that ask for the same at
// once wait for one computation.
type answers struct {
	limit int

	mu    sync.Mutex // guards what follows
	bytes int
	byKey map[string]*list.Element // of *slot
	used  list.List                // finished slots, the last used first
}

// A slot is one answer, perhaps still in the making.
type slot struct {
	key  string
	done chan struct{} // closed when answer and err are set
	out  *signed
	err  error
}

func newAnswers(limit int) *answers {
	return &answers{limit: limit, byKey: make(map[string]*list.Element)}
}

// do returns the answer of the key: a kept one, that which another is making, or what compute returns. It is
// kept if compute says so.
func (a *answers) do(key string, compute func() (out *signed, keep bool, err error)) (*signed, error) {
	a.mu.Lock()
	if e, there := a.byKey[key]; there {
		s := e.Value.(*slot)
		if s.out != nil { // set under the lock
			a.used.MoveToFront(e)
			a.mu.Unlock()
			return s.out, nil
		}
		a.mu.Unlock()
		<-s.done
		return s.out, s.err
	}
	s := &slot{key: key, done: make(chan struct{})}
	e := a.used.PushFront(s)
	a.byKey[key] = e
	a.mu.Unlock()

	out, keep, err := (*signed)(nil), false, errUnfinished // what others get if compute panics
	defer func() { a.finish(e, out, keep, err) }()
	out, keep, err = compute()
	return out, err
}

var errUnfinished = errors.New("the answer was not finished")

// finish hands an answer to those who wait for it, and keeps it or not.
func (a *answers) finish(e *list.Element, out *signed, keep bool, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	s := e.Value.(*slot)
	s.out, s.err = out, err
	close(s.done)
	if err != nil || !keep || out.size()+len(s.key) > a.limit {
		delete(a.byKey, s.key)
		a.used.Remove(e)
		return
	}
	a.bytes += out.size() + len(s.key)
	a.shrink()
}

// shrink drops what was used longest ago until the rest fits. What is still in the making stays.
func (a *answers) shrink() {
	for e := a.used.Back(); e != nil && a.bytes > a.limit; {
		before := e.Prev()
		if s := e.Value.(*slot); s.out != nil {
			a.bytes -= s.out.size() + len(s.key)
			delete(a.byKey, s.key)
			a.used.Remove(e)
		}
		e = before
	}
}
