package directory

import (
	"slices"
	"strings"
	"time"
)

// An answer is what the user said to a concept of a pool.
type answer struct {
	value string
	given bool
}

// answers puts the answers of a query in the order of the concepts of the pool.
func (p *pool) answers(answers map[string]string) []answer {
	out := make([]answer, len(p.concepts))
	for name, v := range answers {
		for i, c := range p.concepts {
			if strings.EqualFold(c.ID, name) {
				out[i] = answer{v, true}
			}
		}
	}
	return out
}

// examine judges the answers and returns what is still to be asked, or nil. A wrong answer comes before a
// missing one.
func (x *Index) examine(l Line, q DataServiceQuery, p *pool, candidates []offer, given []answer) (*Question, error) {
	used := make([]bool, len(p.concepts))
	for _, o := range candidates {
		for _, i := range o.concepts {
			used[i] = true
		}
	}
	var missing []Concept
	for i, c := range p.concepts {
		switch {
		case !used[i]:
		case given[i].given && !x.possible(c, given[i].value):
			return nil, &Refusal{Code: codeDSDAnswer, Detail: c.ID}
		case !given[i].given:
			m := *c
			m.SupportedValues, m.Dates = nil, false // a question never lists values [R-DSD-ERR-S023]
			missing = append(missing, m)
		}
	}
	determination, err := x.territory(l, q, candidates)
	if err != nil {
		return nil, err
	}
	if determination == nil && len(missing) == 0 {
		return nil, nil
	}
	s := candidates[0].service
	return &Question{
		ID:            s.ID,
		EvidenceType:  EvidenceType{Classification: s.Classification, Titles: s.Titles, Descriptions: s.Descriptions},
		Distributions: s.Distributions,
		LoA:           s.LoA,
		Determination: determination,
		Concepts:      missing,
	}, nil
}

// territory judges the territory answer of 1.x, and returns the question for it when it is missing. A question
// has room for one determination: of several the one with the lowest context is asked, and records with
// another are candidates for every place.
func (x *Index) territory(l Line, q DataServiceQuery, candidates []offer) (*Determination, error) {
	if l.AtLeast(V20) {
		return nil, nil
	}
	known := false
	var asked, answered *Determination
	for _, o := range candidates {
		known = known || strings.EqualFold(o.service.ID, q.EvidenceTypeID)
		d := o.service.Determination
		if d == nil {
			continue
		}
		if asked == nil || strings.ToLower(d.ContextID) < strings.ToLower(asked.ContextID) {
			asked = d
		}
		if strings.EqualFold(d.ContextID, q.ContextID) {
			answered = d
		}
	}
	switch {
	case q.EvidenceTypeID != "" && !known && !l.AtLeast(V12): // in 1.2 the parameter means nothing any more
		return nil, &Refusal{Code: codeDSDAnswer, Detail: "evidence-type-id"}
	case q.ContextID != "" && answered == nil:
		return nil, &Refusal{Code: codeDSDAnswer, Detail: "jurisdiction-context-id"}
	case q.Region != "" && !x.HasRegion(q.Country, q.Region):
		return nil, &Refusal{Code: codeDSDAnswer, Detail: "jurisdiction-admin-l2"}
	case answered == nil:
		return asked, nil
	case answered.Level != LevelCountry && q.Region == "" && q.Municipality == "":
		return answered, nil
	case !answered.fits(q.Region, q.Municipality):
		return nil, &Refusal{Code: codeDSDAnswer, Detail: answered.parameter()}
	}
	return nil, nil
}

// possible reports whether an answer has the type of the concept and, where the catalogue holds the code
// list, is one of its codes. A list that the catalogue does not hold refuses nothing here.
func (x *Index) possible(concept *Concept, answer string) bool {
	switch concept.Kind() {
	case ConceptBoolean:
		_, ok := parseBoolean(answer)
		return ok
	case ConceptCodeList:
		codes, held := x.codes[key(concept.ValueExpression)]
		if !held {
			codes, held = x.codes[key(concept.CodeList)]
		}
		return !held || codes.has(answer)
	}
	if concept.Dates {
		_, err := time.Parse(time.DateOnly, answer)
		return err == nil
	}
	return answer != ""
}

// Kind is the type of a concept: old data write Codelist, and an unknown type is a code list where there
// is one to fetch. [TDD 3.1.4]
func (k *Concept) Kind() string {
	switch t := strings.ToLower(k.Type); {
	case t == ConceptString, t == ConceptBoolean, t == ConceptCodeList:
		return t
	case k.ValueExpression != "":
		return ConceptCodeList
	}
	return ConceptString
}

// accepts reports whether the provider answers for what the user said to every concept: it is one of its
// values. A record without a concept, or with a concept without values, fits every answer.
func (o offer) accepts(given []answer) bool {
	for j, i := range o.concepts {
		concept := &o.service.Classifications[j]
		if len(concept.SupportedValues) == 0 {
			continue
		}
		if !slices.ContainsFunc(concept.SupportedValues, func(v string) bool { return concept.same(v, given[i].value) }) {
			return false
		}
	}
	return true
}

// same compares two values as the type of the concept asks.
func (k *Concept) same(a, b string) bool {
	if k.Kind() != ConceptBoolean {
		return a == b
	}
	x, okX := parseBoolean(a)
	y, okY := parseBoolean(b)
	return okX && okY && x == y
}

// parseBoolean reads an xs:boolean.
func parseBoolean(s string) (value, ok bool) {
	switch s {
	case "true", "1":
		return true, true
	case "false", "0":
		return false, true
	}
	return false, false
}
