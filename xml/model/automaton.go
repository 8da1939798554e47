package model

import (
	"errors"
	"fmt"
	"slices"

	"oots/xml/xmltree"
)

// An automaton is a content model in the form of Glushkov: one position for each element of the model, and for
// each position the positions that may come next. State 0 is before the first element, state i+1 behind
// position i.
type automaton struct {
	positions []position
	next      [][]int // by state
	accepts   []bool  // by state
	counted   bool    // some positions have a count: members of an all group
}

type position struct {
	element  *element // nil: wildcard
	wildcard Wildcard
	counted  bool
	min, max int // of a counted position
}

func (p *position) matches(name xmltree.Name) bool {
	if p.element != nil {
		return p.element.name.Local == name.Local && p.element.name.Space == name.Space
	}
	return p.wildcard.admits(name.Space)
}

// admits reports whether the wildcard stands for names of the namespace.
func (w *Wildcard) admits(space string) bool {
	if w.In != nil {
		return slices.Contains(w.In, space)
	}
	return w.Not == "" || space != w.Not && space != ""
}

// maxCopies bounds the unrolling of a particle with a maximum.
const maxCopies = 32

// A fragment is a part of an automaton under construction.
type fragment struct {
	nullable    bool
	first, last []int
}

type builder struct {
	compiler *compiler
	a        automaton
	follow   [][]int // by position
	err      error
}

// automaton joins particles in sequence; nil if there are none.
func (c *compiler) automaton(ps []Particle) (*automaton, error) {
	b := &builder{compiler: c}
	f := b.sequence(ps)
	if b.err != nil {
		return nil, b.err
	}
	if len(b.a.positions) == 0 && !slices.ContainsFunc(ps, func(p Particle) bool { return p.kind != nothing }) {
		return nil, nil
	}
	b.a.next = append([][]int{f.first}, b.follow...)
	b.a.accepts = make([]bool, len(b.a.next))
	b.a.accepts[0] = f.nullable
	for _, p := range f.last {
		b.a.accepts[p+1] = true
	}
	return &b.a, b.deterministic()
}

// deterministic refuses a model in which two elements of one name may come next. [XML Schema 1.0 Part 1 §3.8.6]
func (b *builder) deterministic() error {
	for _, next := range b.a.next {
		for i, p := range next {
			for _, q := range next[i+1:] {
				x, y := b.a.positions[p].element, b.a.positions[q].element
				if p != q && x != nil && y != nil && x.name == y.name {
					return fmt.Errorf("two particles %v may come next", x.name)
				}
			}
		}
	}
	return nil
}

func (b *builder) add(p position) fragment {
	i := len(b.a.positions)
	b.a.positions = append(b.a.positions, p)
	b.follow = append(b.follow, nil)
	return fragment{first: []int{i}, last: []int{i}}
}

func (b *builder) link(from, to []int) {
	for _, p := range from {
		for _, q := range to {
			if !slices.Contains(b.follow[p], q) {
				b.follow[p] = append(b.follow[p], q)
			}
		}
	}
}

func (b *builder) join(x, y fragment) fragment {
	b.link(x.last, y.first)
	f := fragment{nullable: x.nullable && y.nullable, first: x.first, last: y.last}
	if x.nullable {
		f.first = append(slices.Clone(x.first), y.first...)
	}
	if y.nullable {
		f.last = append(slices.Clone(y.last), x.last...)
	}
	return f
}

func (b *builder) sequence(ps []Particle) fragment {
	f := fragment{nullable: true}
	for _, p := range ps {
		f = b.join(f, b.particle(p))
	}
	return f
}

// particle builds p with its occurrence.
func (b *builder) particle(p Particle) fragment {
	if p.kind == nothing || p.max == 0 {
		return fragment{nullable: true}
	}
	if p.min > maxCopies || p.max > maxCopies || p.max != Unbounded && p.max < p.min || p.min < 0 {
		b.err = errors.New("an occurrence that is not supported")
		return fragment{nullable: true}
	}
	f := fragment{nullable: true}
	for range p.min - 1 {
		f = b.join(f, b.once(p))
	}
	if p.max == Unbounded {
		last := b.once(p)
		b.link(last.last, last.first)
		last.nullable = last.nullable || p.min == 0
		return b.join(f, last)
	}
	if p.min > 0 {
		f = b.join(f, b.once(p))
	}
	return b.join(f, b.upTo(p, p.max-p.min))
}

// upTo builds p at most n times, nested so that the model stays deterministic.
func (b *builder) upTo(p Particle, n int) fragment {
	if n == 0 {
		return fragment{nullable: true}
	}
	f := b.once(p)
	f = b.join(f, b.upTo(p, n-1))
	f.nullable = true
	return f
}

func (b *builder) once(p Particle) fragment {
	switch p.kind {
	case elementParticle:
		e := p.element
		return b.add(position{element: &element{name: e.Name, typ: b.compiler.typ(e.Type), nillable: e.Nillable, private: e.Private}})
	case refParticle:
		e := b.compiler.schema.elements[p.ref]
		if e == nil {
			b.err = fmt.Errorf("element %v is not declared", p.ref)
			return fragment{nullable: true}
		}
		return b.add(position{element: e})
	case anyParticle:
		return b.add(position{wildcard: p.wildcard})
	case choice:
		var f fragment
		for _, q := range p.group {
			g := b.particle(q)
			f.nullable = f.nullable || g.nullable
			f.first = append(slices.Clone(f.first), g.first...)
			f.last = append(slices.Clone(f.last), g.last...)
		}
		return f
	case all:
		return b.all(p)
	}
	return b.sequence(p.group)
}

// all builds a choice that repeats, and leaves the numbers to counters.
func (b *builder) all(p Particle) fragment {
	b.a.counted = true
	f := fragment{nullable: true}
	for _, q := range p.group {
		if q.kind != elementParticle && q.kind != refParticle {
			b.err = errors.New("an all group holds elements only")
			return f
		}
		g := b.once(q)
		for _, i := range g.first {
			at := &b.a.positions[i]
			at.counted, at.min, at.max = true, q.min, q.max
		}
		f.first, f.last = append(f.first, g.first...), append(f.last, g.last...)
	}
	b.link(f.last, f.first)
	return f
}
