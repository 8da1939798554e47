package matching

import (
	"slices"
	"strings"
)

// forms are one name as a side has it: as it came, and in the original script when that was another one.
type forms struct {
	latin, original name // original has no words when latin is all there is
}

func (f *forms) missing() bool { return len(f.latin.words) == 0 && len(f.original.words) == 0 }

func (f *forms) mixed() bool { return f.latin.mixed || f.original.mixed }

// compare grades two names by grade, a function that is symmetric. The original script decides when both sides
// have it: two names that only their transliteration unites are close, not equal.
func (f *forms) compare(g *forms, grade func(a, b *name) Grade) Grade {
	if f.missing() || g.missing() {
		return Missing
	}
	if f.mixed() || g.mixed() {
		return Disagree
	}
	best := Disagree
	for _, a := range []*name{&f.latin, &f.original} {
		for _, b := range []*name{&g.latin, &g.original} {
			if len(a.words) > 0 && len(b.words) > 0 {
				best = min(best, grade(a, b))
			}
		}
	}
	if len(f.original.words) > 0 && len(g.original.words) > 0 && f.original.words[0].script == g.original.words[0].script {
		return max(best, min(grade(&f.original, &g.original), Spelling))
	}
	return best
}

// gradeFamily grades two spellings of family names. [record-matching §5 steps 6, 8, 10]
func (l *lexicon) gradeFamily(a, b *name) Grade {
	switch {
	case sameWords(a.words, b.words):
		return Agree
	case l.truncated(a, b) || l.truncated(b, a):
		return Truncated
	case (len(a.core) < len(a.words) || len(b.core) < len(b.words) || elided(a) || elided(b)) && sameWords(a.core, b.core):
		return Particle
	case part(a.core, b.core) || part(b.core, a.core):
		return Half
	case reordered(a.core, b.core):
		return Order
	case gendered(a.core, b.core):
		return Gendered
	case closeWords(a.words, b.words):
		return Spelling
	}
	return Disagree
}

func elided(n *name) bool {
	return slices.ContainsFunc(n.words, func(w word) bool { return w.elided > 0 })
}

// truncated reports whether a is b, cut at a length at which names are cut.
func (l *lexicon) truncated(a, b *name) bool {
	if !slices.Contains(l.truncation, a.runes) || b.runes <= a.runes {
		return false
	}
	for _, x := range whole(a.words) {
		for _, y := range whole(b.words) {
			if strings.HasPrefix(y.first, x.first) {
				return true
			}
		}
	}
	return false
}

// part reports whether a is a run of the words of b, and not all of them.
func part(a, b []word) bool {
	if len(a) == 0 || len(a) >= len(b) {
		return false
	}
	for i := 0; i+len(a) <= len(b); i++ {
		if sameWords(a, b[i:i+len(a)]) {
			return true
		}
	}
	return false
}

// reordered reports whether a and b are the same words in another order.
func reordered(a, b []word) bool {
	if len(a) != len(b) || len(a) < 2 || len(a) > 8 {
		return false
	}
	used := make([]bool, len(b))
	for i := range a {
		found := false
		for j := range b {
			if !used[j] && sameWords(a[i:i+1], b[j:j+1]) {
				used[j], found = true, true
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// closeWords reports whether two runs of words differ in a letter or two, in some way to write them.
func closeWords(a, b []word) bool {
	if len(a) > 0 && len(b) > 0 && a[0].script != latinScript && a[0].script == b[0].script {
		if closeSpelling(bareOf(a), bareOf(b)) || spelledAlike(a, b) {
			return true
		}
	}
	for _, x := range whole(a) {
		for _, y := range whole(b) {
			if closeSpelling(x.first, y.first) {
				return true
			}
		}
	}
	return false
}

// genders are the endings of one family name for men and women, by language, on the base form. What stays in
// front of the ending must be the same. [record-matching §5 step 8]
var genders = [][]string{
	{"", "ova", "eva"},                           // Czech and Slovak: Novák, Nováková
	{"y", "a", "i", "ej"},                        // Czech, Polish: Novotný, Novotná; Kowalski, Kowalska
	{"ek", "kova"}, {"ec", "cova"}, {"a", "ova"}, // Hájek, Hájková; Němec, Němcová; Svoboda, Svobodová
	{"as", "is", "ys", "us", "iene", "aite", "yte", "ute", "e"}, // Lithuanian
	{"s", "is", "a", "e"},                                                        // Latvian: Bērziņš, Bērziņa
	{"ov", "ova"}, {"ev", "eva"}, {"in", "ina"}, {"iy", "a", "aya"}, {"yi", "a"}, // Bulgarian, Russian, Ukrainian
	{"os", "ou"}, {"as", "a"}, {"is", "i"}, {"es", "e"}, {"is", "idou"}, // Greek
	{"", "ne"}, // Hungarian: Kovács, Kovácsné
}

// minStem is how much of a name must stay when its ending goes.
const minStem = 3

// gendered reports whether two names are the male and the female form of one.
func gendered(a, b []word) bool {
	if len(a) == 0 || len(a) != len(b) {
		return false
	}
	found := false
	for i := range a {
		if sameWords(a[i:i+1], b[i:i+1]) {
			continue
		}
		if !genderedWord(&a[i], &b[i]) {
			return false
		}
		found = true
	}
	return found
}

func genderedWord(a, b *word) bool {
	for _, x := range a.spellings {
		for _, y := range b.spellings {
			for _, endings := range genders {
				if sameStem(x.first, y.first, endings) {
					return true
				}
			}
		}
	}
	return false
}

func sameStem(a, b string, endings []string) bool {
	for _, e := range endings {
		stem, ok := strings.CutSuffix(a, e)
		if !ok || len(stem) < minStem {
			continue
		}
		for _, f := range endings {
			if e != f && b == stem+f {
				return true
			}
		}
	}
	return false
}
