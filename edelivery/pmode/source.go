package pmode

import "sync/atomic"

// A Source gives the set that is in force. A set that does not change is its own source.
type Source interface {
	// PModes returns the set in force, never nil. The caller keeps it for one message and asks again for the next.
	PModes() *Set
}

// PModes implements Source.
func (s *Set) PModes() *Set { return s }

// An Active is a Source whose set is exchanged while messages are under way: a message that has begun by one set
// ends by it. It is safe for concurrent use.
type Active struct{ set atomic.Pointer[Set] }

// NewActive makes a source; the set is checked.
func NewActive(s *Set) (*Active, error) {
	a := &Active{}
	return a, a.Replace(s)
}

// PModes implements Source.
func (a *Active) PModes() *Set { return a.set.Load() }

// Replace puts s in force when its Check finds nothing, and leaves everything as it was otherwise.
func (a *Active) Replace(s *Set) error {
	if err := s.Check(); err != nil {
		return err
	}
	a.set.Store(s)
	return nil
}
