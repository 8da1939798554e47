package official

import (
	"slices"

	"github.com/lestrrat-go/helium"
	"github.com/lestrrat-go/helium/xpath3"
)

// A predicate is one condition of a step. The commonest by far, an attribute that equals a text, is compared
// without the processor; all contexts on slots have one.
type predicate struct {
	attr, value string // an attribute of no namespace and what it must be; attr is "" for any other condition
	x           *xpath3.Expression
}

func newPredicate(ast xpath3.Expr) (predicate, error) {
	if attr, value, ok := attributeIs(ast); ok {
		return predicate{attr: attr, value: value}, nil
	}
	x, err := effective(ast)
	return predicate{x: x}, err
}

// attributeIs recognises @name='text'. [XPath 2.0 §3.5.2]
func attributeIs(ast xpath3.Expr) (attr, value string, ok bool) {
	compared, ok := ast.(xpath3.BinaryExpr)
	if !ok || compared.Op != xpath3.TokenEquals {
		return "", "", false
	}
	text, ok := compared.Right.(xpath3.LiteralExpr)
	if !ok {
		return "", "", false
	}
	if value, ok = text.Value.(string); !ok {
		return "", "", false
	}
	path, ok := compared.Left.(*xpath3.LocationPath)
	if !ok || path.Absolute || len(path.Steps) != 1 || path.Steps[0].Axis != xpath3.AxisAttribute || len(path.Steps[0].Predicates) > 0 {
		return "", "", false
	}
	name, ok := path.Steps[0].NodeTest.(xpath3.NameTest)
	if !ok || name.Prefix != "" || name.URI != "" || name.Local == "*" {
		return "", "", false
	}
	return name.Local, value, true
}

// holds asks the predicate of a node.
func (p *predicate) holds(run *run, node helium.Node) (bool, error) {
	if p.attr == "" {
		return run.truth(p.x, node)
	}
	e, ok := node.(*helium.Element)
	if !ok {
		return false, nil
	}
	value, ok := e.GetAttributeNS(p.attr, "")
	return ok && value == p.value, nil
}

// truths are the functions whose value is a boolean: a predicate that calls one asks no position.
var truths = []string{"boolean", "not", "true", "false", "exists", "empty", "contains", "starts-with", "ends-with", "matches", "lang", "deep-equal"}

// comparisons are the operators whose value is a boolean.
var comparisons = []xpath3.TokenType{
	xpath3.TokenEquals, xpath3.TokenNotEquals, xpath3.TokenLess, xpath3.TokenLessEq, xpath3.TokenGreater, xpath3.TokenGreaterEq,
	xpath3.TokenEq, xpath3.TokenNe, xpath3.TokenLt, xpath3.TokenLe, xpath3.TokenGt, xpath3.TokenGe, xpath3.TokenIs,
	xpath3.TokenAnd, xpath3.TokenOr,
}

// positional says why a predicate may depend on the position of its node among the selected ones; "" when it
// cannot. What may be a number is taken for one: such a context would need its siblings to be matched.
func positional(ast xpath3.Expr) string {
	const asks = "a predicate that may ask a position cannot be matched"
	switch n := ast.(type) {
	case xpath3.BinaryExpr:
		if !slices.Contains(comparisons, n.Op) {
			return asks
		}
	case xpath3.FunctionCall:
		if !slices.Contains(truths, n.Name) {
			return asks
		}
	case xpath3.QuantifiedExpr, xpath3.LocationPath, *xpath3.LocationPath, xpath3.PathExpr, xpath3.UnionExpr:
	default:
		return asks
	}
	found := ""
	each(ast, func(node any) {
		if call, ok := node.(xpath3.FunctionCall); ok && (call.Name == "position" || call.Name == "last") {
			found = asks
		}
	})
	return found
}
