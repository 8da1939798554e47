package catalogue

import (
	"cmp"
	"net/http"
	"slices"

	"oots/directory"
	"oots/edm"
	"oots/internal/web"
)

// providerPage is one evidence provider: what it provides, through which access points.
type providerPage struct {
	web.Frame
	Base         string
	Key          string
	ID           edm.Identifier
	Names        edm.Texts
	Descriptions edm.Texts
	Address      edm.Address
	Place        string
	Country      web.Country
	Types        []providedLine
	Pager        pager
	Access       []accessLine
	Versions     []string // release lines to download it in; empty when it is too long
}

// providedLine is an evidence type at a provider.
type providedLine struct {
	Key     string
	Titles  edm.Texts
	ID      string
	LoA     string
	Formats []string
	Values  []string // that the provider answers for
}

type accessLine struct {
	ID    edm.Identifier
	Names edm.Texts
	Lines []string // of the exchange
}

func (p *Page) provider(v *visit) error {
	found := p.current().providers[v.R.PathValue("key")]
	if found == nil {
		return p.none()
	}
	u := found.publisher
	country := found.services[0].Country()
	page := providerPage{
		Frame: v.Frame(cmp.Or(v.In(u.Names).Value, u.ID.Value)), Base: p.config.Base, Key: found.key, ID: u.ID, Names: u.Names, Descriptions: u.Descriptions,
		Address: u.Address, Place: place(u.Address), Country: web.Country{Code: country, Name: countryName(v, country)}, Access: access(found.services),
	}
	var shown []*directory.DataService
	shown, page.Pager = paged(v.R.URL, found.services)
	for _, s := range shown {
		line := providerOf(s)
		provided := providedLine{Key: typeKey(s.Classification), Titles: s.Titles, ID: s.ID, LoA: line.LoA, Formats: line.Formats}
		for _, c := range s.Classifications {
			provided.Values = append(provided.Values, c.SupportedValues...)
		}
		page.Types = append(page.Types, provided)
	}
	if len(found.services) <= maxXML {
		page.Versions = versionNames()
	}
	return v.Show(http.StatusOK, "provider", &page)
}

// access are the access points of services, each once, with all that it conforms to.
func access(all []*directory.DataService) []accessLine {
	var out []accessLine
	for _, s := range all {
		at := slices.IndexFunc(out, func(a accessLine) bool { return a.ID == s.AccessPoint })
		if at < 0 {
			at = len(out)
			out = append(out, accessLine{ID: s.AccessPoint, Names: s.AccessName})
		}
		for _, l := range s.ConformsTo {
			if !slices.Contains(out[at].Lines, string(l)) {
				out[at].Lines = append(out[at].Lines, string(l))
			}
		}
	}
	return out
}
