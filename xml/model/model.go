// Package model checks XML documents against content models: which elements an element holds, in which order
// and how often, which attributes it has, and what their values look like. [XML Schema 1.0 Part 1, Part 2]
//
// A content model is a Table of Go values. Compile joins tables, resolves the names in them and turns every
// content model into a deterministic automaton; a Schema is then read-only and may be shared. Check walks a
// document once and never backtracks. One mistake gives one Finding where that can be told: an element at the
// wrong place is not reported again as missing where it belongs.
//
// Of XML Schema it knows what the schemas of RegRep, ebMS, the SDG profile and Genericode use: sequence,
// choice, all, wildcards, extension, abstract types, xsi:type, xsi:nil, simple content, the common built-in
// types and facets. It has no substitution groups, no identity constraints, no derivation by restriction of
// complex types and no reader of XSD files. It adds no default values to the document. It knows nothing of OOTS.
//
//	name := xmltree.Name{Space: "urn:x", Local: "note"}
//	s, err := model.Compile(model.Table{Elements: []model.Element{{Name: name, Type: model.Date}}})
//	findings := s.Check(doc)
package model

import "oots/rule"

// What is wrong with a document. Every Finding of this package carries one of these and is Fatal; the catalogue
// of package rule explains them.
const (
	RootUnexpected      rule.ID = "OOTS-XSD-root-unexpected"      // no declaration for the document element
	ElementUnexpected   rule.ID = "OOTS-XSD-element-unexpected"   // unknown here, out of order, or too many
	ElementMissing      rule.ID = "OOTS-XSD-element-missing"      // a required element is not there
	TextUnexpected      rule.ID = "OOTS-XSD-text-unexpected"      // text where only elements or nothing may be
	AttributeUnexpected rule.ID = "OOTS-XSD-attribute-unexpected" // the type has no such attribute
	AttributeMissing    rule.ID = "OOTS-XSD-attribute-missing"    // a required attribute is not there
	ValueType           rule.ID = "OOTS-XSD-value-type"           // not in the lexical space of the type
	ValueUnlisted       rule.ID = "OOTS-XSD-value-unlisted"       // none of the enumerated values
	ValueLength         rule.ID = "OOTS-XSD-value-length"         // too short or too long
	ValueRepeated       rule.ID = "OOTS-XSD-value-repeated"       // an ID that another attribute has
	ValueUnresolved     rule.ID = "OOTS-XSD-value-unresolved"     // a reference to an ID that no attribute has
	TypeUnknown         rule.ID = "OOTS-XSD-type-unknown"         // xsi:type names no type of the schema
	TypeUnsuitable      rule.ID = "OOTS-XSD-type-unsuitable"      // xsi:type is missing, abstract or not derived
	NilUnexpected       rule.ID = "OOTS-XSD-nil-unexpected"       // xsi:nil where it may not be, or nil with content
)

// MaxFindings bounds the result of Check; the walk ends with the last of them.
const MaxFindings = 200
