package lcm

import (
	"cmp"
	"slices"

	"oots/directory"
	"oots/directory/directoryxml"
	"oots/regrep"
	"oots/xml/xmltree"
)

// A pairing is a provider that serves an evidence type; access is the access service, the provider itself in
// the 1.0 line.
type pairing struct{ kind, provider, access *object }

// dataServices puts the objects of the directory together: each evidence type with each provider that serves it,
// at each access service that the provider uses. [TDD 3.1.5 §5.3]
func (b *builder) dataServices() []directory.DataService {
	access := map[*object][]*object{}
	b.links(linkUses, func(o, source, target *object) {
		switch {
		case source == nil || source.node != NodeProvider:
			b.missing(o, "sourceObject", o.source)
		case !target.slotted(NodeAccess):
			b.missing(o, "targetObject", o.target)
		default:
			if b.fresh(source, target) {
				access[source] = append(access[source], target)
			}
		}
	})
	var pairings []pairing
	for _, kind := range []string{linkServes, linkProvides} {
		b.links(kind, func(o, source, target *object) {
			switch {
			case source == nil || source.value == nil || source.node != NodeProvider:
				b.missing(o, "sourceObject", o.source)
			case !target.slotted(NodeDataService):
				b.missing(o, "targetObject", o.target)
			case !b.fresh(source, target):
			case source.slotted(NodeAccess):
				if b.spend(target, source) {
					pairings = append(pairings, pairing{target, source, source})
				}
			default:
				for _, a := range access[source] {
					if !b.spend(target, source, a) {
						return
					}
					pairings = append(pairings, pairing{target, source, a})
				}
			}
		})
	}
	if b.budget < 0 {
		return nil
	}
	out := make([]directory.DataService, 0, len(pairings))
	for _, p := range pairings {
		if s, ok := b.dataService(p); ok {
			out = append(out, s)
			b.use(p.kind, p.provider, p.access)
		}
	}
	slices.SortStableFunc(out, func(x, y directory.DataService) int { return cmp.Compare(x.Key(), y.Key()) })
	return out
}

// dataService reads one pairing as the record that an answer would carry.
func (b *builder) dataService(p pairing) (directory.DataService, bool) {
	publisher := p.provider.value.First(regrep.NamespaceSDG, "Publisher")
	if p.provider != p.access {
		publisher = with(p.provider.value, "Publisher", nil)
	}
	if publisher == nil {
		return directory.DataService{}, false
	}
	access := with(p.access.value, NodeAccess, []string{"Publisher"}, xmltree.Node(publisher))
	read, err := directoryxml.ReadDataServices(with(p.kind.value, NodeDataService, []string{NodeAccess}, access))
	if err != nil || len(read) != 1 { // an identifier is missing, which Check has said
		return directory.DataService{}, false
	}
	b.record(NodeDataService, ServiceID(&read[0]), p.kind)
	b.record(NodeProvider, read[0].Publisher.ID.Value, p.provider)
	b.record(NodeAccess, read[0].AccessPoint.Value, p.access)
	return read[0], true
}
