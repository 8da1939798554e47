package directory

import (
	"slices"
	"strings"
	"sync"
)

// An Index answers queries from one catalogue without walking through it. It is made once and read by many
// at once; the catalogue must not change meanwhile.
type Index struct {
	catalogue    *Catalogue
	requirements map[string][]*Requirement          // by key of the identifier
	frameworks   map[procedureCountry][]frameworkAt // in the order of the catalogue
	listed       map[string][]string                // key of an evidence type that a list names to its identifiers
	pools        map[string][]*pool                 // by key of the evidence type
	concepts     map[string]struct{}                // lower case
	procedures   map[string]struct{}
	regions      map[string]struct{} // NUTS codes of frameworks, types and providers
	codes        map[string]*codeSet // by key of the URL
}

// procedureCountry is what frameworks are found by; "" is any.
type procedureCountry struct{ procedure, country string }

// A frameworkAt is a framework of a requirement, by their places in the catalogue.
type frameworkAt struct{ requirement, framework int32 }

// A pool is the data services of one evidence type in one country.
type pool struct {
	classification string
	country        string
	offers         []offer
	concepts       []*Concept // each once, in the order of their identifiers
}

// An offer is a data service with the places of its concepts in the pool.
type offer struct {
	service  *DataService
	concepts []int
}

// NewIndex makes the index of c.
func NewIndex(c *Catalogue) *Index {
	x := &Index{
		catalogue:    c,
		requirements: make(map[string][]*Requirement, len(c.Requirements)),
		frameworks:   make(map[procedureCountry][]frameworkAt),
		listed:       make(map[string][]string),
		pools:        make(map[string][]*pool),
		concepts:     make(map[string]struct{}),
		procedures:   make(map[string]struct{}),
		regions:      make(map[string]struct{}),
		codes:        make(map[string]*codeSet, len(c.CodeLists)),
	}
	for i := range c.Requirements {
		x.addRequirement(i)
	}
	for i := range c.Services {
		x.addService(&c.Services[i])
	}
	for _, pools := range x.pools {
		for _, p := range pools {
			p.seal()
			for _, k := range p.concepts {
				x.concepts[strings.ToLower(k.ID)] = struct{}{}
			}
		}
	}
	for i := range c.CodeLists {
		x.codes[key(c.CodeLists[i].URL)] = &codeSet{list: &c.CodeLists[i]}
	}
	return x
}

// Catalogue is what the index was made of.
func (x *Index) Catalogue() *Catalogue { return x.catalogue }

// key is what identifiers of the Semantic Repository are found by: their path, since release lines may write
// them under different hosts. What is found is compared as the line writes it.
func key(url string) string {
	if _, path, _, ok := splitURL(url); ok {
		return path
	}
	return url
}

func (x *Index) addRequirement(i int) {
	r := &x.catalogue.Requirements[i]
	k := key(r.ID)
	x.requirements[k] = append(x.requirements[k], r)
	for j := range r.Frameworks {
		f := &r.Frameworks[j]
		at := frameworkAt{int32(i), int32(j)}
		x.region(&f.Jurisdiction)
		x.frameworks[procedureCountry{}] = append(x.frameworks[procedureCountry{}], at)
		if f.Jurisdiction.Country != "" {
			byCountry := procedureCountry{country: f.Jurisdiction.Country}
			x.frameworks[byCountry] = append(x.frameworks[byCountry], at)
		}
		for n, p := range f.Procedures {
			if p == "" || slices.Contains(f.Procedures[:n], p) {
				continue
			}
			x.procedures[p] = struct{}{}
			x.frameworks[procedureCountry{p, ""}] = append(x.frameworks[procedureCountry{p, ""}], at)
			if f.Jurisdiction.Country != "" {
				both := procedureCountry{p, f.Jurisdiction.Country}
				x.frameworks[both] = append(x.frameworks[both], at)
			}
		}
	}
	for j := range r.Lists {
		for n := range r.Lists[j].Types {
			x.addType(&r.Lists[j].Types[n])
		}
	}
}

func (x *Index) addType(t *EvidenceType) {
	k := key(t.Classification)
	if !slices.Contains(x.listed[k], t.Classification) {
		x.listed[k] = append(x.listed[k], t.Classification)
	}
	for i := range t.Jurisdictions {
		x.region(&t.Jurisdictions[i])
	}
}

func (x *Index) region(j *Jurisdiction) {
	if j.Region != "" {
		x.regions[j.Region] = struct{}{}
	}
}

func (x *Index) addService(s *DataService) {
	k, country := key(s.Classification), s.Country()
	x.region(&s.Publisher.Jurisdiction)
	var p *pool
	for _, known := range x.pools[k] {
		if known.classification == s.Classification && known.country == country {
			p = known
			break
		}
	}
	if p == nil {
		p = &pool{classification: s.Classification, country: country}
		x.pools[k] = append(x.pools[k], p)
	}
	p.offers = append(p.offers, offer{service: s})
}

// seal gathers the concepts of a pool, puts them in order and points its offers at them.
func (p *pool) seal() {
	at := make(map[string]int) // lower case identifier to the place in p.concepts
	for i := range p.offers {
		o := &p.offers[i]
		if n := len(o.service.Classifications); n > 0 {
			o.concepts = make([]int, n)
		}
		for j := range o.service.Classifications {
			c := &o.service.Classifications[j]
			id := strings.ToLower(c.ID)
			place, known := at[id]
			if !known {
				place = len(p.concepts)
				at[id] = place
				p.concepts = append(p.concepts, c)
			}
			o.concepts[j] = place
		}
	}
	if len(p.concepts) < 2 {
		return
	}
	found := slices.Clone(p.concepts)
	slices.SortFunc(p.concepts, func(a, b *Concept) int { return strings.Compare(strings.ToLower(a.ID), strings.ToLower(b.ID)) })
	for i := range p.offers {
		for j, place := range p.offers[i].concepts {
			p.offers[i].concepts[j] = slices.Index(p.concepts, found[place])
		}
	}
}

// A codeSet finds the codes of a list. It is made when it is first asked: few lists are.
type codeSet struct {
	list  *CodeList
	once  sync.Once
	codes map[string]struct{}
}

func (s *codeSet) has(code string) bool {
	s.once.Do(func() {
		s.codes = make(map[string]struct{}, len(s.list.Codes))
		for i := range s.list.Codes {
			s.codes[s.list.Codes[i].Code] = struct{}{}
		}
	})
	_, ok := s.codes[code]
	return ok
}

// HasConcept reports whether some data service asks the concept id, compared without case.
func (x *Index) HasConcept(id string) bool {
	_, ok := x.concepts[strings.ToLower(id)]
	return ok
}

// HasProcedure reports whether a framework implements the procedure code.
func (x *Index) HasProcedure(code string) bool {
	_, ok := x.procedures[code]
	return ok
}
