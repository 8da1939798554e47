package query

import (
	"net/url"
	"regexp"
	"slices"
	"sort"
	"strings"

	"oots/codelist"
	"oots/directory"
)

// What Parse needs to know of the records behind the interface.
type Known interface {
	HasConcept(id string) bool
	HasProcedure(code string) bool
}

// maxValue bounds one parameter value in bytes; identifiers are URLs of about 120.
const maxValue = 2048

var specification = regexp.MustCompile(`^oots-edm:v(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$`)

// Parse reads the parameters of a query to service. The order of the checks is: known query, served
// version, no repeated, unknown or missing parameter, well-formed values; the first that fails is the
// *directory.Refusal, with the parameter's name as detail. The Request is never nil: it holds what was read
// before the refusal, for the log.
func Parse(service Service, rawQuery string, acceptVersion []string, known Known) (*Request, error) {
	values, malformed := url.ParseQuery(rawQuery)
	r := &Request{Query: ID(values.Get(paramQueryID)), Version: Negotiate(acceptVersion)}
	if r.Query.Service() != service {
		return r, &directory.Refusal{Code: service.codeQuery(), Detail: paramQueryID}
	}
	if r.Version == "" {
		return r, &directory.Refusal{Code: service.codeParameters(), Detail: HeaderAcceptVersion}
	}
	if malformed != nil {
		return r, &directory.Refusal{Code: service.codeParameters(), Detail: "query string"}
	}
	if name := r.fill(values, known); name != "" {
		return r, &directory.Refusal{Code: service.codeParameters(), Detail: name}
	}
	if code, name := r.lexical(known); code != "" {
		return r, &directory.Refusal{Code: code, Detail: name}
	}
	return r, nil
}

// fill takes the values over and returns the name of the first parameter that must not be there, comes
// twice, is too long, or is missing.
func (r *Request) fill(values url.Values, known Known) string {
	allowed := parameters(r.Query)
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		v := values[name]
		if len(v) != 1 || len(v[0]) > maxValue {
			return visible(name)
		}
		if slices.Contains(allowed, name) {
			if v[0] == "" {
				return name
			}
			continue
		}
		if r.Query != DataServices || !known.HasConcept(name) || v[0] == "" {
			return visible(name)
		}
		id := strings.ToLower(name)
		if _, twice := r.Answers[id]; twice {
			return visible(name)
		}
		if r.Answers == nil {
			r.Answers = make(map[string]string)
		}
		r.Answers[id] = v[0]
	}
	r.Procedure, r.Country = values.Get(paramProcedure), values.Get(paramCountry)
	r.Requirement = values.Get(paramRequirement)
	r.Classification, r.Specification = values.Get(paramClassification), values.Get(paramSpecification)
	switch {
	case r.Query == EvidenceTypes && r.Requirement == "":
		return paramRequirement
	case r.Query == DataServices && r.Classification == "":
		return paramClassification
	case r.Query == DataServices && r.Country == "":
		return paramCountry
	}
	return ""
}

// visible cuts a parameter name of a stranger to what a detail may show.
func visible(name string) string {
	if len(name) > 60 {
		name = name[:60]
	}
	return strings.Map(func(c rune) rune {
		if c < ' ' || c > '~' {
			return '?'
		}
		return c
	}, name)
}

// lexical checks the forms of values, and that codes are codes of their lists.
func (r *Request) lexical(known Known) (code, name string) {
	if r.Query == DataServices {
		switch {
		case !directory.IsCountryCode(r.Country):
			return "DSD:ERR:0003", paramCountry
		case r.Specification != "" && !specification.MatchString(r.Specification):
			return "DSD:ERR:0003", paramSpecification
		}
		return "", ""
	}
	switch p := r.Procedure; {
	case p == "":
	case !directory.IsProcedureCode(p), !codelist.Procedures.Has(p) && !known.HasProcedure(p):
		return "EB:ERR:0005", paramProcedure
	}
	if r.Country != "" && !directory.IsCountryCode(r.Country) {
		return "EB:ERR:0006", paramCountry
	}
	return "", ""
}

// Concepts returns the identifiers of the answered concepts in order: what a log may show of the answers.
func (r *Request) Concepts() []string {
	ids := make([]string, 0, len(r.Answers))
	for id := range r.Answers {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	return ids
}
