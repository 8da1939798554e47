package matching

import "slices"

// greekLetters are the single letters after ELOT 743 (ISO 843 type 2); others stand for the older practice
// of passports. [record-matching §5 step 5]
var greekLetters = map[rune]string{
	'α': "a", 'β': "v", 'γ': "g", 'δ': "d", 'ε': "e", 'ζ': "z", 'η': "i", 'θ': "th", 'ι': "i", 'κ': "k", 'λ': "l", 'μ': "m",
	'ν': "n", 'ξ': "x", 'ο': "o", 'π': "p", 'ρ': "r", 'σ': "s", 'ς': "s", 'τ': "t", 'υ': "y", 'φ': "f", 'χ': "ch", 'ψ': "ps",
	'ω': "o",
}

var olderGreek = map[rune][]string{'χ': {"ch", "h"}, 'υ': {"y", "i"}, 'φ': {"f", "ph"}}

// greekTonos takes the accent from a letter. Letters with a diaeresis are not here: they are never half of
// a digraph.
var greekTonos = map[rune]rune{'ά': 'α', 'έ': 'ε', 'ή': 'η', 'ί': 'ι', 'ό': 'ο', 'ύ': 'υ', 'ώ': 'ω'}

var greekDiaeresis = map[rune]rune{'ϊ': 'ι', 'ΐ': 'ι', 'ϋ': 'υ', 'ΰ': 'υ'}

// spellGreek writes a lower-case, composed Greek word in Latin letters, after ELOT 743 and after the older
// practice.
func spellGreek(word string) []spelling {
	return []spelling{spellGreekBy([]rune(word), false), spellGreekBy([]rune(word), true)}
}

func spellGreekBy(w []rune, older bool) spelling {
	var s speller
	for i := 0; i < len(w); i++ {
		if i+1 < len(w) {
			if choices := greekPair(w, i, older); choices != nil {
				s.put(choices...)
				i++
				continue
			}
		}
		r := w[i]
		if bare, ok := greekDiaeresis[r]; ok {
			r = bare
		}
		if bare, ok := greekTonos[r]; ok {
			r = bare
		}
		switch {
		case older && olderGreek[r] != nil:
			s.put(olderGreek[r]...)
		case greekLetters[r] != "":
			s.put(greekLetters[r])
		default:
			s.putLatin(r)
		}
	}
	return s.spelling()
}

// greekPair is what the letters i and i+1 give together, nil when they are two letters. An accent on the
// first, or a diaeresis on the second, parts them.
func greekPair(w []rune, i int, older bool) []string {
	a, b := w[i], w[i+1]
	if bare, ok := greekTonos[b]; ok {
		b = bare
	}
	edge := i == 0 || i+2 == len(w)
	switch string([]rune{a, b}) {
	case "ου":
		return []string{"ou"}
	case "αυ", "ευ", "ηυ":
		vowel := greekLetters[a]
		switch {
		case older:
			return []string{vowel + "v", vowel + "f"}
		case i+2 < len(w) && voiced(w[i+2]):
			return []string{vowel + "v"}
		}
		return []string{vowel + "f"}
	case "γγ":
		return []string{"ng"}
	case "γξ":
		return []string{"nx"}
	case "γχ":
		return []string{"nch"}
	case "μπ":
		switch {
		case older:
			return []string{"b", "mp"}
		case edge:
			return []string{"b"}
		}
		return []string{"mp"}
	case "γκ":
		if older {
			return []string{"g", "gk"}
		}
		return []string{"gk"}
	case "ντ":
		if older {
			return []string{"d", "nt"}
		}
		return []string{"nt"}
	}
	return nil
}

// voiced reports whether αυ before r is read av: before vowels and voiced consonants.
func voiced(r rune) bool {
	if bare, ok := greekTonos[r]; ok {
		r = bare
	}
	if bare, ok := greekDiaeresis[r]; ok {
		r = bare
	}
	return slices.Contains([]rune("αεηιουωβγδζλμνρ"), r)
}
