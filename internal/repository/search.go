package repository

import (
	"context"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A Query selects assets. "" asks for any.
type Query struct {
	Type    Type
	Country string // code of OOTS_Country; EU is what belongs to all
	Text    string // words, all of which must stand in titles, descriptions or identifier
	Version string // as the asset writes it
	Status  Status
}

// Search lists the current versions of the assets that fit, by type and title; with a version, the versions called
// so, current or not. Accents and case make no difference to text.
func (s *Service) Search(ctx context.Context, q Query) ([]*Asset, error) {
	st, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	words := strings.Fields(fold(q.Text))
	var out []*Asset
	for i, a := range st.all {
		if q.Version != "" {
			if a = version(st.versions[keyOf(a.path)], q.Version); a == nil {
				continue
			}
		}
		if q.Type != "" && a.Type != q.Type || q.Status != "" && a.Status != q.Status ||
			q.Country != "" && !slices.Contains(a.Jurisdictions, q.Country) && !slices.Contains(a.UsedIn, q.Country) {
			continue
		}
		if !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(st.folded[i], w) }) {
			out = append(out, a)
		}
	}
	return out, nil
}

// version is the published version called v, nil when there is none.
func version(versions []*Asset, v string) *Asset {
	for _, a := range versions {
		if a.Version == v && a.Status != Draft && a.Status != Withdrawn {
			return a
		}
	}
	return nil
}

// searchText is what the words of a query are looked for in.
func searchText(a *Asset) string {
	var b strings.Builder
	for _, t := range slices.Concat(a.Titles, a.Descriptions) {
		b.WriteString(t.Value)
		b.WriteByte(' ')
	}
	b.WriteString(a.ID)
	for _, id := range a.Also {
		b.WriteByte(' ')
		b.WriteString(id)
	}
	return fold(b.String())
}

// Fold writes a text as searches compare it: small letters without accents.
func Fold(s string) string { return fold(s) }

func fold(s string) string {
	var b strings.Builder
	for _, c := range norm.NFD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, c):
		case c == 'ß' || c == 'ẞ':
			b.WriteString("ss")
		case c == 'ς':
			b.WriteRune('σ')
		case c == 'ł' || c == 'Ł':
			b.WriteByte('l')
		case c == 'ø' || c == 'Ø':
			b.WriteByte('o')
		case c == 'đ' || c == 'Đ':
			b.WriteByte('d')
		default:
			b.WriteRune(unicode.ToLower(c))
		}
	}
	return b.String()
}
