package edm

import (
	"strings"

	"oots/codelist"
)

// The schemes of agent identifiers. [R-EDM-REQ-C012]
const (
	SchemeEAS          = "urn:cef.eu:names:identifier:EAS:"                     // and a code of EAS
	SchemeUnregistered = "urn:oasis:names:tc:ebcore:partyid-type:unregistered:" // and a country, or "oots"
	// SchemeEIDAS is the scheme of personal identifiers; eidas2 is refused. [R-EDM-REQ-C042]
	SchemeEIDAS = "eidas"
)

const uuidPrefix = "urn:uuid:"

// IsUUID reports whether s is a bare UUID in either case. The version is not looked at: the published test
// requirement is the nil UUID.
func IsUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		c := s[i]
		switch {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f', c >= 'A' && c <= 'F':
		default:
			return false
		}
	}
	return true
}

// IsURNUUID reports whether s is "urn:uuid:" and a UUID, in either case.
func IsURNUUID(s string) bool {
	return len(s) == len(uuidPrefix)+36 && strings.EqualFold(s[:len(uuidPrefix)], uuidPrefix) && IsUUID(s[len(uuidPrefix):])
}

// endsInUUID is the unanchored form of several assertions.
func endsInUUID(s string) bool { return len(s) >= 36 && IsUUID(s[len(s)-36:]) }

// agentScheme applies the grammar of R-EDM-REQ-C012.
func (s Ruleset) agentScheme(scheme string) bool {
	if code, ok := strings.CutPrefix(scheme, SchemeEAS); ok {
		return s.Has(codelist.EAS, code)
	}
	if code, ok := strings.CutPrefix(scheme, SchemeUnregistered); ok {
		return code == "oots" || s.Has(codelist.OOTSCountries, code)
	}
	return false
}

// IsEIDASIdentifier reports whether s ends in country of origin / country of destination / 6 to 256
// characters without white space. The published pattern is not anchored at its start. [R-EDM-REQ-C040]
func IsEIDASIdentifier(s string) bool { return Ruleset{}.eidasIdentifier(s) }

func (s Ruleset) eidasIdentifier(id string) bool {
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

// repository splits a Semantic Repository URL into its environment label ("" in production) and its path.
func repository(url string) (env, path string, ok bool) {
	rest, ok := strings.CutPrefix(url, "https://sr.")
	if !ok {
		return "", "", false
	}
	const host = "oots.tech.ec.europa.eu/"
	if path, ok = strings.CutPrefix(rest, host); ok {
		return "", path, true
	}
	env, rest, ok = strings.Cut(rest, ".")
	if !ok || env == "" || strings.ContainsFunc(env, notLetter) {
		return "", "", false
	}
	path, ok = strings.CutPrefix(rest, host)
	return env, path, ok
}

func notLetter(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') }

func notAlphanumeric(r rune) bool { return notLetter(r) && (r < '0' || r > '9') }

// lowerUUID is the form of UUIDs in Semantic Repository URLs.
func lowerUUID(s string) bool { return IsUUID(s) && strings.ToLower(s) == s }

// IsRequirementURL reports whether s names a requirement of the Semantic Repository. [R-EDM-REQ-C008]
func IsRequirementURL(s string) bool {
	_, path, ok := repository(s)
	id, found := strings.CutPrefix(path, "requirements/")
	return ok && found && lowerUUID(id)
}

// IsEvidenceTypeURL reports whether s names an evidence type of a country, or of the central test
// services. [R-EDM-REQ-C027]
func IsEvidenceTypeURL(s string) bool { return Ruleset{}.evidenceTypeURL(s) }

func (s Ruleset) evidenceTypeURL(url string) bool {
	_, path, ok := repository(url)
	rest, found := strings.CutPrefix(path, "evidencetypeclassifications/")
	country, id, slash := strings.Cut(rest, "/")
	return ok && found && slash && lowerUUID(id) && (country == "oots" || s.Has(codelist.OOTSCountries, country))
}

// isDataModelURL applies R-EDM-REQ-C034.
func isDataModelURL(s string) bool {
	_, path, ok := repository(strings.Trim(s, " \t\r\n"))
	return ok && (strings.HasPrefix(path, "datamodels/") || strings.HasPrefix(path, "distributions/"))
}

// inProduction reports whether a Semantic Repository URL carries no environment label.
func inProduction(s string) bool {
	env, _, ok := repository(s)
	return ok && env == ""
}

// codeListURL splits the URL of a code list into country and name as R-EDM-REQ-C097 to C099 see it.
func codeListURL(s string) (country, name string, ok bool) {
	_, path, ok := repository(s)
	rest, found := strings.CutPrefix(path, "codelists/")
	country, name, slash := strings.Cut(rest, "/")
	return country, name, ok && found && slash
}
