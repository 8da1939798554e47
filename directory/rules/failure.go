package rules

import (
	"slices"

	"oots/codelist"
	"oots/directory"
	"oots/directory/query"
	"oots/regrep"
)

// brokerFailureRoot are the rules on the root element of refusals of the broker.
func brokerFailureRoot() []check {
	return []check{
		{"R-EB-ERR-001", always, "", rootName("QueryResponse")},
		{"R-EB-ERR-002", always, "", rootSpace(regrep.NamespaceQuery)},
	}
}

func brokerFailure() []check {
	return []check{
		{"R-EB-ERR-005", always, "", attr("status")},
		{"R-EB-ERR-006", always, "", attrIs("status", regrep.StatusFailure)},
		{"R-EB-ERR-007", always, "", none("rim:RegistryObjectList")},
		{"R-EB-ERR-008", always, "", one("rs:Exception")},
		{"R-EB-ERR-009", always, exception, xsiType()},
		{"R-EB-ERR-010", always, exception, brokerType()},
		{"R-EB-ERR-011", always, exception, plainSeverity()},
		{"R-EB-ERR-012", always, exception, attrIs("severity", regrep.SeverityError)},
		{"R-EB-ERR-015", always, exception, attr("code")},
		{"R-EB-ERR-016", always, exception, brokerCode()},
		{"R-EB-ERR-017", always, "", noSlots()},
		{"R-EB-ERR-013", always, exception, attr("message")},
	}
}

// directoryErrorRoot are the rules on the root element of refusals and questions of the directory.
func directoryErrorRoot() []check {
	return []check{
		{"R-DSD-ERR-S001", always, "", rootName("QueryResponse")},
		{"R-DSD-ERR-S002", always, "", rootSpace(regrep.NamespaceQuery)},
	}
}

func directoryError() []check {
	return slices.Concat(directoryErrorStructure(), directoryErrorContent())
}

func directoryErrorStructure() []check {
	return []check{
		{"R-DSD-ERR-S005", always, "", attr("status")},
		{"R-DSD-ERR-S006", always, "", attrIs("status", regrep.StatusFailure)},
		{"R-DSD-ERR-S007", always, "", none("rim:RegistryObjectList")},
		{"R-DSD-ERR-S008", always, "", some("rs:Exception")},
		{"R-DSD-ERR-S009", always, ordinary, none("rim:Slot")},
		{"R-DSD-ERR-S010", until12, question + "/rim:Slot", slotName("DataServiceEvidenceType", "UserRequestedClassificationConcepts", "JurisdictionDetermination")},
		{"R-DSD-ERR-S014", until12, territory, typed(regrep.AnyValue)},
		{"R-DSD-ERR-S015", always, concepts, typed(regrep.CollectionValue)},
		{"R-DSD-ERR-S017", always, asked, typed(regrep.AnyValue)},
		{"R-DSD-ERR-S018", always, asked, some("sdg:DataServiceEvidenceType")},
		{"R-DSD-ERR-S020", until12, territory, some("sdg:EvidenceProviderJurisdictionDetermination")},
		{"R-DSD-ERR-S021", always, reducedAt, reduced()},
		{"R-DSD-ERR-S022", until12, question, slotOf("UserRequestedClassificationConcepts", "JurisdictionDetermination")},
		{"R-DSD-ERR-S010", v20, question + "/rim:Slot", slotName("DataServiceEvidenceType", "UserRequestedClassificationConcepts")},
		{"R-DSD-ERR-S013", always, question, slot("DataServiceEvidenceType")},
		{"R-DSD-ERR-S016", always, member, typed(regrep.AnyValue)},
		{"R-DSD-ERR-S019", always, member, some("sdg:EvidenceProviderClassification")},
		{"R-DSD-ERR-S022", v20, question, slot("UserRequestedClassificationConcepts")},
		{"R-DSD-ERR-S023", v20, concept, none("sdg:SupportedValue")},
		{"R-DSD-ERR-S024", v20, concepts, some("rim:Element")},
		{"R-DSD-ERR-S027", v20, concepts, attrIs("collectionType", regrep.CollectionSet)},
	}
}

func directoryErrorContent() []check {
	return []check{
		{"R-DSD-ERR-C001", until12, determined + "/sdg:JurisdictionContextId", uuid()},
		{"R-DSD-ERR-C002", until12, determined + "/sdg:JurisdictionContext", langCode()},
		{"R-DSD-ERR-C003", until12, determined + "/sdg:JurisdictionContext", lang()},
		{"R-DSD-ERR-C004", until12, determined + "/sdg:JurisdictionLevel", valueIs("Country", "NUTS1", "NUTS2", "NUTS3", "LAU")},
		{"R-DSD-ERR-C005", until12, concept + "/sdg:Identifier", warn(uuid())},
		{"R-DSD-ERR-C006", until12, concept, warn(filled("sdg:Type"))},
		{"R-DSD-ERR-C007", until12, concept, warn(filled("sdg:Description"))},
		{"R-DSD-ERR-C008", until12, concept + "/sdg:Description", warn(langCode())},
		{"R-DSD-ERR-C009", until12, concept + "/sdg:Description", warn(lang())},
		{"R-DSD-ERR-C010", always, reducedAt + "/sdg:Identifier", uuid()},
		{"R-DSD-ERR-C011", always, reducedAt + "/sdg:EvidenceTypeClassification", url(classificationURL)},
		{"R-DSD-ERR-C012", always, reducedAt + "/sdg:Title", langCode()},
		{"R-DSD-ERR-C013", always, reducedAt + "/sdg:Title", lang()},
		{"R-DSD-ERR-C014", always, reducedAt + "/sdg:Description", langCode()},
		{"R-DSD-ERR-C015", always, reducedAt + "/sdg:Description", lang()},
		{"R-DSD-ERR-C016", always, exception, xsiType()},
		{"R-DSD-ERR-C017", always, exception, directoryType()},
		{"R-DSD-ERR-C018", always, exception, directorySeverity()},
		{"R-DSD-ERR-C022", always, exception, attr("code")},
		{"R-DSD-ERR-C023", always, exception, directoryCode()},
		{"R-DSD-ERR-C024", always, reducedAt + "/sdg:AuthenticationLevelOfAssurance", code(codelist.LevelsOfAssurance)},
		{"R-DSD-ERR-C025", until12, question, additionalInput()},
		{"R-DSD-ERR-C005", v20, concept + "/sdg:Identifier", uuid()},
		{"R-DSD-ERR-C006", v20, concept, filled("sdg:Type")},
		{"R-DSD-ERR-C007", v20, concept, filled("sdg:Description")},
		{"R-DSD-ERR-C008", v20, concept + "/sdg:Description", langCode()},
		{"R-DSD-ERR-C009", v20, concept + "/sdg:Description", lang()},
		{"R-DSD-ERR-C019", always, ordinary, attrIs("severity", regrep.SeverityError)},
		{"R-DSD-ERR-C020", always, exception, attr("message")},
		{"R-DSD-ERR-C025", v20, question, attrIs("severity", query.SeverityAdditionalInput)},
		{"R-DSD-ERR-C031", v20, concept + "/sdg:Type", valueIs(directory.ConceptString, directory.ConceptBoolean, directory.ConceptCodeList)},
		{"R-DSD-ERR-C032", v20, concept + "[sdg:Type=codelist]/sdg:Identifier", attrFilled("schemeID")},
		{"R-DSD-ERR-C033", v20, concept + "[sdg:Type=codelist]/sdg:Identifier", codeList()},
		{"R-DSD-ERR-C037", v20, concept + "[sdg:Type=codelist]", some("sdg:ValueExpression")},
		{"R-DSD-ERR-C038", v20, concept + "/sdg:ValueExpression", https()},
	}
}
