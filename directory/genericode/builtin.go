package genericode

import (
	"strings"

	"oots/codelist"
	"oots/directory"
)

// repositoryLists is where the lists that all share have their addresses. [TDD 3.5.1]
const repositoryLists = "https://sr.oots.tech.ec.europa.eu/codelists/"

// BuiltIn is a list of package codelist as a release line such as "2.0" has it. Its codes are those published; its
// English names are ours.
func BuiltIn(list codelist.List, line string) *List {
	version := Edition(list.VersionIn(line))
	url := repositoryLists + string(list)
	l := &List{
		ShortName: string(list), LongName: title(list), Version: version, CanonicalURI: url, CanonicalVersionURI: url + "/" + version,
		LocationURI: url, Agency: "oots (codes as published, names of our own)",
		Columns: []Column{{ID: "code", Name: "Code", Key: true}, {ID: "name-EN", Name: "Name", Lang: "EN"}},
	}
	for _, r := range list.RowsIn(line) {
		l.Rows = append(l.Rows, []string{r.Code, r.Label})
	}
	return l
}

// Edition is the version of a built-in list as a part of an address: its last name, without blanks.
func Edition(version string) string {
	if i := strings.LastIndex(version, ", "); i >= 0 {
		version = version[i+2:]
	}
	return strings.ReplaceAll(version, " ", "-")
}

func title(l codelist.List) string {
	switch l {
	case codelist.OOTSCountries:
		return "Countries that take part in the Once-Only Technical System"
	case codelist.Countries:
		return "Countries"
	case codelist.Languages:
		return "Languages"
	case codelist.Procedures:
		return "Procedures"
	case codelist.EAS:
		return "Electronic address schemes"
	case codelist.AgentClasses:
		return "Roles of agents"
	case codelist.LevelsOfAssurance:
		return "Levels of assurance"
	case codelist.Genders:
		return "Genders"
	case codelist.LegalIdentifiers:
		return "Identifiers of legal persons"
	case codelist.MediaTypes:
		return "Media types of evidence"
	case codelist.DocumentKinds:
		return "Kinds of documents in a package"
	case codelist.AssociatedKinds:
		return "Kinds of documents that can be asked for"
	case codelist.ConceptTypes:
		return "Types of questions that tell providers apart"
	case codelist.NUTS:
		return "Regions"
	}
	return string(l)
}

// FromCodes is a list that the directory knows by codes and names: a column for the code, and one for the name in
// each language.
func FromCodes(c *directory.CodeList) *List {
	l := &List{
		ShortName: c.URL[strings.LastIndexByte(c.URL, '/')+1:], Version: c.Version, CanonicalURI: c.URL,
		CanonicalVersionURI: c.URL + "/" + c.Version, LocationURI: c.URL,
		Columns: []Column{{ID: "code", Name: "Code", Key: true}},
	}
	at := map[string]int{}
	for _, code := range c.Codes {
		for _, n := range code.Names {
			if at[n.Lang] == 0 {
				at[n.Lang] = len(l.Columns)
				l.Columns = append(l.Columns, Column{ID: "name-" + n.Lang, Name: "Name", Lang: n.Lang})
			}
		}
	}
	for _, code := range c.Codes {
		row := make([]string, len(l.Columns))
		row[0] = code.Code
		for _, n := range code.Names {
			row[at[n.Lang]] = n.Value
		}
		l.Rows = append(l.Rows, row)
	}
	return l
}
