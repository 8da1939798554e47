package repository

import (
	"net/url"
	"regexp"
	"strings"
)

// identifier is an address of the Semantic Repository under any of its hosts. [TDD 3.5]
var identifier = regexp.MustCompile(`^https://sr(?:\.[a-zA-Z]+)?\.oots\.tech\.(?:ec\.)?europa\.eu/(.+)$`)

// The families of addresses. [TDD 3.5]
const (
	requirements  = "requirements/"
	evidenceTypes = "evidencetypeclassifications/"
	dataModels    = "datamodels/"
	distributions = "distributions/" // data models up to 1.1
	codeLists     = "codelists/"
)

// pathOf is where an identifier lies below the repository: its path, whatever the host and environment. "" for an
// identifier that is no address of a Semantic Repository and none below base.
func pathOf(id, base string) string {
	if m := identifier.FindStringSubmatch(id); m != nil {
		return m[1]
	}
	if path, ok := strings.CutPrefix(id, base+"/"); ok && base != "" {
		return path
	}
	return ""
}

// keyOf makes one key of the addresses that mean the same: a data model has two families, and the names of the
// lists that all share were in lower case in 2022.
func keyOf(path string) string {
	if name, ok := strings.CutPrefix(path, distributions); ok {
		path = dataModels + name
	}
	if name, ok := strings.CutPrefix(path, codeLists); ok && !strings.Contains(name, "/") {
		path = codeLists + strings.ToLower(name)
	}
	return path
}

// countryOf is the Member State in a path, "" for none: codelists/AT/…, evidencetypeclassifications/AT/….
func countryOf(path string) string {
	for _, family := range []string{evidenceTypes, codeLists} {
		rest, ok := strings.CutPrefix(path, family)
		if country, _, found := strings.Cut(rest, "/"); ok && found && len(country) == 2 {
			return strings.ToUpper(country)
		}
	}
	return ""
}

// typeOf is the type that the family of a path stands for, "" for another family.
func typeOf(path string) Type {
	family, _, _ := strings.Cut(path, "/")
	switch family + "/" {
	case requirements:
		return Requirement
	case evidenceTypes:
		return EvidenceType
	case dataModels, distributions:
		return DataModel
	case codeLists:
		return CodeList
	case "mappings/":
		return Mapping
	case "rulesets/":
		return RuleSet
	case "schemas/":
		return Schema
	case "uitexts/":
		return UIText
	case "conformanceprofiles/":
		return ConformanceProfile
	}
	return ""
}

// escapePath writes a path for an address.
func escapePath(path string) string { return (&url.URL{Path: path}).EscapedPath() }
