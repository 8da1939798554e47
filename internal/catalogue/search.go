package catalogue

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"oots/edm"
	"oots/internal/web"
)

// searchPage is what was found.
type searchPage struct {
	web.Frame
	Base   string
	Find   string // what is looked for
	Kinds  []kindLink
	Found  []found
	Pager  pager
	Asked  bool
	Kind   kind
	Counts map[kind]int
}

type kindLink struct {
	Name    string
	Count   int
	URL     string
	Current bool
}

// found is one thing.
type found struct {
	Kind    string // in words
	URL     string
	Names   edm.Texts
	Label   web.Foreign // instead of Names, for procedures
	Country string
}

// maxQuery bounds the text that is looked for, in bytes.
const maxQuery = 200

func (p *Page) search(v *visit) error {
	q := v.R.URL.Query().Get("q")
	q = q[:min(len(q), maxQuery)]
	of := kind(v.R.URL.Query().Get("of"))
	if !slices.Contains(kinds, of) {
		of = ""
	}
	x := p.current()
	page := searchPage{Frame: v.Frame(v.T("catalogue/search.title")), Base: p.config.Base, Find: q, Asked: q != "", Kind: of}
	hits, counts := x.find(q, of)
	total := 0
	for _, k := range kinds {
		total += counts[k]
		if counts[k] > 0 {
			page.Kinds = append(page.Kinds, kindLink{kindName(v, k), counts[k], p.searchURL(q, k), k == of})
		}
	}
	if len(page.Kinds) > 1 {
		page.Kinds = slices.Insert(page.Kinds, 0, kindLink{v.T("catalogue/search.all"), total, p.searchURL(q, ""), of == ""})
	}
	var shown []*searchable
	shown, page.Pager = paged(v.R.URL, hits)
	for _, s := range shown {
		page.Found = append(page.Found, p.describe(v, x, s))
	}
	return v.Show(http.StatusOK, "search", &page)
}

func (p *Page) searchURL(q string, of kind) string {
	values := url.Values{"q": {q}}
	if of != "" {
		values.Set("of", string(of))
	}
	return p.config.Base + "/search?" + values.Encode()
}

// describe is the line of one hit.
func (p *Page) describe(v *visit, x *index, s *searchable) found {
	f := found{Kind: oneOfKind(v, s.kind)}
	switch s.kind {
	case kindProcedure:
		f.URL, f.Label = p.config.Base+"/procedures/"+s.key, procedureLabel(v, s.key)
	case kindRequirement:
		f.URL, f.Names = p.config.Base+"/requirements/"+s.key, x.requirements[s.key].Names
	case kindEvidence:
		t := x.types[s.key]
		f.URL, f.Names = p.config.Base+"/evidence-types/"+s.key, t.titles
		if len(t.titles) == 0 {
			f.Label = web.Foreign{Value: t.classification}
		}
	case kindProvider:
		u := x.providers[s.key]
		f.URL, f.Names, f.Country = p.config.Base+"/providers/"+s.key, u.publisher.Names, u.services[0].Country()
		if len(f.Names) == 0 {
			f.Label = web.Foreign{Value: cmp.Or(u.publisher.ID.Value, s.key)}
		}
	}
	return f
}

func kindName(v *visit, k kind) string {
	switch k {
	case kindProcedure:
		return v.T("catalogue/search.procedures")
	case kindRequirement:
		return v.T("catalogue/search.requirements")
	case kindEvidence:
		return v.T("catalogue/search.types")
	}
	return v.T("catalogue/search.providers")
}

func oneOfKind(v *visit, k kind) string {
	switch k {
	case kindProcedure:
		return v.T("catalogue/search.procedure")
	case kindRequirement:
		return v.T("catalogue/search.requirement")
	case kindEvidence:
		return v.T("catalogue/search.type")
	}
	return v.T("catalogue/search.provider")
}
