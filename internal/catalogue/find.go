package catalogue

import (
	"cmp"
	"slices"
	"strings"

	"oots/codelist"
	"oots/directory"
	"oots/edm"
)

// A kind is what a search finds.
type kind string

const (
	kindProcedure   kind = "procedure"
	kindRequirement kind = "requirement"
	kindEvidence    kind = "evidence"
	kindProvider    kind = "provider"
)

var kinds = []kind{kindProcedure, kindRequirement, kindEvidence, kindProvider}

// A searchable is one thing that can be found, with all its names in all languages as one folded text.
type searchable struct {
	kind kind
	key  string
	text string
}

func (x *index) buildSearch() {
	x.search = make([]searchable, 0, len(x.procedures)+len(x.requirements)+len(x.types)+len(x.providers))
	add := func(k kind, key string, texts ...string) {
		x.search = append(x.search, searchable{k, key, fold(strings.Join(texts, "\n"))})
	}
	titles := map[string][]string{} // of the frameworks of a procedure
	for _, r := range x.requirements {
		add(kindRequirement, requirementKey(r), append(values(r.Names, r.Descriptions), r.ID)...)
		for i := range r.Frameworks {
			for _, code := range r.Frameworks[i].Procedures {
				titles[code] = append(titles[code], values(r.Frameworks[i].Titles)...)
			}
		}
	}
	for code := range x.procedures {
		slices.Sort(titles[code])
		add(kindProcedure, code, append([]string{codelist.Procedures.Label(code), code}, slices.Compact(titles[code])...)...)
	}
	for _, t := range x.types {
		add(kindEvidence, t.key, append(values(t.titles, t.descriptions), t.classification)...)
	}
	for _, p := range x.providers {
		add(kindProvider, p.key, append(values(p.publisher.Names), p.publisher.ID.Value, p.publisher.Address.PostCityName)...)
	}
	slices.SortFunc(x.search, func(a, b searchable) int {
		return cmp.Or(cmp.Compare(slices.Index(kinds, a.kind), slices.Index(kinds, b.kind)), cmp.Compare(a.text, b.text), cmp.Compare(a.key, b.key))
	})
}

func values(all ...edm.Texts) []string {
	var out []string
	for _, ts := range all {
		for _, t := range ts {
			out = append(out, t.Value)
		}
	}
	return out
}

// maxWords bounds a query; what goes beyond is not looked at.
const maxWords = 8

// find returns what has every word of q in one of its names, of one kind or of any, and how many there are of each
// kind.
func (x *index) find(q string, of kind) (out []*searchable, counts map[kind]int) {
	counts = map[kind]int{}
	words := strings.Fields(fold(q))
	if len(words) == 0 {
		return nil, counts
	}
	words = words[:min(len(words), maxWords)]
	for i := range x.search {
		s := &x.search[i]
		if !hasAll(s.text, words) {
			continue
		}
		counts[s.kind]++
		if of == "" || of == s.kind {
			out = append(out, s)
		}
	}
	return out, counts
}

func hasAll(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// filter returns the services whose provider has every word of q in a name, a place or its identifier.
func filter(all []*directory.DataService, q string) []*directory.DataService {
	words := strings.Fields(fold(q))
	if len(words) == 0 {
		return all
	}
	words = words[:min(len(words), maxWords)]
	var out []*directory.DataService
	for _, s := range all {
		if hasAll(fold(strings.Join(append(values(s.Publisher.Names), s.Publisher.ID.Value, s.Publisher.Address.PostCityName), "\n")), words) {
			out = append(out, s)
		}
	}
	return out
}
