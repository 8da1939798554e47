package official

import "github.com/lestrrat-go/helium"

// An index finds the rules that may fire for a node by the last step of their contexts.
type index struct {
	named map[nodeName][]candidate
	other map[helium.ElementType][]candidate // nodes whose name no context has
}

// A nodeName is kind and expanded name of an element or attribute.
type nodeName struct {
	kind         helium.ElementType
	space, local string
}

// A candidate is a rule with those of its paths that may match.
type candidate struct {
	pattern int
	rule    *schemaRule
	paths   []*pathPattern
}

// kinds are the kinds of nodes that a rule may have as context. [ISO/IEC 19757-3:2016 annex H]
var kinds = []helium.ElementType{
	helium.DocumentNode, helium.ElementNode, helium.AttributeNode, helium.CommentNode, helium.ProcessingInstructionNode,
}

func newIndex(patterns []*schemaPattern) index {
	x := index{named: map[nodeName][]candidate{}, other: map[helium.ElementType][]candidate{}}
	for _, p := range patterns {
		for _, r := range p.rules {
			for i := range r.paths {
				if name, ok := r.paths[i].name(); ok {
					x.named[name] = nil
				}
			}
		}
	}
	for name := range x.named {
		x.named[name] = candidates(patterns, func(p *pathPattern) bool { return p.mayBe(name.kind, name.space, name.local) })
	}
	for _, kind := range kinds {
		x.other[kind] = candidates(patterns, func(p *pathPattern) bool {
			_, named := p.name()
			return !named && p.mayBe(kind, "*", "*")
		})
	}
	return x
}

// candidates lists rules in the order of the file, with those paths that may match.
func candidates(patterns []*schemaPattern, may func(*pathPattern) bool) []candidate {
	var out []candidate
	for i, p := range patterns {
		for _, r := range p.rules {
			var paths []*pathPattern
			for j := range r.paths {
				if may(&r.paths[j]) {
					paths = append(paths, &r.paths[j])
				}
			}
			if paths != nil {
				out = append(out, candidate{i, r, paths})
			}
		}
	}
	return out
}

// name is the one name that matches; ok is false when there are several.
func (p *pathPattern) name() (name nodeName, ok bool) {
	if len(p.steps) == 0 {
		return nodeName{}, false
	}
	last := &p.steps[len(p.steps)-1]
	if last.any || last.space == "*" || last.local == "*" {
		return nodeName{}, false
	}
	return nodeName{last.kind, last.space, last.local}, true
}

// mayBe reports whether the last step may match a node of that kind and name, "*" standing for any.
func (p *pathPattern) mayBe(kind helium.ElementType, space, local string) bool {
	if len(p.steps) == 0 {
		return kind == helium.DocumentNode
	}
	last := &p.steps[len(p.steps)-1]
	if last.kind != kind && (last.kind != 0 || kind == helium.AttributeNode || kind == helium.DocumentNode) {
		return false
	}
	if last.any {
		return true
	}
	return (last.space == "*" || space == "*" || last.space == space) && (last.local == "*" || local == "*" || last.local == local)
}

// find lists the candidates of a node.
func (x *index) find(node helium.Node) []candidate {
	kind := node.Type()
	if kind == helium.ElementNode || kind == helium.AttributeNode {
		space, local := nameOf(node)
		if found, ok := x.named[nodeName{kind, space, local}]; ok {
			return found
		}
	}
	return x.other[kind]
}
