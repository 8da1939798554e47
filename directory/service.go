package directory

import (
	"slices"
	"strings"
)

// The refusals that a selection can end with; 0005 is a *Question.
const (
	codeDSDEmpty      = "DSD:ERR:0001"
	codeDSDUnknown    = "DSD:ERR:0002"
	codeDSDParameters = "DSD:ERR:0003"
	codeDSDAnswer     = "DSD:ERR:0006"
)

// The types of a concept. [R-DSD-ERR-C031]
const (
	ConceptString   = "string"
	ConceptBoolean  = "boolean"
	ConceptCodeList = "codelist"
)

// DataServices answers dataservices-by-evidencetype-and-jurisdiction. [TDD 3.1.4]
//
// The candidates are the records of the evidence type whose provider is in the country and whose access
// service declares the specification. Every question of a candidate must be answered before one is chosen: its
// concepts, and up to 1.2 the territory. The error is a *Question for the answers that are missing, or a
// *Refusal: 0002 when the catalogue knows no such evidence type, 0001 when no record fits country,
// specification or answers, 0003 for an answer to a concept that the evidence type does not have, 0006 for an
// answer that cannot be right.
func (x *Index) DataServices(l Line, q DataServiceQuery) ([]DataService, error) {
	pools := x.ofType(l, q.Classification)
	if len(pools) == 0 && !x.lists(l, q.Classification) {
		return nil, &Refusal{Code: codeDSDUnknown, Detail: clipped(q.Classification)}
	}
	if name := stray(pools, q.Answers); name != "" {
		return nil, &Refusal{Code: codeDSDParameters, Detail: name}
	}
	candidates, p := candidatesOf(pools, q)
	if len(candidates) == 0 {
		return nil, &Refusal{Code: codeDSDEmpty, Detail: "DS_NOT_FOUND"}
	}
	given := p.answers(q.Answers)
	asked, err := x.examine(l, q, p, candidates, given)
	if err != nil {
		return nil, err
	}
	if asked != nil {
		return nil, asked
	}
	var out []DataService
	for _, o := range candidates {
		if o.accepts(given) && o.reaches(q) {
			out = append(out, *o.service)
		}
	}
	if len(out) == 0 {
		return nil, &Refusal{Code: codeDSDEmpty, Detail: "DS_NOT_FOUND"}
	}
	return out, nil
}

// ofType returns the pools of an evidence type by its identifier as the line writes it, one per country.
func (x *Index) ofType(l Line, classification string) []*pool {
	var out []*pool
	for _, p := range x.pools[key(classification)] {
		if l.URL(p.classification) == classification {
			out = append(out, p)
		}
	}
	return out
}

// lists reports whether a list of the catalogue names the evidence type.
func (x *Index) lists(l Line, classification string) bool {
	return slices.ContainsFunc(x.listed[key(classification)], func(s string) bool { return l.URL(s) == classification })
}

// stray returns the name of an answer that belongs to no concept of the evidence type, or "".
func stray(pools []*pool, answers map[string]string) string {
	stray := ""
	for name := range answers {
		known := slices.ContainsFunc(pools, func(p *pool) bool {
			return slices.ContainsFunc(p.concepts, func(c *Concept) bool { return strings.EqualFold(c.ID, name) })
		})
		if !known && (stray == "" || name < stray) {
			stray = name
		}
	}
	return stray
}

// candidatesOf returns the offers in the country that declare the specification, and their pool.
func candidatesOf(pools []*pool, q DataServiceQuery) ([]offer, *pool) {
	i := slices.IndexFunc(pools, func(p *pool) bool { return p.country == q.Country })
	if i < 0 {
		return nil, nil
	}
	p := pools[i]
	if q.Specification == "" {
		return p.offers, p
	}
	var out []offer
	for _, o := range p.offers {
		if slices.Contains(o.service.ConformsTo, q.Specification) {
			out = append(out, o)
		}
	}
	return out, p
}
