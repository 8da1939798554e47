package official

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/lestrrat-go/helium/xpath3"
)

// namespaces are the prefixes of a Schematron file, by prefix.
type namespaces map[string]string

// nsFunctions is the namespace of the functions of XPath. [XPath 2.0 §2.1.1]
const nsFunctions = "http://www.w3.org/2005/xpath-functions"

// predeclared are the prefixes that need no declaration.
var predeclared = namespaces{
	"xml": "http://www.w3.org/XML/1998/namespace",
	"xs":  "http://www.w3.org/2001/XMLSchema",
	"fn":  nsFunctions,
}

// closed are functions that reach out of the document, or that only XSLT has.
var closed = []string{
	"doc", "doc-available", "document", "collection", "uri-collection", "unparsed-text", "unparsed-text-lines",
	"unparsed-text-available", "json-doc", "environment-variable", "available-environment-variables", "transform",
	"load-xquery-module", "key", "current", "generate-id", "system-property", "trace",
}

// compile compiles an XPath expression and refuses what cannot be evaluated: names that nobody declared, and
// functions that reach out of the document. The variables in scope are given by name.
func compile(text string, ns namespaces, variables map[string]bool) (*xpath3.Expression, error) {
	ast, err := parse(text, ns, variables)
	if err != nil {
		return nil, err
	}
	return xpath3.NewCompiler().CompileExpr(ast)
}

// condition compiles an expression for its effective boolean value. [XPath 2.0 §2.4.3]
func condition(text string, ns namespaces, variables map[string]bool) (*xpath3.Expression, error) {
	ast, err := parse(text, ns, variables)
	if err != nil {
		return nil, err
	}
	return effective(ast)
}

// effective compiles an expression for its effective boolean value.
func effective(ast xpath3.Expr) (*xpath3.Expression, error) {
	return xpath3.NewCompiler().CompileExpr(xpath3.FunctionCall{Prefix: "fn", Name: "boolean", Args: []xpath3.Expr{ast}})
}

func parse(text string, ns namespaces, variables map[string]bool) (xpath3.Expr, error) {
	ast, err := xpath3.Parse(text)
	if err == nil {
		err = check(ast, ns, variables)
	}
	if err != nil {
		return nil, fmt.Errorf("XPath %q: %w", clip(text), err)
	}
	return ast, nil
}

// constant reports whether an expression is a list of literals.
func constant(ast xpath3.Expr) bool {
	switch n := ast.(type) {
	case xpath3.LiteralExpr:
		return true
	case xpath3.SequenceExpr:
		return len(n.Items) > 0 && !slices.ContainsFunc(n.Items, func(item xpath3.Expr) bool { return !constant(item) })
	}
	return false
}

// check finds undeclared prefixes and variables, and functions that are unknown or closed.
func check(ast xpath3.Expr, ns namespaces, variables map[string]bool) error {
	var failed error
	refuse := func(format string, args ...any) {
		if failed == nil {
			failed = fmt.Errorf(format, args...)
		}
	}
	prefix := func(p string) {
		if _, ok := ns[p]; p != "" && !ok && predeclared[p] == "" {
			refuse("the prefix %s is not declared", p)
		}
	}
	bound, used := map[string]bool{}, map[string]bool{}
	each(ast, func(node any) {
		switch n := node.(type) {
		case xpath3.NameTest:
			if n.URI == "" && n.Prefix != "*" {
				prefix(n.Prefix)
			}
		case xpath3.FunctionCall:
			prefix(n.Prefix)
			uri := nsFunctions
			if n.Prefix != "" {
				if uri = ns[n.Prefix]; uri == "" {
					uri = predeclared[n.Prefix]
				}
			}
			switch {
			case slices.Contains(closed, n.Name):
				refuse("the function %s is not allowed", n.Name)
			case !xpath3.BuiltinFunctionAcceptsArity(uri, n.Name, len(n.Args)):
				refuse("there is no function %s with %d arguments", n.Name, len(n.Args))
			}
		case xpath3.NamedFunctionRef:
			if slices.Contains(closed, n.Name) {
				refuse("the function %s is not allowed", n.Name)
			}
		case xpath3.VariableExpr:
			used[n.Name] = true
		case xpath3.ForClause:
			bound[n.Var], bound[n.PosVar] = true, true
		case xpath3.LetClause:
			bound[n.Var] = true
		case xpath3.QuantifiedBinding:
			bound[n.Var] = true
		case xpath3.FunctionParam:
			bound[n.Name] = true
		}
	})
	for _, name := range slices.Sorted(maps.Keys(used)) {
		if !bound[name] && !variables[name] {
			refuse("the variable $%s is not declared", name)
		}
	}
	return failed
}

// each calls visit for every value of a type of package xpath3 below an expression, itself included. The types
// of an expression are many and plain; only their fields matter here.
func each(ast any, visit func(any)) {
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Interface, reflect.Pointer:
			if !v.IsNil() {
				walk(v.Elem())
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case reflect.Struct:
			if v.Type().PkgPath() != xpathPackage {
				return // a number
			}
			visit(v.Interface())
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					walk(v.Field(i))
				}
			}
		}
	}
	walk(reflect.ValueOf(ast))
}

var xpathPackage = reflect.TypeFor[xpath3.LocationPath]().PkgPath()
