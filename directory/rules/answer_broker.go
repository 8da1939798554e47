package rules

import (
	"slices"

	"oots/regrep"
)

// requirementsRoot are the rules on the root element of answers with requirements.
func requirementsRoot() []check {
	return []check{
		{"R-EB-REQ-S001", always, "", rootName("QueryResponse")},
		{"R-EB-REQ-S002", always, "", rootSpace(regrep.NamespaceQuery)},
	}
}

func requirements() []check { return slices.Concat(requirementsStructure(), requirementsContent()) }

func requirementsStructure() []check {
	return []check{
		{"R-EB-REQ-S005", always, "", attr("status")},
		{"R-EB-REQ-S006", always, "", attrIs("status", regrep.StatusSuccess)},
		{"R-EB-REQ-S007", always, "", one("rim:RegistryObjectList")},
		{"R-EB-REQ-S008", always, "", none("rs:Exception")},
		{"R-EB-REQ-S011", always, object, slot("Requirement")},
		{"R-EB-REQ-S012", always, object, one("rim:Slot")},
		{"R-EB-REQ-S013", always, requirementValue, typed(regrep.AnyValue)},
		{"R-EB-REQ-S014", always, requirementValue, one("sdg:Requirement")},
		{"R-EB-REQ-S015", always, framework + "/sdg:RelatedTo", one("sdg:Identifier")},
		{"R-EB-REQ-S016", always, requirement, none("sdg:EvidenceTypeList")},
		{"R-EB-REQ-S017", always, requirement, some("sdg:ReferenceFramework")},
		{"R-EB-REQ-S018", always, list, some("rim:RegistryObject")},
		{"R-EB-REQ-S019", always, object, uniqueID()},
		{"R-EB-REQ-S020", always, framework, some("sdg:RelatedTo")},
		{"R-EB-REQ-S021", always, framework, some("sdg:Jurisdiction")},
	}
}

func requirementsContent() []check {
	return []check{
		{"R-EB-REQ-C001", always, requirement + "/sdg:Identifier", url(requirementURL)},
		{"R-EB-REQ-C002", always, requirement + "/sdg:Name", langCode()},
		{"R-EB-REQ-C003", always, requirement + "/sdg:Name", lang()},
		{"R-EB-REQ-C004", always, framework + "/sdg:Identifier", uuid()},
		{"R-EB-REQ-C005", always, framework + "/sdg:Title", langCode()},
		{"R-EB-REQ-C006", always, framework + "/sdg:Title", lang()},
		{"R-EB-REQ-C007", always, framework + "/sdg:Description", langCode()},
		{"R-EB-REQ-C008", always, framework + "/sdg:Description", lang()},
		{"R-EB-REQ-C009", always, framework + "/sdg:Jurisdiction/sdg:AdminUnitLevel1", country()},
		{"R-EB-REQ-C010", until12, framework + "/sdg:Jurisdiction/sdg:AdminUnitLevel2", warn(nuts())},
		{"R-EB-REQ-C011", until12, framework + "/sdg:Jurisdiction/sdg:AdminUnitLevel3", warn(lau())},
		{"R-EB-REQ-C012", always, framework + "/sdg:RelatedTo/sdg:Identifier", procedure()},
	}
}

// evidenceTypesRoot are the rules on the root element of answers with evidence types.
func evidenceTypesRoot() []check {
	return []check{
		{"R-EB-EVI-S001", always, "", rootName("QueryResponse")},
		{"R-EB-EVI-S002", always, "", rootSpace(regrep.NamespaceQuery)},
	}
}

func evidenceTypes() []check { return slices.Concat(evidenceTypesStructure(), evidenceTypesContent()) }

func evidenceTypesStructure() []check {
	return []check{
		{"R-EB-EVI-S005", always, "", attr("status")},
		{"R-EB-EVI-S006", always, "", attrIs("status", regrep.StatusSuccess)},
		{"R-EB-EVI-S007", always, "", one("rim:RegistryObjectList")},
		{"R-EB-EVI-S008", always, "", none("rs:Exception")},
		{"R-EB-EVI-S009", always, object, slot("Requirement")},
		{"R-EB-EVI-S010", always, object, one("rim:Slot")},
		{"R-EB-EVI-S011", always, requirementValue, typed(regrep.AnyValue)},
		{"R-EB-EVI-S012", always, requirementValue, one("sdg:Requirement")},
		{"R-EB-EVI-S013", always, framework + "/sdg:RelatedTo", one("sdg:Identifier")},
		{"R-EB-EVI-S014", always, evidenceType, none("sdg:Distribution")},
		{"R-EB-EVI-S015", until12, typeList, some("sdg:EvidenceType")},
		{"R-EB-EVI-S016", always, requirement, some("sdg:EvidenceTypeList")},
		{"R-EB-EVI-S017", always, requirement, some("sdg:ReferenceFramework")},
		{"R-EB-EVI-S018", always, list, some("rim:RegistryObject")},
		{"R-EB-EVI-S019", always, object, uniqueID()},
		{"R-EB-EVI-S020", always, framework, some("sdg:RelatedTo")},
		{"R-EB-EVI-S021", always, framework, some("sdg:Jurisdiction")},
		{"R-EB-EVI-S015", v20, typeList, noMatch()},
	}
}

func evidenceTypesContent() []check {
	return []check{
		{"R-EB-EVI-C001", always, requirement + "/sdg:Identifier", url(requirementURL)},
		{"R-EB-EVI-C002", always, requirement + "/sdg:Name", langCode()},
		{"R-EB-EVI-C003", always, requirement + "/sdg:Name", lang()},
		{"R-EB-EVI-C004", always, framework + "/sdg:Identifier", uuid()},
		{"R-EB-EVI-C005", always, framework + "/sdg:Title", langCode()},
		{"R-EB-EVI-C006", always, framework + "/sdg:Title", lang()},
		{"R-EB-EVI-C007", always, framework + "/sdg:Description", langCode()},
		{"R-EB-EVI-C008", always, framework + "/sdg:Description", lang()},
		{"R-EB-EVI-C009", always, framework + "/sdg:Jurisdiction/sdg:AdminUnitLevel1", country()},
		{"R-EB-EVI-C010", until12, framework + "/sdg:Jurisdiction/sdg:AdminUnitLevel2", warn(nuts())},
		{"R-EB-EVI-C011", until12, framework + "/sdg:Jurisdiction/sdg:AdminUnitLevel3", warn(lau())},
		{"R-EB-EVI-C012", always, framework + "/sdg:RelatedTo/sdg:Identifier", procedure()},
		{"R-EB-EVI-C013", always, typeList + "/sdg:Identifier", uuid()},
		{"R-EB-EVI-C014", always, typeList + "/sdg:Name", langCode()},
		{"R-EB-EVI-C015", always, typeList + "/sdg:Name", lang()},
		{"R-EB-EVI-C016", always, evidenceType + "/sdg:EvidenceTypeClassification", url(classificationURL)},
		{"R-EB-EVI-C017", always, evidenceType + "/sdg:Title", langCode()},
		{"R-EB-EVI-C018", always, evidenceType + "/sdg:Title", lang()},
		{"R-EB-EVI-C019", always, evidenceType + "/sdg:Description", langCode()},
		{"R-EB-EVI-C020", always, evidenceType + "/sdg:Description", lang()},
		{"R-EB-EVI-C021", until12, evidenceType, some("sdg:Jurisdiction")},
		{"R-EB-EVI-C021", v20, typeList, some("sdg:Jurisdiction")},
		{"R-EB-EVI-C022", until12, evidenceType + "/sdg:Jurisdiction/sdg:AdminUnitLevel1", country()},
		{"R-EB-EVI-C022", v20, typeList + "/sdg:Jurisdiction/sdg:AdminUnitLevel1", country()},
		{"R-EB-EVI-C023", until12, evidenceType + "/sdg:Jurisdiction/sdg:AdminUnitLevel2", warn(nuts())},
		{"R-EB-EVI-C024", until12, evidenceType + "/sdg:Jurisdiction/sdg:AdminUnitLevel3", warn(lau())},
		{"R-EB-EVI-C043", v20, typeList + "/sdg:MatchType", valueIs("NoMatch")},
		{"R-EB-EVI-C045", v20, typeList + "/sdg:MatchDescription", lang()},
	}
}
