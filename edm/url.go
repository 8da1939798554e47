package edm

import (
	"strings"

	"oots/codelist"
)

// The hosts of the Semantic Repository: the artefacts of 1.0 name the older one, traffic moved to the newer.
const (
	repositoryHost   = "oots.tech.ec.europa.eu/"
	repositoryHost10 = "oots.tech.europa.eu/"
)

// repository splits a Semantic Repository URL into its environment label ("" in production) and its path.
func repository(url string) (env, path string, ok bool) { return repositoryAt(url, repositoryHost) }

func repositoryAt(url, host string) (env, path string, ok bool) {
	rest, ok := strings.CutPrefix(url, "https://sr.")
	if !ok {
		return "", "", false
	}
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
func IsRequirementURL(s string) bool { return Ruleset{}.requirementURL(s) }

// requirementURL takes either host in 1.0, and the UUID bare or as a URN. [open-questions B17]
func (s Ruleset) requirementURL(url string) bool {
	_, path, ok := repository(url)
	if !ok && s.Before(V11) {
		_, path, ok = repositoryAt(url, repositoryHost10)
	}
	id, found := strings.CutPrefix(path, "requirements/")
	if s.Before(V11) {
		id = strings.TrimPrefix(id, uuidPrefix)
	}
	return ok && found && lowerUUID(id)
}

// IsEvidenceTypeURL reports whether s names an evidence type of a country, or of the central test
// services. [R-EDM-REQ-C027]
func IsEvidenceTypeURL(s string) bool { return Ruleset{}.evidenceTypeURL(s) }

// evidenceTypeURL takes in 1.0 the published form and, unless the operator wants it strict, that of later lines,
// whose host 1.0 traffic uses.
func (s Ruleset) evidenceTypeURL(url string) bool {
	if s.Before(V11) {
		if s.evidenceTypeURL10(url) {
			return true
		}
		if s.Strict() {
			return false
		}
	}
	_, path, ok := repository(url)
	rest, found := strings.CutPrefix(path, "evidencetypeclassifications/")
	country, id, slash := strings.Cut(rest, "/")
	return ok && found && slash && lowerUUID(id) && (country == "oots" || s.Has(codelist.OOTSCountries, country))
}

// evidenceTypeURL10 wants any two letters as the country, and minds neither case nor what stands before.
func (Ruleset) evidenceTypeURL10(url string) bool {
	const head = "https://sr." + repositoryHost10 + "evidencetypeclassifications/"
	const n = len(head) + len("EL/") + 36
	url = strings.TrimSpace(url)
	if len(url) < n {
		return false
	}
	url = url[len(url)-n:]
	country, id := url[len(head):len(head)+2], url[len(head)+3:]
	return strings.EqualFold(url[:len(head)], head) && !strings.ContainsFunc(country, notLetter) && url[len(head)+2] == '/' && IsUUID(id)
}

// dataModelURL applies R-EDM-REQ-C034 and, up to 1.2, R-EDM-REQ-C035. 1.0 is treated as evidenceTypeURL does.
func (s Ruleset) dataModelURL(url string) bool {
	url = strings.Trim(url, " \t\r\n")
	if s.Before(V11) {
		if strings.HasPrefix(url, "https://sr."+repositoryHost10+"distributions/") {
			return true
		}
		if s.Strict() {
			return false
		}
	}
	_, path, ok := repository(url)
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
