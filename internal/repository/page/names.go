package page

import (
	"slices"

	"oots/internal/repository"
)

// typeName is a type in the language of the page, in the plural.
func typeName(v *visit, t repository.Type) string {
	switch t {
	case repository.Requirement:
		return v.T("repository/page/names.requirements")
	case repository.EvidenceType:
		return v.T("repository/page/names.evidenceTypes")
	case repository.DataModel:
		return v.T("repository/page/names.dataModels")
	case repository.CodeList:
		return v.T("repository/page/names.codeLists")
	case repository.Mapping:
		return v.T("repository/page/names.mappings")
	case repository.RuleSet:
		return v.T("repository/page/names.ruleSets")
	case repository.Schema:
		return v.T("repository/page/names.schemas")
	case repository.UIText:
		return v.T("repository/page/names.uiTexts")
	case repository.ConformanceProfile:
		return v.T("repository/page/names.conformanceProfiles")
	}
	return string(t)
}

// typeMeaning says what assets of a type are.
func typeMeaning(v *visit, t repository.Type) string {
	switch t {
	case repository.Requirement:
		return v.T("repository/page/names.requirementsAre")
	case repository.EvidenceType:
		return v.T("repository/page/names.evidenceTypesAre")
	case repository.DataModel:
		return v.T("repository/page/names.dataModelsAre")
	case repository.CodeList:
		return v.T("repository/page/names.codeListsAre")
	case repository.RuleSet:
		return v.T("repository/page/names.ruleSetsAre")
	}
	return ""
}

// statusName is a status in the language of the page.
func statusName(v *visit, s repository.Status) string {
	switch s {
	case repository.Published:
		return v.T("repository/page/names.published")
	case repository.Deprecated:
		return v.T("repository/page/names.deprecated")
	case repository.Withdrawn:
		return v.T("repository/page/names.withdrawn")
	case repository.Elsewhere:
		return v.T("repository/page/names.elsewhere")
	}
	return v.T("repository/page/names.draft")
}

// mood is the class of a status in the style sheet.
func mood(s repository.Status) string {
	switch s {
	case repository.Published:
		return "good"
	case repository.Deprecated, repository.Withdrawn:
		return "warn"
	}
	return "busy"
}

// relationName is a relation in the language of the page, as a heading above what it leads to.
func relationName(v *visit, a *repository.Asset, t repository.RelationType) string {
	switch t {
	case repository.Requires:
		if a.Type == repository.Requirement {
			return v.T("repository/page/names.provedBy")
		}
		return v.T("repository/page/names.requires")
	case repository.PartOf:
		return v.T("repository/page/names.partOf")
	case repository.Replaces:
		return v.T("repository/page/names.replaces")
	case repository.VersionOf:
		return v.T("repository/page/names.versionOf")
	case repository.UsesCodeList:
		return v.T("repository/page/names.usesCodeList")
	case repository.ExampleOf:
		return v.T("repository/page/names.exampleOf")
	case repository.UsedBy:
		return v.T("repository/page/names.usedBy")
	case repository.HasPart:
		return v.T("repository/page/names.hasPart")
	case repository.ReplacedBy:
		return v.T("repository/page/names.replacedBy")
	case repository.HasVersion:
		return v.T("repository/page/names.hasVersion")
	case repository.HasExample:
		return v.T("repository/page/names.hasExample")
	}
	return v.T("repository/page/names.mapsTo")
}

// places names countries as the language of the page sorts them, what belongs to all first.
func places(v *visit, codes []string) []string {
	var out []string
	if slices.Contains(codes, "EU") {
		out = append(out, place(v, "EU"))
	}
	for _, c := range v.Countries() {
		if slices.Contains(codes, c.Code) {
			out = append(out, c.Name)
		}
	}
	return out
}

// place names a country, and what belongs to all.
func place(v *visit, code string) string {
	if code == "EU" {
		return v.T("repository/page/names.all")
	}
	return v.Country(code)
}
