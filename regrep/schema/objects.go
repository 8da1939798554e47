package schema

import (
	"oots/xml/model"
	"oots/xml/xmltree"
)

// objects are registry objects and the lists of them. [RegRep 4.0 rim §2, §3]
func objects() model.Table {
	object := func(local string, content model.Particle, attrs ...model.Attribute) model.Complex {
		return extend(rim(local), rim("RegistryObjectType"), content, attrs...)
	}
	many := func(local, t string) model.Particle { return model.Elem(rim(local), model.Ref(rim(t))).Any() }
	opt := func(local, t string) model.Particle { return model.Elem(rim(local), model.Ref(rim(t))).Opt() }
	var none model.Particle
	identifiable := extend(rim("IdentifiableType"), rim("ExtensibleObjectType"), none, must("id", model.String))
	identifiable.Abstract = true
	return model.Table{
		Elements: []model.Element{
			{Name: rim("RegistryObject"), Type: model.Ref(rim("RegistryObjectType"))},
			{Name: rim("RegistryObjectList"), Type: model.Ref(rim("RegistryObjectListType"))},
			{Name: rim("ObjectRef"), Type: model.Ref(rim("ObjectRefType"))},
			{Name: rim("ObjectRefList"), Type: model.Ref(rim("ObjectRefListType"))},
			{Name: rim("IdentifiableList"), Type: model.Ref(rim("IdentifiableListType"))},
		},
		Complex: []model.Complex{
			identifiable,
			extend(rim("RegistryObjectType"), rim("IdentifiableType"), model.Seq(
				opt("Name", "InternationalStringType"),
				opt("Description", "InternationalStringType"),
				opt("VersionInfo", "VersionInfoType"),
				many("Classification", "ClassificationType"),
				many("ExternalIdentifier", "ExternalIdentifierType"),
				many("ExternalLink", "ExternalLinkType"),
			), may("lid", model.String), may("objectType", reference()), may("owner", model.String), may("status", reference())),
			{Name: rim("RegistryObjectListType"), Content: model.Global(rim("RegistryObject")).Any()},
			{Name: rim("IdentifiableListType"), Content: many("Identifiable", "IdentifiableType")},
			extend(rim("ObjectRefType"), rim("ExtensibleObjectType"), none, must("id", reference())),
			extend(rim("DynamicObjectRefType"), rim("ObjectRefType"), model.Elem(rim("Query"), model.Ref(rim("QueryType")))),
			{Name: rim("ObjectRefListType"), Content: many("ObjectRef", "ObjectRefType")},
			{Name: rim("VersionInfoType"), Attributes: []model.Attribute{may("versionName", model.String), may("userVersionName", model.String)}},
			object("RegistryPackageType", model.Global(rim("RegistryObjectList")).Opt()),
			object("AssociationType", none, must("type", reference()), must("sourceObject", reference()), must("targetObject", reference())),
			object("ClassificationType", none, may("classificationScheme", reference()), may("classifiedObject", reference()),
				may("classificationNode", reference()), may("nodeRepresentation", text("LongText"))),
			object("ExternalIdentifierType", none, may("registryObject", reference()), must("identificationScheme", reference()),
				must("value", text("LongText"))),
			object("ExternalLinkType", model.Elem(rim("ExternalRef"), model.Ref(rim("SimpleLinkType"))), may("registryObject", reference())),
			{Name: rim("SimpleLinkType"), Attributes: simpleLink()},
			object("ExtrinsicObjectType", model.Seq(
				opt("ContentVersionInfo", "VersionInfoType"),
				model.Choice(
					model.Elem(rim("RepositoryItemRef"), model.Ref(rim("SimpleLinkType"))),
					model.Local(model.Element{Name: rim("RepositoryItem"), Type: model.Base64Binary, Private: true}),
				).Opt(),
			), may("mimeType", text("LongText"))),
			extend(rim("CommentType"), rim("ExtrinsicObjectType"), none),
			abstract(object("TaxonomyElementType", many("ClassificationNode", "ClassificationNodeType"))),
			extend(rim("ClassificationNodeType"), rim("TaxonomyElementType"), none,
				may("parent", reference()), may("path", model.String), must("code", text("LongText"))),
			extend(rim("ClassificationSchemeType"), rim("TaxonomyElementType"), none,
				must("isInternal", model.Boolean), must("nodeType", reference())),
		},
	}
}

func abstract(c model.Complex) model.Complex {
	c.Abstract = true
	return c
}

// services are the objects that RegRep keeps about parties, services and itself. OOTS sends none of them, but
// xsi:type may name them. [RegRep 4.0 rim §4 – §10]
func services() model.Table {
	object := func(local string, content model.Particle, attrs ...model.Attribute) model.Complex {
		return extend(rim(local), rim("RegistryObjectType"), content, attrs...)
	}
	simple := func(local string, content model.Particle, attrs ...model.Attribute) model.Complex {
		return extend(rim(local), rim("ExtensibleObjectType"), content, attrs...)
	}
	elem := func(local, t string) model.Particle { return model.Elem(rim(local), model.Ref(rim(t))) }
	short := func(locals ...string) []model.Attribute {
		var attrs []model.Attribute
		for _, l := range locals {
			attrs = append(attrs, may(l, text("ShortText")))
		}
		return attrs
	}
	endpoint := xmltree.Name{Space: namespaceWSA, Local: "EndpointReferenceType"}
	latency := may("replicationSyncLatency", model.Duration)
	var none model.Particle
	return model.Table{
		Prefixes: map[string]string{namespaceWSA: "wsa"},
		Complex: []model.Complex{
			{Name: endpoint, AnyAttr: model.Wildcard{Process: model.Skip}, Content: model.Any(model.Wildcard{Process: model.Skip}).Any()},
			abstract(object("PartyType", model.Seq(elem("PostalAddress", "PostalAddressType").Any(),
				elem("TelephoneNumber", "TelephoneNumberType").Any(), elem("EmailAddress", "EmailAddressType").Any()))),
			extend(rim("OrganizationType"), rim("PartyType"), elem("Organization", "OrganizationType").Any(), may("primaryContact", reference())),
			extend(rim("PersonType"), rim("PartyType"), elem("PersonName", "PersonNameType").Opt()),
			simple("PersonNameType", none, short("firstName", "middleName", "lastName")...),
			simple("EmailAddressType", none, must("address", text("ShortText")), may("type", reference())),
			simple("PostalAddressType", none, append(short("city", "country", "postalCode", "stateOrProvince", "street"),
				may("streetNumber", text("String32")), may("type", reference()))...),
			simple("TelephoneNumberType", none, may("areaCode", text("String8")), may("countryCode", text("String8")),
				may("extension", text("String8")), may("number", text("String16")), may("type", reference())),
			object("RoleType", none, must("type", reference())),
			object("ServiceType", elem("ServiceEndpoint", "ServiceEndpointType").Any(), may("serviceInterface", reference())),
			object("ServiceEndpointType", none, may("address", model.AnyURI), may("serviceBinding", reference())),
			object("ServiceBindingType", none, may("serviceInterface", reference())),
			object("ServiceInterfaceType", none),
			object("RegistryType", none, must("baseURL", model.AnyURI), must("operator", reference()), must("specificationVersion", model.String),
				latency, may("catalogingLatency", model.Duration),
				may("conformanceProfile", &model.Simple{Base: model.NCName, Enum: []string{"RegistryFull", "RegistryLite"}})),
			object("FederationType", none, latency),
			object("QueryDefinitionType", model.Seq(elem("Parameter", "ParameterType").Any(), elem("QueryExpression", "QueryExpressionType").Opt())),
			simple("ParameterType", model.Seq(elem("Name", "InternationalStringType"), elem("Description", "InternationalStringType").Opt()),
				must("parameterName", model.String), must("dataType", model.String), may("defaultValue", model.String),
				may("minOccurs", model.NonNegativeInteger), may("maxOccurs", model.NonNegativeInteger)),
			simple("QueryType", none, must("queryDefinition", reference())),
			abstract(simple("QueryExpressionType", none, must("queryLanguage", reference()))),
			extend(rim("StringQueryExpressionType"), rim("QueryExpressionType"), model.Elem(rim("Value"), model.String)),
			extend(rim("XMLQueryExpressionType"), rim("QueryExpressionType"), model.Any(model.Wildcard{Process: model.Lax, Not: rim("").Space})),
			simple("ActionType", model.Seq(elem("AffectedObjects", "RegistryObjectListType").Opt(), elem("AffectedObjectRefs", "ObjectRefListType").Opt()),
				must("eventType", reference())),
			object("AuditableEventType", elem("Action", "ActionType").Some(),
				must("timestamp", model.DateTime), must("user", model.String), must("requestId", model.String)),
			object("NotificationType", elem("Event", "AuditableEventType").Some(), must("subscription", reference())),
			object("SubscriptionType", model.Seq(elem("DeliveryInfo", "DeliveryInfoType").Any(), elem("Selector", "QueryType")),
				may("startTime", model.DateTime), may("endTime", model.DateTime), may("notificationInterval", model.Duration)),
			simple("DeliveryInfoType", model.Elem(rim("NotifyTo"), model.Ref(endpoint)), may("notificationOption", reference())),
			object("WorkflowActionType", none, must("actionType", reference()), must("targetObject", reference())),
		},
		Elements: []model.Element{{Name: rim("Notification"), Type: model.Ref(rim("NotificationType"))}},
	}
}
