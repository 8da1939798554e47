package schema

import (
	"oots/xml/model"
	"oots/xml/xmltree"
)

func xml(local string) xmltree.Name {
	return xmltree.Name{Space: xmltree.NamespaceXML, Local: local}
}

// attributesXML are the attributes that any element may have where a wildcard lets it. [XML 1.0 §2.12] [xml:id]
func attributesXML() model.Table {
	return model.Table{
		Attributes: []model.Attribute{
			{Name: xml("lang"), Type: &model.Simple{Union: []model.Type{model.Language, &model.Simple{Base: model.String, Enum: []string{""}}}}},
			{Name: xml("space"), Type: &model.Simple{Base: model.NCName, Enum: []string{"default", "preserve"}}},
			{Name: xml("base"), Type: model.AnyURI},
			{Name: xml("id"), Type: model.ID},
		},
	}
}

func link(local string) xmltree.Name { return xmltree.Name{Space: namespaceXLink, Local: local} }

// xlink holds the attributes of links; RegRep uses the simple ones. [XLink 1.1 §4]
func xlink() model.Table {
	role := &model.Simple{Base: model.AnyURI, MinLength: 1}
	return model.Table{
		Prefixes: map[string]string{namespaceXLink: "xlink"},
		Attributes: []model.Attribute{
			{Name: link("type"), Type: &model.Simple{Base: model.Token, Enum: []string{"simple", "extended", "title", "resource", "locator", "arc"}}},
			{Name: link("href"), Type: model.AnyURI},
			{Name: link("role"), Type: role},
			{Name: link("arcrole"), Type: role},
			{Name: link("title"), Type: model.String},
			{Name: link("show"), Type: &model.Simple{Base: model.Token, Enum: []string{"new", "replace", "embed", "other", "none"}}},
			{Name: link("actuate"), Type: &model.Simple{Base: model.Token, Enum: []string{"onLoad", "onRequest", "other", "none"}}},
			{Name: link("label"), Type: model.NCName},
			{Name: link("from"), Type: model.NCName},
			{Name: link("to"), Type: model.NCName},
		},
	}
}

// simpleLink is the attributes of a simple link.
func simpleLink() []model.Attribute {
	attrs := []model.Attribute{{Name: link("type"), Global: true, Fixed: "simple"}}
	for _, local := range []string{"href", "role", "arcrole", "title", "show", "actuate"} {
		attrs = append(attrs, model.Attribute{Name: link(local), Global: true})
	}
	return attrs
}
