package matching

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// letters are the Latin letters that Unicode does not decompose, with the form they take without marks.
var letters = map[rune]string{
	'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th",
	'ı': "i", 'ŋ': "n", 'ħ': "h", 'ŧ': "t", 'ĸ': "k",
}

// Fold gives the base form of a name: lower case, without marks, words separated by one space. Letters
// that are not Latin stay.
func Fold(name string) string {
	var b strings.Builder
	b.Grow(len(name))
	space := false
	put := func(s string) {
		if space && b.Len() > 0 {
			b.WriteByte(' ')
		}
		space = false
		b.WriteString(s)
	}
	for _, r := range name {
		r = unicode.ToLower(r)
		for _, d := range norm.NFKD.String(string(r)) {
			d = unicode.ToLower(d)
			switch s, special := letters[d]; {
			case special:
				put(s)
			case unicode.Is(unicode.M, d) || isApostrophe(d) || unicode.Is(unicode.C, d):
			case unicode.IsSpace(d) || unicode.Is(unicode.Pd, d) || d == '.' || d == ',':
				space = true
			default:
				put(string(d))
			}
		}
	}
	return b.String()
}

func isApostrophe(r rune) bool {
	switch r {
	case '\'', '’', '‘', 'ʼ', '´', '`', '′':
		return true
	}
	return false
}
