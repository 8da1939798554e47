package matching

import (
	"slices"
	"strings"
)

// How an identifier of the request could be compared.
const (
	direct  = "direct"  // the third part is the number of our population register
	derived = "derived" // the value can be computed from that number
	linked  = "linked"  // the register has met this identifier before
)

// Derive computes the identifier that a person's eID shows to a receiver, from her national number; ok is false
// when it cannot. It makes a derived identifier verifiable. [record-matching §2]
type Derive func(nationalNumber, receiver string) (value string, ok bool)

// An eidasID is "EL/AT/123" in parts.
type eidasID struct{ origin, receiver, value string }

func parseEIDAS(s string) (eidasID, bool) {
	parts := strings.SplitN(strings.TrimSpace(s), "/", 3)
	if len(parts) != 3 || len(parts[0]) != 2 || len(parts[1]) != 2 || parts[2] == "" {
		return eidasID{}, false
	}
	return eidasID{sameCountry(parts[0]), sameCountry(parts[1]), parts[2]}, true
}

// Withheld reports whether an identifier must neither be sent on nor stored nor compared: it was made for one
// receiver, and that is not us. [record-matching §2, §10 case 21]
func (p *Policy) Withheld(identifier string) bool {
	id, ok := parseEIDAS(identifier)
	return ok && p.withheld[id.origin]
}

// usable says what the identifier of a query can be compared with; "" when with nothing.
// [record-matching §3 A–C]
func (m *Matcher) usable(q *Query) (how string, id eidasID) {
	id, ok := parseEIDAS(q.Identifier)
	switch {
	case !ok:
		return "", id
	case m.Country != "" && id.origin == sameCountry(m.Country):
		switch m.Policy.Identifiers.Own {
		case direct:
			return direct, id
		case derived:
			if m.Derive != nil {
				return derived, id
			}
		}
		return "", id
	case m.Policy.withheld[id.origin]:
		return "", id
	case m.Policy.Identifiers.Linked:
		return linked, id
	}
	return "", id
}

// gradeIdentifier compares the identifier of a query with an entry.
func (m *Matcher) gradeIdentifier(how string, id eidasID, e *Entry) Grade {
	switch how {
	case direct:
		return gradeAny([]string{id.value}, e.NationalNumbers)
	case derived:
		return m.gradeDerived(id, e.NationalNumbers)
	case linked:
		return gradeLinks(id, e.Links)
	}
	return Missing
}

func (m *Matcher) gradeDerived(id eidasID, numbers []string) Grade {
	grade := Missing
	for _, n := range numbers {
		value, ok := m.Derive(n, id.receiver)
		switch {
		case !ok:
		case value == id.value:
			return Agree
		default:
			grade = Disagree
		}
	}
	return grade
}

// gradeLinks compares with links of the same origin and receiver: others have another value for the same person.
func gradeLinks(id eidasID, links []string) Grade {
	grade := Missing
	for _, l := range links {
		switch known, ok := parseEIDAS(l); {
		case !ok || known.origin != id.origin || known.receiver != id.receiver:
		case known.value == id.value:
			return Agree
		default:
			grade = Disagree
		}
	}
	return grade
}

// Blocks are what the entries that a query may mean have one of. A register that keeps an index looks them
// up; what it finds too much is sorted out afterwards. [record-matching §4.1 stage 2]
type Blocks struct {
	Days            []string // dates of birth "1990-04-01"; with a policy that asks for it, day and month exchanged too
	Months, Years   []string // "1990-04" and "1990": entries that know no more than that
	NationalNumbers []string // numbers of the own population register
	Links           []string // eIDAS identifiers, upper-case countries
}

// Blocks gives the keys for a search.
func (m *Matcher) Blocks(q *Query) Blocks {
	var b Blocks
	if d, ok := parseBirthday(q.DateOfBirth); ok && d.full() {
		day := strings.TrimSpace(q.DateOfBirth)
		b.Days = []string{day}
		b.Months, b.Years = []string{day[:7]}, []string{day[:4]}
		if m.Policy.Search.Swapped && d.day <= 12 && d.day != d.month {
			b.Days = append(b.Days, day[:5]+day[8:]+"-"+day[5:7])
		}
	}
	switch how, id := m.usable(q); how {
	case direct:
		b.NationalNumbers = []string{compact(id.value)}
	case linked:
		b.Links = []string{id.origin + "/" + id.receiver + "/" + id.value}
	}
	return b
}

// KeysOf gives the keys under which an index must find an entry: its date of birth as far as it is known, its
// numbers and links, each as Blocks spells it.
func KeysOf(e *Entry) Blocks {
	var b Blocks
	if d, ok := parseBirthday(e.DateOfBirth); ok {
		day := strings.TrimSpace(e.DateOfBirth)
		switch {
		case d.full():
			b.Days = []string{day}
		case d.month > 0:
			b.Months = []string{day[:7]}
		default:
			b.Years = []string{day[:4]}
		}
	}
	for _, n := range e.NationalNumbers {
		b.NationalNumbers = append(b.NationalNumbers, compact(n))
	}
	for _, l := range e.Links {
		if id, ok := parseEIDAS(l); ok {
			b.Links = append(b.Links, id.origin+"/"+id.receiver+"/"+id.value)
		}
	}
	return b
}

// Share reports whether an entry with the keys k is to be considered for b.
func (b *Blocks) Share(k *Blocks) bool {
	any := func(x, y []string) bool {
		return slices.ContainsFunc(x, func(s string) bool { return slices.Contains(y, s) })
	}
	return any(b.Days, k.Days) || any(b.Months, k.Months) || any(b.Years, k.Years) ||
		any(b.NationalNumbers, k.NationalNumbers) || any(b.Links, k.Links)
}
