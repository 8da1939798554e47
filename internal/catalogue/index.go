package catalogue

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"oots/codelist"
	"oots/directory"
	"oots/edm"
)

// An index finds what pages show without walking through the catalogue. It is built once and never changed.
type index struct {
	catalogue    *directory.Catalogue
	requirements map[string]*directory.Requirement // by key
	types        map[string]*evidenceType
	providers    map[string]*provider
	procedures   map[string]*procedure
	countries    []string // that say anything, sorted
	counts       directory.Counts
	listed       int // evidence types
	search       []searchable
}

// An evidenceType is one kind of document with everything that speaks of it.
type evidenceType struct {
	key, classification  string
	titles, descriptions edm.Texts
	requirements         []*directory.Requirement // that it proves, alone or with others
	services             []*directory.DataService // by name of the provider
}

// A provider is one publisher with its data services.
type provider struct {
	key       string
	publisher *directory.Publisher
	services  []*directory.DataService
	name      string // folded, for order
}

// A procedure is one code of the list with what asks for evidence in it.
type procedure struct {
	code         string
	requirements []*directory.Requirement
	countries    []string
}

func newIndex(c *directory.Catalogue) *index {
	x := &index{
		catalogue: c, requirements: make(map[string]*directory.Requirement, len(c.Requirements)), types: map[string]*evidenceType{},
		providers: map[string]*provider{}, procedures: map[string]*procedure{}, counts: c.Counts(),
	}
	countries := map[string]bool{}
	for i := range c.Requirements {
		x.addRequirement(&c.Requirements[i], countries)
	}
	x.listed = len(x.types)
	for i := range c.Services {
		x.addService(&c.Services[i], countries)
	}
	delete(countries, "")
	for code := range countries {
		x.countries = append(x.countries, code)
	}
	slices.Sort(x.countries)
	for _, p := range x.procedures {
		slices.Sort(p.countries)
	}
	x.sortServices()
	x.buildSearch()
	return x
}

func (x *index) addRequirement(r *directory.Requirement, countries map[string]bool) {
	x.requirements[requirementKey(r)] = r
	for i := range r.Frameworks {
		f := &r.Frameworks[i]
		countries[f.Jurisdiction.Country] = true
		for _, code := range f.Procedures {
			p := x.procedures[code]
			if p == nil {
				p = &procedure{code: code}
				x.procedures[code] = p
			}
			if n := len(p.requirements); n == 0 || p.requirements[n-1] != r {
				p.requirements = append(p.requirements, r)
			}
			if !slices.Contains(p.countries, f.Jurisdiction.Country) {
				p.countries = append(p.countries, f.Jurisdiction.Country)
			}
		}
	}
	for i := range r.Lists {
		countries[r.Lists[i].Place().Country] = true
		for j := range r.Lists[i].Types {
			t := x.typeOf(&r.Lists[i].Types[j])
			if !slices.Contains(t.requirements, r) {
				t.requirements = append(t.requirements, r)
			}
		}
	}
}

// typeOf finds or begins an evidence type.
func (x *index) typeOf(t *directory.EvidenceType) *evidenceType {
	k := typeKey(t.Classification)
	if x.types[k] == nil {
		x.types[k] = &evidenceType{key: k, classification: t.Classification, titles: t.Titles, descriptions: t.Descriptions}
	}
	return x.types[k]
}

func (x *index) addService(s *directory.DataService, countries map[string]bool) {
	countries[s.Country()] = true
	t := x.typeOf(&directory.EvidenceType{Classification: s.Classification, Titles: s.Titles, Descriptions: s.Descriptions})
	t.services = append(t.services, s)
	k := providerKey(s.Publisher.ID)
	p := x.providers[k]
	if p == nil {
		p = &provider{key: k, publisher: &s.Publisher, name: fold(s.Publisher.Names.In("EN").Value)}
		x.providers[k] = p
	}
	p.services = append(p.services, s)
}

// sortServices puts the data services of each evidence type in the order of their providers' names.
func (x *index) sortServices() {
	names := make(map[*directory.DataService]string, len(x.catalogue.Services))
	for _, p := range x.providers {
		for _, s := range p.services {
			names[s] = p.name
		}
	}
	for _, t := range x.types {
		slices.SortStableFunc(t.services, func(a, b *directory.DataService) int {
			return cmp.Or(cmp.Compare(names[a], names[b]), cmp.Compare(a.Publisher.ID.Value, b.Publisher.ID.Value))
		})
	}
}

// The keys stand in addresses: the UUID of a Semantic Repository URL, with its owner where it has one, or a digest
// of what is no such URL.

func requirementKey(r *directory.Requirement) string { return lastUUID(r.ID) }

func typeKey(classification string) string {
	if _, path, found := strings.Cut(classification, "/evidencetypeclassifications/"); found {
		owner, uuid, _ := strings.Cut(path, "/")
		if directory.IsUUID(uuid) && (codelist.OOTSCountries.Has(owner) || owner == "oots") {
			return strings.ToLower(owner + "-" + uuid)
		}
	}
	return digest(classification)
}

func providerKey(id edm.Identifier) string { return digest(id.Scheme + "\x00" + id.Value) }

func lastUUID(url string) string {
	if uuid := url[strings.LastIndexByte(url, '/')+1:]; directory.IsUUID(uuid) {
		return strings.ToLower(uuid)
	}
	return digest(url)
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:12])
}
