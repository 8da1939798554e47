package query

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"oots/codelist"
	"oots/directory"
)

// Known is what Parse needs to know of the records behind the interface; *directory.Index knows it.
type Known interface {
	HasConcept(id string) bool
	HasProcedure(code string) bool
	HasRegion(country, code string) bool
}

// Bounds of what a stranger sends. Identifiers are URLs of about 120 bytes, and a query has a dozen
// parameters and as many answers.
const (
	maxQuery      = 16 << 10 // bytes of a query string that is read; clients are promised 8 kB at least
	maxParameters = 100
	maxValue      = 2048
)

// detailQuery blames the query string as a whole.
const detailQuery = "query string"

var specification = regexp.MustCompile(`^oots-edm:v(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)$`)

// A pair is one parameter as it came, decoded.
type pair struct{ name, value string }

// Parse reads the parameters of a query to service, and the headers that say what is accepted. The order of
// the checks is: known query, served version and media type, no repeated, unknown or missing parameter,
// well-formed values; the first that fails is the *directory.Refusal, with the parameter's name as detail.
// The Request is never nil: it holds what was read before the refusal, for the log.
func Parse(service Service, rawQuery string, header http.Header, known Known) (*Request, error) {
	pairs, sound := split(rawQuery)
	r := &Request{Version: Negotiate(header.Values(HeaderAcceptVersion))}
	for _, p := range pairs {
		if p.name == paramQueryID {
			r.Query = ID(p.value)
			break
		}
	}
	refuse := func(code, detail string) (*Request, error) {
		return r, &directory.Refusal{Code: code, Detail: detail}
	}
	switch {
	case r.Query.Service() != service:
		return refuse(service.codeQuery(), paramQueryID)
	case r.Version == "":
		return refuse(service.codeParameters(), HeaderAcceptVersion)
	case !Acceptable(header.Values(headerAccept)):
		return refuse(service.codeParameters(), headerAccept)
	case !sound:
		return refuse(service.codeParameters(), detailQuery)
	}
	if name := r.fill(pairs, known); name != "" {
		return refuse(service.codeParameters(), name)
	}
	if code, name := r.lexical(known); code != "" {
		return refuse(code, name)
	}
	return r, nil
}

// split cuts a query string into its parameters. Of one that is too long, or has too many, only the queryId
// is looked for, so that the refusal comes from the right query. sound is false then, and when something does
// not decode.
func split(raw string) (pairs []pair, sound bool) {
	sound = len(raw) <= maxQuery
	pairs = make([]pair, 0, 8)
	for part := range strings.SplitSeq(raw, "&") {
		if part == "" {
			continue
		}
		if len(pairs) == maxParameters {
			sound = false
		}
		if !sound && !strings.HasPrefix(part, paramQueryID+"=") {
			continue
		}
		name, value, _ := strings.Cut(part, "=")
		name, err1 := url.QueryUnescape(name)
		value, err2 := url.QueryUnescape(value)
		if err1 != nil || err2 != nil {
			sound = false
			continue
		}
		pairs = append(pairs, pair{name, value})
		if !sound {
			return pairs, false // the queryId that was looked for, or one before it
		}
	}
	return pairs, sound
}

// fill takes the values over and returns the name of the first parameter that must not be there, comes
// twice, is too long or empty, or is missing.
func (r *Request) fill(pairs []pair, known Known) string {
	slices.SortStableFunc(pairs, func(a, b pair) int { return strings.Compare(a.name, b.name) })
	all := parameters(r.Query)
	for i, p := range pairs {
		twice := i > 0 && pairs[i-1].name == p.name
		if twice || len(p.value) > maxValue {
			return visible(p.name)
		}
		if p.name == paramQueryID {
			continue
		}
		if p.value == "" {
			return visible(p.name)
		}
		if q := find(all, p.name, r.Version); q != nil {
			*q.field(r) = p.value
			continue
		}
		if !r.fillAnswer(p, known) {
			return visible(p.name)
		}
	}
	for i := range all {
		if p := &all[i]; p.required && *p.field(r) == "" {
			return p.name
		}
	}
	switch { // the levels say where in the country
	case r.Country != "":
	case r.Region != "":
		return paramRegion
	case r.Municipality != "":
		return paramMunicipality
	}
	return ""
}

// fillAnswer takes the answer to a concept over, and reports whether the parameter is one that may stand
// there.
func (r *Request) fillAnswer(p pair, known Known) bool {
	if r.Query != DataServices || !known.HasConcept(p.name) {
		return false
	}
	id := strings.ToLower(p.name)
	if _, twice := r.Answers[id]; twice {
		return false
	}
	if r.Answers == nil {
		r.Answers = make(map[string]string)
	}
	r.Answers[id] = p.value
	return true
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
		return r.lexicalDirectory()
	}
	switch p := r.Procedure; {
	case p == "":
	case !directory.IsProcedureCode(p), !codelist.Procedures.Has(p) && !known.HasProcedure(p):
		return "EB:ERR:0005", paramProcedure
	}
	switch {
	case r.Country != "" && !directory.IsCountryCode(r.Country):
		return "EB:ERR:0006", paramCountry
	case r.Region != "" && !known.HasRegion(r.Country, r.Region):
		return "EB:ERR:0004", paramRegion
	case r.Municipality != "" && !directory.IsMunicipalityCode(r.Municipality):
		return "EB:ERR:0004", paramMunicipality
	}
	return "", ""
}

// lexicalDirectory checks forms only: a level that is well formed and no code is a wrong answer of the user,
// which comes later.
func (r *Request) lexicalDirectory() (code, name string) {
	const malformed = "DSD:ERR:0003"
	switch {
	case !directory.IsCountryCode(r.Country):
		return malformed, paramCountry
	case r.Specification != "" && !specification.MatchString(r.Specification):
		return malformed, paramSpecification
	case r.Region != "" && !directory.IsRegionCode(r.Region):
		return malformed, paramRegion
	case r.Municipality != "" && !directory.IsMunicipalityCode(r.Municipality):
		return malformed, paramMunicipality
	}
	return "", ""
}

// Concepts returns the identifiers of the answered concepts in order: what a log may show of the answers.
func (r *Request) Concepts() []string {
	if len(r.Answers) == 0 {
		return nil
	}
	return slices.Sorted(maps.Keys(r.Answers))
}
