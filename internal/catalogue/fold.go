package catalogue

import (
	"strings"
	"sync"
	"unicode"

	"oots/internal/matching"
)

// folded are the letters of the alphabets of the Union and its neighbours as fold writes them.
var folded = sync.OnceValue(func() *[0x600]string {
	var t [0x600]string
	for r := range rune(len(t)) {
		t[r] = foldRune(r)
	}
	return &t
})

// foldRune is a letter in lower case without its accent, " " for what divides words, "" for what is not looked at.
func foldRune(r rune) string {
	switch {
	case r == 'ς': // Greek ends words with another sigma; who types capitals cannot
		return "σ"
	case r == '.' || r == ',' || r <= ' ' || unicode.Is(unicode.Pd, r):
		return " "
	}
	return matching.Fold(string(r))
}

// fold is the form in which texts are compared: lower case, without accents, in any script.
func fold(s string) string {
	t := folded()
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r == '\n':
			b.WriteByte('\n')
		case int(r) < len(t):
			b.WriteString(t[r])
		default:
			b.WriteString(foldRune(r))
		}
	}
	return b.String()
}
