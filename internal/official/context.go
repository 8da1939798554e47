package official

import (
	"errors"
	"fmt"

	"github.com/lestrrat-go/helium"
	"github.com/lestrrat-go/helium/xpath3"
)

// A pathPattern is one alternative of the context of a rule: the steps of a pattern of XSLT, matched from its
// end upwards. [XSLT 2.0 §5.5]
type pathPattern struct {
	absolute bool // the first step is a child of the document
	steps    []patternStep
}

// A patternStep is one step. Its node may be any number of levels below the preceding step's when deep.
type patternStep struct {
	kind       helium.ElementType // of the node; 0 for any that a rule may have as context
	any        bool               // of any name
	space      string             // namespace, "*" for any
	local      string             // "*" for any
	deep       bool
	predicates []predicate
}

// parseContext reads the context of a rule. Predicates may use the variables given.
func parseContext(text string, ns namespaces, variables map[string]bool) ([]pathPattern, error) {
	ast, err := parse(text, ns, variables)
	if err != nil {
		return nil, err
	}
	var all []pathPattern
	for _, alternative := range alternatives(ast) {
		p, err := parsePattern(alternative, ns)
		if err != nil {
			return nil, fmt.Errorf("the context %q: %w", clip(text), err)
		}
		all = append(all, p)
	}
	return all, nil
}

// alternatives takes a union apart.
func alternatives(ast xpath3.Expr) []xpath3.Expr {
	if u, ok := ast.(xpath3.UnionExpr); ok {
		return append(alternatives(u.Left), alternatives(u.Right)...)
	}
	return []xpath3.Expr{ast}
}

func parsePattern(ast xpath3.Expr, ns namespaces) (pathPattern, error) {
	switch n := ast.(type) {
	case xpath3.RootExpr:
		return pathPattern{absolute: true}, nil
	case *xpath3.LocationPath:
		return parseSteps(n, ns)
	case xpath3.LocationPath:
		return parseSteps(&n, ns)
	}
	return pathPattern{}, errors.New("only paths of elements and attributes can be matched")
}

func parseSteps(path *xpath3.LocationPath, ns namespaces) (pathPattern, error) {
	p := pathPattern{absolute: path.Absolute}
	deep := false
	for _, s := range path.Steps {
		if kind, ok := s.NodeTest.(xpath3.TypeTest); ok && s.Axis == xpath3.AxisDescendantOrSelf && kind.Kind == xpath3.NodeKindNode && len(s.Predicates) == 0 {
			deep = true
			continue
		}
		step, err := parseStep(s, ns)
		if err != nil {
			return p, err
		}
		step.deep = deep
		deep = false
		p.steps = append(p.steps, step)
	}
	if deep {
		return p, errors.New("it ends with //")
	}
	return p, nil
}

func parseStep(s xpath3.Step, ns namespaces) (patternStep, error) {
	var step patternStep
	switch s.Axis {
	case xpath3.AxisChild:
		step.kind = helium.ElementNode
	case xpath3.AxisAttribute:
		step.kind = helium.AttributeNode
	default:
		return step, errors.New("only the axes child and attribute, and //, can be matched")
	}
	switch test := s.NodeTest.(type) {
	case xpath3.NameTest:
		step.space, step.local = spaceOf(test, ns), test.Local
		step.any = test.Local == "*" && test.Prefix == "" && test.URI == ""
	case xpath3.TypeTest:
		step.any = true
		switch {
		case test.Kind == xpath3.NodeKindNode && s.Axis == xpath3.AxisChild:
			step.kind = 0
		case test.Kind == xpath3.NodeKindNode:
		case test.Kind == xpath3.NodeKindComment && s.Axis == xpath3.AxisChild:
			step.kind = helium.CommentNode
		default:
			return step, errors.New("text and other nodes are no contexts of rules")
		}
	case xpath3.ElementTest:
		if test.Name != "" && test.Name != "*" || s.Axis != xpath3.AxisChild {
			return step, errors.New("element(name) cannot be matched")
		}
		step.any = true
	default:
		return step, fmt.Errorf("the node test %T cannot be matched", test)
	}
	for _, ast := range s.Predicates {
		if reason := positional(ast); reason != "" {
			return step, errors.New(reason)
		}
		p, err := newPredicate(ast)
		if err != nil {
			return step, err
		}
		step.predicates = append(step.predicates, p)
	}
	return step, nil
}

func spaceOf(test xpath3.NameTest, ns namespaces) string {
	switch {
	case test.URI != "":
		return test.URI
	case test.Prefix == "*":
		return "*"
	case test.Prefix == "":
		return ""
	}
	if uri, ok := ns[test.Prefix]; ok {
		return uri
	}
	return predeclared[test.Prefix]
}
