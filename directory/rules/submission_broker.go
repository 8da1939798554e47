package rules

import (
	"slices"

	"oots/regrep"
)

// brokerSubmitRoot are the rules on the root element of submissions to the broker.
func brokerSubmitRoot() []check {
	return []check{
		{"R-EB-SUB-S001", always, "", rootName("SubmitObjectsRequest")},
		{"R-EB-SUB-S002", always, "", rootSpace(regrep.NamespaceLCM)},
	}
}

func brokerSubmit() []check { return slices.Concat(brokerSubmitStructure(), brokerSubmitContent()) }

func brokerSubmitStructure() []check {
	return []check{
		{"R-EB-SUB-S003", always, "", attrFilled("id")},
		{"R-EB-SUB-S004", always, "", urnUUID("id")},
		{"R-EB-SUB-S005", always, "", one("rim:RegistryObjectList")},
		{"R-EB-SUB-S006", always, object, attrFilled("id")},
		{"R-EB-SUB-S007", always, object, classified()},
		{"R-EB-SUB-S008", always, classification, attrFilled("id")},
		{"R-EB-SUB-S009", always, classification, uniqueID()},
		{"R-EB-SUB-S010", always, classification, attrFilled("classificationScheme")},
		{"R-EB-SUB-S011", always, classification, attrFilled("classificationNode")},
		{"R-EB-SUB-S012", always, classification, attrIs("classificationScheme", "urn:fdc:oots:classification:eb")},
		{"R-EB-SUB-S013", always, classification, attrIs("classificationNode", "EvidenceType", "EvidenceTypeList", "Requirement", "ReferenceFramework")},
		{"R-EB-SUB-S014", always, object, nodeSlot("EvidenceType")},
		{"R-EB-SUB-S015", always, object, nodeSlot("EvidenceTypeList")},
		{"R-EB-SUB-S016", always, object, nodeSlot("Requirement")},
		{"R-EB-SUB-S017", always, object, nodeSlot("ReferenceFramework")},
		{"R-EB-SUB-S018", always, sentTypeValue, typed(regrep.AnyValue)},
		{"R-EB-SUB-S019", always, sentListValue, typed(regrep.AnyValue)},
		{"R-EB-SUB-S020", always, requirementValue, typed(regrep.AnyValue)},
		{"R-EB-SUB-S021", always, sentFrameworkValue, typed(regrep.AnyValue)},
		{"R-EB-SUB-S022", always, sentTypeValue, some("sdg:EvidenceType")},
		{"R-EB-SUB-S023", always, sentListValue, some("sdg:EvidenceTypeList")},
		{"R-EB-SUB-S024", always, requirementValue, some("sdg:Requirement")},
		{"R-EB-SUB-S025", always, sentFrameworkValue, some("sdg:ReferenceFramework")},
		{"R-EB-SUB-S026", always, sentType, none("sdg:Distribution")},
		{"R-EB-SUB-S027", always, sentList, none("sdg:EvidenceType")},
		{"R-EB-SUB-S028", always, requirement, none("sdg:EvidenceTypeList", "sdg:ReferenceFramework")},
		{"R-EB-SUB-S029", always, sentFramework + "/sdg:RelatedTo", some("sdg:Identifier")},
		{"R-EB-SUB-S031", always, object, associated()},
		{"R-EB-SUB-S032", always, object, end("sourceObject")},
		{"R-EB-SUB-S033", always, object, endIs("sourceObject", "", "EvidenceTypeList", "Requirement")},
		{"R-EB-SUB-S034", always, object, end("targetObject")},
		{"R-EB-SUB-S035", always, object, endIs("targetObject", "", "EvidenceType", "ReferenceFramework", "Requirement")},
		{"R-EB-SUB-S036", always, object, ends("ContainsEvidence", "EvidenceTypeList", "EvidenceType")},
		{"R-EB-SUB-S037", always, object, typeBetween("ContainsEvidence", "EvidenceTypeList", "EvidenceType")},
		{"R-EB-SUB-S038", always, object, ends("FulfillsRequirement", "EvidenceTypeList", "Requirement")},
		{"R-EB-SUB-S039", always, object, typeBetween("FulfillsRequirement", "EvidenceTypeList", "Requirement")},
		{"R-EB-SUB-S040", always, object, ends("DerivesFromReferenceFramework", "Requirement", "ReferenceFramework")},
		{"R-EB-SUB-S041", always, object, typeBetween("DerivesFromReferenceFramework", "Requirement", "ReferenceFramework")},
		{"R-EB-SUB-S042", always, "", noSlots()},
		{"R-EB-SUB-S043", always, object, uniqueID()},
		{"R-EB-SUB-S044", always, list, holdsSlot("EvidenceType")},
		{"R-EB-SUB-S045", always, list, holdsSlot("EvidenceTypeList")},
		{"R-EB-SUB-S046", always, list, warn(holdsSlot("Requirement"))},
		{"R-EB-SUB-S047", always, list, holdsAssociation()},
		{"R-EB-SUB-S048", always, list, holdsSlot("ReferenceFramework")},
		{"R-EB-SUB-S049", always, sentFramework, some("sdg:RelatedTo")},
		{"R-EB-SUB-S050", always, sentFramework, some("sdg:Jurisdiction")},
		{"R-EB-SUB-S051", always, object, endIs("sourceObject", "DerivesFromReferenceFramework", "Requirement")},
		{"R-EB-SUB-S052", always, object, endIs("targetObject", "DerivesFromReferenceFramework", "ReferenceFramework")},
		{"R-EB-SUB-S053", always, object, endIs("targetObject", "FulfillsRequirement", "Requirement")},
		{"R-EB-SUB-S054", always, object, endIs("sourceObject", "FulfillsRequirement", "EvidenceTypeList")},
		{"R-EB-SUB-S055", always, object, endIs("sourceObject", "ContainsEvidence", "EvidenceTypeList")},
		{"R-EB-SUB-S056", always, object, endIs("targetObject", "ContainsEvidence", "EvidenceType")},
	}
}

func brokerSubmitContent() []check {
	return []check{
		{"R-EB-SUB-C001", always, sentType + "/sdg:EvidenceTypeClassification", url(classificationURL)},
		{"R-EB-SUB-C002", always, sentType + "/sdg:Title", langCode()},
		{"R-EB-SUB-C003", always, sentType + "/sdg:Title", lang()},
		{"R-EB-SUB-C004", always, sentType + "/sdg:Description", langCode()},
		{"R-EB-SUB-C005", always, sentType + "/sdg:Description", lang()},
		{"R-EB-SUB-C006", until12, sentType + "/sdg:Jurisdiction/sdg:AdminUnitLevel1", country()},
		{"R-EB-SUB-C006", v20, sentList + "/sdg:Jurisdiction/sdg:AdminUnitLevel1", country()},
		{"R-EB-SUB-C007", until12, sentType + "/sdg:Jurisdiction/sdg:AdminUnitLevel2", warn(nuts())},
		{"R-EB-SUB-C008", until12, sentType + "/sdg:Jurisdiction/sdg:AdminUnitLevel3", warn(lau())},
		{"R-EB-SUB-C009", always, sentList + "/sdg:Identifier", uuid()},
		{"R-EB-SUB-C010", always, sentList + "/sdg:Name", langCode()},
		{"R-EB-SUB-C011", always, sentList + "/sdg:Name", lang()},
		{"R-EB-SUB-C012", always, requirement + "/sdg:Identifier", url(requirementURL)},
		{"R-EB-SUB-C013", always, requirement + "/sdg:Name", langCode()},
		{"R-EB-SUB-C014", always, requirement + "/sdg:Name", lang()},
		{"R-EB-SUB-C015", always, sentFramework + "/sdg:Identifier", uuid()},
		{"R-EB-SUB-C016", always, sentFramework + "/sdg:Title", langCode()},
		{"R-EB-SUB-C017", always, sentFramework + "/sdg:Title", lang()},
		{"R-EB-SUB-C018", always, sentFramework + "/sdg:Description", langCode()},
		{"R-EB-SUB-C019", always, sentFramework + "/sdg:Description", lang()},
		{"R-EB-SUB-C020", always, sentFramework + "/sdg:Jurisdiction/sdg:AdminUnitLevel1", country()},
		{"R-EB-SUB-C021", until12, sentFramework + "/sdg:Jurisdiction/sdg:AdminUnitLevel2", warn(nuts())},
		{"R-EB-SUB-C022", until12, sentFramework + "/sdg:Jurisdiction/sdg:AdminUnitLevel3", warn(lau())},
		{"R-EB-SUB-C023", always, sentFramework + "/sdg:RelatedTo/sdg:Identifier", procedure()},
	}
}
