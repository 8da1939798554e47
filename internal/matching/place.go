package matching

import (
	_ "embed"
	"strings"
	"sync"
)

//go:embed places.txt
var placesText string

// places gives the numbers of the towns that a name stands for.
var places = sync.OnceValue(func() map[string]int {
	out := map[string]int{}
	for i, line := range strings.Split(placesText, "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, one := range strings.Split(line, ",") {
			if words := parseName(one).words; len(words) > 0 {
				out[bareOf(words)] = i
			}
		}
	}
	return out
})

// gradePlace compares two places of birth: codes and names alike, in any script, by the table of names in
// other languages. One name within the other ("Frankfurt", "Frankfurt (Oder)") says nothing.
func gradePlace(x, y string) Grade {
	a, b := townOf(x), townOf(y)
	switch {
	case len(a) == 0 || len(b) == 0:
		return Missing
	case spelledAlike(a, b):
		return Agree
	}
	n, known := places()[bareOf(a)]
	if m, ok := places()[bareOf(b)]; ok && known && m == n {
		return Agree
	}
	if part(a, b) || part(b, a) {
		return Missing
	}
	return Disagree
}

// townOf is the part of a place before a comma.
func townOf(s string) []word {
	town, _, _ := strings.Cut(s, ",")
	return parseName(town).words
}
