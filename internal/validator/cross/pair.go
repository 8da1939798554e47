package cross

import (
	"fmt"

	"oots/rule"
)

// A pair is one row of the table: two documents that belong together, and what of the second may contradict the
// first. The second is the later one.
type pair struct {
	name  string // as the ids of its rules spell it, REQ_RESP
	title string // in words, for pages and reports
	a, b  func(*Document) bool

	// linked reports whether two documents are recognisably of one pair, by what a breach would rather leave
	// alone. Without any that is linked, the only one of each that the set has is taken.
	linked func(s *set, a, b *Document) bool
	// likely narrows the choice when none is linked, so that strangers stay alone; nil takes all.
	likely func(a, b *Document) bool
	// latest takes of several linked documents only the last one before b.
	latest bool
	// strict leaves documents alone that are not linked.
	strict bool
	// itself compares every document of a with itself: its parts make the pair.
	itself bool

	checks []check
}

// A check is one rule of a pair.
type check struct {
	id   rule.ID
	test func(a, b *Document) []place // where b contradicts a; nil when it does not
}

// A place is where a document contradicts another. got never holds personal data.
type place struct{ path, got string }

// unless is one place when ok is false.
func unless(ok bool, path, got string) []place {
	if ok {
		return nil
	}
	return []place{{path, clip(got)}}
}

// each gathers the places of the items that contradict; path has one %d for the number of the item.
func each[T any](items []T, path string, ok func(*T) bool, got func(*T) string) []place {
	var all []place
	for i := range items {
		if !ok(&items[i]) {
			p := place{path: fmt.Sprintf(path, i+1)}
			if got != nil {
				p.got = clip(got(&items[i]))
			}
			all = append(all, p)
		}
	}
	return all
}

// clip shortens a value to what a finding may carry.
func clip(s string) string {
	const most = 120
	if len(s) <= most {
		return s
	}
	n := most
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n]
}

// compare runs the checks of a pair.
func (p *pair) compare(a, b *Document) []rule.Finding {
	var fs []rule.Finding
	for _, c := range p.checks {
		for _, at := range c.test(a, b) {
			row, _ := rule.Lookup(c.id)
			f := rule.Finding{Rule: c.id, Severity: row.Severity, Got: at.got, Want: row.Write}
			f.Line, f.Path = b.locate(at.path)
			fs = append(fs, f)
		}
	}
	return fs
}
