package catalogue

import (
	"cmp"
	"net/http"
	"slices"

	"oots/directory"
	"oots/edm"
	"oots/internal/web"
)

// requirementPage is one requirement: who asks for it, and what proves it where.
type requirementPage struct {
	web.Frame
	Base         string
	Key          string
	ID           identifier
	Names        edm.Texts
	Descriptions edm.Texts
	Procedures   []procedureLine
	Answers      []answer // of the countries that say something
	Silent       []web.Country
	Versions     []string // release lines to download it in
}

// An answer is what a country says to a requirement: one of several lists, or nothing at all.
type answer struct {
	web.Country
	Lists   []list
	Nothing []edm.Texts // why it has nothing, for each declaration; empty texts for no reason
}

// A list is one way to prove a requirement: all its evidence types together.
type list struct {
	Names edm.Texts
	ID    string
	Types []typeLine
}

type typeLine struct {
	Key       string
	Titles    edm.Texts
	Providers int
}

func (p *Page) requirement(v *visit) error {
	x := p.current()
	r := x.requirements[v.R.PathValue("key")]
	if r == nil {
		return p.none()
	}
	page := requirementPage{
		Frame: v.Frame(v.In(r.Names).Value), Base: p.config.Base, Key: requirementKey(r), ID: p.identify(r.ID), Names: r.Names,
		Descriptions: r.Descriptions, Versions: versionNames(), Answers: x.answers(v, r),
	}
	page.Title = cmp.Or(page.Title, r.ID)
	for _, c := range countries(v, x.countries) {
		if !slices.ContainsFunc(page.Answers, func(a answer) bool { return a.Code == c.Code }) {
			page.Silent = append(page.Silent, c)
		}
	}
	from := map[string][]string{}
	for i := range r.Frameworks {
		for _, code := range r.Frameworks[i].Procedures {
			if c := r.Frameworks[i].Jurisdiction.Country; !slices.Contains(from[code], c) {
				from[code] = append(from[code], c)
			}
		}
	}
	for code, all := range from {
		page.Procedures = append(page.Procedures, procedureLine{Code: code, Label: procedureLabel(v, code), Countries: len(all)})
	}
	slices.SortFunc(page.Procedures, func(a, b procedureLine) int { return compareCodes(a.Code, b.Code) })
	return v.Show(http.StatusOK, "requirement", &page)
}

// answers are what countries say to r, by their codes.
func (x *index) answers(v *visit, r *directory.Requirement) []answer {
	var out []answer
	for i := range r.Lists {
		l := &r.Lists[i]
		code := l.Place().Country
		at := slices.IndexFunc(out, func(a answer) bool { return a.Code == code })
		if at < 0 {
			at = len(out)
			out = append(out, answer{Country: web.Country{Code: code, Name: countryName(v, code)}})
		}
		if l.MatchType == directory.NoMatch {
			out[at].Nothing = append(out[at].Nothing, l.MatchDescriptions)
			continue
		}
		way := list{Names: l.Names, ID: l.ID}
		for j := range l.Types {
			t := &l.Types[j]
			line := typeLine{Key: typeKey(t.Classification), Titles: t.Titles}
			if known := x.types[line.Key]; known != nil {
				line.Providers = len(known.services)
			}
			way.Types = append(way.Types, line)
		}
		out[at].Lists = append(out[at].Lists, way)
	}
	slices.SortFunc(out, func(a, b answer) int { return cmp.Compare(a.Code, b.Code) })
	return out
}
