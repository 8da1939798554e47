package portal

import (
	"net/http"

	"oots/directory"
	"oots/edm"
	"oots/internal/requester"
	"oots/internal/web"
)

// alternativesPage says how a country proves a requirement: one list or another, each with all its
// documents. [TDD 3.2] [ux-guidance P7]
type alternativesPage struct {
	web.Frame
	App       application
	Card      requester.Card
	Code      string // of the country
	InCountry string // its name
	Lists     []alternative
}

type alternative struct {
	Names edm.Texts
	Types []typeLine
}

type typeLine struct {
	directory.EvidenceType
	Href  string
	Slug  string // last part of its classification
	Asked bool   // an exchange of this attempt is about it
}

func (p *Portal) alternatives(v *visit, a application) error {
	c, err := card(v, a)
	if err != nil {
		return err
	}
	ch := readChoice(v.R.URL.Query())
	if !web.KnownCountry(ch.Country) || ch.Country == p.country {
		return v.Redirect(a.RequirementPath(c) + "/country")
	}
	r, err := p.requester.EvidenceTypes(v.R.Context(), c.Requirement.ID, ch.Country)
	if err != nil && !nothing(err) {
		return unreachable(err, a.Path())
	}
	page := alternativesPage{Frame: p.page(v, v.T("portal/alternatives.title", "country", v.Country(ch.Country))), App: a, Card: c, Code: ch.Country, InCountry: v.Country(ch.Country)}
	var declared edm.Texts
	for _, l := range r.Lists {
		if l.MatchType == directory.NoMatch || len(l.Types) == 0 {
			declared = l.MatchDescriptions
			continue
		}
		page.Lists = append(page.Lists, p.alternative(a, c, ch.Country, l))
	}
	if len(page.Lists) == 0 {
		return p.showAbsent(v, a, c, ch, v.T("portal/alternatives.noProof", "country", v.Country(ch.Country)), declared)
	}
	if len(page.Lists) == 1 && len(page.Lists[0].Types) == 1 {
		return v.Redirect(page.Lists[0].Types[0].Href)
	}
	return v.Show(http.StatusOK, "alternatives", &page)
}

func (p *Portal) alternative(a application, c requester.Card, country string, l directory.EvidenceTypeList) alternative {
	out := alternative{Names: l.Names}
	for _, t := range l.Types {
		x := typeLine{EvidenceType: t, Slug: slug(t.Classification), Href: a.RequirementPath(c) + "/provider?" + choice{Country: country, Type: slug(t.Classification)}.Query()}
		for _, e := range c.Exchanges {
			x.Asked = x.Asked || e.EvidenceType.Classification == t.Classification
		}
		out.Types = append(out.Types, x)
	}
	return out
}
