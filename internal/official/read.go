package official

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/lestrrat-go/helium/xpath3"

	"oots/xml/xmltree"
)

// bindings are the query languages whose files are read. [ISO/IEC 19757-3:2016 §6.4]
var bindings = []string{"xslt2", "xslt3", "xpath2", "xpath3", "xpath31"}

// readSchematron reads and compiles one file with what it includes.
func readSchematron(fsys fs.FS, name string) (*schematron, error) {
	src, root, err := readSource(fsys, name)
	if err != nil {
		return nil, err
	}
	r := &reader{source: src, root: root, out: &schematron{file: name, ns: namespaces{}}}
	if err := r.schema(); err != nil {
		return nil, err
	}
	r.out.index = newIndex(r.out.patterns)
	return r.out, nil
}

// A reader compiles the tree of a Schematron file.
type reader struct {
	*source
	root       *xmltree.Element
	out        *schematron
	parameters []parameter // of the abstract pattern in work
}

// A parameter of an abstract pattern, $name in its attributes.
type parameter struct{ name, value string }

func (r *reader) schema() error {
	if !r.root.Is(nsSchematron, "schema") {
		return r.at(r.root, fmt.Errorf("the root element is %s, not sch:schema", r.root.Name.Local))
	}
	binding, _ := r.root.Attr("", "queryBinding")
	if !slices.Contains(bindings, strings.ToLower(binding)) {
		return r.at(r.root, fmt.Errorf("the query binding is %q; read are %s", clip(binding), strings.Join(bindings, ", ")))
	}
	scope := map[string]bool{}
	for e := range r.root.All(nsSchematron, "ns") {
		prefix, _ := e.Attr("", "prefix")
		uri, _ := e.Attr("", "uri")
		r.out.ns[prefix] = uri
	}
	active, err := r.phase()
	if err != nil {
		return err
	}
	for e := range r.root.Elements() {
		switch {
		case e.Is(nsSchematron, "let"):
			if r.out.lets, err = r.let(r.out.lets, e, scope); err != nil {
				return err
			}
		case e.Is(nsSchematron, "phase") && active != nil && active.phase == e:
			for l := range e.All(nsSchematron, "let") {
				if r.out.lets, err = r.let(r.out.lets, l, scope); err != nil {
					return err
				}
			}
		case e.Name.Space == nsSchematron && !slices.Contains(plain, e.Name.Local):
			return r.at(e, fmt.Errorf("sch:%s is not understood", e.Name.Local))
		}
	}
	for e := range r.root.All(nsSchematron, "pattern") {
		if id, _ := e.Attr("", "id"); isAbstract(e) || active != nil && !active.patterns[id] {
			continue
		}
		p, err := r.pattern(e, scope)
		if err != nil {
			return err
		}
		r.out.patterns = append(r.out.patterns, p)
	}
	return nil
}

// plain are the children of sch:schema that need no work of their own, and those that are worked elsewhere.
var plain = []string{"title", "ns", "p", "pattern", "phase", "rules", "diagnostics", "properties"}

func isAbstract(e *xmltree.Element) bool {
	v, _ := e.Attr("", "abstract")
	return v == "true"
}

// An activation is the phase that a schema runs by default.
type activation struct {
	phase    *xmltree.Element
	patterns map[string]bool
}

// phase is the default one; nil when all patterns are active. [ISO/IEC 19757-3:2016 §5.4.11]
func (r *reader) phase() (*activation, error) {
	name, _ := r.root.Attr("", "defaultPhase")
	if name == "" || name == "#ALL" {
		return nil, nil
	}
	for e := range r.root.All(nsSchematron, "phase") {
		if id, _ := e.Attr("", "id"); id != name {
			continue
		}
		a := &activation{e, map[string]bool{}}
		for p := range e.All(nsSchematron, "active") {
			id, _ := p.Attr("", "pattern")
			a.patterns[id] = true
		}
		return a, nil
	}
	return nil, r.at(r.root, fmt.Errorf("there is no phase %q", clip(name)))
}

// let appends a variable and brings it into scope.
func (r *reader) let(to []let, e *xmltree.Element, scope map[string]bool) ([]let, error) {
	name, _ := e.Attr("", "name")
	value, ok := e.Attr("", "value")
	if !ok || !xmltree.IsNCName(name) {
		return nil, r.at(e, errors.New("a variable has a name without prefix, and a value in an attribute"))
	}
	ast, err := parse(r.fill(value), r.out.ns, scope)
	if err != nil {
		return nil, r.at(e, err)
	}
	l := let{name: name}
	if l.value, err = xpath3.NewCompiler().CompileExpr(ast); err != nil {
		return nil, r.at(e, err)
	}
	if constant(ast) {
		result, err := xpath3.NewEvaluator(xpath3.DefaultEvaluatorOptions).Evaluate(context.Background(), l.value, nil)
		if err != nil {
			return nil, r.at(e, err)
		}
		l.known = result.Sequence()
	}
	scope[name] = true
	return append(to, l), nil
}

// pattern reads a pattern, or makes one of an abstract pattern.
func (r *reader) pattern(e *xmltree.Element, outer map[string]bool) (*schemaPattern, error) {
	if _, ok := e.Attr("", "documents"); ok {
		return nil, r.at(e, errors.New("a pattern on other documents is not understood"))
	}
	p := &schemaPattern{}
	scope := maps.Clone(outer)
	body := e
	if name, ok := e.Attr("", "is-a"); ok {
		if body = r.abstract("pattern", name); body == nil {
			return nil, r.at(e, fmt.Errorf("there is no abstract pattern %q", clip(name)))
		}
		for a := range e.All(nsSchematron, "param") {
			n, _ := a.Attr("", "name")
			v, _ := a.Attr("", "value")
			r.parameters = append(r.parameters, parameter{n, v})
		}
		slices.SortFunc(r.parameters, func(a, b parameter) int { return len(b.name) - len(a.name) })
		defer func() { r.parameters = nil }()
	}
	var err error
	for c := range body.Elements() {
		switch {
		case c.Is(nsSchematron, "let"):
			p.lets, err = r.let(p.lets, c, scope)
		case c.Is(nsSchematron, "rule") && !isAbstract(c):
			var rule *schemaRule
			rule, err = r.rule(c, body, scope)
			p.rules = append(p.rules, rule)
		case c.Name.Space == nsSchematron && !slices.Contains([]string{"rule", "title", "p", "param"}, c.Name.Local):
			err = r.at(c, fmt.Errorf("sch:%s is not understood", c.Name.Local))
		}
		if err != nil {
			return nil, err
		}
	}
	return p, nil
}

// abstract finds an abstract rule or pattern by its id; nil without one.
func (r *reader) abstract(kind, id string) *xmltree.Element {
	var find func(e *xmltree.Element) *xmltree.Element
	find = func(e *xmltree.Element) *xmltree.Element {
		if v, ok := e.Attr("", "id"); ok && v == id && e.Is(nsSchematron, kind) && isAbstract(e) {
			return e
		}
		for c := range e.Elements() {
			if found := find(c); found != nil {
				return found
			}
		}
		return nil
	}
	return find(r.root)
}

// fill puts the parameters of an abstract pattern in place of their names.
func (r *reader) fill(s string) string {
	if len(r.parameters) == 0 || !strings.Contains(s, "$") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '$')
		if i < 0 {
			return b.String() + s
		}
		b.WriteString(s[:i])
		s = s[i+1:]
		at := slices.IndexFunc(r.parameters, func(p parameter) bool {
			rest, ok := strings.CutPrefix(s, p.name)
			return ok && (rest == "" || !xmltree.IsNCName("a"+rest[:1]))
		})
		if at < 0 {
			b.WriteByte('$')
			continue
		}
		b.WriteString(r.parameters[at].value)
		s = s[len(r.parameters[at].name):]
	}
}
