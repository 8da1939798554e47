package xmltree

// An arena hands out values of one type from blocks, so that a document of a thousand nodes costs a dozen
// allocations.
type arena[T any] struct {
	free []T
	next int // length of a block
}

// blockMax bounds a block, so that a large document wastes at most one partly used block of each kind.
const blockMax = 2048

func (a *arena[T]) grow(n int) {
	a.free = make([]T, max(n, a.next))
	a.next = max(a.next, 8)
}

// one returns a pointer to a zero value.
func (a *arena[T]) one() *T {
	if len(a.free) == 0 {
		a.grow(1)
	}
	p := &a.free[0]
	a.free = a.free[1:]
	return p
}

// copyOf returns a copy of s whose capacity is its length; nil for an empty s.
func (a *arena[T]) copyOf(s []T) []T {
	n := len(s)
	if n == 0 {
		return nil
	}
	if len(a.free) < n {
		a.grow(n)
	}
	out := a.free[:n:n]
	a.free = a.free[n:]
	copy(out, s)
	return out
}
