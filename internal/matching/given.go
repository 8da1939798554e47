package matching

import "unicode/utf8"

// gradeGiven grades two lists of given names. [record-matching §5 step 7]
func (l *lexicon) gradeGiven(a, b *name) Grade {
	x, y := a.words, b.words
	if len(x) > len(y) {
		x, y = y, x
	}
	first := sameWords(x[:1], y[:1])
	switch {
	case sameWords(x, y):
		return Agree
	case reordered(x, y):
		return Order
	case first && subset(x[1:], y[1:]):
		return Part
	case l.variant(&x[0], &y[0]) && subset(x[1:], y[1:]):
		return Variant
	case initials(x, y):
		return Initial
	case first, closeWords(x, y), closeWords(x[:1], y[:1]):
		return Spelling
	}
	return Disagree
}

// subset reports whether all words of a are in b, in the same order.
func subset(a, b []word) bool {
	for j := 0; len(a) > 0 && j < len(b); j++ {
		if sameWords(a[:1], b[j:j+1]) {
			a = a[1:]
		}
	}
	return len(a) == 0
}

// variant reports whether the policy names a and b in one set.
func (l *lexicon) variant(a, b *word) bool {
	set := l.variants[a.bare]
	return set != 0 && set == l.variants[b.bare]
}

// initials reports whether x and y, x not longer, are the same when a single letter stands for any name that
// begins with it.
func initials(x, y []word) bool {
	found := false
	for i := range x {
		switch {
		case sameWords(x[i:i+1], y[i:i+1]):
		case initial(&x[i], &y[i]) || initial(&y[i], &x[i]):
			found = true
		default:
			return false
		}
	}
	return found
}

func initial(short, long *word) bool {
	if utf8.RuneCountInString(short.text) != 1 {
		return false
	}
	for _, s := range short.spellings {
		for _, l := range long.spellings {
			if s.first != "" && l.first != "" && s.first[0] == l.first[0] {
				return true
			}
		}
	}
	return false
}
