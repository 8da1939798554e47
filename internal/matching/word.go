package matching

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxName is how many bytes of a name are compared: eIDAS allows far less, and the work grows with it.
const maxName = 512

// A script is one of the scripts that we can transliterate.
type script uint8

const (
	latinScript script = iota
	greekScript
	cyrillicScript
	otherScript
)

// A word is one word of a name.
type word struct {
	text      string // lower case, composed, without apostrophes
	bare      string // in its own script without marks: what originals are compared by
	elided    int    // bytes of text before an apostrophe that parts a particle: 1 in "o'brien"
	script    script
	spellings []spelling // one per table of the script
	particle  bool       // "van", "de": written or left out as people like
}

// A name is a name cut into words.
type name struct {
	words []word
	core  []word // without particles; never empty when words is not
	runes int    // length as written, for names that were cut
	comma int    // words before a comma, 0 when there is none: "Meer, van der"
	mixed bool   // a word mixes scripts: a letter that only looks like another one
}

// Normalize gives the form of a name in which all later steps read it: compatibility forms and case folded, one
// kind of dash, apostrophe and space, nothing invisible. Normalising again changes nothing.
// [record-matching §5 steps 1, 2]
func Normalize(s string) string {
	if plain(s) {
		return strings.TrimRight(cut(foldRunes(cut(s, 4*maxName)), maxName), " ")
	}
	s = foldRunes(norm.NFKC.String(cut(s, 4*maxName)))
	// Folding may leave letters that compose, or a compatibility form of a capital; twice is enough.
	return strings.TrimRight(cut(foldRunes(norm.NFKC.String(s)), maxName), " ")
}

// cut shortens s to at most n bytes, whole letters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

func foldRunes(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		switch {
		case unicode.IsSpace(r) || r == utf8.RuneError:
			space = true
			continue
		case unicode.Is(unicode.C, r):
			continue
		case unicode.Is(unicode.Pd, r) || r == '−':
			r = '-'
		case isApostrophe(r):
			r = '\''
		}
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		switch r = unicode.ToLower(r); r {
		case 'ß', 'ẞ':
			b.WriteString("ss")
		case 'ς':
			b.WriteRune('σ')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// parseName cuts a name into words.
func parseName(s string) name {
	s = Normalize(s)
	n := name{runes: utf8.RuneCountInString(s)}
	front, behind, comma := strings.Cut(s, ",")
	n.add(front)
	if comma {
		n.comma = len(n.words)
		n.add(behind)
	}
	return n
}

// add appends the words of s.
func (n *name) add(s string) {
	for _, part := range strings.FieldsFunc(s, separates) {
		w, mixed, ok := parseWord(part)
		n.mixed = n.mixed || mixed
		if ok {
			n.words = append(n.words, w)
		}
	}
}

// separates reports whether r stands between words.
func separates(r rune) bool {
	return r != '\'' && !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.M, r)
}

func parseWord(s string) (w word, mixed, ok bool) {
	if i := strings.IndexByte(s, '\''); i > 0 {
		w.elided = i
	}
	w.text = strings.ReplaceAll(s, "'", "")
	if w.text == "" {
		return w, false, false
	}
	if w.elided >= len(w.text) {
		w.elided = 0
	}
	if plain(w.text) {
		w.bare = w.text
		w.spellings = []spelling{{first: w.text}}
		return w, false, true
	}
	w.script, mixed = scriptOf(w.text)
	w.bare = withoutMarks(w.text)
	switch w.script {
	case latinScript:
		w.spellings = []spelling{spellLatin(w.text)}
	case greekScript:
		w.spellings = spellGreek(w.text)
	case cyrillicScript:
		w.spellings = spellCyrillic(w.text)
	default:
		w.spellings = []spelling{{first: w.bare}}
	}
	return w, mixed, w.spellings[0].first != ""
}

// scriptOf is the script of the letters of a word, and whether there are several.
func scriptOf(s string) (found script, mixed bool) {
	first := true
	for _, r := range s {
		var is script
		switch {
		case !unicode.IsLetter(r):
			continue
		case unicode.Is(unicode.Latin, r):
			is = latinScript
		case unicode.Is(unicode.Greek, r):
			is = greekScript
		case unicode.Is(unicode.Cyrillic, r):
			is = cyrillicScript
		case unicode.In(r, unicode.Common, unicode.Inherited):
			continue
		default:
			is = otherScript
		}
		if !first && is != found {
			return found, true
		}
		found, first = is, false
	}
	return found, false
}

func withoutMarks(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(s) {
		if !unicode.Is(unicode.M, r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// whole are the spellings of all words as one, table by table. Words of a script with fewer tables use their
// last one.
func whole(words []word) []spelling {
	if len(words) == 1 {
		return words[0].spellings
	}
	tables := 0
	for i := range words {
		tables = max(tables, len(words[i].spellings))
	}
	out := make([]spelling, tables)
	parts := make([]spelling, len(words))
	for t := range out {
		for i := range words {
			parts[i] = words[i].spellings[min(t, len(words[i].spellings)-1)]
		}
		out[t] = join(parts)
	}
	return out
}

// sameWords reports whether two runs of words are the same name. When both are written in the same other
// script, that decides; else some table must bring them together. [record-matching §5 step 5]
func sameWords(a, b []word) bool {
	if len(a) == 0 || len(b) == 0 {
		return false
	}
	if s := a[0].script; s != latinScript && only(a, s) && only(b, s) {
		return bareOf(a) == bareOf(b)
	}
	return spelledAlike(a, b)
}

// spelledAlike reports whether some table brings two runs of words together.
func spelledAlike(a, b []word) bool {
	for _, x := range whole(a) {
		for _, y := range whole(b) {
			if x.first != "" && y.first != "" && x.meets(y) { // some tables write nothing for a sign
				return true
			}
		}
	}
	return false
}

func only(words []word, s script) bool {
	for i := range words {
		if words[i].script != s {
			return false
		}
	}
	return true
}

func bareOf(words []word) string {
	if len(words) == 1 {
		return words[0].bare
	}
	var b strings.Builder
	for i := range words {
		b.WriteString(words[i].bare)
	}
	return b.String()
}
