package matching

import "strings"

// A spelling is one way to write a word in plain Latin letters: letter by letter, with what a table allows
// for each. "Müller" is m, u or ue, l, l, e, r. All these words are one spelling, so that a name with many
// marks needs no list of all its forms.
type spelling struct {
	first string     // with the first choice everywhere
	cells [][]string // nil when there is no choice and first is the word
}

// A speller builds a spelling.
type speller struct {
	first  strings.Builder
	cells  [][]string
	choice bool
}

func (s *speller) put(choices ...string) {
	s.first.WriteString(choices[0])
	s.cells = append(s.cells, choices)
	s.choice = s.choice || len(choices) > 1
}

func (s *speller) spelling() spelling {
	out := spelling{first: s.first.String()}
	if s.choice {
		out.cells = s.cells
	}
	return out
}

// join puts spellings one behind the other, without a space: white space in names is a habit.
func join(parts []spelling) spelling {
	if len(parts) == 1 {
		return parts[0]
	}
	var out spelling
	choice := false
	n := 0
	for _, p := range parts {
		choice = choice || p.cells != nil
		n += len(p.first)
	}
	b := make([]byte, 0, n)
	for _, p := range parts {
		b = append(b, p.first...)
		switch {
		case !choice:
		case p.cells == nil:
			out.cells = append(out.cells, []string{p.first})
		default:
			out.cells = append(out.cells, p.cells...)
		}
	}
	out.first = string(b)
	return out
}

// meets reports whether some way to write a is a way to write b.
func (a spelling) meets(b spelling) bool {
	if a.first == b.first {
		return true
	}
	if a.cells == nil && b.cells == nil {
		return false
	}
	if a.starts()&b.starts() == 0 {
		return false // most names of two people
	}
	return newAutomaton(a).meets(newAutomaton(b))
}

// starts is the set of bytes with which a may begin, modulo 64; all of them when it may begin with nothing.
func (a spelling) starts() uint64 {
	if a.cells == nil {
		if a.first == "" {
			return ^uint64(0)
		}
		return 1 << (a.first[0] % 64)
	}
	var set uint64
	for _, c := range a.cells[0] {
		if c == "" {
			return ^uint64(0)
		}
		set |= 1 << (c[0] % 64)
	}
	return set
}

// An automaton accepts the words of a spelling: states in a row, and between them bytes to read. A step with
// byte 0 reads nothing.
type automaton [][]step

type step struct {
	read byte
	to   int32
}

func newAutomaton(s spelling) automaton {
	cells := s.cells
	if cells == nil {
		cells = [][]string{{s.first}}
	}
	a := make(automaton, 1, len(s.first)+2)
	from := int32(0)
	for _, choices := range cells {
		var ends []step // the last step of each choice, which leads to the next cell
		var at []int32
		for _, c := range choices {
			state := from
			for i := range len(c) - 1 {
				a = append(a, nil)
				next := int32(len(a) - 1)
				a[state] = append(a[state], step{c[i], next})
				state = next
			}
			var last byte
			if c != "" {
				last = c[len(c)-1]
			}
			ends, at = append(ends, step{read: last}), append(at, state)
		}
		a = append(a, nil)
		next := int32(len(a) - 1)
		for i, e := range ends {
			e.to = next
			a[at[i]] = append(a[at[i]], e)
		}
		from = next
	}
	return a
}

// meets walks through both at once. The last state of each is its end.
func (a automaton) meets(b automaton) bool {
	seen := make([]bool, len(a)*len(b))
	todo := []int{0}
	visit := func(i, j int32) {
		if n := int(i)*len(b) + int(j); !seen[n] {
			seen[n] = true
			todo = append(todo, n)
		}
	}
	for len(todo) > 0 {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		i, j := n/len(b), n%len(b)
		if i == len(a)-1 && j == len(b)-1 {
			return true
		}
		for _, s := range a[i] {
			if s.read == 0 {
				visit(s.to, int32(j))
				continue
			}
			for _, t := range b[j] {
				if s.read == t.read {
					visit(s.to, t.to)
				}
			}
		}
		for _, t := range b[j] {
			if t.read == 0 {
				visit(int32(i), t.to)
			}
		}
	}
	return false
}
