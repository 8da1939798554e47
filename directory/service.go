package directory

import (
	"slices"
	"strings"
	"time"
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

// SelectDataServices answers dataservices-by-evidencetype-and-jurisdiction. [TDD 3.1.4]
//
// The candidates are the records of the evidence type whose provider is in the country and whose access
// service declares the specification. Every concept of a candidate must be answered before one is chosen.
// The error is a *Question for the answers that are missing, or a *Refusal: 0002 when the catalogue knows
// no such evidence type, 0001 when no record fits country, specification or answers, 0003 for an answer to
// a concept that the evidence type does not have, 0006 for an answer that cannot be right.
func (c *Catalogue) SelectDataServices(q DataServiceQuery) ([]DataService, error) {
	if !c.hasEvidenceType(q.Classification) {
		return nil, &Refusal{Code: codeDSDUnknown}
	}
	if name := c.strayAnswer(q); name != "" {
		return nil, &Refusal{Code: codeDSDParameters, Detail: name}
	}
	candidates := c.candidates(q)
	if len(candidates) == 0 {
		return nil, &Refusal{Code: codeDSDEmpty, Detail: "DS_NOT_FOUND"}
	}
	missing, err := c.checkAnswers(candidates, q)
	if err != nil {
		return nil, err
	}
	if len(missing) > 0 {
		return nil, question(candidates[0], missing)
	}
	var out []DataService
	for _, s := range candidates {
		if s.accepts(q.Answers) {
			out = append(out, *s)
		}
	}
	if len(out) == 0 {
		return nil, &Refusal{Code: codeDSDEmpty, Detail: "DS_NOT_FOUND"}
	}
	return out, nil
}

// hasEvidenceType reports whether some data service or some list of the catalogue names the evidence type.
func (c *Catalogue) hasEvidenceType(classification string) bool {
	for i := range c.Services {
		if c.Services[i].Classification == classification {
			return true
		}
	}
	for i := range c.Requirements {
		for j := range c.Requirements[i].Lists {
			for k := range c.Requirements[i].Lists[j].Types {
				if c.Requirements[i].Lists[j].Types[k].Classification == classification {
					return true
				}
			}
		}
	}
	return false
}

// strayAnswer returns the name of an answer that belongs to no concept of the evidence type, or "".
func (c *Catalogue) strayAnswer(q DataServiceQuery) string {
	stray := ""
	for name := range q.Answers {
		known := slices.ContainsFunc(c.Services, func(s DataService) bool {
			return s.Classification == q.Classification && s.concept(name) != nil
		})
		if !known && (stray == "" || name < stray) {
			stray = name
		}
	}
	return stray
}

func (c *Catalogue) candidates(q DataServiceQuery) []*DataService {
	var out []*DataService
	for i := range c.Services {
		s := &c.Services[i]
		if s.Classification != q.Classification || s.Country() != q.Country {
			continue
		}
		if q.Specification != "" && !slices.Contains(s.ConformsTo, q.Specification) {
			continue
		}
		out = append(out, s)
	}
	return out
}

// checkAnswers returns the concepts of the candidates that are not answered, each once, in the order of
// their identifiers. A wrong answer comes before a missing one.
func (c *Catalogue) checkAnswers(candidates []*DataService, q DataServiceQuery) ([]Concept, error) {
	var missing []Concept
	for _, s := range candidates {
		for i := range s.Classifications {
			concept := &s.Classifications[i]
			answer, ok := answerTo(q.Answers, concept.ID)
			if ok && !c.possible(concept, answer) {
				return nil, &Refusal{Code: codeDSDAnswer, Detail: concept.ID}
			}
			asked := slices.ContainsFunc(missing, func(m Concept) bool { return strings.EqualFold(m.ID, concept.ID) })
			if !ok && !asked {
				m := *concept
				m.SupportedValues = nil // a question never lists values [R-DSD-ERR-S023]
				m.Dates = false
				missing = append(missing, m)
			}
		}
	}
	slices.SortFunc(missing, func(a, b Concept) int { return strings.Compare(strings.ToLower(a.ID), strings.ToLower(b.ID)) })
	return missing, nil
}

// answerTo finds an answer by its concept; concept identifiers compare without case.
func answerTo(answers map[string]string, concept string) (string, bool) {
	if v, ok := answers[concept]; ok {
		return v, true
	}
	for name, v := range answers {
		if strings.EqualFold(name, concept) {
			return v, true
		}
	}
	return "", false
}

// possible reports whether an answer has the type of the concept and, where the catalogue holds the code
// list, is one of its codes. A list that the catalogue does not hold refuses nothing here.
func (c *Catalogue) possible(concept *Concept, answer string) bool {
	switch concept.kind() {
	case ConceptBoolean:
		_, ok := parseBoolean(answer)
		return ok
	case ConceptCodeList:
		l := c.codeList(concept.ValueExpression)
		if l == nil {
			l = c.codeList(concept.CodeList)
		}
		return l == nil || l.Has(answer)
	}
	if concept.Dates {
		_, err := time.Parse(time.DateOnly, answer)
		return err == nil
	}
	return answer != ""
}

// kind is the type of a concept: old data write Codelist, and an unknown type is a code list where there
// is one to fetch. [TDD 3.1.4]
func (k *Concept) kind() string {
	switch t := strings.ToLower(k.Type); {
	case t == ConceptString, t == ConceptBoolean, t == ConceptCodeList:
		return t
	case k.ValueExpression != "":
		return ConceptCodeList
	}
	return ConceptString
}

// accepts reports whether the provider of s answers for every concept: the answer is one of its values. A
// record without a concept, or with a concept without values, fits every answer.
func (s *DataService) accepts(answers map[string]string) bool {
	for i := range s.Classifications {
		concept := &s.Classifications[i]
		if len(concept.SupportedValues) == 0 {
			continue
		}
		answer, _ := answerTo(answers, concept.ID)
		if !slices.ContainsFunc(concept.SupportedValues, func(v string) bool { return concept.same(v, answer) }) {
			return false
		}
	}
	return true
}

// same compares two values as the type of the concept asks.
func (k *Concept) same(a, b string) bool {
	if k.kind() != ConceptBoolean {
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

func question(s *DataService, missing []Concept) *Question {
	return &Question{
		EvidenceType:  EvidenceType{Classification: s.Classification, Titles: s.Titles, Descriptions: s.Descriptions},
		Distributions: s.Distributions,
		LoA:           s.LoA,
		Concepts:      missing,
	}
}
