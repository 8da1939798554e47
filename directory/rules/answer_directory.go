package rules

import (
	"slices"

	"oots/codelist"
	"oots/regrep"
)

// dataServicesRoot are the rules on the root element of answers with data services.
func dataServicesRoot() []check {
	return []check{
		{"R-DSD-RESP-S001", always, "", rootName("QueryResponse")},
		{"R-DSD-RESP-S002", always, "", rootSpace(regrep.NamespaceQuery)},
	}
}

func dataServices() []check { return slices.Concat(dataServicesStructure(), dataServicesContent()) }

func dataServicesStructure() []check {
	return []check{
		{"R-DSD-RESP-S005", always, "", attr("status")},
		{"R-DSD-RESP-S006", always, "", attrIs("status", regrep.StatusSuccess)},
		{"R-DSD-RESP-S007", always, "", one("rim:RegistryObjectList")},
		{"R-DSD-RESP-S008", always, "", none("rs:Exception")},
		{"R-DSD-RESP-S009", always, object, slot("DataServiceEvidenceType")},
		{"R-DSD-RESP-S010", always, object, one("rim:Slot")},
		{"R-DSD-RESP-S011", always, recordValue, typed(regrep.AnyValue)},
		{"R-DSD-RESP-S012", always, recordValue, one("sdg:DataServiceEvidenceType")},
		{"R-DSD-RESP-S013", always, record, supportedValues()},
		{"R-DSD-RESP-S015", always, object, uniqueID()},
		{"R-DSD-RESP-S016", always, list, some("rim:RegistryObject")},
		{"R-DSD-RESP-S014", always, record, some("sdg:AccessService")},
		{"R-DSD-RESP-S027", v20, record, some("sdg:DistributedAs")},
	}
}

func dataServicesContent() []check {
	return []check{
		{"R-DSD-RESP-C002", always, record + "/sdg:Identifier", uuid()},
		{"R-DSD-RESP-C003", always, record + "/sdg:EvidenceTypeClassification", url(classificationURL)},
		{"R-DSD-RESP-C004", always, record + "/sdg:Title", langCode()},
		{"R-DSD-RESP-C005", always, record + "/sdg:Title", lang()},
		{"R-DSD-RESP-C006", always, record + "/sdg:Description", langCode()},
		{"R-DSD-RESP-C007", until12, record + "/sdg:Description", lang()},
		{"R-DSD-RESP-C008", always, record + "/sdg:AuthenticationLevelOfAssurance", code(codelist.LevelsOfAssurance)},
		{"R-DSD-RESP-C009", always, distributed + "/sdg:Format", code(codelist.MediaTypes)},
		{"R-DSD-RESP-C010", until12, distributed + "/sdg:ConformsTo", url(dataModelURL)},
		{"R-DSD-RESP-C012", always, accessService + "/sdg:Identifier", attrFilled("schemeID")},
		{"R-DSD-RESP-C014", always, accessService + "/sdg:Identifier", party()},
		{"R-DSD-RESP-C015", always, accessService, exchangeVersions()},
		{"R-DSD-RESP-C016", always, publisher + "/sdg:Identifier", attrFilled("schemeID")},
		{"R-DSD-RESP-C017", always, publisher + "/sdg:Identifier", party()},
		{"R-DSD-RESP-C018", always, publisher + "/sdg:Address/sdg:AdminUnitLevel1", country()},
		{"R-DSD-RESP-C019", always, publisher + "/sdg:Address/sdg:AdminUnitLevel2", warn(nuts())},
		{"R-DSD-RESP-C020", always, publisher + "/sdg:Jurisdiction/sdg:AdminUnitLevel1", country()},
		{"R-DSD-RESP-C021", until12, publisher + "/sdg:Jurisdiction/sdg:AdminUnitLevel2", warn(nuts())},
		{"R-DSD-RESP-C022", until12, publisher + "/sdg:Jurisdiction/sdg:AdminUnitLevel3", warn(lau())},
		{"R-DSD-RESP-C023", until11, publisherAsks + "/sdg:Identifier", uuid()},
		{"R-DSD-RESP-C024", until11, publisherAsks, filled("sdg:Type")},
		{"R-DSD-RESP-C025", until11, publisherAsks, filled("sdg:Description")},
		{"R-DSD-RESP-C026", until11, publisherAsks + "/sdg:Description", langCode()},
		{"R-DSD-RESP-C027", until11, publisherAsks + "/sdg:Description", lang()},
		{"R-DSD-RESP-C028", until11, publisherAsks, filled("sdg:SupportedValue")},
		{"R-DSD-RESP-C029", always, recordAsks + "/sdg:Identifier", uuid()},
		{"R-DSD-RESP-C030", always, recordAsks, filled("sdg:Type")},
		{"R-DSD-RESP-C031", always, recordAsks, filled("sdg:Description")},
		{"R-DSD-RESP-C032", always, recordAsks + "/sdg:Description", langCode()},
		{"R-DSD-RESP-C033", always, recordAsks + "/sdg:Description", lang()},
		{"R-DSD-RESP-C034", until12, recordDecision + "/sdg:JurisdictionContextId", uuid()},
		{"R-DSD-RESP-C035", until12, recordDecision + "/sdg:JurisdictionContext", langCode()},
		{"R-DSD-RESP-C036", until12, recordDecision + "/sdg:JurisdictionContext", lang()},
		{"R-DSD-RESP-C037", until12, recordDecision + "/sdg:JurisdictionLevel", valueIs("Country", "NUTS1", "NUTS2", "NUTS3", "LAU")},
		{"R-DSD-RESP-C038", until12, distributed + "/sdg:Transformation", url(dataModelURL)},
		{"R-DSD-RESP-C039", until12, distributed, dataModel()},
		{"R-DSD-RESP-C040", until12, distributed, with("sdg:Transformation", "sdg:ConformsTo")},
		{"R-DSD-RESP-C010", v20, distributed + "/sdg:ConformsTo", url(dataModelURL)},
		{"R-DSD-RESP-C039", v20, distributed, dataModelFor("application/xml")},
		{"R-DSD-RESP-C041", v20, distributed, dataModelFor("application/json")},
		{"R-DSD-RESP-C067", v20, distributed, noDataModel()},
		{"R-DSD-RESP-C094", v20, record + "/sdg:Description", lang()},
	}
}
