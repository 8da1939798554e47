package cross

import (
	"slices"
	"strconv"
	"strings"

	"oots/directory"
	"oots/directory/genericode"
)

// isList tells code lists.
func isList(d *Document) bool { return d.list != nil }

// isOf reports whether a concept takes its values from the list.
func isOf(l *genericode.List, listURL, valueExpression string) bool {
	for _, u := range [...]string{l.CanonicalURI, l.LocationURI} {
		if u != "" && (u == listURL || u == valueExpression) {
			return true
		}
	}
	return false
}

func hasCode(l *genericode.List, code string) bool {
	return slices.ContainsFunc(l.Codes(), func(c directory.Code) bool { return c.Code == code })
}

// newer compares the versions of two editions: numbers parted by dots, everything else as text.
func newer(a, b string) int {
	x, y := strings.Split(a, "."), strings.Split(b, ".")
	for i := range min(len(x), len(y)) {
		n, errN := strconv.Atoi(x[i])
		m, errM := strconv.Atoi(y[i])
		switch {
		case errN != nil || errM != nil:
			if c := strings.Compare(x[i], y[i]); c != 0 {
				return c
			}
		case n != m:
			return n - m
		}
	}
	return len(x) - len(y)
}
