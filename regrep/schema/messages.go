package schema

import (
	"oots/regrep"
	"oots/xml/model"
)

// exceptions are requests, responses and exceptions in general. [RegRep 4.0 rs §2]
func exceptions() model.Table {
	var none model.Particle
	exception := rs("RegistryExceptionType")
	t := model.Table{
		Prefixes: map[string]string{regrep.NamespaceRS: "rs"},
		Elements: []model.Element{
			{Name: rs("RegistryRequest"), Type: model.Ref(rs("RegistryRequestType"))},
			{Name: rs("RegistryResponse"), Type: model.Ref(rs("RegistryResponseType"))},
			{Name: rs("RegistryException"), Type: model.Ref(exception)},
		},
		Complex: []model.Complex{
			extend(rs("RegistryRequestType"), rim("ExtensibleObjectType"), none, must("id", model.String), may("comment", model.String)),
			extend(rs("RegistryResponseType"), rim("ExtensibleObjectType"), model.Seq(
				model.Elem(rs("Exception"), model.Ref(exception)).Any(),
				model.Global(rim("RegistryObjectList")).Opt(),
				model.Global(rim("ObjectRefList")).Opt(),
			), must("status", reference()), may("requestId", model.AnyURI)),
			extend(exception, rim("ExtensibleObjectType"), none,
				may("code", model.String), may("detail", model.String), may("message", model.String), may("severity", reference())),
			extend(query("QueryExceptionType"), exception, none),
		},
	}
	for _, kind := range []string{"Authentication", "Authorization", "InvalidRequest", "ObjectExists", "ObjectNotFound", "QuotaExceeded",
		"ReferencesExist", "Timeout", "UnresolvedReference", "UnsupportedCapability"} {
		t.Complex = append(t.Complex, extend(rs(kind+"ExceptionType"), exception, none))
	}
	return t
}

// messages are those of the query and of the life-cycle interface. [RegRep 4.0 query §2, lcm §3]
func messages() model.Table {
	request := rs("RegistryRequestType")
	return model.Table{
		Prefixes: map[string]string{regrep.NamespaceQuery: "query", regrep.NamespaceLCM: "lcm"},
		Elements: []model.Element{
			{Name: query("ResponseOption"), Type: model.Ref(query("ResponseOptionType"))},
			{Name: query("QueryRequest"), Type: &model.Complex{
				Base: model.Ref(request),
				Content: model.Seq(
					model.Elem(query("ResponseOption"), model.Ref(query("ResponseOptionType"))),
					model.Elem(query("Query"), model.Ref(rim("QueryType"))),
				),
				Attributes: []model.Attribute{
					may("federated", model.Boolean), may("federation", model.AnyURI), may("format", model.String),
					{Name: xml("lang"), Global: true},
					may("startIndex", model.Integer), may("maxResults", model.Integer), may("depth", model.Integer),
					may("matchOlderVersions", model.Boolean),
				},
			}},
			{Name: query("QueryResponse"), Type: &model.Complex{
				Base:       model.Ref(rs("RegistryResponseType")),
				Attributes: []model.Attribute{may("startIndex", model.Integer), may("totalResultCount", model.Integer)},
			}},
			{Name: lcm("SubmitObjectsRequest"), Type: &model.Complex{
				Base: model.Ref(request), Content: model.Global(rim("RegistryObjectList")).Opt(), Attributes: change()}},
			{Name: lcm("UpdateObjectsRequest"), Type: &model.Complex{
				Base: model.Ref(request),
				Content: model.Seq(
					model.Elem(lcm("Query"), model.Ref(rim("QueryType"))).Opt(),
					model.Global(rim("ObjectRefList")).Opt(),
					model.Elem(lcm("UpdateAction"), model.Ref(lcm("UpdateActionType"))).Some(),
				),
				Attributes: change()}},
			{Name: lcm("RemoveObjectsRequest"), Type: &model.Complex{
				Base: model.Ref(request),
				Content: model.Seq(
					model.Elem(lcm("Query"), model.Ref(rim("QueryType"))).Opt(),
					model.Global(rim("ObjectRefList")).Opt(),
				),
				Attributes: []model.Attribute{may("checkReferences", model.Boolean), may("deleteChildren", model.Boolean), may("deletionScope", reference())}}},
		},
		Simple: []model.Simple{
			{Name: lcm("mode"), Base: model.NCName, Enum: []string{"CreateOrReplace", "CreateOrVersion", "CreateOnly"}},
		},
		Complex: []model.Complex{
			{Name: query("ResponseOptionType"), Attributes: []model.Attribute{
				may("returnType", &model.Simple{Base: model.NCName,
					Enum: []string{"ObjectRef", "RegistryObject", "LeafClass", "LeafClassWithRepositoryItem"}}),
				may("returnComposedObjects", model.Boolean),
			}},
			{Name: lcm("UpdateActionType"),
				Content: model.Seq(
					model.Elem(lcm("ValueHolder"), valueType()).Opt(),
					model.Elem(lcm("Selector"), model.Ref(rim("QueryExpressionType"))),
				),
				Attributes: []model.Attribute{must("mode", &model.Simple{Base: model.NCName, Enum: []string{"Insert", "Update", "Delete"}})}},
		},
	}
}

// change is the attributes of a request that writes.
func change() []model.Attribute {
	return []model.Attribute{may("checkReferences", model.Boolean), may("mode", model.Ref(lcm("mode")))}
}
