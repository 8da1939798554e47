package model

import "oots/xml/xmltree"

// NamespaceXSD is the namespace of the built-in types.
const NamespaceXSD = "http://www.w3.org/2001/XMLSchema"

// NamespaceXSI is the namespace of xsi:type and xsi:nil.
const NamespaceXSI = "http://www.w3.org/2001/XMLSchema-instance"

// A Builtin is a simple type that XML Schema defines. [XML Schema 1.0 Part 2 §3]
type Builtin int

// The built-in types that are known.
const (
	AnySimple Builtin = iota
	String
	NormalizedString
	Token
	Language
	NMToken
	NCName
	ID    // unique in the document
	IDRef // an ID of the document
	QName
	AnyURI
	Boolean
	Decimal
	Integer
	NonNegativeInteger
	PositiveInteger
	Float
	Date
	DateTime
	Duration
	Base64Binary
	builtins
)

type whiteSpace int

const (
	preserve whiteSpace = iota
	replace
	collapse
)

// A builtinRow is what the engine knows of a built-in type.
type builtinRow struct {
	name  string
	base  Builtin
	space whiteSpace
	form  func(string) bool // nil: every string
	want  string            // its form in words
}

// row is a table as a switch: a package-level map could be written to.
func (b Builtin) row() builtinRow {
	switch b {
	case String:
		return builtinRow{"string", AnySimple, preserve, nil, "text"}
	case NormalizedString:
		return builtinRow{"normalizedString", String, replace, nil, "text"}
	case Token:
		return builtinRow{"token", NormalizedString, collapse, nil, "text"}
	case Language:
		return builtinRow{"language", Token, collapse, isLanguage, "a language tag such as en or pt-BR"}
	case NMToken:
		return builtinRow{"NMTOKEN", Token, collapse, isNMToken, "letters, digits, point, hyphen, underscore or colon"}
	case NCName:
		return builtinRow{"NCName", Token, collapse, xmltree.IsNCName, "a name without colon"}
	case ID:
		return builtinRow{"ID", NCName, collapse, xmltree.IsNCName, "a name without colon"}
	case IDRef:
		return builtinRow{"IDREF", NCName, collapse, xmltree.IsNCName, "a name without colon"}
	case QName:
		return builtinRow{"QName", AnySimple, collapse, isQName, "a name with or without prefix"}
	case AnyURI:
		return builtinRow{"anyURI", AnySimple, collapse, isURI, "a URI or a reference to one"}
	case Boolean:
		return builtinRow{"boolean", AnySimple, collapse, isBoolean, "true, false, 1 or 0"}
	case Decimal:
		return builtinRow{"decimal", AnySimple, collapse, isDecimal, "a decimal number"}
	case Integer:
		return builtinRow{"integer", Decimal, collapse, isInteger, "a whole number"}
	case NonNegativeInteger:
		return builtinRow{"nonNegativeInteger", Integer, collapse, isNonNegative, "a whole number that is not negative"}
	case PositiveInteger:
		return builtinRow{"positiveInteger", NonNegativeInteger, collapse, isPositive, "a whole number from 1 on"}
	case Float:
		return builtinRow{"float", AnySimple, collapse, isFloat, "a number"}
	case Date:
		return builtinRow{"date", AnySimple, collapse, isDate, "a date as YYYY-MM-DD"}
	case DateTime:
		return builtinRow{"dateTime", AnySimple, collapse, isDateTime, "a date and time as YYYY-MM-DDThh:mm:ssZ"}
	case Duration:
		return builtinRow{"duration", AnySimple, collapse, isDuration, "a duration as P1DT2H"}
	case Base64Binary:
		return builtinRow{"base64Binary", AnySimple, collapse, isBase64, "base64"}
	}
	return builtinRow{"anySimpleType", AnySimple, preserve, nil, "text"}
}
