package matching

import (
	"context"
	"slices"

	"oots/edm"
)

// LegalBlocks are what the entries that a legal query may mean have one of. A name is none: without an identifier
// no legal person is accepted.
type LegalBlocks struct {
	Identifiers []string // scheme, a space, and the value without white space: "LEI 529900…"
	Numbers     []string // of the own business register
	Links       []string // eIDAS identifiers of other countries
}

// LegalBlocks gives the keys for a search.
func (m *Matcher) LegalBlocks(q *LegalQuery) LegalBlocks {
	b := LegalBlocks{Identifiers: schemes(q.Identifiers)}
	switch how, id := m.usable(&Query{Identifier: q.Identifier}); how {
	case direct:
		b.Numbers = []string{compact(id.value)}
	case linked:
		b.Links = []string{id.origin + "/" + id.receiver + "/" + id.value}
	}
	return b
}

// LegalKeysOf gives the keys under which an index must find an entry.
func LegalKeysOf(e *LegalEntry) LegalBlocks {
	b := LegalBlocks{Identifiers: schemes(e.Identifiers)}
	if e.Number != "" {
		b.Numbers = []string{compact(e.Number)}
	}
	for _, l := range e.Links {
		if id, ok := parseEIDAS(l); ok {
			b.Links = append(b.Links, id.origin+"/"+id.receiver+"/"+id.value)
		}
	}
	return b
}

func schemes(ids map[string]string) []string {
	var out []string
	for scheme, value := range ids {
		if value != "" {
			out = append(out, scheme+" "+compact(value))
		}
	}
	slices.Sort(out)
	return out
}

// Share reports whether an entry with the keys k is to be considered for b.
func (b *LegalBlocks) Share(k *LegalBlocks) bool {
	return overlap(b.Identifiers, k.Identifiers) || overlap(b.Numbers, k.Numbers) || overlap(b.Links, k.Links)
}

// A LegalRegister is what an authority writes to have companies matched; as Register.
type LegalRegister interface {
	LegalCandidates(ctx context.Context, b LegalBlocks) ([]LegalEntry, error)
}

// FindLegal is Find for a legal person. Without a Legal register nobody is found.
func (f *Finder[R]) FindLegal(ctx context.Context, p edm.LegalPerson, evidenceType string, languages []string) ([]R, error) {
	q := LegalQueryOf(p)
	return f.answer(ctx, evidenceType, languages, func() (Decision, error) {
		var candidates []LegalEntry
		if f.Legal != nil {
			var err error
			if candidates, err = f.Legal.LegalCandidates(ctx, f.Matcher.LegalBlocks(&q)); err != nil {
				return Decision{}, err
			}
		}
		return f.Matcher.DecideLegal(&q, candidates), nil
	})
}
