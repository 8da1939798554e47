package official

import "github.com/lestrrat-go/helium/xpath3"

// nsSchematron is the namespace of Schematron. [ISO/IEC 19757-3:2016 §5.2]
const nsSchematron = "http://purl.oclc.org/dsdl/schematron"

// A schematron is one file of rules, ready to be run by any number of runs at a time.
type schematron struct {
	file     string
	ns       namespaces
	lets     []let // of the schema and of its phase; evaluated with the document as context
	patterns []*schemaPattern
	index    index
}

// A schemaPattern is a list of rules of which at most one fires for a node.
type schemaPattern struct {
	lets  []let // evaluated with the document as context
	rules []*schemaRule
}

// A schemaRule is a context with what must hold there.
type schemaRule struct {
	file       string // that has it, which may be an included one
	line       int
	context    string
	paths      []pathPattern
	lets       []let // evaluated with the node as context
	assertions []assertion
}

// An assertion is one sch:assert, or one sch:report, which is broken when its test holds.
type assertion struct {
	id, flag, role string
	report         bool
	test           *xpath3.Expression // effective boolean value
	text           []fragment
}

// A fragment of a message is text, or an expression whose value is quoted.
type fragment struct {
	text  string
	value *xpath3.Expression // a string; nil for text
}

// A let is a variable.
type let struct {
	name  string
	value *xpath3.Expression
	known xpath3.Sequence // its value, when it is the same for every document, as that of a code list is
}
