package edm

import (
	"strings"

	"oots/codelist"
)

// IsEIDASIdentifier reports whether s ends in country of origin / country of destination / 6 to 256
// characters without white space. The published pattern is not anchored at its start. [R-EDM-REQ-C040]
func IsEIDASIdentifier(s string) bool { return Ruleset{}.IsEIDASIdentifier(s) }

// IsEIDASIdentifier reports whether id has the form that the release line asks for: in 1.0 any two countries and
// nine letters or digits, later what the function of that name says. [R-EDM-REQ-C039, R-EDM-REQ-C040]
func (s Ruleset) IsEIDASIdentifier(id string) bool {
	if s.Before(V11) {
		return eidasIdentifier10(id)
	}
	for ; len(id) >= len("EL/AT/123456"); id = id[1:] {
		if id[2] != '/' || id[5] != '/' || !s.participates(id[:2]) || !s.participates(id[3:5]) {
			continue
		}
		value := id[6:]
		n := 0
		for range value {
			n++
		}
		if n >= 6 && n <= 256 && !strings.ContainsAny(value, " \t\r\n") {
			return true
		}
	}
	return false
}

func (s Ruleset) participates(country string) bool {
	return s.Has(codelist.OOTSCountries, strings.ToUpper(country))
}

// eidasIdentifier10 finds two letters, two letters and nine letters or digits, parted by slashes, anywhere in id.
// [R-EDM-REQ-C039, R-EDM-REQ-C050]
func eidasIdentifier10(id string) bool {
	const n = len("EL/AT/123456789")
	for ; len(id) >= n; id = id[1:] {
		if id[2] == '/' && id[5] == '/' && !strings.ContainsFunc(id[:2]+id[3:5], notLetter) && !strings.ContainsFunc(id[6:n], notAlphanumeric) {
			return true
		}
	}
	return false
}
