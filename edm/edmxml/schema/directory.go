package schema

import "oots/xml/model"

// directory is what the Evidence Broker and the Data Service Directory know. [TDD 3.1.3, 3.2.3]
func directory(since since) []model.Complex {
	return []model.Complex{
		complexType("RequirementType",
			global("Identifier"),
			global("Name").Some(),
			when(since.v11, global("Description").Any()), // known since 1.2, read for 1.1
			elem("ReferenceFramework", "ReferenceFrameworkType").Any(),
			elem("EvidenceTypeList", "EvidenceTypeListType").Any(),
		),
		complexType("ReferenceFrameworkType",
			global("Identifier"),
			global("Title").Any(),
			global("Description").Any(),
			elem("RelatedTo", "ReferenceFrameworkType").Any(),
			global("Jurisdiction").Opt(),
		),
		complexType("EvidenceTypeListType",
			global("Identifier"),
			global("Name").Any(),
			elem("EvidenceType", "EvidenceTypeType").Any(),
			when(since.v20, code("MatchType").Opt()),                                  // known
			when(since.v20, elem("MatchDescription", "MultilingualStringType").Any()), // known
			when(since.v20, global("Jurisdiction").Opt()),                             // known; required by rule
		),
		dataService(since),
		accessService(since),
	}
}

func dataService(since since) model.Complex {
	identifier, distributions := global("Identifier"), elem("DistributedAs", "EvidenceTypeDistributionType").Some()
	if since.v12 {
		identifier = identifier.Opt() // known: a question of the directory leaves it out from 1.2 on
	}
	if since.v11 && !since.v20 {
		distributions = distributions.Any() // read from R-EDM-REQ-C032, which lets 1.x go without
	}
	return complexType("DataServiceEvidenceTypeType",
		identifier,
		code("EvidenceTypeClassification"),
		global("Title").Some(),
		global("Description").Any(),
		distributions,
		elem("AccessService", "DataServiceType").Any(),
		code("AuthenticationLevelOfAssurance").Opt(),
		when(since.v11, elem("Note", "MultilingualStringType").Any()), // known since 1.1; its place is read
		when(!since.v20, global("EvidenceProviderJurisdictionDetermination").Opt()),
		global("EvidenceProviderClassification").Any(),
	)
}

func accessService(since since) model.Complex {
	conforms, publisher := global("ConformsTo"), elem("Publisher", "EvidenceProviderType")
	if since.v12 {
		conforms = conforms.Some() // known
	}
	if since.v11 {
		publisher = publisher.Opt() // known: a submission names the provider on its own from 1.1 on
	}
	return complexType("DataServiceType",
		global("Identifier"),
		when(since.v11, global("Name").Any()), // known
		conforms,
		publisher,
	)
}
