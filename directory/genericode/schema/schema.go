// Package schema holds the content model of OASIS Genericode 1.0 code lists and checks files against it.
// [Genericode 1.0] [TDD 3.5]
//
// It covers gc:CodeList, the one document element in use, whole: simple code lists with columns and keys, by
// definition or by reference. Beyond the schema it asks for what the standard says in words and a reader needs:
// a value refers to a column of the document. Whether values suit the types of their columns is not checked.
package schema

import (
	"sync"

	"oots/directory/genericode"
	"oots/rule"
	"oots/xml/model"
	"oots/xml/xmltree"
)

// Check returns what is wrong with the structure of a code list; nil if nothing is. All findings are Fatal and
// carry an id of package model.
//
// Several published lists of OOTS are not valid: their columns have names with blanks as ids and words that are no
// language tags as languages. Whoever loads them reads them with package genericode, which minds neither.
func Check(doc *xmltree.Document) []rule.Finding { return CodeList().Check(doc) }

// CodeList returns the compiled schema, which may be shared.
func CodeList() *model.Schema { return compiled() }

var compiled = sync.OnceValue(func() *model.Schema {
	s, err := model.Compile(Table())
	if err != nil {
		return new(model.Schema) // refuses everything; a test compiles the table
	}
	return s
})

func gc(local string) xmltree.Name { return xmltree.Name{Space: genericode.Namespace, Local: local} }

// local is an element of the format: only the document element is in its namespace.
func local(name string, t model.Type) model.Particle {
	return model.Elem(xmltree.Name{Local: name}, t)
}

// of is an element whose type has the same name.
func of(name string) model.Particle { return local(name, model.Ref(gc(name))) }

func attribute(name string, t model.Type) model.Attribute {
	return model.Attribute{Name: xmltree.Name{Local: name}, Type: t}
}

func required(a model.Attribute) model.Attribute {
	a.Required = true
	return a
}

func ofXML(name string) model.Attribute {
	return model.Attribute{Name: xmltree.Name{Space: xmltree.NamespaceXML, Local: name}, Global: true}
}

func uri(name string) model.Particle { return local(name, model.AnyURI) }

// Table returns the declarations of Genericode.
func Table() model.Table {
	xml := func(name string, t model.Type) model.Attribute {
		return model.Attribute{Name: xmltree.Name{Space: xmltree.NamespaceXML, Local: name}, Type: t}
	}
	return model.Table{
		Prefixes: map[string]string{genericode.Namespace: "gc"},
		Elements: []model.Element{{Name: gc("CodeList"), Type: model.Ref(gc("CodeListDocument"))}},
		Attributes: []model.Attribute{
			xml("base", model.AnyURI), xml("id", model.ID),
			xml("lang", &model.Simple{Union: []model.Type{model.Language, &model.Simple{Base: model.String, Enum: []string{""}}}}),
			xml("space", &model.Simple{Base: model.NCName, Enum: []string{"default", "preserve"}}),
		},
		Simple:  []model.Simple{{Name: gc("UseType"), Base: model.Token, Enum: []string{"optional", "required"}}},
		Complex: append(append(header(), columns()...), rows()...),
	}
}

// header is how a list is named and where it is found.
func header() []model.Complex {
	other := model.Any(model.Wildcard{Process: model.Lax, Not: genericode.Namespace}).Any()
	identified := []model.Attribute{attribute("Identifier", model.NormalizedString), ofXML("lang")}
	return []model.Complex{
		{Name: gc("CodeListDocument"), Content: model.Seq(annotation(), of("Identification"),
			model.Choice(of("ColumnSet"), of("ColumnSetRef")), of("SimpleCodeList").Opt()),
			Attributes: []model.Attribute{ofXML("base")}},
		{Name: gc("Annotation"), Content: model.Seq(local("Description", model.Ref(gc("AnyOtherLanguageContent"))).Any(),
			local("AppInfo", model.Ref(gc("AnyOtherContent"))).Opt())},
		{Name: gc("AnyOtherContent"), Content: other},
		{Name: gc("AnyOtherLanguageContent"), Base: model.Ref(gc("AnyOtherContent")), Attributes: []model.Attribute{ofXML("lang")}},
		{Name: gc("Identification"), Content: model.Seq(of("ShortName"), of("LongName").Any(), local("Version", model.Token),
			uri("CanonicalUri"), uri("CanonicalVersionUri"), uri("LocationUri").Any(),
			local("AlternateFormatLocationUri", model.Ref(gc("MimeTypedUri"))).Any(), of("Agency").Opt())},
		{Name: gc("Agency"), Content: model.Seq(of("ShortName").Opt(), of("LongName").Any(),
			local("Identifier", model.Ref(gc("GeneralIdentifier"))).Any())},
		{Name: gc("ShortName"), Value: model.Token, Attributes: []model.Attribute{ofXML("lang")}},
		{Name: gc("LongName"), Value: model.NormalizedString, Attributes: identified},
		{Name: gc("GeneralIdentifier"), Value: model.NormalizedString, Attributes: identified},
		{Name: gc("MimeTypedUri"), Value: model.AnyURI, Attributes: []model.Attribute{attribute("MimeType", model.NormalizedString)}},
	}
}

func annotation() model.Particle { return of("Annotation").Opt() }

// columns are the columns and keys of the table.
func columns() []model.Complex {
	id, ref := required(attribute("Id", model.ID)), required(attribute("ExternalRef", model.NCName))
	use, library := attribute("Use", model.Ref(gc("UseType"))), attribute("DatatypeLibrary", model.AnyURI)
	lang := attribute("Lang", model.Language)
	identity := model.Seq(uri("CanonicalUri"), uri("CanonicalVersionUri").Opt()).Opt()
	version := model.Seq(uri("CanonicalVersionUri"), uri("LocationUri").Any())
	parameters := local("Parameter", model.Ref(gc("DatatypeFacet"))).Any()
	return []model.Complex{
		{Name: gc("ColumnSet"), Content: model.Seq(model.Choice(of("Column"), of("ColumnRef")).Any(), model.Choice(of("Key"), of("KeyRef")).Any()),
			Attributes: []model.Attribute{library, ofXML("base")}},
		{Name: gc("ColumnSetRef"), Content: model.Seq(annotation(), version), Attributes: []model.Attribute{ofXML("base")}},
		{Name: gc("Column"), Content: model.Seq(annotation(), of("ShortName"), of("LongName").Any(), identity, of("Data")),
			Attributes: []model.Attribute{id, required(use)}},
		{Name: gc("ColumnRef"), Content: model.Seq(annotation(), version, local("Data", model.Ref(gc("DataRestrictions"))).Opt()),
			Attributes: []model.Attribute{id, ref, use, ofXML("base")}},
		{Name: gc("Key"), Content: model.Seq(annotation(), of("ShortName"), of("LongName").Any(), identity,
			local("ColumnRef", model.Ref(gc("KeyColumnRef"))).Some()), Attributes: []model.Attribute{id}},
		{Name: gc("KeyColumnRef"), Content: annotation(), Attributes: []model.Attribute{required(attribute("Ref", model.IDRef))}},
		{Name: gc("KeyRef"), Content: model.Seq(annotation(), version), Attributes: []model.Attribute{id, ref, ofXML("base")}},
		{Name: gc("Data"), Content: model.Seq(annotation(), parameters),
			Attributes: []model.Attribute{required(attribute("Type", model.Token)), library, lang}},
		{Name: gc("DataRestrictions"), Content: parameters, Attributes: []model.Attribute{lang}},
		{Name: gc("DatatypeFacet"), Value: model.String,
			Attributes: []model.Attribute{required(attribute("ShortName", model.Token)), attribute("LongName", model.NormalizedString)}},
	}
}

// rows are the codes.
func rows() []model.Complex {
	return []model.Complex{
		{Name: gc("SimpleCodeList"), Content: model.Seq(annotation(), of("Row").Any())},
		{Name: gc("Row"), Content: model.Seq(annotation(), of("Value").Some())},
		{Name: gc("Value"), Content: model.Seq(annotation(),
			model.Choice(of("SimpleValue"), local("ComplexValue", model.Ref(gc("AnyOtherContent")))).Opt()),
			Attributes: []model.Attribute{attribute("ColumnRef", model.IDRef)}},
		{Name: gc("SimpleValue"), Value: model.String},
	}
}
