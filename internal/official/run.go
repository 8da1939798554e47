package official

import (
	"context"
	"errors"
	"strings"

	"github.com/lestrrat-go/helium"
	"github.com/lestrrat-go/helium/xpath3"
)

// A run is one walk of one file of rules over one document.
type run struct {
	ctx      context.Context
	rules    *schematron
	eval     xpath3.Evaluator
	state    *xpath3.EvalState // of tests and predicates; a variable is evaluated apart, in the middle of one
	scope    *binding          // the innermost variable
	patterns []*binding        // the innermost variable of each pattern
	out      *Opinion
}

// A binding is a variable in a scope, evaluated when it is first asked for, as XSLT does.
type binding struct {
	outer *binding
	let   *let
	node  helium.Node
	done  bool
	value xpath3.Sequence
	err   error
}

// walk runs the rules over a document and adds to an opinion. Its error is that of the context.
func (s *schematron) walk(ctx context.Context, doc *helium.Document, out *Opinion) error {
	r := &run{ctx: ctx, rules: s, out: out}
	r.eval = xpath3.NewEvaluator(xpath3.DefaultEvaluatorOptions).Namespaces(s.ns).VariableResolver(r).Functions(functions, qualified)
	r.state = r.eval.NewEvalState(doc)
	schema := bind(nil, s.lets, doc)
	for _, p := range s.patterns {
		r.patterns = append(r.patterns, bind(schema, p.lets, doc))
	}
	r.visit(doc)
	return ctx.Err()
}

func bind(outer *binding, lets []let, node helium.Node) *binding {
	for i := range lets {
		outer = &binding{outer: outer, let: &lets[i], node: node}
	}
	return outer
}

// ResolveVariable implements xpath3.VariableResolver.
func (r *run) ResolveVariable(ctx context.Context, name string) (xpath3.Sequence, bool, error) {
	for b := r.scope; b != nil; b = b.outer {
		if b.let.name != name {
			continue
		}
		if b.let.known != nil {
			return b.let.known, true, nil
		}
		if !b.done {
			inner := r.scope
			r.scope = b.outer
			result, err := r.eval.Evaluate(ctx, b.let.value, b.node)
			if b.done, b.err = true, err; err == nil {
				b.value = result.Sequence()
			}
			r.scope = inner
		}
		return b.value, true, b.err
	}
	return nil, false, nil
}

var errNoBoolean = errors.New("the value is no boolean")

// truth evaluates a compiled condition with the variables in scope.
func (r *run) truth(x *xpath3.Expression, node helium.Node) (bool, error) {
	result, err := x.EvaluateReuse(r.ctx, r.state, node)
	if err != nil {
		return false, err
	}
	value, ok := result.IsBoolean()
	if !ok {
		return false, errNoBoolean
	}
	return value, nil
}

// visit fires rules for node, its attributes and all below, in document order.
func (r *run) visit(node helium.Node) {
	if r.ctx.Err() != nil {
		return
	}
	r.fire(node)
	if e, ok := node.(*helium.Element); ok {
		e.ForEachAttribute(func(a *helium.Attribute) bool {
			r.fire(a)
			return true
		})
	}
	for c := node.FirstChild(); c != nil; c = c.NextSibling() {
		switch c.Type() {
		case helium.ElementNode, helium.CommentNode, helium.ProcessingInstructionNode:
			r.visit(c)
		}
	}
}

// fire runs the first rule of each pattern whose context node is.
func (r *run) fire(node helium.Node) {
	matched := -1
	for _, c := range r.rules.index.find(node) {
		if c.pattern == matched {
			continue
		}
		r.scope = r.patterns[c.pattern]
		for _, p := range c.paths {
			ok, err := p.matches(r, node)
			if err != nil {
				r.failed(c.rule, nil, node, err)
			}
			if ok {
				matched = c.pattern
				r.judge(c.rule, node)
				break
			}
		}
	}
}

// judge asks the assertions of a rule.
func (r *run) judge(rule *schemaRule, node helium.Node) {
	r.scope = bind(r.scope, rule.lets, node)
	for i := range rule.assertions {
		a := &rule.assertions[i]
		holds, err := r.truth(a.test, node)
		switch {
		case err != nil:
			r.failed(rule, a, node, err)
		case holds == a.report:
			r.broken(rule, a, node)
		}
	}
}

func (r *run) broken(rule *schemaRule, a *assertion, node helium.Node) {
	if r.out.room(len(r.out.Findings)) {
		r.out.Findings = append(r.out.Findings, Finding{ID: a.id, Flag: a.flag, Role: a.role, Severity: severity(a.flag, a.role),
			Line: lineOf(node), Path: pathOf(node), Text: r.text(a, node), File: rule.file})
	}
}

// failed notes a test, or a context when a is nil, that cannot be evaluated.
func (r *run) failed(rule *schemaRule, a *assertion, node helium.Node, err error) {
	if !r.out.room(len(r.out.Errors)) {
		return
	}
	e := RuleError{Line: lineOf(node), Path: pathOf(node), File: rule.file, RuleLine: rule.line, Reason: clip(err.Error())}
	if a != nil {
		e.ID = a.id
	}
	r.out.Errors = append(r.out.Errors, e)
}

// text is the message of an assertion on one line. What cannot be evaluated is left out.
func (r *run) text(a *assertion, node helium.Node) string {
	var b strings.Builder
	for _, f := range a.text {
		if f.value == nil {
			b.WriteString(f.text)
			continue
		}
		if result, err := f.value.EvaluateReuse(r.ctx, r.state, node); err == nil {
			s, _ := result.IsString()
			b.WriteString(s)
		}
	}
	return cut(strings.Join(strings.Fields(b.String()), " "), maxText)
}
