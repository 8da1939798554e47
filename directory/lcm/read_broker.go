package lcm

import (
	"slices"
	"strings"

	"oots/directory"
	"oots/directory/directoryxml"
	"oots/regrep"
	"oots/xml/xmltree"
)

// A requirement in the making: what is said about it, and what hangs on it.
type requirement struct {
	id         string
	element    *xmltree.Element
	frameworks []*object
	lists      []*object
	has        map[*object]bool // both
}

// requirements puts the objects of the broker together. [TDD 3.2.5]
func (b *builder) requirements() []directory.Requirement {
	types := b.typesOfLists()
	all := map[string]*requirement{}
	b.links(linkDerives, func(o, source, target *object) {
		if r := b.requirement(all, o, source, o.source); r != nil && target.slotted(NodeFramework) {
			if !r.has[target] && b.spend(target) {
				r.has[target] = true
				r.frameworks = append(r.frameworks, target)
			}
			if source != nil {
				b.use(source)
			}
			b.use(target)
		} else if r != nil {
			b.missing(o, "targetObject", o.target)
		}
	})
	b.links(linkFulfills, func(o, source, target *object) {
		if r := b.requirement(all, o, target, o.target); r != nil && source.slotted(NodeList) {
			if !r.has[source] && b.spend(source) && b.spend(types[source]...) {
				r.has[source] = true
				r.lists = append(r.lists, source)
			}
			if target != nil {
				b.use(target)
			}
			b.use(source)
			b.use(types[source]...)
		} else if r != nil {
			b.missing(o, "sourceObject", o.source)
		}
	})
	out := make([]directory.Requirement, 0, len(all))
	for _, r := range all {
		if read, ok := b.readRequirement(r, types); ok {
			out = append(out, read)
		}
	}
	slices.SortFunc(out, func(x, y directory.Requirement) int { return strings.Compare(x.ID, y.ID) })
	return out
}

// typesOfLists are the evidence types of each list, in the order of the associations.
func (b *builder) typesOfLists() map[*object][]*object {
	types := map[*object][]*object{}
	b.links(linkContains, func(o, source, target *object) {
		switch {
		case !source.slotted(NodeList):
			b.missing(o, "sourceObject", o.source)
		case !target.slotted(NodeEvidenceType):
			b.missing(o, "targetObject", o.target)
		default:
			if b.fresh(source, target) {
				types[source] = append(types[source], target)
			}
		}
	})
	return types
}

// requirement finds or begins the requirement at one end of an association: an object of the submission, or a
// known one that is named by its UUID alone. [TDD 3.2.5 §4.2]
func (b *builder) requirement(all map[string]*requirement, link, end *object, handle string) *requirement {
	r := &requirement{has: map[*object]bool{}}
	switch {
	case end.slotted(NodeRequirement):
		r.element = end.value
		r.id = end.value.First(regrep.NamespaceSDG, "Identifier").Value()
		if known := b.knownRequirement(RequirementUUID(r.id)); known != r.id && newerHost(known) == newerHost(r.id) {
			// The same requirement under the host of another release line. [TDD 3.5]
			r.id = known
			r.element = with(end.value, NodeRequirement, []string{"Identifier"}, identified(NodeRequirement, known, link).Children...)
		}
	case end != nil:
		b.refuse(link, RuleReference, handle, "a requirement")
		return nil
	default:
		if m := urnUUID.FindStringSubmatch(strings.TrimSpace(handle)); m != nil {
			r.id = b.knownRequirement(strings.ToLower(m[1]))
		}
		if r.id == "" {
			b.refuse(link, RuleReference, handle, "a requirement of this submission, or the UUID of a known one")
			return nil
		}
		r.element = identified(NodeRequirement, r.id, link)
	}
	if there := all[r.id]; there != nil {
		if end != nil {
			there.element = r.element
		}
		return there
	}
	all[r.id] = r
	if end != nil {
		b.record(NodeRequirement, r.id, end)
	}
	return r
}

// newerHost is a Semantic Repository URL under the host of the later release lines.
func newerHost(url string) string {
	return strings.Replace(url, ".oots.tech.europa.eu/", ".oots.tech.ec.europa.eu/", 1)
}

// knownRequirement is the URL of a requirement that the instance holds, "" when it holds none.
func (b *builder) knownRequirement(uuid string) string {
	if b.known == nil {
		return ""
	}
	return b.known(uuid)
}

func (b *builder) readRequirement(r *requirement, types map[*object][]*object) (directory.Requirement, bool) {
	var more []xmltree.Node
	for _, f := range r.frameworks {
		more = append(more, f.value)
		b.record(NodeFramework, strings.ToLower(f.identifier()), f)
	}
	for _, l := range r.lists {
		var inside []xmltree.Node
		for _, t := range types[l] {
			inside = append(inside, t.value)
			b.record(NodeEvidenceType, t.identifier(), t)
		}
		more = append(more, with(l.value, NodeList, []string{NodeEvidenceType}, inside...))
		b.record(NodeList, strings.ToLower(l.identifier()), l)
	}
	read, err := directoryxml.ReadRequirement(with(r.element, NodeRequirement, []string{NodeFramework, NodeList}, more...))
	if err != nil { // an identifier is missing, which Check has said
		return directory.Requirement{}, false
	}
	if b.s.Version != directory.V20 {
		for i := range read.Lists {
			locate(&read.Lists[i])
		}
	}
	return read, true
}

// locate gives a list whose types name no jurisdiction, which they need not do before 2.0, the country in their
// identifiers: it could not be found by country otherwise.
func locate(l *directory.EvidenceTypeList) {
	country := ""
	for i := range l.Types {
		m := typeURL.FindStringSubmatch(l.Types[i].Classification)
		if m == nil || !directory.IsCountryCode(m[1]) || country != "" && country != m[1] {
			return
		}
		country = m[1]
	}
	if l.Place().Country == "" {
		l.Jurisdiction.Country = country
	}
}

// RequirementUUID is the UUID at the end of a Semantic Repository URL, in lower case.
func RequirementUUID(url string) string {
	return strings.ToLower(url[strings.LastIndexByte(url, '/')+1:])
}

// AnyRequirement takes every UUID for that of a requirement: for looking at a submission without the instance that
// it is for.
func AnyRequirement(uuid string) string {
	return "https://sr.oots.tech.ec.europa.eu/requirements/" + uuid
}
