package matching

import (
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// latin are the letters with more than a base form, or without a decomposition: the base form first, then
// what passports and northern and German practice write. [ICAO 9303-3 §6] [record-matching §5 step 4]
var latin = map[rune][]string{
	'ä': {"a", "ae"}, 'ö': {"o", "oe"}, 'ü': {"u", "ue", "uxx"}, 'å': {"a", "aa"}, 'ø': {"o", "oe"}, 'ñ': {"n", "nxx"},
	'æ': {"ae"}, 'œ': {"oe"}, 'ß': {"ss"}, 'ł': {"l"}, 'đ': {"d", "dj"}, 'ð': {"d"}, 'þ': {"th"}, 'ı': {"i"}, 'ŋ': {"n"},
	'ħ': {"h"}, 'ŧ': {"t"}, 'ĸ': {"k"}, 'ə': {"e", "a"}, 'ƒ': {"f"},
}

// spellLatin gives the base key and the expanded key of a word as one spelling. The word is lower case, composed.
func spellLatin(word string) spelling {
	if plain(word) {
		return spelling{first: word}
	}
	var s speller
	for _, r := range word {
		s.putLatin(r)
	}
	return s.spelling()
}

func (s *speller) putLatin(r rune) {
	if choices, ok := latin[r]; ok {
		s.put(choices...)
		return
	}
	if r < utf8.RuneSelf {
		s.put(string(r))
		return
	}
	base := []byte{}
	for _, d := range norm.NFD.String(string(r)) {
		if choices, ok := latin[d]; ok { // ǿ is ø with an accent
			s.put(choices...)
			continue
		}
		if !unicode.Is(unicode.M, d) {
			base = utf8.AppendRune(base, d)
		}
	}
	if len(base) > 0 {
		s.put(string(base))
	}
}

// plain reports whether a lower-case word is written without marks.
func plain(word string) bool {
	for i := range len(word) {
		if word[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
