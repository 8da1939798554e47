package catalogue

import (
	"cmp"
	"net/http"
	"slices"

	"oots/directory"
	"oots/edm"
	"oots/internal/web"
)

// evidencePage is one evidence type: what it proves, and who provides it.
type evidencePage struct {
	web.Frame
	Base         string
	Key          string
	ID           identifier
	Titles       edm.Texts
	Descriptions edm.Texts
	Requirements []requirementLine
	Query        string
	Total        int // providers, whatever was looked for
	Providers    []providerLine
	Pager        pager
	Concepts     []directory.Concept // that tell its providers apart
	Versions     []string            // release lines to download it in; empty when it is too long
}

// providerLine is a provider of an evidence type.
type providerLine struct {
	Key     string
	Names   edm.Texts
	Place   string
	Country string
	LoA     string
	Formats []string
}

// maxXML bounds the records of one download.
const maxXML = 500

func (p *Page) evidence(v *visit) error {
	t := p.current().types[v.R.PathValue("key")]
	if t == nil {
		return p.none()
	}
	page := evidencePage{
		Frame: v.Frame(cmp.Or(v.In(t.titles).Value, t.classification)), Base: p.config.Base, Key: t.key, ID: p.identify(t.classification),
		Titles: t.titles, Descriptions: t.descriptions, Query: v.R.URL.Query().Get("q"), Total: len(t.services), Concepts: concepts(t.services),
	}
	for _, r := range byName(v, t.requirements) {
		page.Requirements = append(page.Requirements, lineOf(r))
	}
	var shown []*directory.DataService
	shown, page.Pager = paged(v.R.URL, filter(t.services, page.Query))
	for _, s := range shown {
		page.Providers = append(page.Providers, providerOf(s))
	}
	if n := len(t.services); n > 0 && n <= maxXML {
		page.Versions = versionNames()
	}
	return v.Show(http.StatusOK, "evidence", &page)
}

func providerOf(s *directory.DataService) providerLine {
	line := providerLine{Key: providerKey(s.Publisher.ID), Names: s.Publisher.Names, Place: place(s.Publisher.Address), Country: s.Country(), LoA: string(s.LoA)}
	for _, d := range s.Distributions {
		if !slices.Contains(line.Formats, d.Format) {
			line.Formats = append(line.Formats, d.Format)
		}
	}
	return line
}

// place is the town of an address, or all of it when it is written in one line.
func place(a edm.Address) string { return cmp.Or(a.PostCityName, a.FullAddress) }

// concepts are the questions that tell services apart, each once.
func concepts(all []*directory.DataService) []directory.Concept {
	var out []directory.Concept
	for _, s := range all {
		for _, c := range s.Classifications {
			if !slices.ContainsFunc(out, func(k directory.Concept) bool { return k.ID == c.ID }) {
				out = append(out, c)
			}
		}
	}
	return out
}
