package rules

import (
	"slices"

	"oots/codelist"
	"oots/regrep"
)

// directorySubmitRoot are the rules on the root element of submissions to the directory.
func directorySubmitRoot() []check {
	return []check{
		{"R-DSD-SUB-S001", always, "", rootName("SubmitObjectsRequest")},
		{"R-DSD-SUB-S002", always, "", rootSpace(regrep.NamespaceLCM)},
	}
}

func directorySubmit() []check {
	return slices.Concat(directorySubmitStructure(), directorySubmitContent())
}

func directorySubmitStructure() []check {
	return []check{
		{"R-DSD-SUB-S003", always, "", attrFilled("id")},
		{"R-DSD-SUB-S004", always, "", urnUUID("id")},
		{"R-DSD-SUB-S005", always, "", one("rim:RegistryObjectList")},
		{"R-DSD-SUB-S006", always, object, attrFilled("id")},
		{"R-DSD-SUB-S007", always, object, classified()},
		{"R-DSD-SUB-S008", always, classification, attrFilled("id")},
		{"R-DSD-SUB-S009", always, classification, uniqueID()},
		{"R-DSD-SUB-S010", always, classification, attrFilled("classificationScheme")},
		{"R-DSD-SUB-S011", always, classification, attrFilled("classificationNode")},
		{"R-DSD-SUB-S012", always, classification, attrIs("classificationScheme", "urn:fdc:oots:classification:dsd")},
		{"R-DSD-SUB-S013", always, classification, directoryNode()},
		{"R-DSD-SUB-S014", always, object, nodeSlot("EvidenceProvider")},
		{"R-DSD-SUB-S015", always, object, nodeSlot("DataServiceEvidenceType")},
		{"R-DSD-SUB-S016", always, sentProviderValue, typed(regrep.AnyValue)},
		{"R-DSD-SUB-S017", always, recordValue, typed(regrep.AnyValue)},
		{"R-DSD-SUB-S018", always, object + "/rim:Slot[EvidenceProvider]", providerValue()},
		{"R-DSD-SUB-S019", always, recordValue, one("sdg:DataServiceEvidenceType")},
		{"R-DSD-SUB-S023", always, object, associated()},
		{"R-DSD-SUB-S024", always, object, end("sourceObject")},
		{"R-DSD-SUB-S025", always, object, endIs("sourceObject", "", "EvidenceProvider")},
		{"R-DSD-SUB-S026", always, object, end("targetObject")},
		{"R-DSD-SUB-S027", always, object, endIs("targetObject", "", "DataServiceEvidenceType", "AccessService")},
		{"R-DSD-SUB-S028", always, object, serves()},
		{"R-DSD-SUB-S029", always, object, servesType()},
		{"R-DSD-SUB-S030", always, "", noSlots()},
		{"R-DSD-SUB-S031", until11, sentProvider("/sdg:ClassificationConcept"), some("sdg:SupportedValue")},
		{"R-DSD-SUB-S032", always, object, uniqueID()},
		{"R-DSD-SUB-S033", always, list, holdsSlot("EvidenceProvider")},
		{"R-DSD-SUB-S034", always, list, holdsSlot("DataServiceEvidenceType")},
		{"R-DSD-SUB-S035", always, list, holdsAssociation()},
		{"R-DSD-SUB-S036", always, list, some("rim:RegistryObject")},
	}
}

func directorySubmitContent() []check {
	return []check{
		{"R-DSD-SUB-C001", always, record + "/sdg:Identifier", uuid()},
		{"R-DSD-SUB-C002", always, record + "/sdg:EvidenceTypeClassification", url(classificationURL)},
		{"R-DSD-SUB-C003", always, record + "/sdg:Title", langCode()},
		{"R-DSD-SUB-C004", always, record + "/sdg:Title", lang()},
		{"R-DSD-SUB-C005", always, record + "/sdg:Description", langCode()},
		{"R-DSD-SUB-C006", always, record + "/sdg:Description", lang()},
		{"R-DSD-SUB-C007", always, distributed + "/sdg:Format", code(codelist.MediaTypes)},
		{"R-DSD-SUB-C008", always, distributed + "/sdg:ConformsTo", url(dataModelURL)},
		{"R-DSD-SUB-C009", until12, distributed + "/sdg:Transformation", url(dataModelURL)},
		{"R-DSD-SUB-C010", always, recordAsks + "/sdg:Identifier", uuid()},
		{"R-DSD-SUB-C011", always, recordAsks, filled("sdg:Type")},
		{"R-DSD-SUB-C012", always, recordAsks, filled("sdg:Description")},
		{"R-DSD-SUB-C013", always, recordAsks + "/sdg:Description", langCode()},
		{"R-DSD-SUB-C014", always, recordAsks + "/sdg:Description", lang()},
		{"R-DSD-SUB-C015", until12, recordDecision + "/sdg:JurisdictionContextId", uuid()},
		{"R-DSD-SUB-C016", until12, recordDecision + "/sdg:JurisdictionContext", langCode()},
		{"R-DSD-SUB-C017", until12, recordDecision + "/sdg:JurisdictionContext", lang()},
		{"R-DSD-SUB-C018", until12, recordDecision + "/sdg:JurisdictionLevel", valueIs("Country", "NUTS1", "NUTS2", "NUTS3", "LAU")},
		{"R-DSD-SUB-C020", always, sentService("/sdg:Identifier"), attrFilled("schemeID")},
		{"R-DSD-SUB-C022", always, sentService("/sdg:Identifier"), party()},
		{"R-DSD-SUB-C023", v10, sentService(""), exchangeVersions()},
		{"R-DSD-SUB-C024", always, sentProvider("/sdg:Identifier"), attrFilled("schemeID")},
		{"R-DSD-SUB-C025", always, sentProvider("/sdg:Identifier"), party()},
		{"R-DSD-SUB-C026", always, sentProvider("/sdg:Address/sdg:AdminUnitLevel1"), country()},
		{"R-DSD-SUB-C027", always, sentProvider("/sdg:Address/sdg:AdminUnitLevel2"), warn(nuts())},
		{"R-DSD-SUB-C028", always, sentProvider("/sdg:Jurisdiction/sdg:AdminUnitLevel1"), country()},
		{"R-DSD-SUB-C029", until12, sentProvider("/sdg:Jurisdiction/sdg:AdminUnitLevel2"), warn(nuts())},
		{"R-DSD-SUB-C030", until12, sentProvider("/sdg:Jurisdiction/sdg:AdminUnitLevel3"), warn(lau())},
		{"R-DSD-SUB-C031", until11, sentProvider("/sdg:ClassificationConcept/sdg:Identifier"), uuid()},
		{"R-DSD-SUB-C032", until11, sentProvider("/sdg:ClassificationConcept"), filled("sdg:Type")},
		{"R-DSD-SUB-C033", until11, sentProvider("/sdg:ClassificationConcept"), filled("sdg:Description")},
		{"R-DSD-SUB-C034", until11, sentProvider("/sdg:ClassificationConcept/sdg:Description"), langCode()},
		{"R-DSD-SUB-C035", until11, sentProvider("/sdg:ClassificationConcept/sdg:Description"), lang()},
		{"R-DSD-SUB-C036", until11, sentProvider("/sdg:ClassificationConcept"), filled("sdg:SupportedValue")},
		{"R-DSD-SUB-C037", always, record + "/sdg:AuthenticationLevelOfAssurance", code(codelist.LevelsOfAssurance)},
		{"R-DSD-SUB-C038", always, distributed, dataModel()},
		{"R-DSD-SUB-C039", until12, distributed, with("sdg:Transformation", "sdg:ConformsTo")},
		{"R-DSD-SUB_RF-C023", from11, sentService11, exchangeVersions()},
	}
}
