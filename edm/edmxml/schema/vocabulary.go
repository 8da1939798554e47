package schema

import (
	"slices"

	"oots/edm"
	"oots/regrep"
	"oots/xml/model"
	"oots/xml/xmltree"
)

// Vocabulary returns the elements and types of namespace sdg of one release line. The directories use the same
// schema as the evidence exchange. [TDD 3.1.3, 3.2.3, 4.5]
func Vocabulary(v edm.Version) model.Table {
	since := since{
		v11: v == edm.V11 || v == edm.V12 || v == edm.V20,
		v12: v == edm.V12 || v == edm.V20,
		v20: v == edm.V20,
	}
	return model.Table{
		Prefixes: map[string]string{regrep.NamespaceSDG: "sdg"},
		Elements: globals(since),
		Complex:  slices.Concat(texts(), places(since), persons(since), agents(since), evidence(since), directory(since)),
		Simple: []model.Simple{
			{Name: sdg("GenderType"), Base: model.String, Enum: []string{"Male", "Female", "Unspecified"}},
		},
	}
}

// since says which release lines a model is of.
type since struct{ v11, v12, v20 bool }

func sdg(local string) xmltree.Name { return xmltree.Name{Space: regrep.NamespaceSDG, Local: local} }

// elem is one local element of a type of the vocabulary.
func elem(local, typeName string) model.Particle {
	return model.Elem(sdg(local), model.Ref(sdg(typeName)))
}

// value is one local element with simple content.
func value(local string, t model.Type) model.Particle { return model.Elem(sdg(local), t) }

func global(local string) model.Particle { return model.Global(sdg(local)) }

func code(local string) model.Particle { return elem(local, "CodeType") }

// when is p in the release lines that have it.
func when(has bool, p model.Particle) model.Particle {
	if has {
		return p
	}
	return model.Particle{}
}

func complexType(local string, ps ...model.Particle) model.Complex {
	return model.Complex{Name: sdg(local), Content: model.Seq(ps...)}
}

// private is a type with personal data.
func private(c model.Complex) model.Complex {
	c.Private = true
	return c
}

func globals(since since) []model.Element {
	of := func(local, typeName string) model.Element {
		return model.Element{Name: sdg(local), Type: model.Ref(sdg(typeName))}
	}
	list := []model.Element{
		of("Language", "CodeType"),
		of("Identifier", "IdentifierType"),
		of("Description", "MultilingualStringType"),
		of("Title", "MultilingualStringType"),
		of("Name", "MultilingualStringType"),
		of("Jurisdiction", "JurisdictionType"),
		{Name: sdg("ConformsTo"), Type: model.AnyURI},
		of("Person", "PersonType"),
		of("LegalPerson", "LegalPersonType"),
		of("EvidenceType", "EvidenceTypeType"),
		of("Agent", "AgentType"),
		of("EvidenceRequester", "AgentType"),
		of("Evidence", "EvidenceType"),
		of("DataServiceEvidenceType", "DataServiceEvidenceTypeType"),
		of("Requirement", "RequirementType"),
		of("InformationConcept", "InformationConceptType"),
		of("EvidenceProviderClassification", "InformationConceptType"),
		of("AccessService", "DataServiceType"),
		of("EvidenceTypeList", "EvidenceTypeListType"),
		of("ReferenceFramework", "ReferenceFrameworkType"),
	}
	if !since.v20 { // known: the determination disappears with 2.0
		list = append(list, of("EvidenceProviderJurisdictionDetermination", "JurisdictionDeterminationType"))
	}
	if since.v11 {
		// read: submissions to the directory carry the provider on its own since 1.1; both names are taken
		return append(list, of("EvidenceProvider", "SubmittedProviderType"), of("Publisher", "SubmittedProviderType"))
	}
	return append(list, of("EvidenceProvider", "AgentType"))
}

// texts are the types with simple content.
func texts() []model.Complex {
	attribute := func(local string) []model.Attribute {
		return []model.Attribute{{Name: xmltree.Name{Local: local}, Type: model.NormalizedString}}
	}
	return []model.Complex{
		{Name: sdg("CodeType"), Value: model.String},
		{Name: sdg("IdentifierType"), Value: model.NormalizedString, Attributes: attribute("schemeID")},
		{Name: sdg("MultilingualStringType"), Value: model.NormalizedString, Attributes: attribute("lang")},
		{Name: sdg("ListedCodeType"), Value: model.String, Attributes: attribute("listID")},
	}
}

func places(since since) []model.Complex {
	return []model.Complex{
		complexType("AddressType",
			value("FullAddress", model.String).Opt(),
			value("LocatorDesignator", model.String).Opt(),
			value("PostCode", model.String).Opt(),
			value("PostCityName", model.String).Opt(),
			value("Thoroughfare", model.String).Opt(),
			code("AdminUnitLevel1"),
			code("AdminUnitLevel2").Opt(),
		),
		complexType("JurisdictionType",
			code("AdminUnitLevel1"),
			// known: 2.0 replaces the levels by classifications of the Member State
			when(!since.v20, code("AdminUnitLevel2").Opt()),
			when(!since.v20, code("AdminUnitLevel3").Opt()),
			when(since.v20, elem("AdditionalJurisdictionClassification", "ListedCodeType").Any()),
		),
		complexType("JurisdictionDeterminationType",
			code("JurisdictionContextId"),
			elem("JurisdictionContext", "MultilingualStringType").Some(),
			value("JurisdictionLevel", model.String),
		),
	}
}

// agents are who sends, receives and provides.
func agents(since since) []model.Complex {
	return []model.Complex{
		complexType("AgentType",
			global("Identifier"),
			global("Name").Some(),
			elem("Address", "AddressType").Opt(),
			elem("Jurisdiction", "JurisdictionType").Opt(),
			code("Classification").Opt(),
		),
		complexType("EvidenceProviderType",
			global("Identifier"),
			global("Name").Some(),
			when(since.v11, global("Description").Any()), // known since 1.1
			elem("Address", "AddressType"),
			elem("Jurisdiction", "JurisdictionType"),
			when(!since.v12, elem("ClassificationConcept", "InformationConceptType").Any()), // known: until 1.1
		),
		// read: an agent or a publisher
		complexType("SubmittedProviderType",
			global("Identifier"),
			global("Name").Some(),
			global("Description").Any(),
			elem("Address", "AddressType").Opt(),
			elem("Jurisdiction", "JurisdictionType").Opt(),
			code("Classification").Opt(),
			when(!since.v12, elem("ClassificationConcept", "InformationConceptType").Any()),
		),
		complexType("InformationConceptType",
			elem("Identifier", "IdentifierType"),
			code("Type").Opt(),
			value("ValueExpression", model.String).Opt(),
			global("Description").Any(),
			elem("SupportedValue", "SupportedValueType").Opt(),
		),
		// what the user has answered may tell who she is
		private(complexType("SupportedValueType", model.Choice(
			value("StringValue", model.String).Some(),
			value("DateValue", model.Date).Some(),
			value("BooleanValue", model.Boolean).Some(),
		))),
	}
}
