package query

import "strings"

// Path is what follows the base URL of a service.
const Path = "rest/search"

// URL returns the full URL of the query at a service whose base URL, with or without final slash, is base.
// Parameters come in a fixed order, so that equal queries have equal URLs.
func (r *Request) URL(base string) string { return r.url(base, true) }

// Redacted is URL without the values of concept answers and of the territory, which may point to a person.
func (r *Request) Redacted(base string) string { return r.url(base, false) }

func (r *Request) url(base string, answers bool) string {
	b := make([]byte, 0, 512)
	b = append(b, strings.TrimRight(base, "/")...)
	b = append(b, '/')
	b = append(b, Path...)
	sep := byte('?')
	add := func(name, value string) {
		if value == "" {
			return
		}
		b = append(b, sep)
		sep = '&'
		b = appendEscaped(b, name)
		b = append(b, '=')
		b = appendEscaped(b, value)
	}
	add(paramQueryID, string(r.Query))
	add(paramProcedure, r.Procedure)
	add(paramRequirement, r.Requirement)
	add(paramClassification, r.Classification)
	add(paramCountry, r.Country)
	add(paramSpecification, r.Specification)
	add(paramEvidenceType, r.EvidenceTypeID)
	add(paramContext, r.ContextID)
	place := func(name, value string) {
		if !answers && value != "" && r.Query == DataServices { // the user's own answer
			value = "-"
		}
		add(name, value)
	}
	place(paramRegion, r.Region)
	place(paramMunicipality, r.Municipality)
	for _, id := range r.Concepts() {
		if answers {
			add(id, r.Answers[id])
		} else {
			add(id, "-")
		}
	}
	return string(b)
}

// appendEscaped percent-encodes all but the unreserved characters; a space is %20. [RFC 3986 §2.3]
func appendEscaped(dst []byte, s string) []byte {
	const hex = "0123456789ABCDEF"
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '.', c == '_', c == '~':
			dst = append(dst, c)
		default:
			dst = append(dst, '%', hex[c>>4], hex[c&15])
		}
	}
	return dst
}
