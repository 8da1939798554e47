package cross

import "oots/rule"

// A Pair is two documents that belong together, and what of B contradicts A.
type Pair struct {
	Name     string // REQ_RESP
	Title    string // in words
	A, B     *Document
	Findings []rule.Finding // lines and paths are those of B; empty when the documents agree
}

// A Result is what is known of a set.
type Result struct {
	Pairs []Pair      // in the order of the table, and within a row in the order of B
	Alone []*Document // in no pair with another document of the set
}

// Check finds the pairs of a set and compares them. The order of docs only orders the result. Time grows with
// the square of the number of documents of a kind.
func Check(docs []*Document) Result {
	s := newSet(docs)
	table := pairs()
	for i := range table {
		s.take(&table[i])
	}
	out := Result{Pairs: s.found}
	for _, d := range docs {
		if !s.has(d) {
			out.Alone = append(out.Alone, d)
		}
	}
	return out
}

// A set is the documents with the pairs found so far.
type set struct {
	docs     []*Document
	found    []Pair
	known    map[link]bool
	carried  map[*Document]*Document // the evidence message of a header
	requests map[string][]*Document  // by identifier, see key
	together map[*Document]struct{}  // in a pair with another document
}

// A link is a pair without what was found.
type link struct {
	name string
	a, b *Document
}

func newSet(docs []*Document) *set {
	s := &set{
		docs: docs, known: map[link]bool{}, carried: map[*Document]*Document{},
		requests: map[string][]*Document{}, together: map[*Document]struct{}{},
	}
	for _, d := range docs {
		if d.request != nil {
			k := key(d.request.ID)
			s.requests[k] = append(s.requests[k], d)
		}
	}
	return s
}

// has reports whether d is in a pair with another document.
func (s *set) has(d *Document) bool {
	_, ok := s.together[d]
	return ok
}

// paired reports whether a pair of one of the names has been found of a and b.
func (s *set) paired(a, b *Document, names ...string) bool {
	for _, name := range names {
		if s.known[link{name, a, b}] {
			return true
		}
	}
	return false
}

// message returns the evidence message that a header carried; nil when none is known.
func (s *set) message(h *Document) *Document { return s.carried[h] }

// take finds the pairs of one row.
func (s *set) take(p *pair) {
	as, bs := s.all(p.a), s.all(p.b)
	if p.itself {
		for _, d := range as {
			s.add(p, d, d)
		}
		return
	}
	var lonely []*Document
	claimed := map[*Document]bool{}
	for _, b := range bs {
		linked := s.linked(p, as, b)
		for _, a := range linked {
			claimed[a] = true
			s.add(p, a, b)
		}
		if len(linked) == 0 {
			lonely = append(lonely, b)
		}
	}
	if p.strict {
		return
	}
	for _, b := range lonely {
		if a := guess(p, as, lonely, claimed, b); a != nil {
			s.add(p, a, b)
		}
	}
}

func (s *set) all(is func(*Document) bool) []*Document {
	var out []*Document
	for _, d := range s.docs {
		if is(d) {
			out = append(out, d)
		}
	}
	return out
}

// linked returns the documents that b recognisably belongs to.
func (s *set) linked(p *pair, as []*Document, b *Document) []*Document {
	var out []*Document
	for _, a := range as {
		if a == b || !p.linked(s, a, b) {
			continue
		}
		if p.latest && len(out) == 1 {
			if a.at().After(out[0].at()) {
				out[0] = a
			}
			continue
		}
		out = append(out, a)
	}
	return out
}

// guess returns the one document that can be meant when none is linked: the only likely one that no other b has
// claimed, when b is the only one that wants it.
func guess(p *pair, as, lonely []*Document, claimed map[*Document]bool, b *Document) *Document {
	var free *Document
	for _, a := range as {
		if a == b || claimed[a] || p.likely != nil && !p.likely(a, b) {
			continue
		}
		if free != nil {
			return nil
		}
		free = a
	}
	if free == nil {
		return nil
	}
	for _, other := range lonely { // another that may want it just as well
		if other != b && other != free && (p.likely == nil || p.likely(free, other)) {
			return nil
		}
	}
	return free
}

func (s *set) add(p *pair, a, b *Document) {
	s.found = append(s.found, Pair{Name: p.name, Title: p.title, A: a, B: b, Findings: p.compare(a, b)})
	s.known[link{p.name, a, b}] = true
	if a != b {
		s.together[a], s.together[b] = struct{}{}, struct{}{}
	}
	switch p.name {
	case nameHeaderRequest, nameHeaderResponse, nameHeaderError:
		if s.carried[a] == nil {
			s.carried[a] = b
		}
	}
}
