package lcm

import (
	"strings"

	"oots/directory"
	"oots/regrep"
	"oots/rule"
)

// Partitions puts the objects together to what the submission would put in force: one partition for each of its
// services. Requirement finds the URL of a requirement that the instance holds by its lower-case UUID, "" when it
// holds none; it may be nil. The partitions say no country yet when they name several, or none.
//
// The findings are objects that are no part of any record, and references that lead nowhere; partitions are what
// remains without them. Call it on a submission in which Check found nothing fatal: elsewhere objects may be
// passed over silently.
func (s *Submission) Partitions(requirement func(uuid string) string) ([]directory.Partition, []Finding) {
	b := builder{s: s, known: requirement, used: make(map[*object]bool, len(s.objects))}
	var out []directory.Partition
	for _, service := range s.Services() {
		p := directory.Partition{Service: service}
		switch service {
		case directory.EvidenceBroker:
			p.Requirements = b.requirements()
		case directory.DataServiceDirectory:
			p.Services = b.dataServices()
		case directory.SemanticRepository:
			p.CodeLists = b.codeLists()
		}
		out = append(out, p)
	}
	b.unused()
	country := Country(out)
	for i := range out {
		out[i].Country = country
	}
	return out, b.findings
}

// A builder puts objects together.
type builder struct {
	s        *Submission
	known    func(uuid string) string
	used     map[*object]bool
	findings []Finding
}

// refuse records that o breaks rule id.
func (b *builder) refuse(o *object, id rule.ID, got, want string) {
	f := Finding{Code: BadDataset, Object: o.id, Node: o.node, Finding: rule.Finding{
		Rule: id, Line: o.element.Line, Path: o.element.Path(), Got: clip(got), Want: want}}
	if !o.isLink() {
		f.Record = o.identifier()
	}
	b.findings = append(b.findings, f)
}

// links calls f for every association of that type with both ends; target is nil when it is outside of the
// submission. [TDD 3.6.3 §7.2: checkReferences is always true]
func (b *builder) links(kind string, f func(o, source, target *object)) {
	for i := range b.s.objects {
		if o := &b.s.objects[i]; o.link == kind {
			f(o, b.s.object(o.source), b.s.object(o.target))
		}
	}
}

// missing refuses an association whose end is not there.
func (b *builder) missing(o *object, end, id string) {
	b.refuse(o, RuleReference, id, end+" of an object of this submission")
}

// use says that objects are part of a record, and that the record is known by the first of them.
func (b *builder) use(objects ...*object) {
	for _, o := range objects {
		b.used[o] = true
	}
}

// unused refuses data objects that are part of nothing: they would be lost.
func (b *builder) unused() {
	for i := range b.s.objects {
		o := &b.s.objects[i]
		if o.isLink() || b.used[o] {
			continue
		}
		want := ""
		switch o.node {
		case NodeList:
			want = "a requirement that it fulfills"
		case NodeEvidenceType:
			want = "a list that contains it"
		case NodeRequirement, NodeFramework:
			want = "an association between a requirement and a framework, or a list"
		case NodeProvider:
			want = "an evidence type that it provides, and an access service"
		case NodeAccess, NodeDataService:
			want = "a provider"
		default:
			want = "an object of a known node"
		}
		b.refuse(o, RuleReference, o.node, want)
	}
}

// record remembers which object a record came from.
func (b *builder) record(node, id string, o *object) {
	key := recordKey{node, id}
	if _, there := b.s.records[key]; !there {
		b.s.records[key] = o.id
	}
}

// Name completes findings on records with the objects that the records came from.
func (s *Submission) Name(fs []Finding) []Finding {
	for i := range fs {
		f := &fs[i]
		if f.Object == "" && f.Record != "" {
			f.Object = s.records[recordKey{f.Node, f.Record}]
		}
		if f.Object != "" && f.Line == 0 {
			if o := s.byID[strings.ToLower(f.Object)]; o != nil {
				f.Line, f.Path = o.element.Line, o.element.Path()
			}
		}
	}
	return fs
}

// Country is the one Member State that the records of partitions belong to, "" when there are several or none.
func Country(ps []directory.Partition) string {
	country, several := "", false
	add := func(c string) {
		if c == "" || several {
			return
		}
		several = country != "" && country != c
		country = c
	}
	for i := range ps {
		for j := range ps[i].Requirements {
			r := &ps[i].Requirements[j]
			for k := range r.Frameworks {
				add(r.Frameworks[k].Jurisdiction.Country)
			}
			for k := range r.Lists {
				add(r.Lists[k].Place().Country)
			}
		}
		for j := range ps[i].Services {
			add(ps[i].Services[j].Country())
		}
		for j := range ps[i].CodeLists {
			add(listCountry(ps[i].CodeLists[j].URL))
		}
	}
	if several {
		return ""
	}
	return country
}

// slotted reports whether an object has a business element of that name.
func (o *object) slotted(local string) bool {
	return o != nil && o.value != nil && o.value.Name.Space == regrep.NamespaceSDG && o.value.Name.Local == local
}
