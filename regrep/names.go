package regrep

// The namespaces of RegRep 4.0 and of what it uses. The Writer binds them to the prefixes query, rim, rs,
// lcm, xlink and xsi.
const (
	NamespaceQuery = "urn:oasis:names:tc:ebxml-regrep:xsd:query:4.0"
	NamespaceRIM   = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:4.0"
	NamespaceRS    = "urn:oasis:names:tc:ebxml-regrep:xsd:rs:4.0"
	NamespaceLCM   = "urn:oasis:names:tc:ebxml-regrep:xsd:lcm:4.0"
	NamespaceXLink = "http://www.w3.org/1999/xlink"
	NamespaceXSI   = "http://www.w3.org/2001/XMLSchema-instance"
	// NamespaceSDG is the namespace of the business elements of OOTS; here because every document of
	// OOTS declares it. Prefix sdg.
	NamespaceSDG = "http://data.europa.eu/p4s"
)

// The values of query:QueryResponse/@status.
const (
	StatusSuccess        = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
	StatusPartialSuccess = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:PartialSuccess"
	StatusFailure        = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Failure"
	StatusUnavailable    = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Unavailable"
)

// The severities of an exception that RegRep defines; OOTS adds its own.
const (
	SeverityError   = "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Error"
	SeverityWarning = "urn:oasis:names:tc:ebxml-regrep:ErrorSeverityType:Warning"
)

const (
	// CollectionSet is the only collection type of OOTS; the default of the schema would be Bag.
	CollectionSet = "urn:oasis:names:tc:ebxml-regrep:CollectionType:Set"
	// AssociationPrefix precedes the name of an association type.
	AssociationPrefix = "urn:oasis:names:tc:ebxml-regrep:AssociationType:"
	// LeafClassWithRepositoryItem is the @returnType of every OOTS query.
	LeafClassWithRepositoryItem = "LeafClassWithRepositoryItem"
)

// A ValueType is the local name of a slot value's xsi:type in the rim namespace.
type ValueType string

// The value types that OOTS uses.
const (
	StringValue              ValueType = "StringValueType"
	DateTimeValue            ValueType = "DateTimeValueType"
	BooleanValue             ValueType = "BooleanValueType"
	IntegerValue             ValueType = "IntegerValueType"
	InternationalStringValue ValueType = "InternationalStringValueType"
	CollectionValue          ValueType = "CollectionValueType"
	AnyValue                 ValueType = "AnyValueType"
)

// The local names of the xsi:type of a rim:RegistryObject.
const (
	RegistryPackage  ValueType = "RegistryPackageType"
	ExtrinsicObject  ValueType = "ExtrinsicObjectType"
	AssociationClass ValueType = "AssociationType"
)
