package matching

import (
	"slices"
	"strings"
)

// A Lexicon is what a policy says about the words of names.
type Lexicon struct {
	// Titles are left out, by country of the eID or of the register; "*" is for all. Written as people do: "Ph.D.".
	Titles map[string][]string `yaml:"titles"`
	// Particles are compared with and without.
	Particles []string `yaml:"particles"`
	// Abbreviations of particles: "vd" to "van der" and "van den".
	Abbreviations map[string][]string `yaml:"abbreviations"`
	// Elisions are the particles that an apostrophe joins to the name: the O of O'Brien.
	Elisions []string `yaml:"elisions"`
	// Truncation lists the lengths at which registers and travel documents cut a name.
	Truncation []int `yaml:"truncation"`
	// GivenNameVariants are sets of given names that count as close: [Hans, Johannes]. None by default.
	GivenNameVariants [][]string `yaml:"givenNameVariants"`
}

// lexicon is a Lexicon ready to be used.
type lexicon struct {
	titles        map[string][][]string
	particles     map[string]bool
	abbreviations map[string][]string // words with spaces to joined particles
	elisions      map[string]bool
	truncation    []int
	variants      map[string]int // bare given name to its set
}

func (l *Lexicon) compile() *lexicon {
	out := &lexicon{
		titles: map[string][][]string{}, particles: map[string]bool{}, abbreviations: map[string][]string{},
		elisions: map[string]bool{}, truncation: l.Truncation, variants: map[string]int{},
	}
	for country, list := range l.Titles {
		for _, t := range list {
			if w := texts(parseName(t).words); len(w) > 0 {
				out.titles[sameCountry(country)] = append(out.titles[sameCountry(country)], w)
			}
		}
	}
	for _, p := range l.Particles {
		for _, w := range parseName(p).words {
			out.particles[w.bare] = true
		}
	}
	for short, list := range l.Abbreviations {
		key := strings.Join(texts(parseName(short).words), " ")
		for _, long := range list {
			out.abbreviations[key] = append(out.abbreviations[key], strings.Join(texts(parseName(long).words), ""))
		}
	}
	for _, e := range l.Elisions {
		out.elisions[strings.Trim(Normalize(e), "'")] = true
	}
	for i, set := range l.GivenNameVariants {
		for _, v := range set {
			out.variants[bareOf(parseName(v).words)] = i + 1
		}
	}
	return out
}

func texts(words []word) []string {
	out := make([]string, len(words))
	for i := range words {
		out[i] = words[i].text
	}
	return out
}

// given reads given names.
func (l *lexicon) given(s string, countries ...string) name {
	n := parseName(s)
	n.words = l.withoutTitles(n.words, countries)
	n.core = n.words
	return n
}

// family reads a family name: titles go, abbreviated particles get all their long forms, and particles that
// a list has put behind the name and a comma go to the front.
func (l *lexicon) family(s string, countries ...string) name {
	n := parseName(s)
	if behind := n.words[n.comma:]; n.comma > 0 && len(behind) > 0 && l.allParticles(behind) {
		n.words = slices.Concat(behind, n.words[:n.comma])
	}
	n.words = l.expand(l.withoutTitles(n.words, countries))
	for i := range n.words {
		w := &n.words[i]
		w.particle = w.particle || l.particles[w.bare]
	}
	if !slices.ContainsFunc(n.words, func(w word) bool { return w.particle || w.elided > 0 }) {
		n.core = n.words
		return n
	}
	for _, w := range n.words {
		switch {
		case w.particle:
			continue
		case w.elided > 0 && l.elisions[w.text[:w.elided]]:
			if bare, mixed, ok := parseWord(w.text[w.elided:]); ok {
				w, n.mixed = bare, n.mixed || mixed
			}
		}
		n.core = append(n.core, w)
	}
	if len(n.core) == 0 {
		n.core = n.words
	}
	return n
}

// allParticles reports whether all words are particles, or their abbreviations.
func (l *lexicon) allParticles(words []word) bool {
	_, short := l.abbreviations[strings.Join(texts(words), " ")]
	return short || !slices.ContainsFunc(words, func(w word) bool { return !l.particles[w.bare] })
}

// withoutTitles leaves out titles in front of a name and behind it, as long as something is left.
func (l *lexicon) withoutTitles(words []word, countries []string) []word {
	if len(words) < 2 {
		return words
	}
	for again := true; again; {
		words, again = l.withoutTitle("*", words)
		for _, country := range countries {
			var found bool
			words, found = l.withoutTitle(sameCountry(country), words)
			again = again || found
		}
	}
	return words
}

// withoutTitle leaves out one title of a country's list, in front or behind.
func (l *lexicon) withoutTitle(country string, words []word) ([]word, bool) {
	for _, t := range l.titles[country] {
		switch n := len(t); {
		case n >= len(words):
		case sameTexts(words[:n], t):
			return words[n:], true
		case sameTexts(words[len(words)-n:], t):
			return words[:len(words)-n], true
		}
	}
	return words, false
}

func sameTexts(words []word, texts []string) bool {
	for i := range words {
		if words[i].text != texts[i] {
			return false
		}
	}
	return true
}

// expand gives an abbreviated particle all its long forms: "vd" and "v d" are "vander" and "vanden" too.
func (l *lexicon) expand(words []word) []word {
	if len(words) < 2 {
		return words
	}
	out := make([]word, 0, len(words))
	for i := 0; i < len(words); i++ {
		w := words[i]
		if i+2 < len(words) {
			if long, ok := l.abbreviations[w.text+" "+words[i+1].text]; ok {
				out = append(out, particles(w.text+words[i+1].text, long))
				i++
				continue
			}
		}
		if long, ok := l.abbreviations[w.text]; ok && i+1 < len(words) {
			w = particles(w.text, long)
		}
		out = append(out, w)
	}
	return out
}

func particles(short string, long []string) word {
	choices := append([]string{short}, long...)
	return word{text: short, bare: short, particle: true, spellings: []spelling{{first: short, cells: [][]string{choices}}}}
}
