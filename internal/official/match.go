package official

import "github.com/lestrrat-go/helium"

// matches reports whether node is a context of p. Predicates are asked last, and only where the names suit. An
// error is that of a predicate.
func (p *pathPattern) matches(run *run, node helium.Node) (bool, error) {
	if len(p.steps) == 0 {
		return node.Type() == helium.DocumentNode, nil
	}
	return p.from(run, len(p.steps)-1, node)
}

// from matches the steps up to i, the last of them with node.
func (p *pathPattern) from(run *run, i int, node helium.Node) (bool, error) {
	step := &p.steps[i]
	if !step.suits(node) {
		return false, nil
	}
	above, err := p.above(run, i, node)
	if !above || err != nil {
		return false, err
	}
	for i := range step.predicates {
		if ok, err := step.predicates[i].holds(run, node); !ok || err != nil {
			return false, err
		}
	}
	return true, nil
}

// above matches the steps before i with the ancestors of node.
func (p *pathPattern) above(run *run, i int, node helium.Node) (bool, error) {
	step := &p.steps[i]
	if i == 0 {
		if !p.absolute || step.deep {
			return true, nil
		}
		parent := node.Parent()
		return parent != nil && parent.Type() == helium.DocumentNode, nil
	}
	for up := node.Parent(); up != nil; up = up.Parent() {
		if ok, err := p.from(run, i-1, up); ok || err != nil {
			return ok, err
		}
		if !step.deep {
			return false, nil
		}
	}
	return false, nil
}

// suits compares kind and name.
func (s *patternStep) suits(node helium.Node) bool {
	kind := node.Type()
	if s.kind == 0 {
		return kind == helium.ElementNode || kind == helium.CommentNode || kind == helium.ProcessingInstructionNode
	}
	if kind != s.kind {
		return false
	}
	if s.any {
		return true
	}
	space, local := nameOf(node)
	return (s.space == "*" || s.space == space) && (s.local == "*" || s.local == local)
}

// nameOf is the expanded name of an element or attribute.
func nameOf(node helium.Node) (space, local string) {
	switch n := node.(type) {
	case *helium.Element:
		return n.URI(), n.LocalName()
	case *helium.Attribute:
		return n.URI(), n.LocalName()
	}
	return "", ""
}
