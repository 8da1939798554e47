package official

import (
	"errors"
	"fmt"
	"maps"
	"strings"

	"oots/xml/xmltree"
)

// rule reads a rule of a pattern with the abstract rules that it extends.
func (r *reader) rule(e, pattern *xmltree.Element, outer map[string]bool) (*schemaRule, error) {
	context, _ := e.Attr("", "context")
	context = r.fill(context)
	out := &schemaRule{file: r.fileOf(e), line: e.Line, context: context}
	var err error
	if out.paths, err = parseContext(context, r.out.ns, outer); err != nil {
		return nil, r.at(e, r.naming(e, err))
	}
	return out, r.body(out, e, e, maps.Clone(outer), 0)
}

// naming says which rule an error is about: by its assertions, which have the names that people know.
func (r *reader) naming(e *xmltree.Element, err error) error {
	var ids []string
	for c := range e.Elements() {
		if id, ok := c.Attr("", "id"); ok {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return err
	}
	return fmt.Errorf("%s: %w", strings.Join(ids, ", "), err)
}

// body appends variables and assertions of e, which is the rule itself or an abstract one.
func (r *reader) body(to *schemaRule, e, rule *xmltree.Element, scope map[string]bool, depth int) error {
	var err error
	for c := range e.Elements() {
		if c.Name.Space != nsSchematron {
			continue
		}
		switch c.Name.Local {
		case "let":
			to.lets, err = r.let(to.lets, c, scope)
		case "assert", "report":
			var a assertion
			if a, err = r.assertion(c, e, rule, scope); err != nil {
				err = r.at(c, r.naming(e, err))
			}
			to.assertions = append(to.assertions, a)
		case "extends":
			name, _ := c.Attr("", "rule")
			base := r.abstract("rule", name)
			if base == nil || depth == maxIncludes {
				return r.at(c, fmt.Errorf("there is no abstract rule %q", clip(name)))
			}
			err = r.body(to, base, rule, scope, depth+1)
		case "p", "title":
		default:
			err = r.at(c, fmt.Errorf("sch:%s is not understood", c.Name.Local))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// assertion reads an assertion. Flag and role are its own, or else those of the rules around it.
func (r *reader) assertion(c, e, rule *xmltree.Element, scope map[string]bool) (assertion, error) {
	a := assertion{report: c.Name.Local == "report"}
	a.id, _ = c.Attr("", "id")
	for _, at := range []*xmltree.Element{rule, e, c} {
		if v, ok := at.Attr("", "flag"); ok {
			a.flag = v
		}
		if v, ok := at.Attr("", "role"); ok {
			a.role = v
		}
	}
	test, ok := c.Attr("", "test")
	if !ok {
		return a, errors.New("there is no test")
	}
	var err error
	if a.test, err = condition(r.fill(test), r.out.ns, scope); err != nil {
		return a, err
	}
	a.text, err = r.message(nil, c, scope)
	return a, err
}

// message reads the text of an assertion, which may quote values of the document.
func (r *reader) message(to []fragment, e *xmltree.Element, scope map[string]bool) ([]fragment, error) {
	var err error
	for _, n := range e.Children {
		switch n := n.(type) {
		case *xmltree.Text:
			to = append(to, fragment{text: n.Data})
		case *xmltree.Element:
			var quoted string
			switch {
			case n.Is(nsSchematron, "value-of"):
				selected, _ := n.Attr("", "select")
				quoted = "string-join(for $quoted in (" + r.fill(selected) + "\n) return string($quoted), ' ')"
			case n.Is(nsSchematron, "name"):
				path, _ := n.Attr("", "path")
				quoted = "name(" + r.fill(path) + ")"
			default: // emph, dir, span and foreign markup
				if to, err = r.message(to, n, scope); err != nil {
					return nil, err
				}
				continue
			}
			x, err := compile(quoted, r.out.ns, scope)
			if err != nil {
				return nil, err
			}
			to = append(to, fragment{value: x})
		}
	}
	return to, nil
}
