package matching

import "strings"

// A cyrillicTable is one national way, or ISO 9, to write Cyrillic in Latin letters.
type cyrillicTable struct {
	letters map[rune][]string
	initial map[rune][]string // instead, at the beginning of a word
	pairs   map[string]string // two letters that go together
	final   map[string]string // at the end of a word
}

// eastern are the letters that all tables of Bulgarian, Ukrainian and Russian write alike.
const eastern = "а=a б=b в=v д=d е=e з=z к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f"

// cyrillicTables are compared one by one: a name is never read by two tables at once. [record-matching §5 step 5]
var cyrillicTables = []cyrillicTable{
	{ // Bulgarian, Streamlined System (Transliteration Act of 2009)
		letters: table(eastern, "г=g ж=zh и=i й=y х=h ц=ts ч=ch ш=sh щ=sht ъ=a ь=y ю=yu я=ya"),
		final:   map[string]string{"ия": "ia"},
	},
	{ // Bulgarian, as older documents have it
		letters: table(eastern, "г=g ж=zh,j и=i й=y,i,j х=h,kh ц=ts,c,tz ч=ch ш=sh щ=sht ъ=a,u ь=y,j,- ю=yu,iu,ju я=ya,ia,ja"),
	},
	{ // Ukrainian, Resolution 55 of 2010
		letters: table(eastern, "г=h ґ=g є=ie ж=zh и=y і=i ї=i й=i х=kh ц=ts ч=ch ш=sh щ=shch ь=- ю=iu я=ia"),
		initial: table("є=ye ї=yi й=y ю=yu я=ya", ""),
		pairs:   map[string]string{"зг": "zgh"},
	},
	{ // Russian, ICAO 9303
		letters: table(eastern, "г=g ё=e ж=zh и=i й=i х=kh ц=ts ч=ch ш=sh щ=shch ъ=ie ы=y ь=- э=e ю=iu я=ia"),
	},
	{ // Serbian and Macedonian
		letters: table(eastern, "г=g ђ=d,dj ѓ=gj,g ж=z,zh ѕ=dz и=i ј=j љ=lj њ=nj ћ=c,ch ќ=kj,k х=h ц=c,ts ч=c,ch џ=dz,dj ш=s,sh"),
	},
	{ // ISO 9, without its marks
		letters: table(eastern, "г=g ґ=g ђ=d ѓ=g ё=e є=e ж=z ѕ=z и=i і=i ї=i й=j ј=j љ=l њ=n ћ=c ќ=k ў=u х=h ц=c ч=c џ=d ш=s щ=s ъ=- ы=y ь=- э=e ю=u я=a"),
	},
}

// table reads pairs "letter=form,form"; "-" is nothing.
func table(lists ...string) map[rune][]string {
	out := map[rune][]string{}
	for _, list := range lists {
		for _, pair := range strings.Fields(list) {
			letter, forms, _ := strings.Cut(pair, "=")
			choices := strings.Split(forms, ",")
			for i, c := range choices {
				if c == "-" {
					choices[i] = ""
				}
			}
			out[[]rune(letter)[0]] = choices
		}
	}
	return out
}

// spellCyrillic writes a lower-case, composed Cyrillic word in Latin letters, once per table.
func spellCyrillic(word string) []spelling {
	out := make([]spelling, len(cyrillicTables))
	w := []rune(word)
	for i := range cyrillicTables {
		out[i] = cyrillicTables[i].spell(w)
	}
	return out
}

// spell writes a word. What a table does not know is written as ISO 9 has it.
func (t *cyrillicTable) spell(w []rune) spelling {
	var s speller
	for i := 0; i < len(w); i++ {
		if i+1 < len(w) {
			pair := string(w[i : i+2])
			form, ok := t.pairs[pair]
			if !ok && i > 0 && i+2 == len(w) {
				form, ok = t.final[pair]
			}
			if ok {
				s.put(form)
				i++
				continue
			}
		}
		choices, ok := t.initial[w[i]]
		if !ok || i > 0 {
			choices, ok = t.letters[w[i]]
		}
		if !ok {
			choices, ok = cyrillicTables[len(cyrillicTables)-1].letters[w[i]]
		}
		if !ok {
			s.putLatin(w[i])
			continue
		}
		s.put(choices...)
	}
	return s.spelling()
}
