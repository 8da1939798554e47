package model

import (
	"slices"

	"oots/xml/xmltree"
)

// A walk is the way through the content of one element.
type walk struct {
	parent    *xmltree.Element
	a         *automaton
	state     int
	counts    []int          // by position, if the automaton counts
	misplaced []xmltree.Name // reported at the wrong place, so not missing at the right one
	excused   bool           // an unknown element was reported here: it stands for one that is missing
}

// content checks the child elements of e.
func (c *checker) content(e *xmltree.Element, t *typ, private bool) {
	if t.content == nil {
		for child := range e.Elements() {
			c.report(ElementUnexpected, child, "", c.schema.label(child.Name), "no element here")
			return
		}
		return
	}
	w := walk{parent: e, a: t.content}
	if w.a.counted {
		w.counts = make([]int, len(w.a.positions))
	}
	for i, n := range e.Children {
		child, ok := n.(*xmltree.Element)
		if !ok {
			continue
		}
		if c.full() {
			return
		}
		p := w.step(child.Name)
		if p < 0 {
			p = c.resync(&w, child, i)
		}
		if p < 0 {
			continue
		}
		if at := &w.a.positions[p]; at.element != nil {
			c.element(child, at.element.typ, at.element.nillable, private || at.element.private)
		} else {
			c.wildcard(child, at.wildcard.Process, private)
		}
	}
	c.end(&w)
}

// step moves to the position that name belongs to and returns it, or -1. A declared element goes before a
// wildcard.
func (w *walk) step(name xmltree.Name) int {
	found := -1
	for _, p := range w.a.next[w.state] {
		at := &w.a.positions[p]
		if !at.matches(name) || w.spent(p) {
			continue
		}
		found = p
		if at.element != nil {
			break
		}
	}
	if found >= 0 {
		w.enter(found)
	}
	return found
}

func (w *walk) spent(p int) bool {
	at := &w.a.positions[p]
	return at.counted && at.max != Unbounded && w.counts[p] >= at.max
}

func (w *walk) enter(p int) {
	w.state, w.excused = p+1, false
	if w.counts != nil {
		w.counts[p]++
	}
}

// resync reports why child does not fit and finds a way on. It returns the position whose declaration child is
// to be checked against, or -1. Child is the i-th node of its parent.
func (c *checker) resync(w *walk, child *xmltree.Element, i int) int {
	path := w.reach(func(p int) bool { return w.a.positions[p].matches(child.Name) && !w.spent(p) })
	if len(path) > 0 && !w.later(path[:len(path)-1], i) {
		c.missing(w, path[:len(path)-1], child)
		p := path[len(path)-1]
		w.enter(p)
		return p
	}
	known := slices.IndexFunc(w.a.positions, func(p position) bool { return p.element != nil && p.matches(child.Name) })
	c.report(ElementUnexpected, child, "", c.schema.label(child.Name), c.schema.nextWanted(w))
	if known >= 0 {
		w.misplaced = append(w.misplaced, child.Name)
	} else {
		w.excused = true
	}
	return known
}

// later reports whether one of the positions is an element that stands behind the i-th node: then it is not
// missing, and what stands before it is at the wrong place.
func (w *walk) later(positions []int, i int) bool {
	for _, n := range w.parent.Children[i+1:] {
		e, ok := n.(*xmltree.Element)
		if ok && slices.ContainsFunc(positions, func(p int) bool {
			at := &w.a.positions[p]
			return at.element != nil && at.matches(e.Name)
		}) {
			return true
		}
	}
	return false
}

// missing reports the positions of a path that has no elements in the document.
func (c *checker) missing(w *walk, path []int, before *xmltree.Element) {
	state := w.state
	for _, p := range path {
		alternatives := w.alternatives(state, p)
		state = p + 1
		if w.excused {
			w.excused = false
			continue
		}
		if slices.ContainsFunc(alternatives, w.wasMisplaced) {
			continue
		}
		want := c.schema.alternatives(w.a, alternatives)
		if before != nil {
			c.report(ElementMissing, before, "", "", want+" before "+c.schema.label(before.Name))
		} else {
			c.report(ElementMissing, w.parent, "", "", want)
		}
	}
}

// wasMisplaced reports whether an element of position p was reported at a wrong place. One that was stands for
// one that is missing.
func (w *walk) wasMisplaced(p int) bool {
	i := slices.IndexFunc(w.misplaced, w.a.positions[p].matches)
	if i < 0 {
		return false
	}
	w.misplaced = slices.Delete(w.misplaced, i, i+1)
	return true
}

// alternatives returns p and the other positions that could follow state in its stead: those that lead to what
// p leads to.
func (w *walk) alternatives(state, p int) []int {
	out := []int{p}
	for _, q := range w.a.next[state] {
		if q != p && q+1 != state && w.a.accepts[q+1] == w.a.accepts[p+1] && slices.Equal(loopless(w.a, q), loopless(w.a, p)) {
			out = append(out, q)
		}
	}
	return out
}

// loopless returns what follows p other than p itself.
func loopless(a *automaton, p int) []int {
	return slices.DeleteFunc(slices.Clone(a.next[p+1]), func(q int) bool { return q == p })
}

// end reports what is missing behind the last child.
func (c *checker) end(w *walk) {
	if !w.a.accepts[w.state] {
		path := w.reach(func(p int) bool { return w.a.accepts[p+1] })
		c.missing(w, path, nil)
	}
	for p := range w.counts {
		at := &w.a.positions[p]
		if at.counted && w.counts[p] < at.min && !w.wasMisplaced(p) {
			c.report(ElementMissing, w.parent, "", "", c.schema.label(at.element.name))
		}
	}
}

// reach returns the shortest way from the present state to a position that is a goal, the goal last; nil if
// there is none.
func (w *walk) reach(goal func(p int) bool) []int {
	from := make([]int, len(w.a.positions)) // predecessor position + 2; 1 for the present state
	queue := make([]int, 0, len(from))
	visit := func(state, mark int) (int, bool) {
		for _, p := range w.a.next[state] {
			if from[p] != 0 {
				continue
			}
			from[p] = mark
			if goal(p) {
				return p, true
			}
			queue = append(queue, p)
		}
		return 0, false
	}
	p, found := visit(w.state, 1)
	for i := 0; !found && i < len(queue); i++ {
		p, found = visit(queue[i]+1, queue[i]+2)
	}
	if !found {
		return nil
	}
	var path []int
	for {
		path = append(path, p)
		if from[p] == 1 {
			slices.Reverse(path)
			return path
		}
		p = from[p] - 2
	}
}
