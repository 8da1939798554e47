package model

import "oots/xml/xmltree"

// A Table is a set of declarations, usually those of one namespace. Names without declaration are an error of
// Compile.
type Table struct {
	Prefixes   map[string]string // namespace URI to the prefix that findings use
	Elements   []Element         // global elements
	Attributes []Attribute       // global attributes: what wildcards meet
	Complex    []Complex         // named types, reachable through Ref and xsi:type
	Simple     []Simple          // the same
}

// A Type says what an element or attribute holds: a Builtin, a Ref, *Simple or *Complex. A nil Type of an
// element is xs:anyType, a nil Type of an attribute xs:anySimpleType.
type Type interface{ isType() }

// A Ref names a type of any of the tables that are compiled together.
type Ref xmltree.Name

func (Ref) isType()      {}
func (Builtin) isType()  {}
func (*Simple) isType()  {}
func (*Complex) isType() {}

// An Element is a declaration.
type Element struct {
	Name     xmltree.Name
	Type     Type // nil: xs:anyType
	Nillable bool // xsi:nil may stand at it
	Private  bool // values below it are personal or secret: findings do not quote them
}

// A Simple type restricts Base, or is a union or a list of others.
type Simple struct {
	Name      xmltree.Name      // zero for an anonymous type
	Base      Type              // Builtin, Ref or *Simple; nil only with Union or List
	Enum      []string          // the only values; nil means none
	Pattern   func(string) bool // decides on the whole value, white space treated; nil means none
	Want      string            // what Pattern wants, for findings
	MinLength int               // characters; 0 means none
	MaxLength int               // characters; 0 means none
	Union     []Type            // the value is one of these
	List      Type              // the value is a list of these, parted by white space
}

// A Complex type has attributes and content. It extends Base when it has one: its Content follows that of Base,
// its Attributes add to those of Base.
type Complex struct {
	Name       xmltree.Name // zero for an anonymous type
	Base       Type         // Ref or *Complex; nil means none
	Abstract   bool         // elements of the type need an xsi:type
	Mixed      bool         // text may stand between the elements
	Content    Particle     // zero: no elements
	Value      Type         // simple content instead of Content
	Attributes []Attribute
	AnyAttr    Wildcard // attributes beside those; zero: none
	Private    bool     // as in Element
}

// An Attribute is a declaration or, in a type, the use of one.
type Attribute struct {
	Name     xmltree.Name
	Type     Type   // nil: xs:anySimpleType
	Required bool   // it must be there
	Fixed    string // the only value, compared after white space treatment; "" means none
	Global   bool   // the type is that of the global attribute of this name
	Private  bool   // as in Element
}

// Process says what a wildcard does with what it meets.
type Process int

const (
	// None is no wildcard.
	None Process = iota
	// Strict wants a declaration.
	Strict
	// Lax checks what has a declaration and looks for declarations below what has none.
	Lax
	// Skip does not look at it.
	Skip
)

// A Wildcard stands for elements or attributes of many names. The zero value stands for none.
type Wildcard struct {
	Process Process  // what is done with what is met
	Not     string   // namespace that is excluded, and no namespace with it: ##other
	In      []string // the only namespaces, "" for no namespace; nil: every one but Not
}

// Unbounded is the Max of a particle that may be repeated without end.
const Unbounded = -1

type particleKind int

const (
	nothing particleKind = iota
	elementParticle
	refParticle
	anyParticle
	sequence
	choice
	all
)

// A Particle is a part of a content model with the number of times it occurs: once, unless Opt, Some, Any or
// Times says otherwise. The zero value is empty content.
type Particle struct {
	kind     particleKind
	element  *Element
	ref      xmltree.Name
	wildcard Wildcard
	group    []Particle
	min, max int
}

// Elem is one local element.
func Elem(name xmltree.Name, t Type) Particle { return Local(Element{Name: name, Type: t}) }

// Local is one local element with all that a declaration may say.
func Local(e Element) Particle { return Particle{kind: elementParticle, element: &e, min: 1, max: 1} }

// Global is one element that a table declares globally.
func Global(name xmltree.Name) Particle {
	return Particle{kind: refParticle, ref: name, min: 1, max: 1}
}

// Any is one element of the wildcard.
func Any(w Wildcard) Particle { return Particle{kind: anyParticle, wildcard: w, min: 1, max: 1} }

// Seq is all of ps in this order.
func Seq(ps ...Particle) Particle { return Particle{kind: sequence, group: ps, min: 1, max: 1} }

// Choice is one of ps.
func Choice(ps ...Particle) Particle { return Particle{kind: choice, group: ps, min: 1, max: 1} }

// All is all of ps in any order. Its members are elements, each as often as it says, and need not stand
// together. It may be a part of a sequence, but may not be repeated.
func All(ps ...Particle) Particle { return Particle{kind: all, group: ps, min: 1, max: 1} }

// Opt is p or nothing.
func (p Particle) Opt() Particle { return p.Times(0, 1) }

// Some is p once or more.
func (p Particle) Some() Particle { return p.Times(1, Unbounded) }

// Any is p any number of times, or not at all.
func (p Particle) Any() Particle { return p.Times(0, Unbounded) }

// Times is p at least min and at most max times; max may be Unbounded.
func (p Particle) Times(min, max int) Particle {
	p.min, p.max = min, max
	return p
}
