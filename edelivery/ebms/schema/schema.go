// Package schema holds the content model of eb:Messaging, the header of ebMS 3.0. [ebMS3 §5.2]
//
// It says what the OASIS schema says, with its erratum: eb:Property has a type. What the eDelivery profile and
// the OOTS rules narrow further is checked elsewhere, and so is the security header.
package schema

import (
	"sync"

	"oots/edelivery/ebms"
	"oots/rule"
	"oots/xml/model"
	"oots/xml/xmltree"
)

// Check returns what is wrong with the structure of an eb:Messaging, alone or inside an envelope; nil if nothing
// is. All findings are Fatal and carry an id of package model.
func Check(messaging *xmltree.Element) []rule.Finding { return Messaging().CheckElement(messaging) }

// Messaging returns the compiled schema, which may be shared.
func Messaging() *model.Schema { return compiled() }

var compiled = sync.OnceValue(func() *model.Schema {
	s, err := model.Compile(Table())
	if err != nil {
		return new(model.Schema) // refuses everything; a test compiles the table
	}
	return s
})

func eb(local string) xmltree.Name { return xmltree.Name{Space: ebms.NS, Local: local} }

func elem(local string) model.Particle { return model.Elem(eb(local), model.Ref(eb(local))) }

// must is a required attribute without namespace.
func must(local string, t model.Type) model.Attribute {
	return model.Attribute{Name: xmltree.Name{Local: local}, Type: t, Required: true}
}

// may is an optional attribute without namespace.
func may(local string, t model.Type) model.Attribute {
	return model.Attribute{Name: xmltree.Name{Local: local}, Type: t}
}

// something is a string that is not empty.
func something() model.Type { return model.Ref(eb("non-empty-string")) }

func text(local string) model.Particle { return model.Elem(eb(local), something()) }

func other() model.Wildcard { return model.Wildcard{Process: model.Lax, Not: ebms.NS} }

// Table returns the declarations of the namespace eb and of the attributes that a header may carry from others.
func Table() model.Table {
	lang := xmltree.Name{Space: xmltree.NamespaceXML, Local: "lang"}
	return model.Table{
		Prefixes: map[string]string{ebms.NS: "eb", ebms.NSSOAP12: "S12", ebms.NSSOAP11: "S11"},
		Elements: []model.Element{{Name: eb("Messaging"), Type: model.Ref(eb("Messaging"))}},
		Attributes: []model.Attribute{
			{Name: lang, Type: &model.Simple{Union: []model.Type{model.Language, &model.Simple{Base: model.String, Enum: []string{""}}}}},
			{Name: xmltree.Name{Space: xmltree.NamespaceXML, Local: "space"}, Type: &model.Simple{Base: model.NCName, Enum: []string{"default", "preserve"}}},
			{Name: xmltree.Name{Space: xmltree.NamespaceXML, Local: "base"}, Type: model.AnyURI},
			{Name: xmltree.Name{Space: xmltree.NamespaceXML, Local: "id"}, Type: model.ID},
			{Name: xmltree.Name{Space: ebms.NSSOAP12, Local: "mustUnderstand"}, Type: model.Boolean},
			{Name: xmltree.Name{Space: ebms.NSSOAP12, Local: "relay"}, Type: model.Boolean},
			{Name: xmltree.Name{Space: ebms.NSSOAP12, Local: "role"}, Type: model.AnyURI},
			{Name: xmltree.Name{Space: ebms.NSSOAP12, Local: "encodingStyle"}, Type: model.AnyURI},
			{Name: xmltree.Name{Space: ebms.NSSOAP11, Local: "actor"}, Type: model.AnyURI},
			{Name: xmltree.Name{Space: ebms.NSSOAP11, Local: "mustUnderstand"}, Type: &model.Simple{Base: model.Boolean,
				Pattern: func(s string) bool { return s == "0" || s == "1" }, Want: "0 or 1"}},
		},
		Simple:  []model.Simple{{Name: eb("non-empty-string"), Base: model.String, MinLength: 1}},
		Complex: append(userMessage(), signalMessage(lang)...),
	}
}

func userMessage() []model.Complex {
	typed := func(local string, attrs ...model.Attribute) model.Complex {
		return model.Complex{Name: eb(local), Value: something(), Attributes: attrs}
	}
	party := model.Seq(elem("PartyId").Some(), text("Role"))
	properties := elem("Property").Some()
	property := typed("Property", must("name", something()), may("type", something())) // the erratum
	property.Private = true                                                            // corners may be persons
	return []model.Complex{
		{Name: eb("Messaging"), Content: model.Seq(elem("SignalMessage").Any(), elem("UserMessage").Any(), model.Any(other()).Any()),
			Attributes: []model.Attribute{may("id", model.ID)}, AnyAttr: other()},
		{Name: eb("UserMessage"), Content: model.Seq(elem("MessageInfo"), elem("PartyInfo"), elem("CollaborationInfo"),
			elem("MessageProperties").Opt(), elem("PayloadInfo").Opt()),
			Attributes: []model.Attribute{may("mpc", model.AnyURI)}},
		{Name: eb("MessageInfo"), Content: model.Seq(model.Elem(eb("Timestamp"), model.DateTime), text("MessageId"), text("RefToMessageId").Opt())},
		{Name: eb("PartyInfo"), Content: model.Seq(elem("From"), elem("To"))},
		{Name: eb("From"), Content: party},
		{Name: eb("To"), Content: party},
		typed("PartyId", may("type", something())),
		{Name: eb("CollaborationInfo"), Content: model.Seq(elem("AgreementRef").Opt(), elem("Service"),
			model.Elem(eb("Action"), model.Token), model.Elem(eb("ConversationId"), model.Token))},
		typed("Service", may("type", something())),
		typed("AgreementRef", may("type", something()), may("pmode", something())),
		{Name: eb("MessageProperties"), Content: properties},
		property,
		{Name: eb("PayloadInfo"), Content: elem("PartInfo").Some()},
		{Name: eb("PartInfo"), Content: model.Seq(elem("Schema").Opt(), elem("Description").Opt(), elem("PartProperties").Opt()),
			Attributes: []model.Attribute{may("href", model.Token)}},
		{Name: eb("Schema"), Attributes: []model.Attribute{must("location", model.AnyURI), may("version", something()), may("namespace", something())}},
		{Name: eb("PartProperties"), Content: properties},
	}
}

func signalMessage(lang xmltree.Name) []model.Complex {
	return []model.Complex{
		{Name: eb("SignalMessage"), Content: model.Seq(elem("MessageInfo"), elem("PullRequest").Opt(), elem("Receipt").Opt(),
			elem("Error").Any(), model.Any(other()).Any())},
		{Name: eb("PullRequest"), Content: model.Any(other()).Any(), Attributes: []model.Attribute{may("mpc", model.AnyURI)}, AnyAttr: other()},
		{Name: eb("Receipt"), Content: model.Any(other()).Some()},
		{Name: eb("Error"), Content: model.Seq(elem("Description").Opt(), model.Elem(eb("ErrorDetail"), model.Token).Opt()),
			Attributes: []model.Attribute{may("category", model.Token), may("refToMessageInError", model.Token), must("errorCode", model.Token),
				may("origin", model.Token), must("severity", model.Token), may("shortDescription", model.Token)}},
		{Name: eb("Description"), Value: something(), Attributes: []model.Attribute{{Name: lang, Global: true, Required: true}}},
	}
}
